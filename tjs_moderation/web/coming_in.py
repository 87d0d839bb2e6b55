"""The step from having proved who one is to being in: the sign-in on the server, its key in the cookie."""

from __future__ import annotations

import structlog
from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from tjs_moderation.domain.agents import agent_family
from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.models import User
from tjs_moderation.services import factors, user_sessions
from tjs_moderation.services.user_sessions import SignIn
from tjs_moderation.web import devices
from tjs_moderation.web.access import safe_next

COOKIE_KEY = "_user_id"
"""Where in the cookie the key of the sign-in stands: the name that Flask-Login looks under."""

_FOLLOWING = "following"
log = structlog.get_logger()

STEPS = {SignInStage.FACTOR: "second_step.show", SignInStage.ENROLMENT: "enrolment.show"}


def let_in(person: User, following: str, stage: SignInStage | None = None) -> ResponseReturnValue:
    """Sign a person in who has proved who they are, as far as `stage`; leads on to what they still have to do.

    Without a stage that is what their factors ask for: they have shown one, and no more.
    """
    stage = stage or factors.stage_of(person)
    begin(person, stage)
    if stage is SignInStage.IN:
        return remembered(redirect(following), person)
    keep_following(following)
    return redirect(url_for(STEPS[stage]))


def begin(person: User, stage: SignInStage) -> None:
    """A new sign-in in place of whatever the cookie held: nothing that came before outlives it."""
    if held := session.get(COOKIE_KEY):
        user_sessions.end(held)
    is_new_device = not devices.name_here(person.email)
    key = user_sessions.begin(
        person.id, stage, agent_family(request.headers.get("User-Agent", "")), is_new_device=is_new_device
    )
    log.info("signed_in", person=person.id, stage=str(stage), by=request.endpoint, is_new_device=is_new_device)
    session.clear()
    g.pop("csrf_token", None)  # a page of this very answer must not show the token of before
    session[COOKIE_KEY] = key


def remembered(response: Response, person: User) -> Response:
    """The response, by which the browser learns that this person has signed in on it."""
    devices.remember(response, person.email)
    return response


def half_in(stage: SignInStage) -> SignIn | None:
    """Whoever has come as far as `stage` and no further."""
    key = session.get(COOKIE_KEY)
    found = user_sessions.find(key) if key else None
    return found if found is not None and found.stage is stage else None


def keep_following(path: str) -> None:
    """Remember where somebody wants to go, until they are in."""
    session[_FOLLOWING] = path


def following() -> str:
    """Where somebody wanted to go before they were asked for a second factor."""
    return safe_next(session.get(_FOLLOWING))
