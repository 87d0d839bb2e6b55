from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file of a test goes."""
    return tmp_path / "kommentit.txt"
