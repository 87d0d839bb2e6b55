from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import signed_in
from tjs_moderation.domain.vocabulary import Permission, Role
from tjs_moderation.web import access

OPEN_TO_ALL = {
    "assets.show",
    "calendar.show",
    "enrolment.add_passkey",
    "enrolment.ask_for_passkey",
    "enrolment.confirm_codes",
    "enrolment.show",
    "health.is_ready",
    "health.is_up",
    "metrics.show",
    "oidc.begin",
    "oidc.come_back",
    "page_rules.in_language",
    "page_rules.in_words",
    "second_step.ask_for_passkey",
    "second_step.show",
    "second_step.show_passkey",
    "security_txt.show",
    "sessions.choose_password",
    "sessions.sign_in",
    "sessions.sign_out",
    "static",
}


def test_every_view_carries_a_mark(app: Flask) -> None:
    assert access.unmarked(app) == []


def test_no_view_is_open_to_all_unnoticed(app: Flask) -> None:
    marks = {name: access.access_of(view) for name, view in app.view_functions.items()}
    assert {name for name, mark in marks.items() if mark and mark.is_public} == OPEN_TO_ALL


def test_an_app_with_a_forgotten_view_does_not_start() -> None:
    app = Flask("tjs_moderation")
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.require_marks(app)


def test_a_view_added_without_a_mark_does_not_answer(own_app: Flask) -> None:
    own_app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    response = own_app.test_client().get("/forgotten")
    assert response.status_code == 403
    assert "secret" not in response.text


def test_a_permission_without_a_name_is_a_defect() -> None:
    with pytest.raises(ValueError, match="permission"):
        access.permission()


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back_again(own_app: Flask) -> None:
    own_app.add_url_rule(
        "/inside", view_func=access.permission(Permission.SEE_DESK)(lambda: "inside"), endpoint="inside"
    )
    response = own_app.test_client().get("/inside?a=1")
    assert response.status_code == 302
    assert response.location == "/sign-in?next=/inside?a%3D1"


def test_a_role_without_the_permission_gets_a_page_that_says_so(own_app: Flask) -> None:
    own_app.add_url_rule("/inside", view_func=access.permission(Permission.DECIDE)(lambda: "inside"), endpoint="inside")
    assert signed_in(own_app, Role.ASIANTUNTIJA).get("/inside", status=403).heading == "Tähän ei ole oikeutta"


def test_one_of_several_permissions_is_enough(own_app: Flask) -> None:
    either = access.permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
    own_app.add_url_rule("/inside", view_func=either(lambda: {"is": "inside"}), endpoint="inside")
    assert signed_in(own_app, Role.ASIANTUNTIJA).client.get("/inside").json == {"is": "inside"}


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "javascript:alert(1)",
        "/a\nb",
        " /a",
        "evil.example",
    ],
)
def test_signing_in_leads_to_no_other_site(target: str) -> None:
    assert access.safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/", "/items/12", "/queues/weigh?after=3", "/a?next=https://evil.example"])
def test_signing_in_leads_to_any_page_of_ours(target: str) -> None:
    assert access.safe_next(target) == target
