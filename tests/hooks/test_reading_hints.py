"""Every shape in which Meta tells something, and what becomes of it as a hint."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hooks.meta import PAGE_ID, Body, comment, encoded, feed, messaging, of_page
from tjs_moderation.domain.hints import Hint, HintKind, HintTrouble
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.facebook.hints import MAX_HINTS, read_hints

ADDED = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def hint_of(document: object) -> Hint:
    (hint,) = read_hints(encoded(document), page_id=PAGE_ID)
    return hint


def test_a_comment_is_told_in_full() -> None:
    hint = hint_of(feed(comment("add", 7, "Ääni kuuluu", parent_id="1_6")))
    told = hint.incoming
    assert told is not None
    assert (hint.kind, hint.what, hint.external_id) == (HintKind.ARRIVED, "feed/comment/add", "1_7")
    assert (told.text, told.post_external_id, told.parent_external_id) == ("Ääni kuuluu", "1000_1", "1_6")
    assert (told.author_external_id, told.author_name, told.created_at) == ("9001", "Aino", ADDED)
    assert not told.is_own
    assert told.is_hidden is None


def test_the_shape_of_2015_tells_the_same() -> None:
    old = comment("add", 7, sender_id=9001, sender_name="Aino") | {"comment_id": "1_7"}
    del old["from"]
    new = comment("add", 7)
    assert hint_of(feed(old)).incoming == hint_of(feed(new)).incoming


@pytest.mark.parametrize("comment_id", ["1_7", "7", 7, "1000_1_7", "88_7"])
def test_a_comment_has_one_id_however_it_is_told(comment_id: object) -> None:
    assert hint_of(feed(comment("add", 7, comment_id=comment_id, post_id="1000_1"))).external_id == "1_7"


@pytest.mark.parametrize("missing", ["from", "message", "post_id"])
def test_a_comment_told_in_part_has_to_be_looked_at(missing: str) -> None:
    value = comment("add", 7, comment_id="7")
    del value[missing]
    assert hint_of(feed(value)).kind is HintKind.CHANGED


def test_a_photo_without_words_is_told_in_full() -> None:
    hint = hint_of(feed(comment("add", 7, None, photo="https://cdn.example/kuva.jpg")))
    assert hint.kind is HintKind.ARRIVED
    assert hint.incoming is not None
    assert [(each.kind, each.url) for each in hint.incoming.attachments] == [("photo", "https://cdn.example/kuva.jpg")]


@pytest.mark.parametrize(("verb", "is_hidden"), [("hide", True), ("unhide", False)])
def test_of_hiding_neither_the_hand_nor_the_hour_is_taken_for_the_comments(verb: str, is_hidden: bool) -> None:
    value = comment(verb, 7, created_time=1_700_009_999) | {"from": {"id": PAGE_ID, "name": "Sivu"}}
    told = hint_of(feed(value)).incoming
    assert told is not None
    assert (told.is_hidden, told.is_own, told.author_external_id, told.created_at) == (is_hidden, False, None, None)


FEED: list[tuple[Body, HintKind]] = [
    (comment("edited", 7), HintKind.CHANGED),
    (comment("edit", 7), HintKind.CHANGED),
    (comment("update", 7), HintKind.CHANGED),
    (comment("remove", 7, None), HintKind.GONE),
    (comment("delete", 7, None), HintKind.GONE),
    (comment("mute", 7), HintKind.STRANGE),
    (comment("keksitty", 7), HintKind.STRANGE),
    (comment("add", 7, comment_id=None), HintKind.STRANGE),
    (comment("remove", 7, comment_id="7", post_id=None), HintKind.STRANGE),
    ({"item": "reaction", "verb": "add", "reaction_type": "love", "post_id": "1000_1"}, HintKind.IGNORED),
    ({"item": "like", "verb": "remove", "post_id": "1000_1"}, HintKind.IGNORED),
    ({"item": "status", "verb": "add", "post_id": "1000_1", "from": {"id": PAGE_ID}}, HintKind.POST),
    ({"item": "photo", "verb": "edited", "post_id": "1000_1", "published": 1}, HintKind.POST),
    ({"item": "video", "verb": "add", "post_id": "1000_1", "published": 0}, HintKind.IGNORED),
    ({"item": "post", "verb": "remove", "post_id": "1000_1"}, HintKind.POST_GONE),
    ({"item": "post", "verb": "hide", "post_id": "1000_1"}, HintKind.IGNORED),
    ({"item": "post", "verb": "add", "post_id": "1000_1", "from": {"id": "9001"}}, HintKind.STRANGE),
    ({"item": "post", "verb": "add"}, HintKind.STRANGE),
    ({"item": "poll", "verb": "add", "post_id": "1000_1"}, HintKind.STRANGE),
    ({"item": 5, "verb": None}, HintKind.STRANGE),
]


@pytest.mark.parametrize(("value", "kind"), FEED)
def test_what_becomes_of_a_change_of_the_feed(value: Body, kind: HintKind) -> None:
    assert hint_of(feed(value)).kind is kind


MESSAGES: list[tuple[Body, HintKind]] = [
    (messaging(message={"mid": "m_1", "text": "Hei"}), HintKind.ARRIVED),
    (
        messaging(message={"mid": "m_1", "attachments": [{"type": "image", "payload": {"url": "https://a.b/c"}}]}),
        HintKind.ARRIVED,
    ),
    (messaging(message={"mid": "m_1", "is_unsupported": True}), HintKind.CHANGED),
    (messaging(message={"mid": "m_1", "is_deleted": True}), HintKind.GONE),
    (messaging(message={"text": "Hei"}), HintKind.STRANGE),
    (messaging(message_edit={"mid": "m_1", "text": "Hei!", "num_edit": "3"}), HintKind.CHANGED),
    (messaging(delivery={"mids": ["m_1"], "watermark": 1}), HintKind.IGNORED),
    (messaging(read={"watermark": 1}), HintKind.IGNORED),
    (messaging(reaction={"mid": "m_1", "action": "react"}), HintKind.IGNORED),
    (messaging(postback={"title": "Aloita", "payload": "X"}), HintKind.IGNORED),
    (messaging(keksitty={}), HintKind.STRANGE),
    (messaging(), HintKind.STRANGE),
]


@pytest.mark.parametrize("place", ["messaging", "standby", "changes"])
@pytest.mark.parametrize(("event", "kind"), MESSAGES)
def test_what_becomes_of_a_messaging_event_wherever_it_stands(event: Body, kind: HintKind, place: str) -> None:
    part: Any = {"field": "messages", "value": event} if place == "changes" else event
    assert hint_of(of_page(**{place: [part]})).kind is kind


def test_a_message_tells_with_whom_and_when_in_either_scale() -> None:
    for stamp in (1_698_637_600_838, 1_698_637_600):
        hint = hint_of(of_page(messaging=[messaging(message={"mid": "m_1", "text": "Hei"}) | {"timestamp": stamp}]))
        assert hint.incoming is not None
        assert hint.incoming.kind is ItemKind.MESSAGE
        assert hint.incoming.created_at == datetime(2023, 10, 30, 3, 46, 40, tzinfo=UTC)
        assert hint.person_external_id == "9001"


def test_an_echo_is_ours_and_belongs_to_the_other() -> None:
    echo = {
        "sender": {"id": PAGE_ID},
        "recipient": {"id": "9001"},
        "message": {"mid": "m_2", "text": "Hei", "is_echo": True},
    }
    hint = hint_of(of_page(messaging=[echo]))
    assert hint.incoming is not None
    assert (hint.incoming.is_own, hint.person_external_id) == (True, "9001")


@pytest.mark.parametrize("kinds", [["sticker"], ["image", "sticker"], ["sticker", "image"]])
def test_a_sticker_is_one_attachment_before_and_after_august_2026(kinds: list[str]) -> None:
    files = [{"type": kind, "payload": {"url": "https://cdn.example/tarra.png"}} for kind in kinds]
    hint = hint_of(of_page(messaging=[messaging(message={"mid": "m_1", "attachments": files})]))
    assert hint.incoming is not None
    assert [each.kind for each in hint.incoming.attachments] == ["sticker"]


@pytest.mark.parametrize(
    ("document", "kind", "trouble"),
    [
        (of_page(changed_fields=["feed"]), HintKind.WALK, None),
        (of_page(changed_fields=["messages"]), HintKind.WALK, None),
        (of_page(changed_fields=["keksitty"]), HintKind.STRANGE, HintTrouble.UNKNOWN_FIELD),
        ({"field": "feed", "value": comment("add", "44444444")}, HintKind.IGNORED, None),
        (
            {"object": "page", "entry": [{"id": "0", "changes": [{"field": "feed", "value": {}}]}]},
            HintKind.IGNORED,
            None,
        ),
        ({"object": "page", "entry": [{"id": "77", "changes": []}]}, HintKind.STRANGE, HintTrouble.OTHER_PAGE),
        ({"object": "instagram", "entry": [{"id": PAGE_ID}]}, HintKind.STRANGE, HintTrouble.OTHER_OBJECT),
        ({"object": "page", "entry": []}, HintKind.STRANGE, HintTrouble.UNKNOWN_SHAPE),
        (of_page(), HintKind.STRANGE, HintTrouble.UNKNOWN_SHAPE),
        (of_page(changes=[{"field": "leadgen", "value": {}}]), HintKind.STRANGE, HintTrouble.UNKNOWN_FIELD),
        ([1], HintKind.STRANGE, HintTrouble.UNKNOWN_SHAPE),
        (None, HintKind.STRANGE, HintTrouble.UNKNOWN_SHAPE),
    ],
)
def test_what_is_no_change_of_ours_is_ignored_by_name_or_strange(
    document: object, kind: HintKind, trouble: HintTrouble | None
) -> None:
    hint = hint_of(document)
    assert (hint.kind, hint.trouble) == (kind, trouble)


def test_a_page_id_may_be_a_number() -> None:
    body = {"object": "page", "entry": [{"id": 1000, "changes": [{"field": "feed", "value": comment("add", 7)}]}]}
    assert hint_of(body).kind is HintKind.ARRIVED


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 10_000, b'{"a":' * 50_000])
def test_bytes_that_are_no_json_are_one_strange_hint(body: bytes) -> None:
    (hint,) = read_hints(body, page_id=PAGE_ID)
    assert hint.trouble is HintTrouble.UNREADABLE


def test_names_from_outside_are_kept_only_where_they_are_plain() -> None:
    hint = hint_of(feed({"item": "Aino Esimerkki", "verb": "hae_minulle_kahvia", "x": 1}))
    assert hint.what == "feed/?/hae_minulle_kahvia"


def test_more_than_meta_promises_is_cut_off_and_said() -> None:
    hints = read_hints(encoded(feed(*[comment("add", number) for number in range(MAX_HINTS + 5)])), page_id=PAGE_ID)
    assert len(hints) == MAX_HINTS + 1
    assert hints[-1].trouble is HintTrouble.TOO_MANY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
ID = st.sampled_from(["1_7", "7", 7, "1000_1", PAGE_ID, "", "_", "a\x00b"]) | JSON
PERSON = st.fixed_dictionaries({}, optional={"id": ID, "name": JSON}) | JSON
CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "item": st.sampled_from(["comment", "post", "reaction", "like", "status"]) | JSON,
        "verb": st.sampled_from(["add", "edited", "remove", "hide", "unhide"]) | JSON,
        "comment_id": ID,
        "post_id": ID,
        "parent_id": ID,
        "from": PERSON,
        "sender_id": ID,
        "message": JSON,
        "created_time": JSON,
        "photo": JSON,
        "published": JSON,
    },
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "mid": ID,
        "text": JSON,
        "is_echo": JSON,
        "is_deleted": JSON,
        "attachments": st.lists(JSON, max_size=2) | JSON,
    },
)
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "sender": PERSON,
        "recipient": PERSON,
        "timestamp": JSON,
        "message": MESSAGE | JSON,
        "message_edit": MESSAGE | JSON,
        "read": JSON,
    },
)
ENTRY = st.fixed_dictionaries(
    {"id": st.sampled_from([PAGE_ID, PAGE_ID, PAGE_ID, "0", "77"]) | JSON},
    optional={
        "changes": st.lists(
            st.fixed_dictionaries({"field": st.just("feed") | JSON, "value": CHANGE | JSON}) | JSON, max_size=4
        )
        | JSON,
        "messaging": st.lists(EVENT | JSON, max_size=3) | JSON,
        "standby": st.lists(EVENT | JSON, max_size=2) | JSON,
        "changed_fields": st.lists(st.just("feed") | JSON, max_size=2) | JSON,
    },
)
DOCUMENTS = (
    st.fixed_dictionaries(
        {"entry": st.lists(ENTRY | JSON, max_size=3) | JSON}, optional={"object": st.just("page") | JSON}
    )
    | JSON
)
"""Anything that is JSON, most of it close to what Meta sends."""


@given(document=DOCUMENTS)
@settings(max_examples=400)
def test_every_change_of_any_document_becomes_one_hint(document: Any) -> None:
    hints = read_hints(encoded(document), page_id=PAGE_ID)
    assert hints
    assert hints == read_hints(encoded(document), page_id=PAGE_ID) or "NaN" in encoded(document).decode()
    assert all(hint.trouble for hint in hints if hint.kind is HintKind.STRANGE)
    assert all(len(hint.what) <= 200 for hint in hints)
    needs_name = {HintKind.ARRIVED, HintKind.CHANGED, HintKind.GONE, HintKind.POST, HintKind.POST_GONE}
    assert all(hint.external_id for hint in hints if hint.kind in needs_name)
