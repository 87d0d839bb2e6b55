"""A test client that looks at every page as a demanding browser would (the idea is GOV.UK Notify's)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import user_sessions

ANY_TOKEN = "a-token"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TYPED = {"input", "select", "textarea"}
_NEED_NO_LABEL = {"hidden", "submit", "button"}


@dataclass
class Form:
    """A form of a page, as a person would fill it in: `values` holds what the page put there."""

    action: str
    method: str
    values: dict[str, str]
    buttons: list[str]
    fields: set[str] = field(default_factory=set)


class Page:
    """One answer of the server that is a page, read strictly. Raises AssertionError where it is not well made."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.root = _read(response.text)

    @property
    def heading(self) -> str:
        """The text of the one h1."""
        return text_of(next(self.root.iter("h1")))

    @property
    def text(self) -> str:
        """Everything there is to read in the body, with single spaces."""
        body = self.root.find("body")
        assert body is not None
        return text_of(body)

    def elements(self, tag: str, **attributes: str) -> list[Element]:
        """The elements with this tag and these attributes; `class_` matches one class of several."""
        wanted_class = attributes.pop("class_", None)
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name) == value for name, value in attributes.items())
            and (wanted_class is None or wanted_class in element.get("class", "").split())
        ]

    def links(self) -> dict[str, str]:
        """The addresses of the page's links by their text."""
        return {text_of(link): link.get("href", "") for link in self.root.iter("a")}

    def form(self, action: str) -> Form:
        """The form whose action ends in `action`. AssertionError where there is not exactly one."""
        found = [form for form in self.root.iter("form") if form.get("action", "").split("?")[0].endswith(action)]
        assert len(found) == 1, f"{len(found)} forms to {action} on {self.heading!r}"
        return _form(found[0])

    def form_of(self, element: Element) -> Form:
        """One form of the page, where several lead to the same address."""
        return _form(element)


class LookingClient(FlaskClient):
    """Looks closely at every page that any test fetches; `tests/support/fixtures` puts it in everywhere."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if is_page and not response.content_encoding:
            Page(response)
        return response


class PageClient:
    """A person with a browser: fetches pages, fills in their forms, follows where they lead."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> Page:
        """Fetch a page, following redirects, and look at it closely."""
        response = self.client.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return Page(response)

    def submit(self, form: Form, status: int = 200, button: str | None = None, **filled: str) -> Page:
        """Send a form of a page, with its own CSRF token, and look at where it leads."""
        unknown = set(filled) - form.fields
        assert not unknown, f"the form to {form.action} has no {sorted(unknown)}"
        assert button is None or button in form.buttons, f"no button {button!r} among {form.buttons}"
        pressed = dict([button.split("=", 1)]) if button else {}
        data = {**form.values, **pressed, **filled}
        headers = {"Referer": "http://localhost/"}
        query, body = (data, None) if form.method == "GET" else (None, data)
        sent = self.client.open(
            form.action, method=form.method, query_string=query, data=body, headers=headers, follow_redirects=True
        )
        assert sent.status_code == status, f"{form.action}: {sent.status_code}"
        return Page(sent)

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the form."""
        return self.submit(self.get("/sign-in").form("/sign-in"), email=email, password=password)

    def come_in(self, email: str, _password: str = "", *, stage: SignInStage = SignInStage.IN) -> None:
        """Be signed in, as after the form; the form itself is tested where it is what the test is about."""
        app = self.client.application
        with app.app_context():
            with Session(db.engine) as session:
                person = session.scalars(select(User.id).where(User.email == email)).one()
            key = user_sessions.begin(person, stage)
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer is not None
        self.client.set_cookie("tjs", serializer.dumps({"_user_id": key}))


def _read(html: str) -> Element:
    """The page, well made and with a tree of its own. But for the token of its forms many tests fetch the same one."""
    found = _TOKEN.search(html)
    token = found[1] if found else ANY_TOKEN
    root = deepcopy(_looked_over(html.replace(token, ANY_TOKEN)))
    for control in _tokens_in(root):
        if control.get("value") == ANY_TOKEN:
            control.set("value", token)
    return root


@lru_cache(maxsize=128)
def _looked_over(html: str) -> Element:
    """The page as a strict parser of HTML5 reads it: that takes long, so what was read is kept for a while."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    _check_structure(root)
    _check_fields(root)
    _check_forms(root)
    _check_for_inline_code(root)
    return root


def _tokens_in(element: Element) -> Iterator[Element]:
    return (control for control in element.iter("input") if control.get("name") == "csrf_token")


def _check_structure(root: Element) -> None:
    headings = list(root.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} h1 elements"
    ids = [element.get("id", "") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"an id is used twice: {sorted(ids)}"
    assert root.get("lang"), "the page does not say its language"
    assert len(list(root.iter("main"))) == 1
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "popovertarget"):
        named = {name for element in root.iter() for name in element.get(attribute, "").split()}
        assert named <= set(ids), f"{attribute} points at nothing: {sorted(named - set(ids))}"


def _check_fields(root: Element) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    wrapped = {id(control) for label in root.iter("label") for control in label.iter()}
    for control in root.iter():
        if control.tag in _TYPED and control.get("type") not in _NEED_NO_LABEL:
            has_label = control.get("id") in labelled or id(control) in wrapped or control.get("aria-label")
            assert has_label, f"{control.attrib} has no label"
    for button in root.iter("button"):
        assert text_of(button) or button.get("aria-label"), "a button without words"
        assert button.get("type"), "a button that does not say its type"


def _check_forms(root: Element) -> None:
    for form in root.iter("form"):
        assert form.get("action"), "a form without an action"
        if form.get("method", "get").lower() == "post":
            tokens = list(_tokens_in(form))
            assert len(tokens) == 1, f"the form to {form.get('action')} has {len(tokens)} CSRF tokens"


def _check_for_inline_code(root: Element) -> None:
    assert not list(root.iter("style")), "an inline style sheet"
    for script in root.iter("script"):
        assert script.get("src"), "an inline script"
    for element in root.iter():
        inline = [name for name in element.attrib if name == "style" or str(name).startswith("on")]
        assert not inline, f"inline code in {element.tag}: {inline}"
        for name in ("href", "src", "action"):
            assert not element.get(name, "").lower().startswith(("javascript:", "data:")), element.attrib


def text_of(element: Element) -> str:
    """The text of an element and everything in it, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _form(element: Element) -> Form:
    values = dict(_filled_in(element))
    names = {control.get("name", "") for control in element.iter() if control.tag in _TYPED}
    buttons = [f"{button.get('name')}={button.get('value')}" for button in element.iter("button") if button.get("name")]
    return Form(element.get("action", ""), element.get("method", "get").upper(), values, buttons, names)


def _filled_in(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name = control.get("name")
        if not name or control.tag not in _TYPED:
            continue
        if control.tag == "textarea":
            yield name, "".join(control.itertext()).removeprefix("\n")
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            yield from ((name, option.get("value", "")) for option in chosen)
        elif control.get("type") not in {"checkbox", "radio"} or control.get("checked") is not None:
            yield name, control.get("value", "")
