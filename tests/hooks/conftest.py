from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.hooks.meta import APP_SECRET, PAGE_ID, VERIFY_TOKEN
from tjs_moderation.gateways.facebook import FacebookHook


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    """Whoever comes to the door of the page `1000`."""
    hook = FacebookHook(PAGE_ID, APP_SECRET, VERIFY_TOKEN)
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], hooks=lambda: {"facebook": hook})
    return app.test_client()
