from __future__ import annotations

import time
from collections.abc import Iterator

import html5lib
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.ports import Reason
from tjs_moderation.extensions import babel
from tjs_moderation.web.markup import marked, note_html

NAMES = {"paivi": "Päivi Salo", "leo": "Leo Aalto"}


def note(text: str) -> str:
    return str(note_html(text, NAMES, lambda number: f"/items/{number}"))


@pytest.fixture(scope="module", autouse=True)
def speaking_finnish() -> Iterator[None]:
    app = Flask("tjs_moderation")
    babel.init_app(app, default_locale="fi")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*tärkeää*", "<p><strong>tärkeää</strong></p>"),
        ("_ehkä_", "<p><em>ehkä</em></p>"),
        ("*_molempia_*", "<p><strong><em>molempia</em></strong></p>"),
        ("2 * 3 * 4 ja oma_muuttuja_nimi", "<p>2 * 3 * 4 ja oma_muuttuja_nimi</p>"),
        ("yksi\nkaksi\n\nkolme", "<p>yksi<br>kaksi</p><p>kolme</p>"),
        ("katso #12.", '<p>katso <a href="/items/12">#12</a>.</p>'),
        ("koodi#12 ja &#12;", "<p>koodi#12 ja &amp;#12;</p>"),
        ("@paivi, katsotko?", '<p><span class="mention" title="Päivi Salo">@paivi</span>, katsotko?</p>'),
        ("@Leo!", '<p><span class="mention" title="Leo Aalto">@Leo</span>!</p>'),
        ("@tuntematon ja leo@esimerkki.fi", "<p>@tuntematon ja leo@esimerkki.fi</p>"),
        (
            "[ohje](https://esimerkki.fi/a_(b)?c=1&d=2)",
            '<p><a href="https://esimerkki.fi/a_(b)?c=1&amp;d=2" rel="noopener noreferrer nofollow">ohje</a></p>',
        ),
        ("[paina](javascript:alert(1))", "<p>[paina](javascript:alert(1))</p>"),
        ("<b onclick='x'>hei</b>", "<p>&lt;b onclick='x'&gt;hei&lt;/b&gt;</p>"),
        ("   ", ""),
    ],
)
def test_a_note_has_the_formatting_of_the_plan_and_no_other(written: str, shown: str) -> None:
    assert note(written).replace("&#39;", "'") == shown


def elements_of(html: str) -> list[tuple[str, dict[str, str]]]:
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in fragment.iter() if element.tag != "DOCUMENT_FRAGMENT"]


@given(st.text(alphabet="*_[]()@#<>&\"'/:abcåäö12 \n") | st.text())
def test_no_note_whatsoever_yields_more_than_the_allowed_elements(text: str) -> None:
    for tag, attributes in elements_of(note(text)):
        assert tag in {"a", "br", "em", "p", "span", "strong"}
        assert set(attributes) <= {"class", "href", "rel", "title"}
        assert attributes.get("href", "/").startswith(("/", "http://", "https://", "mailto:"))


@pytest.mark.parametrize("piece", ["*a ", "_a ", "[", "[a](", "@a.", "[a](http://(", "*_"])
def test_a_long_nasty_note_is_read_quickly(piece: str) -> None:
    started = time.perf_counter()
    note(piece * (10_000 // len(piece)))
    assert time.perf_counter() - started < 2


def reason(start: int, end: int) -> Reason:
    return Reason("insult", start, end, "", "Loukkaava sana.")


def test_marked_words_carry_the_number_of_their_reason() -> None:
    html = str(marked("olet tollo & torvi", [reason(13, 18), reason(5, 10)]))
    assert html == (
        'olet <mark class="marked">tollo<a class="marked-number" href="#reason-2" aria-label="peruste 2">2</a></mark>'
        ' &amp; <mark class="marked">torvi<a class="marked-number" href="#reason-1" aria-label="peruste 1">1</a></mark>'
    )


def test_overlapping_marks_close_each_where_it_ends() -> None:
    html = str(marked("uvwxyz", [reason(0, 4), reason(2, 6)]))
    assert html.index("#reason-1") < html.index("yz") < html.index("#reason-2")


def test_a_reason_about_the_whole_text_marks_nothing() -> None:
    assert str(marked("kaikki tämä", [reason(0, 0)])) == "kaikki tämä"


def test_offsets_are_counted_in_code_points() -> None:
    assert '<mark class="marked">tollo' in str(marked("😀👩‍👩‍👧 tollo", [reason(7, 12)]))


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=5))
def test_marking_changes_no_letter_of_the_text_and_lets_no_tag_through(text: str, spans: list[tuple[int, int]]) -> None:
    html = str(marked(text, [reason(start, end) for start, end in spans]))
    tags = {tag for tag, _ in elements_of(html)}
    assert tags <= {"a", "mark"}
    without_numbers = html
    for number in range(1, len(spans) + 1):
        link = f'<a class="marked-number" href="#reason-{number}" aria-label="peruste {number}">{number}</a>'
        without_numbers = without_numbers.replace(link, "")
    assert without_numbers.replace('<mark class="marked">', "").replace("</mark>", "") == str(marked(text, []))
