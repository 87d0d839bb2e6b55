"""What stands between the rules: word lists, topics, the names of the staff. Each block takes its own lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.rulebook.ruleset import Topic
from tjs_moderation.errors import Fault

_COMPOUNDS = {"": (False, False), "myös yhdyssanan loppuna": (True, False), "myös yhdyssanan osana": (True, True)}
_INSIDE_TOPIC = ("nimi", "sanat", "varmat sanat", "esimerkki")
QUOTED_EXAMPLE = re.compile(r'esimerkki\s*:?\s*["”](.*)["”]\s*(?:#.*)?')
LONGEST_EXAMPLE = 500
_WORD_HINT = "Sanat erotetaan pilkuin; sanassa on vain kirjaimia, numeroita ja yhdysmerkkejä."
_NAME = re.compile(r"[^\W\d_]+(?:[-'’ ][^\W\d_]+){0,5}")


@dataclass
class ListDraft:
    """A word list being read."""

    name: str
    line: int
    as_head: bool = False
    as_part: bool = False
    entries: list[Entry] = field(default_factory=list)

    def begin(self, compound: str, has_colon: bool) -> list[Fault]:
        """What is wrong with the heading of the list; `compound` is what it says about compounds."""
        faults = []
        self.as_head, self.as_part = _COMPOUNDS.get(compound, (False, False))
        if not has_colon:
            hint = f"Kirjoita: sanat {self.name or 'NIMI'}:"
            faults.append(Fault(self.line, "Sanalistan nimen perästä puuttuu kaksoispiste.", hint))
        if compound not in _COMPOUNDS:
            hint = grammar.nearest(compound, [each for each in _COMPOUNDS if each])
            faults.append(Fault(self.line, f"Tuntematon lisäys ”{compound}”.", hint))
        return faults

    def take(self, line: str, number: int) -> list[Fault]:
        """A line of words; the faults in it."""
        return _take_words(self.entries, line, number, as_head=self.as_head, as_part=self.as_part)

    def finish(self) -> list[Fault]:
        """What is wrong with the list as a whole."""
        hint = "Kirjoita sanat listan alle sisennettyinä, pilkuin erotettuina."
        return [] if self.entries else [Fault(self.line, f"Sanalista ”{self.name}” on tyhjä.", hint)]


@dataclass
class TopicDraft:
    """A topic being read: `name` is what it is told by, `title` what people call it."""

    name: str
    line: int
    title: str = ""
    hints: list[Entry] = field(default_factory=list)
    sure: list[Entry] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    into: list[Entry] | None = None

    def take(self, line: str, number: int) -> list[Fault]:
        """One line of the topic; the faults in it."""
        key, colon, rest = line.partition(":")
        key = " ".join(key.split())
        if line.startswith("esimerkki"):
            return self._example(line, number)
        if colon and key == "nimi":
            self.title, self.into = rest.strip(), None
            return []
        if colon and key in ("sanat", "varmat sanat"):
            self.into = self.hints if key == "sanat" else self.sure
            return _take_words(self.into, rest, number, as_head=True, as_part=True)
        if not colon and self.into is not None:
            return _take_words(self.into, line, number, as_head=True, as_part=True)
        return [Fault(number, f"Aiheessa ei ole kohtaa ”{key}”.", grammar.nearest(key, _INSIDE_TOPIC))]

    def _example(self, line: str, number: int) -> list[Fault]:
        found = QUOTED_EXAMPLE.fullmatch(line)
        self.into = None
        if found is None or not found.group(1).strip():
            return [Fault(number, "Esimerkki puuttuu lainausmerkeistä.", 'Kirjoita: esimerkki "Mistä saan …?"')]
        if len(found.group(1)) > LONGEST_EXAMPLE:
            return [Fault(number, "Esimerkki on liian pitkä.", f"Enintään {LONGEST_EXAMPLE} merkkiä.")]
        self.examples.append(found.group(1).strip())
        return []

    def finish(self) -> tuple[Topic, list[Fault]]:
        """The topic, and what is wrong with it as a whole."""
        is_empty = not (self.hints or self.sure or self.examples)
        fault = Fault(self.line, f"Aiheella ”{self.name}” ei ole sanoja.", "Lisää rivi ”sanat: …”.")
        topic = Topic(
            self.name,
            self.title or self.name,
            tuple(self.hints),
            tuple(self.sure),
            self.line,
            tuple(self.examples),
        )
        return topic, [fault] if is_empty else []


@dataclass
class StaffDraft:
    """The names of the staff being read."""

    names: list[str] = field(default_factory=list)

    def take(self, line: str, number: int) -> list[Fault]:
        """A line of names; the faults in it."""
        names = grammar.names(line)
        self.names += names
        hint = "Kirjoita etunimi ja sukunimi, nimet pilkuin erotettuina: Aino Esimerkki, Väinö Malli"
        strange = (name for name in names if not _NAME.fullmatch(name))
        return [Fault(number, f"”{name}” ei ole nimi.", hint) for name in strange]


def _take_words(into: list[Entry], line: str, number: int, *, as_head: bool, as_part: bool) -> list[Fault]:
    faults = []
    for written in line.split(","):
        if written.strip():
            entry = grammar.parse_entry(written, number, as_head=as_head, as_part=as_part)
            if isinstance(entry, Entry):
                into.append(entry)
            else:
                faults.append(Fault(number, entry, _WORD_HINT))
    return faults
