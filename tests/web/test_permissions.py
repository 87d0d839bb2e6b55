"""Every route, asked by every role and by nobody signed in: who gets in is who docs/permissions.md lets in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.support import permission_table
from tests.web.conftest import signed_in
from tjs_moderation.domain.vocabulary import Role

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


def questions(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """Every method of every route: (endpoint, method, address, the address as the table names it)."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            address, named = _address(app, rule), permission_table.plain(rule.rule)
            yield from (
                (rule.endpoint, method, address, named) for method in sorted({"GET", "POST"} & (rule.methods or set()))
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


COLUMNS = (None, *permission_table.ROLES)
TOLD = {"yes": "let in", "no": "refused", "sign in": "sent to sign in"}


def expected(answers: tuple[str, ...], role: Role | None) -> str:
    return TOLD[answers[COLUMNS.index(role)]]


def test_the_table_of_permissions_is_that_of_the_marks(app: Flask) -> None:
    assert permission_table.PAPER.read_text() == permission_table.table_of(app), "say `make permissions` and look at it"


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_route_lets_in_whom_the_table_says(app: Flask, role: Role | None) -> None:
    client = signed_in(app, role).client if role else app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    table = permission_table.told()
    asked = [question for question in questions(app) if question[0] != SIGNS_OUT]
    assert len(asked) > 30
    wrong = [
        f"{method} {address}: {found}, not {wanted}"
        for _, method, address, named in asked
        if (found := outcome(client, method, address)) != (wanted := expected(table[named, method], role))
    ]
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_no_form_is_taken_without_its_token(app: Flask, role: Role) -> None:
    client = signed_in(app, role).client
    table = permission_table.told()
    asked = [(address, table[named, method]) for _, method, address, named in questions(app) if method == "POST"]
    # Who may not do it anyway is told so first: a stranger's body is never read.
    told = {address: 400 if expected(answers, role) == "let in" else 403 for address, answers in asked}
    assert {address: client.post(address).status_code for address, _ in asked} == told
