"""Fixtures for the servers the tests stand on. Each test process starts its own, when its first test asks for it."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from types import CodeType

import pytest
import redis
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from playwright.sync_api import Browser

from tests.support.browser import running_browser
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.valkey import running_valkey
from tests.web.client import LookingClient
from tjs_moderation.web.addresses import Address

# Flask's own place for it: whatever test of whatever app fetches a page, the page is looked over.
Flask.test_client_class = LookingClient


class KeptTemplates(BytecodeCache):
    """Templates as they were compiled, for every app of a test process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
Flask.url_rule_class = Address  # the simulator's as well, which is made anew for hundreds of tests


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is there once the tests are collected stays; nobody need look through it for garbage again and again."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


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
