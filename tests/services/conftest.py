"""Houses whose rules hide by themselves."""

from __future__ import annotations

import pytest

from tests.services.automation import RULES, SureJudge, wire
from tests.support.house import House
from tjs_moderation.domain.vocabulary import (
    Hours,
)
from tjs_moderation.services import options, rules
from tjs_moderation.services.transaction import CONSOLE


@pytest.fixture
def sure_house(house: House) -> House:
    """A house whose rules would hide insults by themselves; nothing is switched on."""
    wire(house.app, judge=SureJudge)
    rules.publish_rules(CONSOLE, RULES, "Kokeillaan")
    return house


@pytest.fixture
def night_house(sure_house: House) -> House:
    """The same with automatic acts on, at any hour."""
    options.set_automatic(CONSOLE, is_on=True, cap_per_day=10, hours=Hours.ALWAYS)
    return sure_house
