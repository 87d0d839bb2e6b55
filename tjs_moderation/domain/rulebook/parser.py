"""Reads a rule set from text. All faults are reported at once, each with its line and a hint."""

from __future__ import annotations

from dataclasses import dataclass, field

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.clauses import RuleDraft
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.rulebook.ruleset import Rule, RuleSet, Topic, WordList
from tjs_moderation.errors import Fault, FaultsError

LONGEST_TEXT = 1_000_000
"""Code points; a longer text is refused unread."""
_HEADS = ("säännöt", "sanat", "sääntö", "aihe")
_INSIDE_TOPIC = ("nimi", "sanat", "varmat sanat")
_COMPOUNDS = {"": (False, False), "myös yhdyssanan loppuna": (True, False), "myös yhdyssanan osana": (True, True)}


def parse_rule_set(text: str) -> RuleSet:
    """The rule set written in `text` (see docs/rules.md). Raises `FaultsError` with every fault of it."""
    if len(text) > LONGEST_TEXT:
        raise FaultsError((Fault(1, "Sääntöjoukko on liian pitkä.", f"Enintään {LONGEST_TEXT} merkkiä."),))
    return _Reading(text).run()


@dataclass
class _TopicDraft:
    code: str
    line: int
    name: str = ""
    hints: list[Entry] = field(default_factory=list)
    sure: list[Entry] = field(default_factory=list)
    into: list[Entry] | None = None


@dataclass
class _ListDraft:
    name: str
    line: int
    as_head: bool
    as_part: bool
    entries: list[Entry] = field(default_factory=list)


class _Reading:
    """One reading of a text, line by line. `block` is what the indented lines belong to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.title = ""
        self.lists: dict[str, _ListDraft] = {}
        self.rules: dict[str, RuleDraft] = {}
        self.topics: dict[str, _TopicDraft] = {}
        self.block: _ListDraft | RuleDraft | _TopicDraft | None = None

    def run(self) -> RuleSet:
        for number, raw in enumerate(self.text.replace("\ufeff", "").splitlines(), start=1):
            line = raw if '"' in raw else raw.split("#", 1)[0]
            if stripped := line.strip():
                if stripped.startswith("#"):
                    continue
                if line[0].isspace():
                    self.inside(stripped, number)
                else:
                    self.head(stripped, number)
        rules = self.finish_rules()
        self.check_lists()
        topics = tuple(self.finish_topic(draft) for draft in self.topics.values())
        if not self.faults and not rules:
            self.fault(
                1, "Sääntöjoukossa ei ole yhtään sääntöä.", "Kirjoita ainakin yksi rivillä ”sääntö NIMI” alkava sääntö."
            )
        if self.faults:
            raise FaultsError(tuple(sorted(self.faults, key=lambda fault: fault.line)))
        lists = {draft.name: WordList(draft.name, tuple(draft.entries), draft.line) for draft in self.lists.values()}
        return RuleSet(self.title, lists, rules, topics, self.text)

    def fault(self, line: int, message: str, hint: str = "") -> None:
        self.faults.append(Fault(line, message, hint))

    # -- heads ---------------------------------------------------------------------------------------------------------

    def head(self, line: str, number: int) -> None:
        """A line at the margin begins something new."""
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        self.block = None
        if word == "säännöt":
            self.title = rest.strip('"')
        elif word == "sanat":
            self.begin_list(rest, number)
        elif word == "sääntö":
            self.begin(self.rules, RuleDraft(rest, number), "Sääntö", number)
        elif word == "aihe":
            self.begin(self.topics, _TopicDraft(rest, number), "Aihe", number)
        else:
            hint = grammar.nearest(word, _HEADS)
            self.fault(
                number,
                f"Rivi ei ala tutulla sanalla: ”{word}”.",
                f"{hint} Säännön sisällä olevat rivit sisennetään.".strip(),
            )

    def begin(
        self,
        drafts: dict[str, RuleDraft] | dict[str, _TopicDraft],
        draft: RuleDraft | _TopicDraft,
        what: str,
        number: int,
    ) -> None:
        name = draft.name if isinstance(draft, RuleDraft) else draft.code
        self.block = draft
        if not name or " " in name:
            self.fault(number, f"{what} tarvitsee yksisanaisen nimen.", "Esimerkiksi: sääntö loukkaus-puhuteltu")
        elif name in drafts:
            self.fault(number, f"{what} ”{name}” on jo rivillä {drafts[name].line}.", "Anna toinen nimi.")
        else:
            drafts[name] = draft  # type: ignore[assignment]  # each dict holds the kind of draft it is called with

    def begin_list(self, rest: str, number: int) -> None:
        """`NIMI:`, `NIMI: sana, sana` or `NIMI, myös yhdyssanan loppuna:`."""
        heading, colon, words = rest.partition(":")
        name, _, compound = heading.partition(",")
        name, compound = name.strip(), " ".join(compound.split())
        as_head, as_part = _COMPOUNDS.get(compound, (False, False))
        draft = _ListDraft(name, number, as_head, as_part)
        self.block = draft
        if not colon:
            self.fault(number, "Sanalistan nimen perästä puuttuu kaksoispiste.", f"Kirjoita: sanat {name or 'NIMI'}:")
        if compound not in _COMPOUNDS:
            self.fault(
                number,
                f"Tuntematon lisäys ”{compound}”.",
                grammar.nearest(compound, [each for each in _COMPOUNDS if each]),
            )
        if not name or " " in name:
            self.fault(number, "Sanalista tarvitsee yksisanaisen nimen.", "Esimerkiksi: sanat haukkumasanat:")
        elif name in self.lists:
            self.fault(
                number,
                f"Sanalista ”{name}” on jo rivillä {self.lists[name].line}.",
                "Anna toinen nimi tai yhdistä listat.",
            )
        else:
            self.lists[name] = draft
        self.add_entries(words, draft.entries, number, as_head=as_head, as_part=as_part)

    # -- what is inside ------------------------------------------------------------------------------------------------

    def inside(self, line: str, number: int) -> None:
        """An indented line belongs to what stands above it."""
        if isinstance(self.block, _ListDraft):
            self.add_entries(line, self.block.entries, number, as_head=self.block.as_head, as_part=self.block.as_part)
        elif isinstance(self.block, RuleDraft):
            self.faults.extend(self.block.take(line, number))
        elif isinstance(self.block, _TopicDraft):
            self.inside_topic(self.block, line, number)
        else:
            self.fault(
                number,
                "Sisennetty rivi ei kuulu mihinkään.",
                "Sen yllä pitää olla rivi ”sanat …:”, ”sääntö …” tai ”aihe …”.",
            )

    def inside_topic(self, topic: _TopicDraft, line: str, number: int) -> None:
        key, colon, rest = line.partition(":")
        key = " ".join(key.split())
        if colon and key == "nimi":
            topic.name, topic.into = rest.strip(), None
        elif colon and key in ("sanat", "varmat sanat"):
            topic.into = topic.hints if key == "sanat" else topic.sure
            self.add_entries(rest, topic.into, number, as_head=True, as_part=True)
        elif not colon and topic.into is not None:
            self.add_entries(line, topic.into, number, as_head=True, as_part=True)
        else:
            self.fault(number, f"Aiheessa ei ole kohtaa ”{key}”.", grammar.nearest(key, _INSIDE_TOPIC))

    def add_entries(self, text: str, entries: list[Entry], number: int, *, as_head: bool, as_part: bool) -> None:
        for written in text.split(","):
            if written.strip():
                entry = grammar.parse_entry(written, number, as_head=as_head, as_part=as_part)
                if isinstance(entry, Entry):
                    entries.append(entry)
                else:
                    self.fault(
                        number, entry, "Sanat erotetaan pilkuin; sanassa on vain kirjaimia, numeroita ja yhdysmerkkejä."
                    )

    # -- the end -------------------------------------------------------------------------------------------------------

    def finish_rules(self) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        for draft in self.rules.values():
            rule, faults = draft.finish(self.lists, self.rules)
            self.faults.extend(faults)
            if rule is not None:
                rules.append(rule)
        for name, own in (
            (draft.own_list_name, draft.own_entries) for draft in self.rules.values() if draft.own_entries
        ):
            self.lists[name] = _ListDraft(name, own[0].line, False, False, list(own))
        return tuple(rules)

    def check_lists(self) -> None:
        for draft in self.lists.values():
            if not draft.entries:
                self.fault(
                    draft.line,
                    f"Sanalista ”{draft.name}” on tyhjä.",
                    "Kirjoita sanat listan alle sisennettyinä, pilkuin erotettuina.",
                )

    def finish_topic(self, draft: _TopicDraft) -> Topic:
        if not draft.hints and not draft.sure:
            self.fault(draft.line, f"Aiheella ”{draft.code}” ei ole sanoja.", "Lisää rivi ”sanat: …”.")
        return Topic(draft.code, draft.name or draft.code, tuple(draft.hints), tuple(draft.sure), draft.line)
