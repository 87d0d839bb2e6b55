"""The lines inside one rule: `kun …`, `ja …`, `ja ei …`, `niin …`, `ohittaa: …`, `koska "…"`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.ruleset import Conditions, Entry, Rule
from tjs_moderation.domain.vocabulary import Category, Outcome
from tjs_moderation.errors import Fault

_STARTS = ("kun", "ja", "niin", "ohittaa", "koska")
_TRIGGERS = ("lista", "sana", "löytö")
_CONDITIONS = ("kohde", "puhetapa", "kieli", "lista", "kysymys")
_BECAUSE = re.compile(r'koska\s*:?\s*["”](.*)["”]\s*(?:#.*)?')
_PLACEHOLDERS = re.compile(r"\{([^}]*)\}")


@dataclass
class RuleDraft:
    """A rule being read: its lines are taken one by one, then it is finished against the whole text."""

    name: str
    line: int
    own_entries: list[Entry] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    detections: set[str] = field(default_factory=set)
    conditions: dict[str, Any] = field(default_factory=dict)
    mentioned: dict[str, int] = field(default_factory=dict)
    verdict: tuple[Outcome, Category] | None = None
    overrides: dict[str, int] = field(default_factory=dict)
    because: str = ""
    seen: set[str] = field(default_factory=set)

    @property
    def own_list_name(self) -> str:
        """The name of the list made of the words written in the rule itself."""
        return f"sääntö:{self.name}"

    def take(self, line: str, number: int) -> list[Fault]:
        """One line of the rule; the faults in it."""
        start = line.replace(":", " ").split()[0]
        if start != "koska":
            line = line.split("#", 1)[0].strip()
        self.seen.add(start)
        match start:
            case "kun":
                return self._when(line.removeprefix("kun").strip(), number)
            case "ja":
                return self._and(line.removeprefix("ja").strip(), number)
            case "niin":
                return self._then(line.removeprefix("niin").strip(), number)
            case "ohittaa":
                names = _names(line.partition(":")[2])
                self.overrides.update(dict.fromkeys(names, number))
                return (
                    [] if names else [Fault(number, "Ohitettavat säännöt puuttuvat.", "Esimerkiksi: ohittaa: kaikki")]
                )
            case "koska":
                return self._because(line, number)
        return [Fault(number, f"Säännössä ei ole kohtaa ”{start}”.", grammar.nearest(start, _STARTS))]

    def _when(self, rest: str, number: int) -> list[Fault]:
        key, colon, values = rest.partition(":")
        names = _names(values)
        if not colon or key.strip() not in _TRIGGERS:
            return [Fault(number, f"Tuntematon ehto ”kun {key.strip()}”.", grammar.nearest(key.strip(), _TRIGGERS))]
        if not names:
            return [Fault(number, "Ehdosta puuttuu sisältö.", f"Esimerkiksi: kun {key.strip()}: …")]
        if key.strip() == "lista":
            self.lists.update(dict.fromkeys(names, number))
            return []
        if key.strip() == "löytö":
            self.detections.update(names)
            return _unknown(names, grammar.DETECTIONS, "löytö", number)
        return self._own_words(names, number)

    def _own_words(self, names: list[str], number: int) -> list[Fault]:
        faults = []
        for written in names:
            entry = grammar.parse_entry(written, number)
            if isinstance(entry, Entry):
                self.own_entries.append(entry)
            else:
                faults.append(Fault(number, entry, "Sanat erotetaan pilkuin."))
        return faults

    def _and(self, rest: str, number: int) -> list[Fault]:
        is_denied = rest.startswith("ei ")
        key, colon, values = rest.removeprefix("ei ").partition(":")
        key, names = key.strip(), _names(values)
        if not colon or key not in _CONDITIONS:
            return [Fault(number, f"Tuntematon ehto ”ja {key}”.", grammar.nearest(key, _CONDITIONS))]
        if not names:
            return [Fault(number, "Ehdosta puuttuu sisältö.", f"Esimerkiksi: ja {key}: …")]
        if key == "lista":
            return self._with_lists(names, number, is_denied)
        if key == "kysymys":
            self.conditions["is_question"] = (names[0] == "kyllä") != is_denied
            return _unknown(names, ("kyllä", "ei"), "vastaus", number)
        tables: dict[str, Mapping[str, Any]] = {
            "kohde": grammar.TARGETS,
            "puhetapa": grammar.MANNERS,
            "kieli": {each: each for each in grammar.LANGUAGES},
        }
        known = tables[key]
        place = ("not_" if is_denied else "") + {"kohde": "targets", "puhetapa": "manners", "kieli": "languages"}[key]
        self.conditions[place] = self.conditions.get(place, frozenset()) | {
            known[name] for name in names if name in known
        }
        return _unknown(names, known, key, number)

    def _with_lists(self, names: list[str], number: int, is_denied: bool) -> list[Fault]:
        self.mentioned.update(dict.fromkeys(names, number))
        if is_denied:
            self.conditions["without_lists"] = self.conditions.get("without_lists", frozenset()) | frozenset(names)
        else:
            self.conditions["with_lists"] = (*self.conditions.get("with_lists", ()), frozenset(names))
        return []

    def _then(self, rest: str, number: int) -> list[Fault]:
        verb, _, category = rest.partition(":")
        verb, category = verb.strip(), " ".join(category.split())
        faults = _unknown([verb], grammar.OUTCOMES, "teko", number)
        known = {**grammar.CATEGORIES, **{each.value: each for each in Category if each is not Category.UNREADABLE}}
        if not category:
            faults.append(Fault(number, "Laji puuttuu.", f"Esimerkiksi: niin {verb or 'punnitse'}: loukkaus"))
        elif category not in known:
            faults.append(
                Fault(number, f"Tuntematon laji ”{category}”.", grammar.nearest(category, grammar.CATEGORIES))
            )
        if not faults:
            if self.verdict is not None:
                return [Fault(number, "Säännössä on kaksi niin-riviä.", "Jätä yksi.")]
            self.verdict = grammar.OUTCOMES[verb], known[category]
        return faults

    def _because(self, line: str, number: int) -> list[Fault]:
        found = _BECAUSE.fullmatch(line)
        if not found or not found.group(1).strip():
            return [Fault(number, "Perustelu puuttuu lainausmerkeistä.", 'Kirjoita: koska "Kommentti … {kohta}."')]
        self.because = found.group(1).strip()
        strange = [name for name in _PLACEHOLDERS.findall(self.because) if name != "kohta"]
        return [Fault(number, f"Tuntematon merkintä {{{name}}}.", "Ainoa merkintä on {kohta}.") for name in strange]

    def finish(self, lists: Collection[str], rules: Collection[str]) -> tuple[Rule | None, list[Fault]]:
        """The rule, or None, and what is still wrong with it once the whole text is known."""
        faults = [*self._missing(), *self._strangers(lists, rules)]
        if faults or self.verdict is None:
            return None, faults
        own = {self.own_list_name} if self.own_entries else set()
        return (
            Rule(
                name=self.name,
                outcome=self.verdict[0],
                category=self.verdict[1],
                because=self.because,
                lists=frozenset(self.lists) | own,
                detections=frozenset(self.detections),
                conditions=Conditions(**self.conditions),
                overrides=frozenset("*" if name == "kaikki" else name for name in self.overrides),
                line=self.line,
            ),
            [],
        )

    def _missing(self) -> list[Fault]:
        wanted = {"kun": "mikä sen laukaisee", "niin": "mitä silloin ehdotetaan", "koska": "miksi"}
        faults = [
            Fault(
                self.line,
                f"Säännöstä ”{self.name}” puuttuu {start}-rivi: {what}.",
                f"Lisää sisennetty rivi, joka alkaa sanalla {start}.",
            )
            for start, what in wanted.items()
            if start not in self.seen
        ]
        if self.overrides and self.verdict and self.verdict[0] is not Outcome.KEEP:
            line = next(iter(self.overrides.values()))
            faults.append(
                Fault(
                    line,
                    "Vain pitävä sääntö voi ohittaa muita.",
                    "Vaihda niin-rivi muotoon ”niin pidä: …” tai poista ohittaa-rivi.",
                )
            )
        return faults

    def _strangers(self, lists: Collection[str], rules: Collection[str]) -> list[Fault]:
        faults = [
            Fault(line, f"Sanalistaa ”{name}” ei ole.", grammar.nearest(name, lists))
            for name, line in {**self.lists, **self.mentioned}.items()
            if name not in lists
        ]
        faults += [
            Fault(line, f"Sääntöä ”{name}” ei ole.", grammar.nearest(name, rules))
            for name, line in self.overrides.items()
            if name != "kaikki" and name not in rules
        ]
        return faults


def _names(text: str) -> list[str]:
    return [" ".join(name.split()) for name in text.split(",") if name.strip()]


def _unknown(names: list[str], known: Collection[str], what: str, number: int) -> list[Fault]:
    return [
        Fault(number, f"Tuntematon {what} ”{name}”.", grammar.nearest(name, known))
        for name in names
        if name not in known
    ]
