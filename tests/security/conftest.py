"""The install of the pages' tests, with the limits of sign-ins as they really are."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.standing import StandingApps
from tests.web.client import Page, PageClient
from tests.web.conftest import EMAILS, PASSWORD, Clock, make_app, prepared_install
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Notice, User
from tjs_moderation.settings import SignInSettings

__all__ = ["prepared_install"]


class Doors:
    """The app, its clock, and the ways of its people to come in."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock

    def set(self, **limits: object) -> None:
        """Change settings of signing in."""
        ports = self.app.extensions["tjs_ports"]
        sign_in = replace(ports.settings.sign_in, **limits)
        self.app.extensions["tjs_ports"] = replace(ports, settings=ports.settings.with_changes(sign_in=sign_in))

    def browser(self) -> PageClient:
        return PageClient(self.app.test_client())

    def person(self, role: Role) -> User:
        with self.app.app_context(), Session(db.engine) as session:
            return session.scalars(select(User).where(User.email == EMAILS[role])).one()

    def told(self, role: Role) -> list[str]:
        """What somebody was told of their own security, without the numbers."""
        with self.app.app_context(), Session(db.engine) as session:
            keys = session.scalars(select(Notice.key).where(Notice.person_id == self.person(role).id))
            return [key.partition(":")[0] for key in keys]

    def verbs(self) -> list[str]:
        with self.app.app_context(), Session(db.engine) as session:
            return list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.seq)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doors(prepared_install: Path, tmp_path: Path, clock: Clock, standing_apps: StandingApps) -> Iterator[Doors]:
    folder = shutil.copytree(prepared_install, tmp_path / "install")
    app = make_app(folder, clock, standing_apps.as_new)
    doors = Doors(app, clock)
    usual = SignInSettings()
    doors.set(**{name: getattr(usual, name) for name in ("idle_seconds", "longest_seconds", "proof_seconds")})
    yield doors
    with app.app_context():
        db.session.remove()


@pytest.fixture
def app(doors: Doors) -> Flask:
    return doors.app


@pytest.fixture
def anybody(doors: Doors) -> PageClient:
    return doors.browser()


SignIn = Callable[[Role], PageClient]


@pytest.fixture
def signed_in(doors: Doors) -> SignIn:
    """Somebody who has signed in, by password alone."""

    def come_in(role: Role) -> PageClient:
        person = doors.browser()
        person.come_in(EMAILS[role])
        return person

    return come_in


def give_password(person: PageClient, role: Role, status: int = 200) -> Page:
    """Send the sign-in form."""
    return person.submit(person.get("/sign-in").form("/sign-in"), status=status, email=EMAILS[role], password=PASSWORD)


def secret_on(page: Page) -> pyotp.TOTP:
    """The codes that a phone makes which has read the page."""
    [secret] = [code.text or "" for code in page.elements("code") if len((code.text or "").replace(" ", "")) == 32]
    return pyotp.TOTP(secret.replace(" ", ""))
