"""`privacy`: a person's copy and their erasure, by command."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.commands.conftest import Terminal

ROWS = "id,author_id,author_name,text\nc1,p1,Vanamo Pihlajisto,Variksenmarjat kypsyivät.\nc2,p2,Vanamo Toinen,Toinen.\n"


def test_a_person_is_copied_and_forgotten_by_command(terminal: Terminal, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(ROWS)
    assert terminal.run("import", str(rows)).exit_code == 0
    several = terminal.run("privacy", "erase", "Vanamo", "--reason", "Pyyntö.")
    assert (several.exit_code, "several people" in several.output) == (2, True)
    told = terminal.run("privacy", "export", "Vanamo Pihlajisto", "--to", str(tmp_path / "out"))
    packed = Path(told.stdout.strip())
    assert packed.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(packed) as archive:
        assert json.loads(archive.read("henkilotiedot.json"))["items"][0]["id_on_channel"] == "c1"
    assert json.loads(terminal.run("privacy", "export", "p1", "--json").stdout)["person"]["name"] == "Vanamo Pihlajisto"
    assert "comments 1" in terminal.run("privacy", "erase", "p1", "--reason", "Pyyntö.", "--look").stdout
    erased = terminal.run("privacy", "erase", "p1", "--reason", "Pyyntö.")
    assert ("Erased: 1" in erased.stdout, erased.stderr) == (True, "")
    assert terminal.run("privacy", "export", "p1").exit_code == 2
    assert terminal.json("audit", "verify", "--json")["ok"] is True
    terminal.run("import", str(rows))
    assert terminal.run("privacy", "export", "p1").exit_code == 2
    assert not [path for path in tmp_path.glob("tjs.db*") if b"Variksenmarjat" in path.read_bytes()]
