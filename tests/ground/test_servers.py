"""The servers the other tests stand on do what those tests take for granted."""

from __future__ import annotations

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.support.postgres import PostgresServer


def _execute(url: str, statement: str) -> list[object]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return [row[0] for row in result] if result.returns_rows else []


@pytest.mark.postgres
def test_a_database_made_from_a_template_holds_what_the_template_held(postgres_server: PostgresServer) -> None:
    template = postgres_server.create_database()
    _execute(template, "CREATE TABLE word AS SELECT 'kahvi' AS word")

    copy = postgres_server.create_database(template)
    _execute(copy, "INSERT INTO word VALUES ('pulla')")

    assert _execute(copy, "SELECT word FROM word ORDER BY word") == ["kahvi", "pulla"]
    assert _execute(template, "SELECT word FROM word") == ["kahvi"]
    postgres_server.drop_database(copy)
    postgres_server.drop_database(template)


@pytest.mark.postgres
def test_a_database_is_dropped_even_while_someone_is_connected(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    left_open = create_engine(url).connect()

    postgres_server.drop_database(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
    left_open.invalidate()
    left_open.close()


@pytest.mark.postgres
def test_postgres_knows_finnish_words(postgres_url: str) -> None:
    assert _execute(postgres_url, "SELECT to_tsvector('finnish', 'talossa') @@ to_tsquery('finnish', 'talolla')") == [
        True
    ]


@pytest.mark.valkey
@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_an_empty_valkey(valkey_url: str, turn: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.set("turn", turn, nx=True)
