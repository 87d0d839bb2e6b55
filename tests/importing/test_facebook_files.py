from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.importing.reading import read
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.files import FileFault, RowFault, UnusableFileError


def mojibake(text: str) -> str:
    """What "Download your information" makes of a text."""
    return text.encode().decode("latin-1")


def conversation(*messages: dict[str, object], **more: object) -> str:
    document = {
        "participants": [{"name": mojibake("Päivi Mäki")}, {"name": "Liiton sivu"}],
        "messages": list(messages),
        "title": mojibake("Päivi Mäki"),
        "thread_path": "inbox/paivimaki_123",
        "magic_words": [],
    }
    return json.dumps({**document, **more})


QUESTION: dict[str, object] = {
    "sender_name": mojibake("Päivi Mäki"),
    "timestamp_ms": 1767261600123,
    "content": mojibake("Hei, työsopimus on määräaikainen 😀 – auttakaa!"),
}
ANSWER: dict[str, object] = {"sender_name": "Liiton sivu", "timestamp_ms": 1767265200000, "content": "Hei!"}


def test_a_downloaded_conversation_becomes_messages_with_whole_letters(file: Path) -> None:
    question, answer = read(file, conversation(QUESTION, ANSWER)).taken
    assert question.kind is ItemKind.MESSAGE
    assert question.text == "Hei, työsopimus on määräaikainen 😀 – auttakaa!"
    assert question.author_name == "Päivi Mäki"
    assert question.created_at == datetime(2026, 1, 1, 10, 0, 0, 123_000, tzinfo=UTC)
    assert question.conversation_external_id == answer.conversation_external_id == "inbox/paivimaki_123"


def test_what_the_page_itself_wrote_is_told_apart(file: Path) -> None:
    question, answer = read(file, conversation(QUESTION, ANSWER)).taken
    assert (question.is_own, answer.is_own) == (False, True)


def test_ids_stay_the_same_when_a_newer_download_has_more_messages(file: Path) -> None:
    older = read(file, conversation(QUESTION)).ids
    newer = read(file, conversation(ANSWER, QUESTION)).ids
    assert older[0] in newer
    assert len(set(newer)) == 2


def test_the_same_words_in_another_conversation_are_another_message(file: Path) -> None:
    here = read(file, conversation(QUESTION)).ids
    there = read(file, conversation(QUESTION, thread_path="inbox/toinen_9")).ids
    assert here != there


def test_a_pretty_printed_document_gives_the_line_of_a_bad_message(file: Path) -> None:
    document = json.dumps(json.loads(conversation(QUESTION, {"content": "kuka?"}, ANSWER)), indent=2)
    result = read(file, document)
    assert len(result.taken) == 2
    ((line, fault),) = result.rejected
    assert fault is RowFault.MISSING_FIELD
    assert '"kuka?"' in document.split("\n")[line]


def test_text_that_never_was_mojibake_is_left_as_it_is(file: Path) -> None:
    document = conversation({**QUESTION, "content": "Hyvää päivää"})
    assert read(file, document).texts == ["Hyvää päivää"]


def test_the_newer_encrypted_download_is_read_too(file: Path) -> None:
    message = {"senderName": "Päivi", "timestamp": 1767261600123, "text": "Hyvää päivää", "media": [], "type": "text"}
    document = {"participants": ["Päivi", "Liiton sivu"], "threadName": "Päivi_12", "messages": [message]}
    (incoming,) = read(file, json.dumps(document, ensure_ascii=False)).taken
    assert (incoming.text, incoming.author_name) == ("Hyvää päivää", "Päivi")
    assert incoming.conversation_external_id == "Päivi_12"


def test_a_photo_without_words_is_a_message_with_an_attachment(file: Path) -> None:
    photo = {"sender_name": "A", "timestamp_ms": 1767261600123, "photos": [{"uri": "kuvat/1.jpg"}]}
    (incoming,) = read(file, conversation(photo)).taken
    assert incoming.text == ""
    assert [(one.kind, one.name) for one in incoming.attachments] == [("photos", "kuvat/1.jpg")]


@pytest.mark.parametrize("key", ["comments_v2", "comments", "group_comments_v2"])
def test_downloaded_comments_come_in(file: Path, key: str) -> None:
    entry = {
        "timestamp": 1767261600,
        "title": mojibake("Päivi kommentoi."),
        "data": [{"comment": {"timestamp": 1767261600, "comment": mojibake("Älkää"), "author": mojibake("Päivi")}}],
    }
    (incoming,) = read(file, json.dumps({key: [entry]})).taken
    assert (incoming.text, incoming.author_name, incoming.kind) == ("Älkää", "Päivi", ItemKind.COMMENT)
    assert incoming.raw["title"] == "Päivi kommentoi."


def test_downloaded_posts_come_in(file: Path) -> None:
    document = [
        {"timestamp": 1767261600, "data": [{"post": mojibake("Syyslukukausi alkaa")}]},
        {"timestamp": 1, "data": []},
    ]
    result = read(file, json.dumps(document))
    assert result.texts == ["Syyslukukausi alkaa"]
    assert [fault for _, fault in result.rejected] == [RowFault.MISSING_TEXT]


GRAPH_COMMENT = {
    "id": "22_333",
    "message": "Hyvää työtä, Ã¤iti!",
    "from": {"id": "77", "name": "Päivi"},
    "created_time": "2026-01-01T10:00:00+0000",
    "permalink_url": "https://www.facebook.com/22_333",
    "is_hidden": False,
    "can_hide": True,
    "like_count": 4,
}


def test_a_dump_of_the_graph_api_is_read_and_its_text_is_not_repaired(file: Path) -> None:
    (incoming,) = read(file, json.dumps({"data": [GRAPH_COMMENT], "paging": {"cursors": {}}})).taken
    assert incoming.external_id == "22_333"
    assert incoming.text == "Hyvää työtä, Ã¤iti!"
    assert incoming.post_external_id == "22"
    assert incoming.author_external_id == "77"
    assert incoming.created_at == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert (incoming.is_hidden, incoming.can_hide) == (False, True)
    assert incoming.raw == {"like_count": 4}


def test_replies_nested_in_a_dump_come_in_under_their_comment(file: Path) -> None:
    reply = {"id": "22_444", "message": "Samaa mieltä"}
    document = {"data": [{**GRAPH_COMMENT, "comments": {"data": [reply]}}]}
    comment, answer = read(file, json.dumps(document)).taken
    assert answer.parent_external_id == comment.external_id
    assert answer.post_external_id == comment.post_external_id


def test_a_post_in_a_dump_is_where_its_comments_hang_and_no_comment_itself(file: Path) -> None:
    ours = {"id": "22_445", "message": "Kiitos", "from": {"id": "11", "name": "Sivu"}}
    document = {"data": [{"id": "11_22", "message": "Julkaisu", "comments": {"data": [GRAPH_COMMENT, ours]}}]}
    theirs, own = read(file, json.dumps(document)).taken
    assert theirs.post_external_id == own.post_external_id == "11_22"
    assert (theirs.is_own, own.is_own) == (False, True)
    assert theirs.parent_external_id is None


def test_a_dumped_conversation_becomes_its_messages(file: Path) -> None:
    message = {"id": "m_1", "message": "Hei", "from": {"id": "77", "name": "Päivi"}, "to": {"data": [{"id": "11"}]}}
    (incoming,) = read(file, json.dumps({"data": [{"id": "t_5", "messages": {"data": [message]}}]})).taken
    assert (incoming.kind, incoming.conversation_external_id) == (ItemKind.MESSAGE, "t_5")


def test_a_comment_without_a_writer_or_words_comes_in(file: Path) -> None:
    (incoming,) = read(
        file, '{"data": [{"id": "22_1", "attachment": {"type": "sticker", "url": "https://e.org/s"}}]}'
    ).taken
    assert (incoming.text, incoming.author_external_id) == ("", None)
    assert incoming.attachments[0].kind == "sticker"


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ('{"id": "x", "message": Moi}', RowFault.BAD_JSON),
        ('{"id": "x" "message": "Moi"}', RowFault.BAD_JSON),
        ('{"id": "x", "message": "Mo\tx", "y": [1, {"a": "]}"}]}', RowFault.BAD_JSON),
        ('{"message": "Moi"}', RowFault.MISSING_ID),
        ('{"id": "x", "message": 5}', RowFault.BAD_VALUE),
        ('{"id": "x", "created_time": "eilen"}', RowFault.BAD_DATE),
        ('"Moi"', RowFault.NOT_AN_OBJECT),
        ('{"id": "x", "message": "' + "y" * 3_000_000 + '"}', RowFault.ROW_TOO_LONG),
        ('{"id": "x", "message": "' + '\\"}],' * 700_000 + '"}', RowFault.ROW_TOO_LONG),
    ],
)
def test_a_broken_element_is_left_out_and_the_rest_comes_in(file: Path, broken: str, fault: RowFault) -> None:
    result = read(file, f'{{"data": [{{"id": "a"}},\n{broken},\n{{"id": "b"}}]}}')
    assert result.ids == ["a", "b"]
    assert result.rejected == [(2, fault)]


def test_an_undecodable_byte_costs_its_own_element_only(file: Path) -> None:
    content = '{"data": [{"id": "a", "message": "ääöö"}, {"id": "b", "message": "?"}, {"id": "c"}]}'
    result = read(file, content.encode().replace(b"?", b"\xff"))
    assert result.ids == ["a", "c"]
    assert [fault for _, fault in result.rejected] == [RowFault.BAD_ENCODING]


@pytest.mark.parametrize("cut", range(2, 42, 3))
def test_a_dump_that_breaks_off_keeps_what_came_before(file: Path, cut: int) -> None:
    whole = '{"data": [{"id": "a", "message": "Moi"}, {"id": "b"}, {"id": "c", "message": "Terve, terve, terve"}]}'
    result = read(file, whole[:-cut], told_as="facebook")
    assert result.ids[:2] == ["a", "b"]
    assert [fault for _, fault in result.rejected] == [RowFault.TRUNCATED]


def test_a_conversation_cut_before_its_name_is_refused_whole_since_ids_need_the_name(file: Path) -> None:
    whole = conversation(QUESTION, ANSWER)
    with pytest.raises(UnusableFileError) as caught:
        read(file, whole[: whole.index('"title"')])
    assert caught.value.code == FileFault.CUT_CONVERSATION


@pytest.mark.parametrize(
    "content", ['{"foo": 1}', '{"data": 5}', '{"foo": [', '{"foo": [1, {]}', "id,text\n1,Moi\n", "{", "null", "5"]
)
def test_json_of_another_kind_is_one_clear_error(file: Path, content: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read(file, content, told_as="facebook")
    assert caught.value.code == FileFault.UNKNOWN_JSON


@pytest.mark.parametrize("content", ["", "[]", '{"data": []}', '{"data": [], "paging": {}}', conversation()])
def test_a_document_with_nothing_in_it_has_no_rows(file: Path, content: str) -> None:
    assert read(file, content, told_as="facebook").rows == []


def test_elements_are_whole_wherever_the_window_over_the_file_ends(file: Path) -> None:
    for size in range(262_130, 262_150):
        padding = "x" * size
        document = f'{{"pad": "{padding}", "data": [{{"id": 12345678, "message": "ä\\"]}}"}}, {{"id": "b"}}]}}'
        assert read(file, document, told_as="facebook").ids == ["12345678", "b"]
