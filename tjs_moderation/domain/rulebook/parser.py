"""Reads a rule set from text. All faults are reported at once, each with its line and a hint."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.blocks import ListDraft, StaffDraft, TopicDraft
from tjs_moderation.domain.rulebook.clauses import RuleDraft
from tjs_moderation.domain.rulebook.ruleset import Rule, RuleSet, Topic, WordList
from tjs_moderation.errors import Fault, FaultsError

LONGEST_TEXT = 1_000_000
"""Code points; a longer text is refused unread."""
MOST_FAULTS = 200
"""So many faults are told at once; a text with more has been told enough to begin with."""
_HEADS = ("säännöt", "sanat", "sääntö", "aihe", "henkilökunta")
_QUOTES = frozenset('"”“')
_Draft = TypeVar("_Draft", ListDraft, RuleDraft, TopicDraft)


@lru_cache(maxsize=4)
def parse_rule_set(text: str) -> RuleSet:
    """The rule set written in `text` (see docs/rules.md). Raises `FaultsError` with every fault of it.

    Takes time in proportion to the length of the text, whatever it holds. The last few are kept: whoever publishes a
    rule set, judges by it and hides by it reads the same text.
    """
    if len(text) > LONGEST_TEXT:
        raise FaultsError((Fault(1, "Sääntöjoukko on liian pitkä.", f"Enintään {LONGEST_TEXT} merkkiä."),))
    return _Reading(text).run()


class _Reading:
    """One reading of a text, line by line. `block` is what the indented lines belong to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.title = ""
        self.lists: dict[str, ListDraft] = {}
        self.rules: dict[str, RuleDraft] = {}
        self.topics: dict[str, TopicDraft] = {}
        self.staff = StaffDraft()
        self.block: ListDraft | RuleDraft | TopicDraft | StaffDraft | None = None

    def run(self) -> RuleSet:
        for number, raw in enumerate(self.text.replace("\ufeff", "").splitlines(), start=1):
            self.line(raw if _QUOTES & set(raw) else raw.split("#", 1)[0], number)
            self.stop_at_enough()
        rules = self.finish_rules()
        for listed in self.lists.values():
            self.faults.extend(listed.finish())
        topics = self.finish_topics()
        if not self.faults and not rules:
            hint = "Kirjoita ainakin yksi rivillä ”sääntö NIMI” alkava sääntö."
            self.fault(1, "Sääntöjoukossa ei ole yhtään sääntöä.", hint)
        if self.faults:
            raise self.told()
        lists = {draft.name: WordList(draft.name, tuple(draft.entries), draft.line) for draft in self.lists.values()}
        return RuleSet(self.title, lists, rules, topics, self.text, tuple(dict.fromkeys(self.staff.names)))

    def fault(self, line: int, message: str, hint: str = "") -> None:
        self.faults.append(Fault(line, message, hint))

    def told(self) -> FaultsError:
        """The faults in the order of their lines; the last one says where more were left untold."""
        faults = sorted(self.faults, key=lambda fault: fault.line)
        if len(faults) > MOST_FAULTS:
            more = "Virheitä on niin monta, että loput kerrotaan, kun nämä on korjattu."
            faults[MOST_FAULTS:] = [Fault(faults[MOST_FAULTS].line, more)]
        return FaultsError(tuple(faults))

    def stop_at_enough(self) -> None:
        if len(self.faults) > MOST_FAULTS:
            raise self.told()

    # -- lines ---------------------------------------------------------------------------------------------------------

    def line(self, line: str, number: int) -> None:
        """A line at the margin begins something new; an indented one belongs to what stands above it."""
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            return
        if not line[0].isspace():
            self.head(stripped, number)
        elif self.block is not None:
            self.faults.extend(self.block.take(stripped, number))
        else:
            hint = "Sen yllä pitää olla rivi ”sanat …:”, ”sääntö …”, ”aihe …” tai ”henkilökunta:”."
            self.fault(number, "Sisennetty rivi ei kuulu mihinkään.", hint)

    def head(self, line: str, number: int) -> None:
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        self.block = None
        if word == "säännöt":
            self.title = rest.strip('"')
        elif word == "sanat":
            self.begin_list(rest, number)
        elif word == "sääntö":
            self.block = self.begin(self.rules, RuleDraft(rest, number), "Sääntö")
        elif word == "aihe":
            self.block = self.begin(self.topics, TopicDraft(rest, number), "Aihe")
        elif word.removesuffix(":") == "henkilökunta":
            self.block = self.staff
            self.faults.extend(self.staff.take(rest.removeprefix(":"), number))
        else:
            hint = grammar.nearest(word, _HEADS)
            inside = f"{hint} Säännön sisällä olevat rivit sisennetään.".strip()
            self.fault(number, f"Rivi ei ala tutulla sanalla: ”{word}”.", inside)

    def begin(self, drafts: dict[str, _Draft], draft: _Draft, what: str) -> _Draft:
        if not draft.name or " " in draft.name:
            self.fault(draft.line, f"{what} tarvitsee yksisanaisen nimen.", "Esimerkiksi: sääntö loukkaus-puhuteltu")
        elif draft.name in drafts:
            before = drafts[draft.name].line
            self.fault(draft.line, f"{what} ”{draft.name}” on jo rivillä {before}.", "Anna toinen nimi.")
        else:
            drafts[draft.name] = draft
        return draft

    def begin_list(self, rest: str, number: int) -> None:
        """`NIMI:`, `NIMI: sana, sana` or `NIMI, myös yhdyssanan loppuna:`."""
        heading, colon, words = rest.partition(":")
        name, _, compound = heading.partition(",")
        draft = ListDraft(name.strip(), number)
        self.faults.extend(draft.begin(" ".join(compound.split()), bool(colon)))
        self.block = self.begin(self.lists, draft, "Sanalista")
        self.faults.extend(draft.take(words, number))

    # -- the end -------------------------------------------------------------------------------------------------------

    def finish_rules(self) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        for draft in self.rules.values():
            rule, faults = draft.finish(self.lists, self.rules)
            self.faults.extend(faults)
            self.stop_at_enough()
            if rule is not None:
                rules.append(rule)
        for draft in self.rules.values():
            if draft.own_entries:
                own = ListDraft(draft.own_list_name, draft.own_entries[0].line, entries=draft.own_entries)
                self.lists[own.name] = own
        return tuple(rules)

    def finish_topics(self) -> tuple[Topic, ...]:
        topics = []
        for draft in self.topics.values():
            topic, faults = draft.finish()
            topics.append(topic)
            self.faults.extend(faults)
        return tuple(topics)
