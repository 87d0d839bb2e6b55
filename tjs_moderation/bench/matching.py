"""Word and stem rules beside the barest loop that finds the same stems, and the audit chain beside its bare hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from time import perf_counter

from tjs_moderation.bench.comments import comments
from tjs_moderation.bench.frame import Goal, Held, Measurement, Sample, Sitting
from tjs_moderation.domain.chain import GENESIS, Entry, link, verify

_STEMS, _QUICK_STEMS = 10_000, 500
_TEXTS, _QUICK_TEXTS = 2_000, 50
_ENTRIES, _QUICK_ENTRIES = 50_000, 500
_SHORTEST_STEM = 4


def _rate(work: Callable[[], int]) -> float:
    started = perf_counter()
    return work() / (perf_counter() - started)


def stems(count: int) -> list[str]:
    """Made-up words that no text holds but by chance: the reverse of words that people say."""
    found: dict[str, None] = {}
    for text in comments(7):
        found.update(
            (word[::-1], None) for word in text.lower().split() if len(word) > _SHORTEST_STEM and word.isalpha()
        )
        if len(found) >= count:
            break
    return list(found)[:count]


def _rules(is_quick: bool) -> list[Sample]:
    from tjs_moderation.domain.language import read  # noqa: PLC0415  # only who runs this carries the dictionary
    from tjs_moderation.domain.rulebook import Matcher, parse_rule_set  # noqa: PLC0415

    words = stems(_QUICK_STEMS if is_quick else _STEMS)
    matcher = Matcher(parse_rule_set(_rule_text(words)))
    texts = list(islice(comments(11), _QUICK_TEXTS if is_quick else _TEXTS))
    read_texts = [read(text, matcher.seeks) for text in texts]
    forms = [[word.form for word in utterance.words] for utterance in read_texts]
    sought = frozenset(words)

    def ours() -> int:
        return len([matcher.findings(utterance) for utterance in read_texts])

    def bare() -> int:
        return len([[form for form in text if _begins(form, sought)] for text in forms])

    return [Sample(_rate(ours), floor=_rate(bare))]


def _begins(form: str, sought: frozenset[str]) -> bool:
    return any(form[:length] in sought for length in range(_SHORTEST_STEM, len(form) + 1))


def _rule_text(words: list[str]) -> str:
    lines = [", ".join(words[start : start + 10]) for start in range(0, len(words), 10)]
    entries = "".join(f"  {line}\n" for line in lines)
    rule = 'sääntö haku\n  kun lista: haettavat\n  niin punnitse: loukkaus\n  koska "Sana ”{kohta}”."\n'
    return f'säännöt "Mittaus"\n\nsanat haettavat:\n{entries}\n{rule}'


@cache
def _chain(count: int) -> tuple[Entry, ...]:
    return tuple(_links(count))


def _links(count: int) -> Iterator[Entry]:
    previous = GENESIS
    for seq in range(1, count + 1):
        fields = "2026-11-01T08:00:00Z", "anna", "remove", json.dumps({"item": seq, "reasons": ["insult"]})
        digest = link(previous, seq, *fields)
        yield Entry(seq, *fields, previous, digest)
        previous = digest


def _audit(is_quick: bool) -> list[Sample]:
    entries = _chain(_QUICK_ENTRIES if is_quick else _ENTRIES)

    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def bare() -> int:
        for entry in entries:
            fields = [entry.previous, entry.seq, entry.at, entry.actor, entry.verb, entry.body]
            hashlib.sha256(write(fields).encode()).hexdigest()
        return len(entries)

    return [Sample(_rate(lambda: verify(entries).entries), floor=_rate(bare))]


_AT_LEAST = Goal(0.6, True, Held.RATIO)

SITTINGS = (
    Sitting((Measurement("rules_10000_stems", "10 000 sanan säännöt luettuun tekstiin", "/s", _AT_LEAST),), _rules),
    Sitting((Measurement("audit_verify", "jäljen tarkistus", "riviä/s", _AT_LEAST),), _audit),
)
