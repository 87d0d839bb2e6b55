"""How much of its budget the page has used, as the headers of every answer tell."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

from tjs_moderation.domain.ports import Usage

_COUNTERS = ("call_count", "total_time", "total_cputime")


def read_usage(headers: Mapping[str, str]) -> Usage | None:
    """From `X-App-Usage` and `X-Business-Use-Case-Usage`; None where neither tells anything."""
    budgets = [*_app_budgets(headers), *_page_budgets(headers)]
    if not budgets:
        return None
    percent = max((_number(budget.get(name)) for budget in budgets for name in _COUNTERS), default=0.0)
    minutes = max(_number(budget.get("estimated_time_to_regain_access")) for budget in budgets)
    return Usage(percent, minutes * 60 if minutes > 0 else None)


def _app_budgets(headers: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    told = _json(headers.get("X-App-Usage"))
    if isinstance(told, dict):
        yield told


def _page_budgets(headers: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    told = _json(headers.get("X-Business-Use-Case-Usage"))
    for budgets in told.values() if isinstance(told, dict) else ():
        yield from (budget for budget in budgets if isinstance(budget, dict)) if isinstance(budgets, list) else ()


def _json(text: str | None) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _number(value: object) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0
