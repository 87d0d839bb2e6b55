"""`tjs-moderation doctor`: it works whatever else does not, and names the next step of everything that is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.postgres import PostgresServer
from tjs_moderation.cli import main


class Doctor:
    """Runs the command at one install."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.environment: dict[str, str | None] = {"TJS_INSTANCE_PATH": str(instance)}

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["doctor", *words], env=self.environment)

    def checks(self, *words: str) -> dict[str, dict[str, Any]]:
        """What was found, by name; the document says `ok` exactly when the command ends with 0."""
        result = self.run("--json", *words)
        document = json.loads(result.stdout)
        assert document["ok"] is (result.exit_code == 0)
        for check in document["checks"]:
            assert check["seen"], check
            assert check["do"] or check["state"] != "bad", check
            assert "%(" not in check["seen"] + check["do"], check
        return {check["name"]: check for check in document["checks"]}

    @property
    def database(self) -> Path:
        return self.instance / "tjs.db"


@pytest.fixture
def doctor(tmp_path: Path, prepared_sqlite: Path) -> Doctor:
    """A doctor at an install whose worker has just worked."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(prepared_sqlite, instance / "tjs.db")
    with closing(sqlite3.connect(instance / "tjs.db")) as database:
        database.execute("INSERT INTO worker_beat VALUES ('here', strftime('%Y-%m-%d %H:%M:%S.000000', 'now'))")
        database.execute("DROP TRIGGER audit_entry_no_update")
        database.commit()
    return Doctor(instance)


def change(doctor: Doctor, statement: str) -> None:
    with closing(sqlite3.connect(doctor.database)) as database:
        database.execute(statement)
        database.commit()


def test_a_sound_install_ends_with_0_and_says_what_was_looked_at(doctor: Doctor) -> None:
    checks = doctor.checks("--deep")
    # The log of this install is a week old, and nobody has signed it.
    assert {name: check["state"] for name, check in checks.items() if check["state"] != "ok"} == {"heads": "warn"}
    looked_at = {"python", "libraries", "database", "schema", "counters", "queue", "worker", "dictionary", "model"}
    assert looked_at | {"rules", "disk", "instance", "key_files", "clock", "backlog", "audit", "mail"} <= checks.keys()
    assert "Koko ketju on ehjä, 2 kirjausta." in checks["audit"]["seen"]


def test_people_read_a_line_a_finding_with_the_step_below_it(doctor: Doctor) -> None:
    doctor.database.unlink()
    result = doctor.run()
    assert result.exit_code == 1
    assert "✗ Tietokanta: Tietokantaa ei ole" in result.stdout
    assert "→ Käynnistä palvelin: tjs-moderation serve." in result.stdout


def test_an_absent_database_stays_absent(doctor: Doctor) -> None:
    doctor.database.unlink()
    checks = doctor.checks()
    assert checks["database"]["state"] == "bad"
    assert checks["audit"]["state"] == "unknown"
    assert checks["dictionary"]["state"] == "ok"
    assert not doctor.database.exists()


def test_a_file_that_is_no_database_is_called_damaged(doctor: Doctor) -> None:
    doctor.database.write_bytes(b"this is no database" * 1000)
    assert "vioittunut" in doctor.checks()["database"]["seen"]


def test_a_damaged_page_is_found_when_one_looks_deep(doctor: Doctor) -> None:
    size = doctor.database.stat().st_size
    with doctor.database.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(size // 3))
    checks = doctor.checks("--deep")
    assert "bad" in {checks[name]["state"] for name in ("database", "schema") if name in checks}


@pytest.fixture
def locked(doctor: Doctor) -> Iterator[None]:
    with closing(sqlite3.connect(doctor.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_database_is_told_without_waiting_for_it(doctor: Doctor, locked: None) -> None:
    found = doctor.checks()["database"]
    assert found["state"] in {"bad", "warn"}
    assert "lukittuna" in found["seen"] or "ei päässyt kirjoittamaan" in found["seen"]


def test_a_schema_of_a_newer_program_is_refused_by_all_and_explained(doctor: Doctor) -> None:
    change(doctor, "UPDATE alembic_version SET version_num = '9999'")
    assert "uudempi kuin tämä ohjelma" in doctor.checks()["schema"]["seen"]
    refused = CliRunner().invoke(main, ["user", "list"], env=doctor.environment)
    assert refused.exit_code == 2
    assert "newer version of this program" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_an_older_schema_and_an_empty_database_are_told(doctor: Doctor) -> None:
    change(doctor, "UPDATE alembic_version SET version_num = '0001'")
    assert "vanhempi" in doctor.checks()["schema"]["seen"]
    change(doctor, "DELETE FROM alembic_version")
    assert "tyhjä" in doctor.checks()["schema"]["seen"]


def test_wrong_settings_are_all_named_and_the_rest_is_looked_at(doctor: Doctor) -> None:
    doctor.environment |= {"TJS_LOCALE": "xx", "TJS_DATABASE_URL": "mysql://x"}
    checks = doctor.checks()
    assert "TJS_LOCALE" in checks["settings"]["seen"]
    assert "TJS_DATABASE_URL" in checks["settings"]["seen"]
    assert checks["python"]["state"] == "ok"


@pytest.mark.parametrize(
    ("statement", "name", "told"),
    [
        ("UPDATE worker_beat SET seen_at = '2020-01-01 00:00:00'", "worker", "Työprosessia ei ole nähty"),
        ("DELETE FROM worker_beat", "worker", "kertaakaan"),
        ("INSERT INTO queue_count VALUES ('weigh', 0, 7)", "counters", "Laskurit eivät täsmää: weigh."),
        ("UPDATE audit_entry SET verb = 'nothing' WHERE seq = 2", "audit", "rikki kirjauksesta 2"),
        ("UPDATE audit_entry SET at = '2099-01-01T00:00:00+00:00' WHERE seq = 2", "clock", "jäljessä"),
        ("UPDATE rule_set SET text = 'tämä ei ole sääntö'", "rules", "Säännöissä on"),
        ("DELETE FROM rule_set", "rules", "Sääntöjä ei ole."),
        (
            "UPDATE channel SET stopped_reason = '190/463' WHERE name = 'facebook'",
            "channel",
            "Sivun valtuus ei enää kelpaa",
        ),
    ],
)
def test_everything_that_commonly_goes_wrong_is_found(doctor: Doctor, statement: str, name: str, told: str) -> None:
    if name == "channel":
        doctor.environment |= {"TJS_FACEBOOK_PAGE_ID": "1000", "TJS_FACEBOOK_PAGE_TOKEN": "token"}
    change(doctor, statement)
    found = doctor.checks()[name]
    assert found["state"] == "bad"
    assert told in found["seen"]


def test_open_key_files_and_an_open_folder_are_told(doctor: Doctor) -> None:
    doctor.run()
    (doctor.instance / "secret.key").chmod(0o644)
    doctor.instance.chmod(0o755)
    checks = doctor.checks()
    assert "secret.key" in checks["key_files"]["seen"]
    assert checks["key_files"]["state"] == "bad"
    assert checks["instance"]["state"] == "warn"


def test_a_queue_that_does_not_answer_is_told(doctor: Doctor) -> None:
    doctor.environment["TJS_QUEUE_URL"] = "redis://127.0.0.1:1/0"
    assert doctor.checks()["queue"]["state"] == "bad"


def test_half_of_a_channel_in_the_environment_is_told(doctor: Doctor) -> None:
    doctor.environment["TJS_FACEBOOK_VERIFY_TOKEN"] = "only-this"
    assert "vain osa" in doctor.checks()["channel"]["seen"]


def test_no_finding_shows_a_secret(doctor: Doctor) -> None:
    doctor.environment |= {
        "TJS_FACEBOOK_PAGE_ID": "1000",
        "TJS_FACEBOOK_PAGE_TOKEN": "hidden-token",
        "TJS_SECRET_KEY": "hidden-key-of-some-length",
        "TJS_SMTP_URL": "smtp://user:hidden-password@mail.example",
    }
    output = doctor.run("--deep").output + doctor.run("--json").output
    assert "hidden-" not in output


@pytest.mark.postgres
def test_a_postgresql_that_is_not_there_is_told_and_no_password_with_it(
    doctor: Doctor, postgres_server: PostgresServer
) -> None:
    doctor.environment["TJS_DATABASE_URL"] = "postgresql+psycopg://tjs:hidden-word@127.0.0.1:1/tjs"
    found = doctor.checks()["database"]
    assert "ei vastaa" in found["seen"]
    assert "hidden-word" not in doctor.run().output
    url = postgres_server.create_database()
    doctor.environment["TJS_DATABASE_URL"] = url
    assert "tyhjä" in doctor.checks()["schema"]["seen"]
    postgres_server.drop_database(url)


def test_the_channels_key_is_rotated_by_command(doctor: Doctor) -> None:
    key = CliRunner().invoke(main, ["channel", "new-key"]).stdout.strip()
    refused = CliRunner().invoke(main, ["channel", "rotate-key"], env=doctor.environment)
    assert refused.exit_code == 2
    assert "avainta ei ole" in refused.stderr
    (doctor.instance / "credentials.key").write_text(f"{key}\n")
    done = CliRunner().invoke(main, ["channel", "rotate-key"], env=doctor.environment)
    assert done.stdout == "Avain on vaihdettu, salaisuuksia 0.\n"
    assert key not in (doctor.instance / "credentials.key").read_text()
