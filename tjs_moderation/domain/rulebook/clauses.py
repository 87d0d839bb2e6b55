"""The lines inside one rule: `tila`, `kun …`, `ja …`, `niin …`, `automaattisesti`, `ohittaa`, `koska "…"`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import islice

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.conditions import ConditionsDraft
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.rulebook.ruleset import Automatic, Rule
from tjs_moderation.domain.vocabulary import Category, Outcome, RuleState
from tjs_moderation.errors import Fault

_STARTS = ("tila", "kun", "ja", "niin", "automaattisesti", "ohittaa", "koska")
_ONCE = ("tila", "niin", "automaattisesti")
_TRIGGERS = ("lista", "sana", "löytö", "kommentti")
_ANY = "mikä tahansa"
_BECAUSE = re.compile(r'(sv|en|fi)?\s*:?\s*["”](.*)["”]\s*(?:#.*)?')
_CAP = re.compile(r"enintään\s+(\d{1,6})\s+päivässä")
_PLACEHOLDERS = re.compile(r"\{([^}]*)\}")


@dataclass
class RuleDraft:
    """A rule being read: its lines are taken one by one, then it is finished against the whole text."""

    name: str
    line: int
    own_entries: list[Entry] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    detections: set[str] = field(default_factory=set)
    conditions: ConditionsDraft = field(default_factory=ConditionsDraft)
    state: RuleState = RuleState.LIVE
    automatic: Automatic | None = None
    verdict: tuple[Outcome, Category] | None = None
    overrides: dict[str, int] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def own_list_name(self) -> str:
        """The name of the list made of the words written in the rule itself."""
        return f"sääntö:{self.name}"

    def take(self, line: str, number: int) -> list[Fault]:
        """One line of the rule; the faults in it."""
        start, _, _ = line.replace(":", " ").strip().partition(" ")
        if start != "koska":
            line = line.split("#", 1)[0].strip()
        if start in _ONCE and start in self.seen:
            return [Fault(number, f"Säännössä on kaksi {start}-riviä.", "Jätä yksi.")]
        self.seen.setdefault(start, number)
        reader = self._readers().get(start)
        if reader is None:
            return [Fault(number, f"Säännössä ei ole kohtaa ”{start}”.", grammar.nearest(start, _STARTS))]
        return reader(line.removeprefix(start).strip().removeprefix(":").strip(), number)

    def _readers(self) -> dict[str, Callable[[str, int], list[Fault]]]:
        """What reads the rest of a line, by the word it starts with."""
        return {
            "tila": self._in_state,
            "kun": self._when,
            "ja": self.conditions.take,
            "niin": self._then,
            "automaattisesti": self._by_itself,
            "ohittaa": self._over,
            "koska": self._because,
        }

    def _in_state(self, name: str, number: int) -> list[Fault]:
        self.state = grammar.STATES.get(name, self.state)
        return grammar.unknown([name], grammar.STATES, "tila", number)

    def _when(self, rest: str, number: int) -> list[Fault]:
        key, colon, values = rest.partition(":")
        key, names = key.strip(), grammar.names(values)
        if not colon or key not in _TRIGGERS:
            return [Fault(number, f"Tuntematon ehto ”kun {key}”.", grammar.nearest(key, _TRIGGERS))]
        if not names:
            return [Fault(number, "Ehdosta puuttuu sisältö.", f"Esimerkiksi: kun {key}: …")]
        match key:
            case "lista":
                self.lists.update(dict.fromkeys(names, number))
                return []
            case "löytö":
                self.detections.update(names)
                return grammar.unknown(names, grammar.DETECTIONS, "löytö", number)
            case "kommentti":
                self.detections.add(grammar.ANY_TEXT)
                return grammar.unknown(names, (_ANY,), "kommentti", number)
        entries, faults = grammar.entries(names, number)
        self.own_entries += entries
        return faults

    def _then(self, rest: str, number: int) -> list[Fault]:
        verb, _, category = rest.partition(":")
        verb, category = verb.strip(), " ".join(category.split())
        faults = grammar.unknown([verb], grammar.OUTCOMES, "teko", number)
        known = {**grammar.CATEGORIES, **{each.value: each for each in Category if each is not Category.UNREADABLE}}
        if not category:
            faults.append(Fault(number, "Laji puuttuu.", f"Esimerkiksi: niin {verb or 'punnitse'}: loukkaus"))
        elif category not in known:
            hint = grammar.nearest(category, grammar.CATEGORIES)
            faults.append(Fault(number, f"Tuntematon laji ”{category}”.", hint))
        if not faults:
            self.verdict = grammar.OUTCOMES[verb], known[category]
        return faults

    def _by_itself(self, rest: str, number: int) -> list[Fault]:
        """`piilota` or `piilota, enintään 20 päivässä`."""
        act, comma, cap = (piece.strip() for piece in rest.partition(","))
        found = _CAP.fullmatch(cap)
        self.automatic = Automatic(int(found.group(1)) if found else None)
        if act != "piilota":
            hint = "Kirjoita: automaattisesti: piilota, enintään 20 päivässä"
            return [Fault(number, "Automaattisesti voi vain piilottaa.", hint)]
        if comma and (found is None or self.automatic.cap_per_day == 0):
            hint = "Esimerkiksi: automaattisesti: piilota, enintään 20 päivässä"
            return [Fault(number, f"Raja ”{cap}” ei ole ymmärrettävä.", hint)]
        return []

    def _over(self, rest: str, number: int) -> list[Fault]:
        names = grammar.names(rest)
        self.overrides.update(dict.fromkeys(names, number))
        return [] if names else [Fault(number, "Ohitettavat säännöt puuttuvat.", "Esimerkiksi: ohittaa: kaikki")]

    def _because(self, rest: str, number: int) -> list[Fault]:
        found = _BECAUSE.fullmatch(rest)
        if not found or not found.group(2).strip():
            return [Fault(number, "Perustelu puuttuu lainausmerkeistä.", 'Kirjoita: koska "Kommentti … {kohta}."')]
        language, sentence = found.group(1) or "fi", found.group(2).strip()
        if language in self.because:
            return [Fault(number, f"Säännössä on kaksi perustelua kielellä {language}.", "Jätä yksi.")]
        self.because[language] = sentence
        strange = [name for name in _PLACEHOLDERS.findall(sentence) if name != "kohta"]
        return [Fault(number, f"Tuntematon merkintä {{{name}}}.", "Ainoa merkintä on {kohta}.") for name in strange]

    def finish(self, lists: Collection[str], rules: Collection[str]) -> tuple[Rule | None, list[Fault]]:
        """The rule, or None, and what is still wrong with it once the whole text is known."""
        faults = [*self._missing(), *self._misplaced(), *self._strangers(lists, rules)]
        if faults or self.verdict is None:
            return None, faults
        own = {self.own_list_name} if self.own_entries else set()
        return (
            Rule(
                name=self.name,
                outcome=self.verdict[0],
                category=self.verdict[1],
                because=self.because.get("fi", ""),
                because_sv=self.because.get("sv", ""),
                because_en=self.because.get("en", ""),
                lists=frozenset(self.lists) | own,
                detections=frozenset(self.detections),
                conditions=self.conditions.finish(),
                overrides=frozenset("*" if name == "kaikki" else name for name in self.overrides),
                line=self.line,
                state=self.state,
                automatic=self.automatic,
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
        if self.because and "fi" not in self.because:
            hint = 'Lisää rivi: koska "…". Muunkieliset perustelut ovat sen lisänä.'
            faults.append(Fault(self.line, f"Säännöstä ”{self.name}” puuttuu suomenkielinen perustelu.", hint))
        return faults

    def _misplaced(self) -> list[Fault]:
        """Lines that do not go with what the rule proposes."""
        if self.verdict is None:
            return []
        faults = []
        if self.overrides and self.verdict[0] is not Outcome.KEEP:
            hint = "Vaihda niin-rivi muotoon ”niin pidä: …” tai poista ohittaa-rivi."
            faults.append(Fault(self.seen["ohittaa"], "Vain pitävä sääntö voi ohittaa muita.", hint))
        if self.automatic and self.verdict[0] is not Outcome.REMOVE:
            hint = "Vaihda niin-rivi muotoon ”niin poista: …” tai poista automaattisesti-rivi."
            line = self.seen["automaattisesti"]
            faults.append(Fault(line, "Vain poistava sääntö voi piilottaa automaattisesti.", hint))
        is_whole = self.detections == {grammar.ANY_TEXT} and not (self.lists or self.own_entries)
        if is_whole and any("{kohta}" in sentence for sentence in self.because.values()):
            hint = "Poista perustelusta {kohta}: sääntö koskee koko kommenttia."
            faults.append(Fault(self.seen["koska"], "Perustelulla ei ole kohtaa, johon viitata.", hint))
        return faults

    def _strangers(self, lists: Collection[str], rules: Collection[str]) -> list[Fault]:
        """Lists and rules that are named, but do not exist; of very many the first."""
        named = {**self.lists, **self.conditions.mentioned}
        no_lists = islice((name for name in named if name not in lists), grammar.MOST_UNKNOWN)
        others = (name for name in self.overrides if name != "kaikki" and name not in rules)
        no_rules = islice(others, grammar.MOST_UNKNOWN)
        return [
            *(Fault(named[name], f"Sanalistaa ”{name}” ei ole.", grammar.nearest(name, lists)) for name in no_lists),
            *(
                Fault(self.overrides[name], f"Sääntöä ”{name}” ei ole.", grammar.nearest(name, rules))
                for name in no_rules
            ),
        ]
