"""Settings: read once, every bad value named at once, and a secret key that is made on the first start and kept."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from tjs_moderation.errors import ConfigurationError
from tjs_moderation.settings import SECRET_KEY_FILE, Settings, read_settings

KEY = "a key for tests, long enough"


def faults_of(folder: Path, **environment: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"TJS_INSTANCE_PATH": str(folder), **environment})
    return caught.value.faults


def test_an_empty_environment_is_an_embedded_install(tmp_path: Path) -> None:
    settings = read_settings({"TJS_INSTANCE_PATH": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'tjs.db'}"
    assert settings.queue_url == f"sqlite:///{tmp_path / 'queue.db'}"
    assert (settings.locale, settings.timezone, settings.hold_back_seconds) == ("fi", "Europe/Helsinki", 300)
    assert not settings.facebook.is_on


BAD = {
    "TJS_DATABASE_URL": "mysql://localhost/tjs",
    "TJS_QUEUE_URL": "amqp://localhost",
    "TJS_SECRET_KEY": "short",
    "TJS_BASE_URL": "tjs.example",
    "TJS_FACEBOOK_GRAPH_URL": "ftp://graph.example",
    "TJS_LOCALE": "de",
    "TJS_TIMEZONE": "Europe/Turku",
    "TJS_HOLD_BACK_SECONDS": "soon",
}


def test_every_bad_value_is_named_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, **BAD)
    assert len(faults) == len(BAD)
    for name in BAD:
        assert any(name in fault for fault in faults), name
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *BAD.items(),
        ("TJS_BASE_URL", "http://[::1"),
        ("TJS_BASE_URL", "http://"),
        ("TJS_DATABASE_URL", "//["),
        ("TJS_QUEUE_URL", "http://[bad"),
        ("TJS_TIMEZONE", "../../etc/passwd"),
        ("TJS_TIMEZONE", "/etc/passwd"),
        ("TJS_HOLD_BACK_SECONDS", "-1"),
        ("TJS_HOLD_BACK_SECONDS", "1.5"),
        ("TJS_HOLD_BACK_SECONDS", "²"),
    ],
)
def test_a_bad_value_is_named_alone_and_without_a_traceback(tmp_path: Path, name: str, value: str) -> None:
    [fault] = faults_of(tmp_path, **{name: value})
    assert name in fault


def test_a_secret_is_not_told_when_it_is_bad(tmp_path: Path) -> None:
    assert not any("hunter2" in fault for fault in faults_of(tmp_path, TJS_SECRET_KEY="hunter2"))


def test_the_secret_key_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "instance"
    first, second = (read_settings({"TJS_INSTANCE_PATH": str(folder)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert stat.S_IMODE((folder / SECRET_KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [SECRET_KEY_FILE]


def test_a_key_that_was_given_is_taken_and_none_is_made(tmp_path: Path) -> None:
    assert read_settings({"TJS_INSTANCE_PATH": str(tmp_path), "TJS_SECRET_KEY": KEY}).secret_key == KEY
    assert not (tmp_path / SECRET_KEY_FILE).exists()


def test_many_first_starts_at_once_agree_on_one_whole_key(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    read: list[Settings] = []

    def begin() -> None:
        start.wait()
        read.append(read_settings({"TJS_INSTANCE_PATH": str(tmp_path)}))

    starters = [threading.Thread(target=begin) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(read) == 8
    assert len({settings.secret_key for settings in read}) == 1


@pytest.mark.parametrize("content", ["", "\n", "short"])
def test_a_key_file_without_a_key_is_not_signed_with(tmp_path: Path, content: str) -> None:
    (tmp_path / SECRET_KEY_FILE).write_text(content)
    [fault] = faults_of(tmp_path)
    assert SECRET_KEY_FILE in fault


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    [fault] = faults_of(tmp_path / "file" / "instance")
    assert "TJS_INSTANCE_PATH" in fault
