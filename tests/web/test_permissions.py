"""Every route, asked by every role and by nobody signed in: who gets in is who its mark lets in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web.conftest import signed_in
from tjs_moderation.domain.vocabulary import GRANTS, Role
from tjs_moderation.web.access import Access, access_of

SAMPLES: dict[str, str | int] = {
    "state": "weigh",
    "language": "sv",
    "path": "css/base.css",
    "name": "css/base.css",
    "filename": "icon.svg",
}
"""Values for the parts of addresses that are words; numbers name nothing that is there."""

NOTHING_THERE = 987_654

SIGNS_OUT = "sessions.sign_out"


def questions(app: Flask) -> Iterator[tuple[str, str, str, Access]]:
    """Every method of every route: (endpoint, method, address, mark)."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            mark = access_of(app.view_functions[rule.endpoint])
            assert mark is not None, rule.endpoint
            address = _address(app, rule)
            yield from (
                (rule.endpoint, method, address, mark) for method in sorted({"GET", "POST"} & (rule.methods or set()))
            )


def _address(app: Flask, rule: Rule) -> str:
    values = {name: SAMPLES.get(name, NOTHING_THERE) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def outcome(client: FlaskClient, method: str, address: str) -> str:
    """What became of a request: let in, refused, or sent to sign in."""
    response = client.open(address, method=method)
    response.close()
    assert response.status_code < 500, f"{method} {address}: {response.status_code}"
    if address.startswith("/sign-in/"):  # a step of coming in leads back to its beginning whoever has not taken that
        return "let in"
    if response.status_code == 302 and response.location.startswith("/sign-in"):
        return "sent to sign in"
    return "refused" if response.status_code == 403 else "let in"


def expected(mark: Access, role: Role | None) -> str:
    if mark.is_public:
        return "let in"
    if role is None:
        return "sent to sign in"
    return "let in" if mark.any_of & GRANTS[role] else "refused"


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_route_lets_in_whom_its_mark_says(app: Flask, role: Role | None) -> None:
    client = signed_in(app, role).client if role else app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    asked = [question for question in questions(app) if question[0] != SIGNS_OUT]
    assert len(asked) > 30
    wrong = [
        f"{method} {address}: {found}, not {expected(mark, role)}"
        for _, method, address, mark in asked
        if (found := outcome(client, method, address)) != expected(mark, role)
    ]
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_no_form_is_taken_without_its_token(app: Flask, role: Role) -> None:
    client = signed_in(app, role).client
    asked = [(address, mark) for _, method, address, mark in questions(app) if method == "POST"]
    # Who may not do it anyway is told so first: a stranger's body is never read.
    told = {address: 400 if expected(mark, role) == "let in" else 403 for address, mark in asked}
    assert {address: client.post(address).status_code for address, _ in asked} == told
