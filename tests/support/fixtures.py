"""Fixtures for the servers the tests stand on. Each test process starts its own, when its first test asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from playwright.sync_api import Browser

from tests.support.browser import running_browser
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.valkey import running_valkey
from tests.web.client import LookingClient

# Flask's own place for it: whatever test of whatever app fetches a page, the page is looked over.
Flask.test_client_class = LookingClient


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that are given the most time, so that no process is left with one of them at the end."""
    items.sort(key=_seconds_given, reverse=True)


def _seconds_given(item: pytest.Item) -> int:
    given = item.get_closest_marker("timeout")
    return given.args[0] if given else 0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL to make databases in."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that is gone after the test."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The `redis://` URL of a Valkey that lives as long as the test process."""
    with running_valkey() as url:
        yield url


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The `redis://` URL of an empty Valkey."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Ask it for a new context in each test, so that no cookie passes from one to the next."""
    with running_browser() as chromium:
        yield chromium
