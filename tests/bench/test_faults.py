"""The rounds of `bench --faults` in small, on each database: nothing acknowledged is lost, and nothing is doubled."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from tjs_moderation.bench.faults import FEW_ROUNDS, play


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_whoever_is_killed_whenever_nothing_acknowledged_is_lost(kind: str, request: pytest.FixtureRequest) -> None:
    url = None if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))
    outcome = play(1, FEW_ROUNDS // 2, url)
    assert outcome.problems == []
    assert min(outcome.deaths["web"], outcome.deaths["worker"]) >= FEW_ROUNDS // 8
    assert min(outcome.acknowledged.values()) > 0
    assert outcome.acts > 0
    assert json.loads(json.dumps(asdict(outcome)))["deaths"] == outcome.deaths  # what `--json` prints
