"""Bodies as Meta sends them, and their signatures, for the page `1000` of the tests."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tjs_moderation.gateways.facebook import signature_of

PAGE_ID = "1000"
APP_SECRET = "app_secret_0123456789abcdef"
VERIFY_TOKEN = "sana-jonka-sovimme"
POST_ID = "1000_1"
SENT_AT = 1_700_000_000

Body = dict[str, Any]


def encoded(document: object) -> bytes:
    """A body as Meta writes it: beyond ASCII everything escaped."""
    return json.dumps(document).encode()


def send(client: FlaskClient, body: bytes, signature: str | None = None) -> TestResponse:
    """Send a body to the door, rightly signed unless a signature is given."""
    given = signature_of(APP_SECRET, body) if signature is None else signature
    return client.post("/hooks/facebook", data=body, headers={"X-Hub-Signature-256": given})


def of_page(**parts: object) -> Body:
    """A body with one entry of the page."""
    return {"object": "page", "entry": [{"id": PAGE_ID, "time": SENT_AT, **parts}]}


def feed(*values: Body) -> Body:
    """A body with these changes of the feed."""
    return of_page(changes=[{"field": "feed", "value": value} for value in values])


def comment(verb: str, number: int | str, message: str | None = "Hei", **more: Any) -> Body:
    """A change of the comment `1_<number>`; a value of None leaves its key out."""
    value = {
        "item": "comment",
        "verb": verb,
        "comment_id": f"1_{number}",
        "post_id": POST_ID,
        "parent_id": POST_ID,
        "from": {"id": "9001", "name": "Aino"},
        "message": message,
        "created_time": SENT_AT,
        "post": {"id": POST_ID, "is_published": True, "permalink_url": "https://facebook.example/1"},
        **more,
    }
    return {name: each for name, each in value.items() if each is not None}


def messaging(**parts: object) -> Body:
    """One thing of Messenger's from person 9001 to the page."""
    return {"sender": {"id": "9001"}, "recipient": {"id": PAGE_ID}, "timestamp": 1_698_637_600_838, **parts}
