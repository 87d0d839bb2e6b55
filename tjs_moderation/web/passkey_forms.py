"""What the forms of passkeys send: the browser's answer, as JSON in a field of a common form."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from tjs_moderation.errors import InvalidInputError

LONGEST = 20_000


def answer_sent() -> Any:
    """The answer of a browser that made or showed a passkey. InvalidInputError where it is no JSON object."""
    written = request.form.get("answer", "")
    try:
        answer = json.loads(written) if len(written) <= LONGEST else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise InvalidInputError("passkey_unbelieved")
    return answer
