"""A rule set at work: which of its rules a text sets off, where, and which of those an allow rule silences."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from operator import attrgetter
from typing import NamedTuple

from tjs_moderation.domain.language import Aim, Manner, Target, Utterance, aim
from tjs_moderation.domain.language.lexeme import lexeme
from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.circumstances import Facts, PostWords, ScoreAmount
from tjs_moderation.domain.rulebook.detectors import detect
from tjs_moderation.domain.rulebook.lexicon import Lexicon
from tjs_moderation.domain.rulebook.ruleset import Conditions, Finding, Rule, RuleSet
from tjs_moderation.domain.vocabulary import Outcome, RuleState

_MOST_SOUNDS = 400
"""So many places of one text are judged; a text that sets off more is plain enough by then."""
_NOWHERE = Aim(Target.NOBODY, Manner.DIRECT)
_WHOLE = -1
"""The sentence of what is said about a text as a whole."""
_NO_FACTS = Facts()
_NO_LISTS: frozenset[str] = frozenset()
_NO_PLACES: frozenset[tuple[int, int]] = frozenset()
_REMEMBERED_LISTS = 10_000
_end = attrgetter("end")
_HEARD_STATES = (RuleState.LIVE, RuleState.SHADOW)


class _Sound(NamedTuple):
    """Something that sets rules off: a hit of word lists, or a detection. `first` is an index of a word, or -1."""

    start: int
    end: int
    first: int
    last: int
    lists: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the rules found in a text, in its order, without what an allow rule silenced.

    `live` counts. `together` is what would count if the shadow rules were live; the same where none of them spoke.
    """

    live: tuple[Finding, ...]
    together: tuple[Finding, ...]

    @property
    def shadows(self) -> tuple[Finding, ...]:
        """What shadow rules found."""
        return tuple(finding for finding in self.together if finding.rule.state is RuleState.SHADOW)


class Matcher:
    """Finds what the rules of one rule set say of texts. Built once per rule set; safe to share between threads."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        rules = [rule for rule in rule_set.rules if rule.state in _HEARD_STATES]
        self._names = tuple(rule_set.lists)
        self._lexicon = Lexicon((number, rule_set.lists[name].entries) for number, name in enumerate(self._names))
        # What only a shadow rule looks for is not unmasked: that would change what the live ones and the model see.
        live = (rule for rule in rules if rule.state is RuleState.LIVE and rule.outcome is not Outcome.KEEP)
        wanted = {name for rule in live for name in rule.lists}
        self._sought = frozenset(number for number, name in enumerate(self._names) if name in wanted)
        self._rules_of_list: dict[str, list[Rule]] = defaultdict(list)
        self._rules_of_detection: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            for name in rule.lists:
                self._rules_of_list[name].append(rule)
            for name in rule.detections:
                self._rules_of_detection[name].append(rule)
        self._listeners = lru_cache(maxsize=_REMEMBERED_LISTS)(self._listeners_to)
        checks = [check for rule in rules for line in rule.conditions.circumstances for check in line.checks]
        self.asks_scores = any(isinstance(check, ScoreAmount) for check in checks)
        self.asks_post = any(isinstance(check, PostWords) for check in checks)
        self._post_lexicon = Lexicon((check.line, check.entries) for check in checks if isinstance(check, PostWords))

    def seeks(self, form: str) -> bool:
        """Whether a lower-case word form is one that removing or weighing rules look for."""
        return self._lexicon.begins_any(lexeme(form), self._sought)

    def post_lines(self, post: Utterance) -> frozenset[int]:
        """The lines of the rule set that ask for words the post has (`Facts.post_lines`)."""
        return frozenset(line for hit in self._post_lexicon.hits(post.lexemes) for line in hit.lists)

    def findings(self, utterance: Utterance) -> tuple[Finding, ...]:
        """What the live rules found that ask nothing around the text."""
        return self.hear(utterance).live

    def hear(self, utterance: Utterance, facts: Facts = _NO_FACTS) -> Hearing:
        """What the rules found, with these facts about what is around the text."""
        sounds = self._sounds(utterance)
        if not sounds:
            return Hearing((), ())
        found = _Room(utterance, sounds, facts).findings()
        live = [finding for finding in found if finding.rule.state is RuleState.LIVE]
        heard = _heard(live)
        return Hearing(heard, heard if len(live) == len(found) else _heard(found))

    def _sounds(self, utterance: Utterance) -> list[_Sound]:
        words = utterance.words
        sounds = [
            _Sound(words[hit.first].start, words[hit.last].end, hit.first, hit.last, *self._listeners(hit.lists))
            for hit in self._lexicon.hits(utterance.lexemes)
        ]
        for found in detect(utterance) if self._rules_of_detection else ():
            first = min(bisect_right(words, found.start, key=_end), len(words) - 1)
            sounds.append(_Sound(found.start, found.end, first, first, _NO_LISTS, self._rules_at(found.name)))
        del sounds[_MOST_SOUNDS:]
        if grammar.ANY_TEXT in self._rules_of_detection:
            sounds.append(_Sound(0, 0, -1, -1, _NO_LISTS, self._rules_at(grammar.ANY_TEXT)))
        return sounds

    def _rules_at(self, detection: str) -> tuple[Rule, ...]:
        return tuple(self._rules_of_detection.get(detection, ()))

    def _listeners_to(self, numbers: frozenset[int]) -> tuple[frozenset[str], tuple[Rule, ...]]:
        """The lists with these numbers, and the rules they set off."""
        names = frozenset(self._names[number] for number in numbers)
        rules = {rule.name: rule for name in sorted(names) for rule in self._rules_of_list.get(name, ())}
        return names, tuple(rules.values())


class _Room:
    """The sounds of one text, and the rules that listen to them."""

    def __init__(self, utterance: Utterance, sounds: list[_Sound], facts: Facts) -> None:
        self.utterance, self.facts = utterance, facts
        self.sounds = sounds
        self.aims: dict[tuple[int, int], Aim] = {}
        self.asked = {word.sentence for word in utterance.words if word.shown == "?"}
        self.places: dict[tuple[int, str], set[tuple[int, int]]] = defaultdict(set)
        for sound in sounds:
            for name in sound.lists:
                self.places[self.sentence(sound), name].add((sound.first, sound.last))

    def findings(self) -> list[Finding]:
        found: dict[tuple[str, int, int], Finding] = {}
        for sound in self.sounds:
            for rule in sound.rules:
                if self.holds(rule.conditions, sound):
                    text = self.utterance.text[sound.start : sound.end]
                    target = self.aim(sound).target if sound.lists else Target.NOBODY
                    key = rule.name, sound.start, sound.end
                    found[key] = Finding(rule, sound.start, sound.end, text, self.sentence(sound), target)
        return sorted(found.values(), key=lambda finding: (finding.start, finding.end))

    def holds(self, wanted: Conditions, sound: _Sound) -> bool:
        """Whether everything else a rule wants holds around a sound; what costs most is asked last."""
        language = self.utterance.language
        if (wanted.languages and language not in wanted.languages) or language in wanted.not_languages:
            return False
        if wanted.circumstances and not all(line.holds(self.facts) for line in wanted.circumstances):
            return False
        if wanted.with_lists and not all(self.is_near(lists, sound) for lists in wanted.with_lists):
            return False
        if wanted.without_lists and self.is_near(wanted.without_lists, sound):
            return False
        if wanted.is_question is not None and self.asks(sound) is not wanted.is_question:
            return False
        if not (wanted.targets or wanted.not_targets or wanted.manners or wanted.not_manners):
            return True
        seen = self.aim(sound)
        return not (
            (wanted.targets and seen.target not in wanted.targets)
            or seen.target in wanted.not_targets
            or (wanted.manners and seen.manner not in wanted.manners)
            or seen.manner in wanted.not_manners
        )

    def sentence(self, sound: _Sound) -> int:
        return self.utterance.words[sound.first].sentence if sound.first >= 0 else _WHOLE

    def is_near(self, lists: frozenset[str], sound: _Sound) -> bool:
        """Whether a sound of one of the lists, other than a part of this, is in the same sentence.

        For the text as a whole it may be anywhere.
        """
        if sound.first < 0:
            return any(name in lists for _, name in self.places)
        sentence = self.sentence(sound)
        return any(
            first < sound.first or last > sound.last
            for name in lists
            for first, last in self.places.get((sentence, name), _NO_PLACES)
        )

    def asks(self, sound: _Sound) -> bool:
        """Whether the sentence ends in a question mark; any sentence, for the text as a whole."""
        return self.sentence(sound) in self.asked if sound.first >= 0 else bool(self.asked)

    def aim(self, sound: _Sound) -> Aim:
        if sound.first < 0:
            return _NOWHERE
        place = sound.first, sound.last
        if place not in self.aims:
            self.aims[place] = aim(self.utterance, *place)
        return self.aims[place]


def _heard(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings without those that a keeping rule overrides in the same sentence, or as one about the whole text."""
    silenced = {
        (finding.sentence, name)
        for finding in findings
        if finding.rule.outcome is Outcome.KEEP
        for name in finding.rule.overrides
    }
    if not silenced:
        return tuple(findings)
    return tuple(
        finding
        for finding in findings
        if finding.rule.outcome is Outcome.KEEP
        or silenced.isdisjoint(product((finding.sentence, _WHOLE), (finding.rule.name, "*")))
    )
