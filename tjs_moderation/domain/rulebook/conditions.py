"""The `ja …` and `ja ei …` lines of a rule: what must hold besides its trigger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.circumstance_lines import READERS, read_circumstance
from tjs_moderation.domain.rulebook.circumstances import Circumstance
from tjs_moderation.domain.rulebook.ruleset import Conditions
from tjs_moderation.errors import Fault

_TABLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "kohde": ("targets", grammar.TARGETS),
    "puhetapa": ("manners", grammar.MANNERS),
    "kieli": ("languages", {each: each for each in grammar.LANGUAGES}),
}
"""Conditions whose values are words of a table, and the field of `Conditions` they go to."""
_KEYS = (*_TABLES, "lista", "kysymys", *READERS)


@dataclass
class ConditionsDraft:
    """The conditions of a rule being read. `mentioned`: the lists they name, with the line."""

    fields: dict[str, Any] = field(default_factory=dict)
    mentioned: dict[str, int] = field(default_factory=dict)
    with_lists: list[frozenset[str]] = field(default_factory=list)
    without_lists: set[str] = field(default_factory=set)
    circumstances: list[Circumstance] = field(default_factory=list)

    def take(self, rest: str, number: int) -> list[Fault]:
        """One line, without its `ja`; the faults in it."""
        is_denied = rest.startswith("ei ")
        key, colon, values = rest.removeprefix("ei ").partition(":")
        key, names = key.strip(), grammar.names(values)
        if not colon or key not in _KEYS:
            return [Fault(number, f"Tuntematon ehto ”ja {key}”.", grammar.nearest(key, _KEYS))]
        if not names:
            return [Fault(number, "Ehdosta puuttuu sisältö.", f"Esimerkiksi: ja {key}: …")]
        if key == "lista":
            return self._with_lists(names, number, is_denied)
        if key in READERS:
            checks, faults = read_circumstance(key, values, number)
            self.circumstances.append(Circumstance(tuple(checks), is_denied))
            return faults
        if key == "kysymys":
            self.fields["is_question"] = (names[0] == "kyllä") != is_denied
            return grammar.unknown(names, ("kyllä", "ei"), "vastaus", number)
        place, known = _TABLES[key]
        place = f"not_{place}" if is_denied else place
        meant = {known[name] for name in names if name in known}
        self.fields[place] = self.fields.get(place, frozenset()) | meant
        return grammar.unknown(names, known, key, number)

    def _with_lists(self, names: list[str], number: int, is_denied: bool) -> list[Fault]:
        self.mentioned.update(dict.fromkeys(names, number))
        if is_denied:
            self.without_lists.update(names)
        else:
            self.with_lists.append(frozenset(names))
        return []

    def finish(self) -> Conditions:
        """The conditions as they were read."""
        return Conditions(
            **self.fields,
            with_lists=tuple(self.with_lists),
            without_lists=frozenset(self.without_lists),
            circumstances=tuple(self.circumstances),
        )
