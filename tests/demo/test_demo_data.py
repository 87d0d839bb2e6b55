"""The demo's page must look like a real one: enough of everything, in order in time, and labelled throughout."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest

from tjs_moderation.domain.vocabulary import Category, Outcome

DATA = files("tjs_moderation") / "cli" / "demo_data"
PAGE = json.loads((DATA / "page.json").read_text(encoding="utf-8"))
LABELS: dict[str, dict[str, Any]] = json.loads((DATA / "labels.json").read_text(encoding="utf-8"))
SAMPLE = list(csv.DictReader((DATA / "sample.csv").read_text(encoding="utf-8").splitlines(keepends=True)))

PAGE_ID = PAGE["page"]["id"]
TOPICS = ("epaasiallinen-kohtelu", "patkatyot", "ewc", "historiahanke", "yhdistystoiminta", "koulutus")
SAMPLE_COLUMNS = ["id", "kind", "post_id", "parent_id", "author_id", "author_name", "created_at", "text", "permalink"]
RELATIVE_TIME = re.compile(r"-(?=\d)(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?")
PERSONAL_IDENTITY_CODE = re.compile(r"\b(?P<born>\d{6})[-+A-FU-Y](?P<serial>\d{3})(?P<check>[0-9A-Y])\b")
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def moment(relative: str) -> timedelta:
    """How far before the start "-9d3h" lies, as a negative timedelta."""
    match = RELATIVE_TIME.fullmatch(relative)
    assert match, f"not a relative time: {relative!r}"
    return -timedelta(**{unit: int(number) for unit, number in match.groupdict(default="0").items()})


def comments() -> Iterator[dict[str, Any]]:
    """Every comment and reply, in the order of the file."""
    for post in PAGE["posts"]:
        for comment in post["comments"]:
            yield comment
            yield from comment["replies"]


def messages() -> Iterator[dict[str, Any]]:
    """Every private message, in the order of the file."""
    for conversation in PAGE["conversations"]:
        yield from conversation["messages"]


def is_own(entry: dict[str, Any]) -> bool:
    """Whether the page itself wrote a comment or a message."""
    if "from_page" in entry:
        return bool(entry["from_page"])
    return bool(entry["author"]) and entry["author"]["id"] == PAGE_ID


def from_the_public() -> list[dict[str, Any]]:
    return [entry for entry in (*comments(), *messages()) if not is_own(entry)]


def test_the_page_has_ten_posts_and_plenty_of_comments_and_messages() -> None:
    assert len(PAGE["posts"]) == 10
    assert len(list(comments())) >= 140
    assert len(PAGE["conversations"]) >= 14
    assert len(list(messages())) >= 28


def test_the_page_itself_answers_in_both_places() -> None:
    assert sum(map(is_own, comments())) >= 3
    assert sum(map(is_own, messages())) >= 3


def test_every_id_is_made_of_digits_and_used_once() -> None:
    ids = [entry["id"] for entry in (*PAGE["posts"], *PAGE["conversations"], *comments(), *messages())]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(?:[tm]|\d+)_\d+", id_) for id_ in ids)
    last_parts = [id_.rpartition("_")[2] for id_ in ids]
    assert len(last_parts) == len(set(last_parts))


def test_every_comment_id_starts_with_its_post() -> None:
    for post in PAGE["posts"]:
        for comment in post["comments"]:
            for entry in (comment, *comment["replies"]):
                assert entry["id"].split("_")[0] == post["id"].split("_")[1]


def test_one_person_has_one_id_and_one_name() -> None:
    authors = {(entry["author"]["id"], entry["author"]["name"]) for entry in comments() if entry["author"]}
    people = {(talk["person"]["id"], talk["person"]["name"]) for talk in PAGE["conversations"]}
    for known in (authors, people):
        assert len({id_ for id_, _ in known}) == len({name for _, name in known}) == len(known)


def test_nothing_answers_what_has_not_been_said_yet() -> None:
    for post in PAGE["posts"]:
        for comment in post["comments"]:
            times = [moment(entry["created_at"]) for entry in (post, comment, *comment["replies"])]
            assert times == sorted(times), comment["id"]
    for conversation in PAGE["conversations"]:
        times = [moment(message["created_at"]) for message in conversation["messages"]]
        assert times == sorted(times), conversation["id"]


def test_the_page_spans_three_weeks_and_the_last_two_days_are_busy() -> None:
    times = [moment(entry["created_at"]) for entry in (*comments(), *messages())]
    posted = [moment(post["created_at"]) for post in PAGE["posts"]]
    assert timedelta(days=-22) < min(posted) < timedelta(days=-18)
    assert max(times) < timedelta(0)
    assert sum(time > timedelta(days=-2) for time in times) >= len(times) / 4


def test_labels_cover_what_the_public_wrote_and_nothing_else() -> None:
    assert set(LABELS) == {entry["id"] for entry in from_the_public()}


def test_labels_use_the_words_of_the_domain() -> None:
    for id_, label in LABELS.items():
        assert set(label) == {"outcome", "category", "is_question", "topic"}, id_
        assert label["outcome"] in set(Outcome)
        assert label["category"] in set(Category) - {Category.UNREADABLE}
        assert isinstance(label["is_question"], bool)
        assert label["topic"] is None or label["topic"] in TOPICS


def test_what_is_asked_and_kept_is_marked_as_a_question() -> None:
    asked = [label for label in LABELS.values() if label["category"] == Category.QUESTION]
    assert all(label["is_question"] and label["outcome"] == Outcome.KEEP for label in asked)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_questions(topic: str) -> None:
    assert sum(label["is_question"] and label["topic"] == topic for label in LABELS.values()) >= 8


@pytest.mark.parametrize("category", sorted(set(Category) - {Category.UNREADABLE}))
def test_every_category_occurs_more_than_once(category: Category) -> None:
    assert sum(label["category"] == category for label in LABELS.values()) >= 2


def test_what_should_go_is_as_rare_as_on_a_real_page() -> None:
    outcomes = Counter(label["outcome"] for label in LABELS.values())
    assert 0.12 <= outcomes[Outcome.REMOVE] / len(LABELS) <= 0.15
    assert outcomes[Outcome.WEIGH] >= 5


def test_harsh_criticism_is_never_removed() -> None:
    outcomes = {
        label["outcome"]
        for label in LABELS.values()
        if label["category"] in (Category.CRITICISM, Category.HARSH_CRITICISM)
    }
    assert Outcome.REMOVE not in outcomes


def test_some_questions_come_without_a_question_mark() -> None:
    unmarked = [
        entry
        for entry in from_the_public()
        if LABELS[entry["id"]]["category"] == Category.QUESTION and "?" not in entry["message"]
    ]
    assert len(unmarked) >= 12


def test_the_awkward_cases_of_the_channel_occur() -> None:
    public = [entry for entry in comments() if not is_own(entry)]
    assert sum(entry["author"] is None for entry in public) in (2, 3)
    assert sum(not entry["can_hide"] for entry in public) == 1
    pictures = [entry for entry in public if "attachment" in entry]
    assert [entry["message"] for entry in pictures] == [""]
    assert sum(not entry["message"] for entry in (*comments(), *messages())) == len(pictures)


def test_identity_codes_are_of_the_test_range_and_their_check_character_is_right() -> None:
    codes = [code for entry in from_the_public() for code in PERSONAL_IDENTITY_CODE.finditer(entry["message"])]
    assert codes
    for code in codes:
        assert 900 <= int(code["serial"]) <= 999
        assert CHECK_CHARACTERS[int(code["born"] + code["serial"]) % 31] == code["check"]


def test_every_link_leads_to_a_reserved_example_domain() -> None:
    texts = [entry["message"] for entry in (*PAGE["posts"], *comments(), *messages())]
    texts += [entry["attachment"]["url"] for entry in comments() if "attachment" in entry]
    texts += [value for row in SAMPLE for value in row.values()]
    hosts = [urlsplit(url).hostname or "" for text in texts for url in re.findall(r"https?://\S+", text)]
    assert len(hosts) >= 10
    assert all(re.fullmatch(r"(?:.+\.)?example\.(?:com|net|org)", host) for host in hosts)


def test_the_sample_file_has_the_import_columns_and_twenty_five_rows() -> None:
    assert list(SAMPLE[0]) == SAMPLE_COLUMNS
    assert [row["id"] for row in SAMPLE] == [f"naytt-{number}" for number in range(1, 26)]
    assert {row["kind"] for row in SAMPLE} == {"comment", "message"}
    assert all(row["text"] for row in SAMPLE)


def test_the_sample_file_runs_forward_in_november_2026() -> None:
    times = [datetime.fromisoformat(row["created_at"]) for row in SAMPLE]
    assert times == sorted(times)
    assert all(time.tzinfo and (time.year, time.month) == (2026, 11) for time in times)


def test_every_reply_of_the_sample_file_comes_after_its_parent_under_the_same_post() -> None:
    posts: dict[str, str] = {}
    for row in SAMPLE:
        if row["parent_id"]:
            assert posts[row["parent_id"]] == row["post_id"]
        posts[row["id"]] = row["post_id"]


def test_the_sample_file_repeats_no_text_of_the_page() -> None:
    assert not {row["text"] for row in SAMPLE} & {entry["message"] for entry in from_the_public()}
