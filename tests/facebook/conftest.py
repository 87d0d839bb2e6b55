from __future__ import annotations

from tests.support.simulator import simulator

__all__ = ["simulator"]
