"""The secrets of the channels: sealed, bound to their place, rotated without a moment at which one is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.errors import SecretsError
from tjs_moderation.extensions import db
from tjs_moderation.models import ChannelConnection, ChannelSecret
from tjs_moderation.services import credentials, vault
from tjs_moderation.services.credentials import Secret, facebook_access
from tjs_moderation.services.transaction import CONSOLE, transact
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import FacebookSettings

ANOTHER_KEY = "QW5vdGhlciBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE="
TOKEN = "EAAB-a-token-nobody-may-see"
APP_SECRET = "0f0e0d-a-secret-nobody-may-see"


@pytest.fixture
def connected(house: House) -> House:
    """A house whose channel was connected in the console."""
    channel_id = house.channel_id()
    with transact(CONSOLE) as work:
        work.session.add(
            ChannelConnection(channel_id=channel_id, app_id="4000", page_id="1000", connected_at=work.now),
        )
        credentials.put_secret(work, channel_id, Secret.PAGE_TOKEN, TOKEN)
        credentials.put_secret(work, channel_id, Secret.APP_SECRET, APP_SECRET)
        work.record("connect_channel", channel=channel_id)
    return house


def sealed_texts() -> list[str]:
    with Session(db.engine) as session:
        return list(session.scalars(select(ChannelSecret.sealed).order_by(ChannelSecret.name)))


def test_a_connected_channel_opens_with_what_was_given(connected: House) -> None:
    access = facebook_access()
    assert (access.page_id, access.page_token, access.app_secret) == ("1000", TOKEN, APP_SECRET)
    assert access.is_on


def test_a_channel_whose_connecting_is_not_finished_is_off(connected: House) -> None:
    with Session(db.engine) as session:
        session.scalars(select(ChannelConnection)).one().connected_at = None
        session.commit()
    assert facebook_access().app_secret == APP_SECRET
    assert not facebook_access().is_on


def test_nothing_in_the_database_or_the_instance_folder_shows_a_secret(connected: House) -> None:
    db.session.remove()
    files = [path for path in connected.instance.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert TOKEN.encode() not in content, path
        assert APP_SECRET.encode() not in content, path
    assert TOKEN not in "".join(sealed_texts())


def test_the_key_lies_outside_the_database_for_its_owner_alone(connected: House) -> None:
    path = ports().settings.credentials_key_path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip() not in "".join(sealed_texts())


def test_secrets_do_not_show_where_settings_or_the_way_in_are_printed(connected: House) -> None:
    given = FacebookSettings(page_id="1000", page_token=TOKEN, app_secret=APP_SECRET, verify_token="verify-me-not")
    settings = ports().settings.with_changes(facebook=given, credentials_keys=(vault.new_key(),))
    printed = repr(settings) + repr(facebook_access())
    for secret in (TOKEN, APP_SECRET, "verify-me-not", settings.credentials_keys[0], settings.secret_key):
        assert secret not in printed


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (ANOTHER_KEY, "secrets_key_wrong"),
        ("not a key\n", "secrets_key_damaged"),
        ("", "secrets_key_damaged"),
        (None, "secrets_key_missing"),
    ],
)
def test_without_the_right_key_the_channel_is_off_and_says_why(
    connected: House, content: str | None, trouble: str
) -> None:
    path = ports().settings.credentials_key_path
    path.unlink()
    if content is not None:
        path.write_text(content)
    access = facebook_access()
    assert (access.is_on, access.trouble, access.page_token) == (False, trouble, "")


def test_a_secret_moved_to_another_place_in_the_database_does_not_open(connected: House) -> None:
    with Session(db.engine) as session:
        rows = {row.name: row for row in session.scalars(select(ChannelSecret))}
        rows["app_secret"].sealed = rows["page_token"].sealed
        session.commit()
    assert facebook_access().trouble == "secrets_key_wrong"


def test_what_the_environment_names_wins_as_a_whole(connected: House, app: Flask) -> None:
    wired = ports()
    given = FacebookSettings(verify_token="only this")
    object.__setattr__(wired, "settings", wired.settings.with_changes(facebook=given))
    access = facebook_access()
    assert access.is_from_environment
    assert not access.is_on
    assert (access.page_token, access.verify_token) == ("", "only this")


def test_a_rotated_key_opens_everything_and_the_old_one_nothing(connected: House) -> None:
    [old] = vault.known_keys(ports().settings)
    before = sealed_texts()
    assert credentials.rotate_key() == 2
    [new] = vault.known_keys(ports().settings)
    assert new != old
    assert not set(before) & set(sealed_texts())
    assert facebook_access().page_token == TOKEN
    place = f"channel:{connected.channel_id()}:page_token"
    with pytest.raises(SecretsError):
        vault.Vault((old,)).open(place, sealed_texts()[-1])


def kill_after_the_new_key_was_added() -> None:
    vault.add_key()


def kill_after_everything_was_sealed() -> None:
    path = ports().settings.credentials_key_path
    old = path.read_text()
    credentials.rotate_key()
    path.write_text(path.read_text() + old)


@pytest.mark.parametrize("kill", [kill_after_the_new_key_was_added, kill_after_everything_was_sealed])
def test_a_rotation_killed_half_way_loses_nothing_and_is_simply_given_again(
    connected: House, kill: Callable[[], None]
) -> None:
    kill()
    assert len(vault.known_keys(ports().settings)) == 2
    assert facebook_access().page_token == TOKEN
    credentials.rotate_key()
    assert len(vault.known_keys(ports().settings)) == 1
    assert facebook_access().page_token == TOKEN


def test_a_key_that_something_still_needs_is_never_dropped(connected: House) -> None:
    vault.add_key()
    with pytest.raises(SecretsError):
        credentials._let_old_keys_go()
    assert len(vault.known_keys(ports().settings)) == 2
    assert facebook_access().page_token == TOKEN


def test_a_key_of_the_environment_is_rotated_by_naming_the_new_one_first(connected: House) -> None:
    [old] = vault.known_keys(ports().settings)
    wired, new = ports(), vault.new_key()
    object.__setattr__(wired, "settings", wired.settings.with_changes(credentials_keys=(old,)))
    with pytest.raises(SecretsError, match="secrets_key_in_environment"):
        credentials.rotate_key()
    object.__setattr__(wired, "settings", wired.settings.with_changes(credentials_keys=(new, old)))
    assert credentials.rotate_key() == 2
    object.__setattr__(wired, "settings", wired.settings.with_changes(credentials_keys=(new,)))
    assert facebook_access().page_token == TOKEN
