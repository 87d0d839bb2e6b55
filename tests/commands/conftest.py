"""Commands as a person runs them, on a throwaway install."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.simulator import simulator
from tjs_moderation.cli import main

__all__ = ["simulator"]


class Terminal:
    """Runs `tjs-moderation …` in this process, with an environment of its own."""

    def __init__(self, instance: Path) -> None:
        self.environment: dict[str, str | None] = {"TJS_INSTANCE_PATH": str(instance)}

    def run(self, *words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, list(words), input=given, env=self.environment)

    def json(self, *words: str) -> Any:
        """The one JSON document a command prints on standard output."""
        return json.loads(self.run(*words).stdout)


@pytest.fixture
def terminal(tmp_path: Path, prepared_sqlite: Path) -> Terminal:
    """A terminal at an install that is up to date."""
    shutil.copy(prepared_sqlite, tmp_path / "tjs.db")
    return Terminal(tmp_path)


@pytest.fixture
def empty_terminal(tmp_path: Path) -> Callable[[], Terminal]:
    """A terminal where nothing has been installed yet."""
    return lambda: Terminal(tmp_path / "new")
