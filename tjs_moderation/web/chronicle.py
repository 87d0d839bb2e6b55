"""The audit log as sentences: who did what, when, and to which items. Only ids are in the log; names are looked up.

A log that somebody has tampered with must still be readable: whatever makes no sense here is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from tjs_moderation.domain.drafting import Check
from tjs_moderation.domain.vocabulary import AutomaticStep, Role
from tjs_moderation.models import AuditEntry
from tjs_moderation.web.change_words import parts_of
from tjs_moderation.web.channel_words import in_plain_words
from tjs_moderation.web.sentences import ACTORS, verb_words
from tjs_moderation.web.words import word

ITEMS_SHOWN = 5

_IN_BULK = frozenset({"keep", "remove", "weigh", "take_back", "start_bulk", "undo_bulk"})
"""What tells in which bulk it was done; a routing tells to whom."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in the log are called: people and channels."""

    people: Mapping[int, str]
    channels: Mapping[int, str]

    def of_actor(self, actor: str) -> str:
        """The name of whoever an entry says did it."""
        kind, number = _actor(actor)
        known = {"user": self.people, "channel": self.channels}.get(kind, {})
        return known.get(number) or str(ACTORS.get(kind, actor))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the log, to be read. `body` is what it holds; `more` counts the items beyond those listed."""

    seq: int
    at: datetime | None
    who: str
    what: str
    about: str
    items: Sequence[int]
    more: int
    verb: str
    body: Mapping[str, Any]


def read(entry: AuditEntry, names: Names) -> Line:
    """An entry as a line."""
    body = _body(entry)
    items = [item for item in body.get("items", ()) if isinstance(item, int)]
    return Line(
        seq=entry.seq,
        at=_moment(entry.at),
        who=names.of_actor(entry.actor),
        what=verb_words(entry.verb),
        about=_about(entry.verb, body, names),
        items=items[:ITEMS_SHOWN],
        more=max(0, len(items) - ITEMS_SHOWN),
        verb=entry.verb,
        body=body,
    )


def people_in(entries: Iterable[AuditEntry]) -> set[int]:
    """The ids of the people whose names these entries need."""
    found: set[int] = set()
    for entry in entries:
        kind, number = _actor(entry.actor)
        body = _body(entry)
        named = (number if kind == "user" else 0, body.get("user"), body.get("expert"), *_experts(body))
        found.update(id_ for id_ in named if isinstance(id_, int) and id_)
    return found


def person_in(actor: str) -> int:
    """The id of the person an entry says did it; 0 where it was nobody of the house."""
    kind, number = _actor(actor)
    return number if kind == "user" else 0


def _actor(written: str) -> tuple[str, int]:
    """The kind of an actor and its number, 0 where it has none."""
    kind, _, number = written.partition(":")
    return kind, int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _experts(body: Mapping[str, Any]) -> list[Any]:
    """The ids of the experts that an entry about a topic tells of."""
    told = [body[name].get("experts") for name in ("before", "after") if isinstance(body.get(name), dict)]
    return [number for numbers in told if isinstance(numbers, list) for number in numbers]


def _body(entry: AuditEntry) -> dict[str, Any]:
    try:
        body = json.loads(entry.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _about(verb: str, body: Mapping[str, Any], names: Names) -> str:
    """What an entry says beside its verb: whom it concerns, how many, or why not."""
    person = names.people.get(body.get("user") or body.get("expert") or 0, "")
    if verb in {"add_user", "set_role"} and body.get("role") in set(Role):
        return f"{person}, {word(Role(body['role']))}"
    if verb == "set_active":
        opened = gettext("avattu") if body.get("is_active") else gettext("suljettu")
        return f"{person}: {opened}"
    if verb == "finish_import":
        counts = {name: body.get(name, "?") for name in ("read", "new", "rejected")}
        return str(gettext("rivejä %(read)s, uusia %(new)s, hylättyjä %(rejected)s", **counts))
    if verb == "see_to":
        return str(gettext("se oli tehty") if body.get("has_happened") else gettext("sitä ei tehty"))
    if verb in {"save_draft", "submit", "send_back", "approve"}:
        return "; ".join(filter(None, [gettext("versio %(number)s", number=body.get("revision", "?")), _advices(body)]))
    if isinstance(body.get("bulk"), int) and verb in _IN_BULK:
        return str(gettext("joukkopäätös %(number)s", number=body["bulk"]))
    if body.get("by_hand"):
        return str(gettext("käsin"))
    changed = _about_change(body, names)
    return person or changed or _about_rules(verb, body) or in_plain_words(str(body.get("failure", "")))


def _advices(body: Mapping[str, Any]) -> str:
    """What whoever let an answer pass was advised of and passed over; empty where nothing."""
    told = body.get("advices")
    known = [word(Check(check)) for check in told if check in set(Check)] if isinstance(told, list) else []
    return str(gettext("ohitetut huomautukset: %(checks)s", checks=", ".join(known))) if known else ""


def _about_change(body: Mapping[str, Any], names: Names) -> str:
    """What a setting, a topic or a reason was and became; empty for anything else."""
    before, after = body.get("before", {}), body.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    try:
        parts = parts_of(before, after, names.people)
    except (LookupError, TypeError, ValueError):
        return ""
    code = [str(body["code"])] if "code" in body else []
    return "; ".join([*code, *(f"{part.label}: {part.was} → {part.became}" for part in parts)])


def _about_rules(verb: str, body: Mapping[str, Any]) -> str:
    """The same for what is done to rules, or by them; empty for anything else."""
    if verb == "publish_rules":
        return str(gettext("versio %(number)s", number=body.get("number", "?")))
    if verb == "remove_automatically":
        return str(gettext("sääntö %(rule)s", rule=body.get("rule", "?")))
    if verb == "leave_to_people" and body.get("because") in set(AutomaticStep):
        return word(AutomaticStep(body["because"]))
    return ""
