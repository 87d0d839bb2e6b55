from __future__ import annotations

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale

from tjs_moderation.domain.ports import Reason

TOLD = Reason("insult", 0, 4, "Pöh!", "Kommentti loukkaa.", "a", "Kommentaren kränker.", "The comment insults.")
OLD = Reason(code="insult", start=0, end=4, text="Pöh!", sentence="Kommentti loukkaa.")


@pytest.mark.parametrize(
    ("locale", "reason", "sentence"),
    [
        ("fi", TOLD, "<span>Kommentti loukkaa.</span>"),
        ("sv", TOLD, "<span>Kommentaren kränker.</span>"),
        ("en", TOLD, "<span>The comment insults.</span>"),
        ("sv", OLD, '<span lang="fi">Kommentti loukkaa.</span>'),
        ("fi", OLD, "<span>Kommentti loukkaa.</span>"),
    ],
)
def test_a_reason_is_told_in_the_language_of_the_page_or_in_finnish(
    app: Flask, locale: str, reason: Reason, sentence: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        why = get_template_attribute("components/reasons.html", "why")
        assert str(why(reason)) == sentence
