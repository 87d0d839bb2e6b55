from __future__ import annotations

from tests.support.page_house import page_house
from tests.support.simulator import simulator

__all__ = ["page_house", "simulator"]
