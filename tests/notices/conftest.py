"""A house whose mail leaves by a postman of the tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.house import House
from tests.support.mailbox import PostmanInMemory
from tjs_moderation.mail_settings import MailSettings

MAIL = MailSettings("smtp://localhost", "moderointi@tjs.example")


@pytest.fixture
def postman(house: House) -> PostmanInMemory:
    """Who takes the mails of the house."""
    postman, wired = PostmanInMemory(), house.app.extensions["tjs_ports"]
    settings = wired.settings.with_changes(mail=MAIL, base_url="https://moderointi.tjs.example")
    house.app.extensions["tjs_ports"] = replace(wired, settings=settings, postman=postman)
    return postman
