"""One topic of a rule set as its words are written: taken out of the text, put into it, the rest left as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.blocks import LONGEST_EXAMPLE, QUOTED_EXAMPLE
from tjs_moderation.domain.rulebook.entries import Entry

CODE = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
"""What a topic is told by: small letters a–z, digits and hyphens."""

_HEAD = re.compile(r"aihe +(\S+)")


@dataclass(frozen=True, slots=True)
class TopicWords:
    """How a topic is known: words that hint at it, words that settle it, and examples of what people ask."""

    hints: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.hints or self.sure or self.examples)


def topic_codes(text: str) -> list[str]:
    """The topics a rule set has, in their order. The text has no faults."""
    return [code for _, code in _heads(text.splitlines())]


def topic_words(text: str, code: str) -> TopicWords | None:
    """The words of one topic as they are written; None where the rule set does not have it."""
    block = _block(text.splitlines(), code)
    if block is None:
        return None
    found: dict[str, list[str]] = {"sanat": [], "varmat sanat": []}
    examples: list[str] = []
    into: list[str] | None = None
    for line in _said(text.splitlines()[slice(*block)]):
        key, colon, rest = line.partition(":")
        key = " ".join(key.split())
        if line.startswith("esimerkki"):
            quoted = QUOTED_EXAMPLE.fullmatch(line)
            examples += [quoted.group(1).strip()] if quoted else []
            into = None
        elif colon and key in {"nimi", *found}:
            into = found.get(key)
            rest = rest if into is not None else ""
        else:
            rest = line
        if into is not None:
            into += grammar.names(rest)
    return TopicWords(tuple(found["sanat"]), tuple(found["varmat sanat"]), tuple(examples))


def with_topic(text: str, code: str, name: str, words: TopicWords) -> str:
    """The rule set with these words in place of the topic's, or with the topic at its end. Remarks in it stay."""
    lines = text.splitlines(keepends=True)
    block = _block(text.splitlines(), code)
    if block is None:
        before = text if not text or text.endswith("\n") else f"{text}\n"
        return f"{before}\n{_written(code, name, words, ())}"
    first, end = block
    remarks = [line.strip() for line in lines[first:end] if line.strip().startswith("#")]
    return "".join([*lines[:first], _written(code, name, words, remarks), *lines[end:]])


def without_topic(text: str, code: str) -> str:
    """The rule set without the topic; as it was where it does not have it."""
    lines = text.splitlines(keepends=True)
    block = _block(text.splitlines(), code)
    if block is None:
        return text
    first, end = block
    while end < len(lines) and not lines[end].strip():
        end += 1
    return "".join([*lines[:first], *lines[end:]])


def faulty_words(words: Iterable[str]) -> list[str]:
    """What is wrong with each entry that is none, in order; nothing where all can be looked for."""
    read = ((word, grammar.parse_entry(word, 0)) for word in words)
    faults = ((word, fault) for word, fault in read if not isinstance(fault, Entry))
    return [fault if word in fault else f"”{word}”: {fault}" for word, fault in faults]


def faulty_examples(examples: Iterable[str]) -> list[str]:
    """The examples that are too long to be kept, each cut to where one recognises it."""
    return [f"{example[:40]}…" for example in examples if len(example) > LONGEST_EXAMPLE]


def _written(code: str, name: str, words: TopicWords, remarks: Sequence[str]) -> str:
    lines = [f"aihe {code}", *(f"  {remark}" for remark in remarks), f"  nimi: {name}"]
    lines += [f"  sanat: {', '.join(words.hints)}"] if words.hints else []
    lines += [f"  varmat sanat: {', '.join(words.sure)}"] if words.sure else []
    lines += [f'  esimerkki "{example}"' for example in words.examples]
    return "".join(f"{line}\n" for line in lines)


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        if found := _HEAD.match(line.removeprefix("\ufeff")):
            yield number, found.group(1)


def _block(lines: Sequence[str], code: str) -> tuple[int, int] | None:
    """The first line of a topic and the one after its last; remarks and blank lines behind it are not its own."""
    first = next((number for number, found in _heads(lines) if found == code), None)
    if first is None:
        return None
    end = first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line.startswith("#"):
            if not line[0].isspace():
                break
            end = number + 1
    return first, end


def _said(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a block without its head and its remarks."""
    for raw in lines[1:]:
        line = (raw if {'"', "”", "“"} & set(raw) else raw.split("#", 1)[0]).strip()
        if line and not line.startswith("#"):
            yield line
