"""What a check of the install found: one value a thing looked at, the same for the page and the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Health(StrEnum):
    """How something is. `UNKNOWN`: it could not be looked at."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Depth(StrEnum):
    """How closely one looks: `GLANCE` is for a page, `LOOK` loads what a worker would, `DEEP` reads everything."""

    GLANCE = "glance"
    LOOK = "look"
    DEEP = "deep"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one thing. `code` names the words for what was seen and what to do; `facts` fill them in.

    Facts hold neither secrets nor what the public wrote.
    """

    name: str
    health: Health
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def ok(name: str, code: str, **facts: object) -> Finding:
    """All is well."""
    return Finding(name, Health.OK, code, facts)


def warn(name: str, code: str, **facts: object) -> Finding:
    """Somebody should look at it in the next days."""
    return Finding(name, Health.WARN, code, facts)


def bad(name: str, code: str, **facts: object) -> Finding:
    """Something does not work."""
    return Finding(name, Health.BAD, code, facts)


def unknown(name: str, code: str = "not_looked_at", **facts: object) -> Finding:
    """It could not be looked at."""
    return Finding(name, Health.UNKNOWN, code, facts)


def by_age(
    name: str, code: str, at: datetime | None, now: datetime, *, warn_after: timedelta, bad_after: timedelta
) -> Finding:
    """How old something is: `<code>_never`, `<code>_late` or `<code>_fresh`, with `at` and its age in `minutes`."""
    if at is None:
        return bad(name, f"{code}_never")
    age = now - at
    facts = {"at": at, "minutes": max(0, int(age.total_seconds() // 60))}
    if age > bad_after:
        return Finding(name, Health.BAD, f"{code}_late", facts)
    return Finding(name, Health.WARN if age > warn_after else Health.OK, f"{code}_fresh", facts)


def by_amount(name: str, code: str, count: int, *, warn_from: int, bad_from: int) -> Finding:
    """How much of something there is: `<code>_none` or `<code>_some`, with `count`."""
    if count < warn_from:
        return ok(name, f"{code}_none", count=count)
    return Finding(name, Health.BAD if count >= bad_from else Health.WARN, f"{code}_some", {"count": count})


def worst(findings: Iterable[Finding]) -> Health:
    """The worst of all: bad before warn before unknown before ok."""
    order = (Health.BAD, Health.WARN, Health.UNKNOWN)
    seen = {finding.health for finding in findings}
    return next((health for health in order if health in seen), Health.OK)
