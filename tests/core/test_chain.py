"""The hash chain: whatever is done to any entry is found, at that entry."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tjs_moderation.domain.chain import GENESIS, Entry, canonical, commitment, link, verify

WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
LENGTH = 6


def chained(*verbs: str) -> list[Entry]:
    """A whole chain with an entry for each of `verbs`."""
    entries: list[Entry] = []
    previous = GENESIS
    for seq, verb in enumerate(verbs, 1):
        at, actor, body = f"2026-11-16T06:00:{seq:02}.000000+00:00", "user:1", canonical({"n": seq})
        digest = link(previous, seq, at, actor, verb, body)
        entries.append(Entry(seq, at, actor, verb, body, previous, digest))
        previous = digest
    return entries


CHAIN = chained(*"abcdef")
HEAD = (CHAIN[-1].seq, CHAIN[-1].hash)


def in_order(entries: list[Entry]) -> list[Entry]:
    """As the database gives them: by number."""
    return sorted(entries, key=lambda entry: entry.seq)


def test_a_whole_chain_is_whole() -> None:
    assert (verify(CHAIN, HEAD).is_whole, verify(CHAIN, HEAD).entries) == (True, LENGTH)
    assert verify(CHAIN).is_whole
    assert verify([], (0, GENESIS)).is_whole


@given(
    st.integers(0, LENGTH - 1),
    st.sampled_from(["at", "actor", "verb", "body", "previous", "hash"]),
    WORDS,
)
def test_a_changed_field_is_found_at_its_entry(index: int, name: str, value: str) -> None:
    assume(getattr(CHAIN[index], name) != value)
    entries = [*CHAIN]
    entries[index] = CHAIN[index]._replace(**{name: value})  # type: ignore[arg-type]  # every field named is text
    verdict = verify(entries, HEAD)
    assert (verdict.is_whole, verdict.first_bad) == (False, index + 1)
    assert verdict.reason in {"changed", "does_not_follow"}


@given(st.integers(0, LENGTH - 1), st.integers(-2, LENGTH + 3))
def test_a_changed_number_is_found(index: int, seq: int) -> None:
    taken = {entry.seq for entry in CHAIN}
    assume(seq not in taken)
    entries = in_order([*CHAIN[:index], CHAIN[index]._replace(seq=seq), *CHAIN[index + 1 :]])
    verdict = verify(entries, HEAD)
    assert not verdict.is_whole
    # A number too low stands in front of everything; with one too high its own place is empty.
    expected = 1 if seq < 1 else index + 1
    assert verdict.first_bad == expected


@given(st.integers(0, LENGTH - 1))
def test_a_missing_entry_is_found_by_its_number(index: int) -> None:
    verdict = verify([*CHAIN[:index], *CHAIN[index + 1 :]], HEAD)
    assert (verdict.is_whole, verdict.first_bad, verdict.reason) == (False, index + 1, "missing")


@given(st.integers(0, LENGTH - 1))
def test_a_tail_that_was_cut_off_is_missed(kept: int) -> None:
    verdict = verify(CHAIN[:kept], HEAD)
    assert (verdict.is_whole, verdict.first_bad, verdict.reason) == (False, kept + 1, "missing")


@given(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_swapped_entries_are_found_at_the_first_of_them(one: int, other: int) -> None:
    assume(one != other)
    entries = [*CHAIN]
    entries[one] = CHAIN[other]._replace(seq=CHAIN[one].seq)
    entries[other] = CHAIN[one]._replace(seq=CHAIN[other].seq)
    verdict = verify(entries, HEAD)
    assert (verdict.is_whole, verdict.first_bad) == (False, min(one, other) + 1)


@given(st.integers(0, LENGTH - 1))
def test_an_entry_put_in_between_is_found(index: int) -> None:
    """The forger renumbers what follows and even makes the new entry follow the one before it."""
    before = CHAIN[index].previous
    body = canonical({"forged": True})
    at = CHAIN[index].at
    forged = Entry(index + 1, at, "user:1", "x", body, before, link(before, index + 1, at, "user:1", "x", body))
    moved = [entry._replace(seq=entry.seq + 1) for entry in CHAIN[index:]]
    verdict = verify([*CHAIN[:index], forged, *moved], HEAD)
    assert (verdict.is_whole, verdict.first_bad) == (False, index + 2)


@given(st.integers(0, LENGTH - 1))
def test_a_rewritten_entry_with_a_fresh_hash_is_found_by_the_one_after_it(index: int) -> None:
    old = CHAIN[index]
    digest = link(old.previous, old.seq, old.at, old.actor, "forged", old.body)
    entries = [*CHAIN]
    entries[index] = old._replace(verb="forged", hash=digest)
    verdict = verify(entries, HEAD)
    is_last = index == LENGTH - 1
    assert (verdict.is_whole, verdict.first_bad) == (False, LENGTH if is_last else index + 2)


def test_a_chain_rewritten_from_its_beginning_does_not_lead_to_the_head_that_was_kept() -> None:
    forged = chained(*"abXdef")
    assert verify(forged).is_whole
    assert verify(forged, HEAD).reason == "head_differs"


@pytest.mark.parametrize("added", [1, 3])
def test_entries_after_the_head_are_found_at_the_first_of_them(added: int) -> None:
    verdict = verify(chained(*"abcdef", *"x" * added), HEAD)
    assert (verdict.is_whole, verdict.first_bad, verdict.reason) == (False, LENGTH + 1, "head_differs")


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS, WORDS, WORDS))
def test_no_two_entries_share_a_hash_however_their_fields_run_together(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assume(one != other)
    assert link(GENESIS, 1, *one) != link(GENESIS, 1, *other)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(WORDS, JSON, max_size=5))
def test_equal_bodies_give_equal_text_that_reads_back(body: dict[str, object]) -> None:
    shuffled = dict(reversed(body.items()))
    assert canonical(body) == canonical(shuffled)
    assert json.loads(canonical(body)) == body


def test_canonical_text_keeps_characters_and_no_spaces() -> None:
    assert canonical({"ö": [1, "ä"], "a": None}) == '{"a":null,"ö":[1,"ä"]}'


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.text(), st.text())
def test_a_commitment_binds_its_text_under_its_own_key(key: bytes, other_key: bytes, text: str, other: str) -> None:
    sealed = commitment(key.hex(), text)
    assert sealed == commitment(key.hex(), text)
    assert (sealed == commitment(key.hex(), other)) is (text == other)
    assert (sealed == commitment(other_key.hex(), text)) is (key == other_key)
    assert len(sealed) == len(GENESIS)
