from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.ports import Attachment, Incoming, IncomingConversation, IncomingPost
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.facebook.ids import canonical_id, last_segment, same_object
from tjs_moderation.gateways.facebook.moments import read_moment
from tjs_moderation.gateways.facebook.payloads import (
    UnreadablePayloadError,
    read_comment,
    read_conversation,
    read_message,
    read_post,
)

PAGE = "37"
POST = "37_69"

COMMENT = {
    "id": "69_75",
    "message": "Milloin luento alkaa?",
    "created_time": "2026-07-21T21:05:14+0000",
    "permalink_url": "https://facebook.example/69?comment_id=75",
    "from": {"id": "67", "name": "Aino"},
    "is_hidden": False,
    "can_hide": True,
    "comment_count": 2,
}


def test_a_whole_comment_is_read() -> None:
    comment = read_comment(COMMENT, page_id=PAGE, post_id=POST)
    assert comment.external_id == "69_75"
    assert comment.kind is ItemKind.COMMENT
    assert comment.text == "Milloin luento alkaa?"
    assert (comment.author_external_id, comment.author_name) == ("67", "Aino")
    assert comment.created_at == datetime(2026, 7, 21, 21, 5, 14, tzinfo=UTC)
    assert comment.post_external_id == "37_69"
    assert comment.parent_external_id is None
    assert comment.permalink == "https://facebook.example/69?comment_id=75"
    assert (comment.is_own, comment.is_hidden, comment.can_hide) == (False, False, True)
    assert comment.raw == {"comment_count": 2}


def test_a_comment_with_nothing_but_an_id_is_read() -> None:
    comment = read_comment({"id": "75"}, page_id=PAGE, post_id=POST)
    assert comment.external_id == "69_75"
    assert comment.text == ""
    assert (comment.author_external_id, comment.author_name, comment.created_at) == (None, None, None)
    assert (comment.is_own, comment.is_hidden, comment.can_hide) == (False, None, None)


@pytest.mark.parametrize("told_id", ["75", 75, "69_75", "37_69_75", "8812_75"])
def test_every_form_of_an_id_is_the_same_comment(told_id: str | int) -> None:
    comment = read_comment({"id": told_id}, page_id=PAGE, post_id=POST)
    assert comment.external_id == "69_75"


@pytest.mark.parametrize("told_id", ["69_75", "37_69_75"])
def test_the_post_is_told_by_the_id_where_nobody_else_tells(told_id: str) -> None:
    comment = read_comment({"id": told_id}, page_id=PAGE)
    assert (comment.external_id, comment.post_external_id) == ("69_75", "37_69")


def test_an_id_told_in_another_form_is_kept_as_it_was() -> None:
    assert read_comment({"id": "8812_75"}, page_id=PAGE, post_id=POST).raw == {"id": "8812_75"}


@pytest.mark.parametrize(
    ("parent", "expected"),
    [({"id": "69_71"}, "69_71"), ({"id": 71}, "69_71"), ("37_69_71", "69_71"), ({"id": "37_69"}, None), ({}, None)],
)
def test_a_reply_knows_its_comment_and_a_comment_has_no_parent(parent: object, expected: str | None) -> None:
    comment = read_comment(COMMENT | {"parent": parent}, page_id=PAGE, post_id=POST)
    assert comment.parent_external_id == expected


def test_what_the_page_wrote_itself_is_known_as_its_own() -> None:
    comment = read_comment(COMMENT | {"from": {"id": 37, "name": "Sivu"}}, page_id=PAGE, post_id=POST)
    assert comment.is_own


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (
            {"type": "photo", "media": {"image": {"src": "https://cdn.example/a.jpg"}}, "url": "https://fb.example/p"},
            Attachment("photo", "https://fb.example/p"),
        ),
        (
            {"type": "sticker", "media": {"image": {"src": "https://cdn.example/s.png"}}},
            Attachment("sticker", "https://cdn.example/s.png"),
        ),
        ({"type": "share", "url": "javascript:alert(1)", "title": "T"}, Attachment("share", "", "T")),
        ({"media": None, "url": "http://[broken"}, Attachment("file")),
    ],
)
def test_an_attachment_of_a_comment_becomes_a_link_of_the_web_or_none(
    attachment: dict[str, Any], expected: Attachment
) -> None:
    comment = read_comment(COMMENT | {"attachment": attachment}, page_id=PAGE, post_id=POST)
    assert comment.attachments == (expected,)


MESSAGE = {
    "id": "m_1",
    "created_time": "2026-07-23T09:50:48+0000",
    "from": {"name": "Aino", "id": "67"},
    "to": {"data": [{"name": "Sivu", "id": "37"}]},
    "message": "Hei",
}


def test_a_message_is_read() -> None:
    message = read_message(MESSAGE, page_id=PAGE, conversation_id="t_5")
    assert (message.external_id, message.kind, message.text) == ("m_1", ItemKind.MESSAGE, "Hei")
    assert (message.conversation_external_id, message.author_external_id, message.is_own) == ("t_5", "67", False)


@pytest.mark.parametrize(("to", "is_own"), [("67", True), ("37", False)])
def test_without_an_author_the_addressee_tells_whose_message_it_is(to: str, is_own: bool) -> None:
    payload = {key: value for key, value in MESSAGE.items() if key != "from"} | {"to": {"data": [{"id": to}]}}
    assert read_message(payload, page_id=PAGE, conversation_id="t_5").is_own is is_own


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "attachments": {
                    "data": [
                        {
                            "id": "1",
                            "mime_type": "image/jpeg",
                            "size": None,
                            "name": "k.jpg",
                            "image_data": {"url": "https://cdn.example/k.jpg"},
                        }
                    ]
                }
            },
            Attachment("image", "https://cdn.example/k.jpg", "k.jpg"),
        ),
        (
            {"attachments": {"data": [{"mime_type": "application/pdf", "file_url": "https://cdn.example/p.pdf"}]}},
            Attachment("file", "https://cdn.example/p.pdf"),
        ),
        (
            {"attachments": {"data": [{"video_data": {"url": "https://cdn.example/v.mp4"}}]}},
            Attachment("video", "https://cdn.example/v.mp4"),
        ),
        ({"attachments": {"data": [{"id": "1", "name": "Liite"}]}}, Attachment("file", "", "Liite")),
        ({"sticker": "https://cdn.example/s.png", "message": ""}, Attachment("sticker", "https://cdn.example/s.png")),
        ({"shares": {"data": [{"link": "https://tjs.example/"}]}}, Attachment("link", "https://tjs.example/")),
    ],
)
def test_an_attachment_of_a_message_becomes_a_link(fields: dict[str, Any], expected: Attachment) -> None:
    message = read_message(MESSAGE | fields, page_id=PAGE, conversation_id="t_5")
    assert message.attachments == (expected,)


def test_a_conversation_is_with_the_one_who_is_not_the_page() -> None:
    people = [{"name": "Sivu", "id": "37"}, {"name": "Aino", "id": "67", "email": "67@facebook.com"}]
    payload = {"id": "t_5", "updated_time": "2026-06-08T08:24:57+0000", "participants": {"data": people}}
    conversation = read_conversation(payload, page_id=PAGE)
    assert (conversation.participant_external_id, conversation.participant_name) == ("67", "Aino")


def test_a_post_without_words_tells_its_story() -> None:
    post = read_post({"id": 69, "story": "Sivu julkaisi kuvan."}, page_id=PAGE)
    assert (post.external_id, post.text) == ("37_69", "Sivu julkaisi kuvan.")


MOMENT = datetime(2023, 12, 1, 6, 52, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "2023-12-01T06:52:51+0000",
        "2023-12-01T08:52:51+02:00",
        "2023-12-01T06:52:51",
        1701413571,
        1701413571000,
        "1701413571",
    ],
)
def test_a_moment_is_read_on_every_scale(told: object) -> None:
    assert read_moment(told) == MOMENT


@pytest.mark.parametrize(
    "told", [None, True, "", "eilen", 10**40, float("nan"), float("inf"), -(10**30), [], "9" * 5000]
)
def test_what_is_no_moment_is_none(told: object) -> None:
    assert read_moment(told) is None


def test_what_no_database_keeps_is_replaced() -> None:
    comment = read_comment({"id": "75", "message": "a\x00b\ud83d", "odd": {"k": ["\x00", float("nan")]}}, page_id=PAGE)
    assert comment.text == "a\ufffdb\ufffd"
    assert comment.raw == {"odd": {"k": ["\ufffd", None]}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
NAMES = (
    "id",
    "message",
    "from",
    "to",
    "parent",
    "object",
    "attachment",
    "attachments",
    "created_time",
    "is_hidden",
    "can_hide",
    "sticker",
    "shares",
    "permalink_url",
    "participants",
    "updated_time",
    "story",
)


READERS: tuple[Callable[[object], Incoming], ...] = (
    partial(read_comment, page_id=PAGE, post_id=POST),
    partial(read_comment, page_id=PAGE),
    partial(read_message, page_id=PAGE, conversation_id="t_1"),
)
OTHER_READERS: tuple[Callable[[object], IncomingPost | IncomingConversation], ...] = (
    partial(read_post, page_id=PAGE),
    partial(read_conversation, page_id=PAGE),
)


@given(payload=JSON | st.dictionaries(st.sampled_from(NAMES), JSON | st.just({"id": "1", "data": [{"id": 2}]})))
def test_any_json_is_read_or_refused_and_never_breaks_the_reader(payload: object) -> None:
    for read in READERS:
        with suppress(UnreadablePayloadError):
            incoming = read(payload)
            assert incoming.external_id
            incoming.text.encode()
            json.dumps(incoming.raw, allow_nan=False).encode()
    for read_other in OTHER_READERS:
        with suppress(UnreadablePayloadError):
            assert read_other(payload).external_id


SEGMENT = st.from_regex(r"[0-9]{1,18}", fullmatch=True)


@given(page=SEGMENT, post=SEGMENT, comment=SEGMENT)
def test_all_forms_of_an_id_meet_in_one(page: str, post: str, comment: str) -> None:
    forms = [comment, f"{post}_{comment}", f"{page}_{post}_{comment}"]
    assert {canonical_id(form, post) for form in forms} == {f"{post}_{comment}"}
    assert all(same_object(one, other) for one in forms for other in forms)
    assert last_segment(canonical_id(forms[2])) == comment
