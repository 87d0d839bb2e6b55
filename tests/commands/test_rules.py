"""`tjs-moderation rules …`: a rule set is tried, put in force and looked up by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Terminal

RULES = """\
sanat kokeiltavat:
  kurssi

sääntö kurssista
  kun lista: kokeiltavat
  niin punnitse: kova kritiikki
  koska "Kommentti puhuu kurssista: ”{kohta}”."
"""

FAULTY = "sääntö rikki\n  kun lista: puuttuu\n  niin heitä: ulos\n"


@pytest.fixture
def rule_file(tmp_path: Path) -> str:
    file = tmp_path / "omat.rules"
    file.write_text(RULES, encoding="utf-8")
    return str(file)


@pytest.fixture
def faulty_file(tmp_path: Path) -> str:
    file = tmp_path / "rikki.rules"
    file.write_text(FAULTY, encoding="utf-8")
    return str(file)


@pytest.fixture
def busy_terminal(terminal: Terminal, tmp_path: Path) -> Terminal:
    """An install into which three comments have come."""
    comments = {
        "c1": "Kurssi alkaa maanantaina.",
        "c2": "Ilmaista rahaa! Klikkaa: https://voitto.example",
        "c3": "Luento pidetään salissa.",
    }
    rows = [json.dumps({"id": name, "text": text}) for name, text in comments.items()]
    (tmp_path / "comments.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert terminal.run("import", str(tmp_path / "comments.jsonl")).exit_code == 0
    return terminal


def test_a_backtest_tells_scripts_what_would_change_and_why(busy_terminal: Terminal, rule_file: str) -> None:
    told = busy_terminal.json("rules", "backtest", rule_file, "--json")
    assert (told["read"], told["changed_count"], told["days"]) == (3, 2, 30)
    changed = {one["external_id"]: one for one in told["changed"]}
    assert (changed["c1"]["to"]["outcome"], changed["c1"]["to"]["rule"]) == ("weigh", "kurssista")
    assert changed["c1"]["to"]["reason"] == "Kommentti puhuu kurssista: ”Kurssi”."
    assert changed["c2"]["from"]["outcome"] == "remove"
    assert sum(row["count"] for row in told["outcomes"]) == 3
    assert told["people"]["decided"] == 0


def test_a_backtest_tells_people_the_same_in_words(busy_terminal: Terminal, rule_file: str) -> None:
    result = busy_terminal.run("rules", "backtest", rule_file, "--days", "7")
    assert result.exit_code == 0
    assert "Viimeisten 7 päivän viestejä luettiin 3. Niistä muuttuisi 2." in result.stdout
    assert "säilytettävä (asiallinen) → punnittava (kova arvostelu)" in result.stdout
    assert "kurssista: Kommentti puhuu kurssista: ”Kurssi”." in result.stdout
    assert "3/3 luettu" in result.stderr


def test_a_backtest_of_an_empty_house_is_one_empty_document(terminal: Terminal, rule_file: str) -> None:
    told = terminal.json("rules", "backtest", rule_file, "--json")
    assert (told["read"], told["changed"], told["outcomes"]) == (0, [], [])


@pytest.mark.parametrize("words", [["backtest"], ["publish", "--why", "Kokeilu"]])
def test_a_faulty_rule_set_is_refused_with_each_fault_at_its_line(
    terminal: Terminal, faulty_file: str, words: list[str]
) -> None:
    result = terminal.run("rules", words[0], faulty_file, *words[1:])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{faulty_file}:2: " in result.stderr
    assert f"{faulty_file}:3: " in result.stderr


@pytest.mark.parametrize("words", [["backtest"], ["publish", "--why", "Kokeilu"], ["check"]])
def test_a_rule_file_that_is_not_there_is_one_clear_line(terminal: Terminal, tmp_path: Path, words: list[str]) -> None:
    result = terminal.run("rules", words[0], str(tmp_path / "poissa.rules"), *words[1:])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "tiedostoa ei voi lukea" in result.stderr


def test_a_rule_set_is_put_in_force_with_its_reason_and_can_be_looked_up(terminal: Terminal, rule_file: str) -> None:
    assert terminal.run("rules", "publish", rule_file, "--why", "Kurssit ensin").stdout == (
        "Säännöt, versio 2, ovat voimassa.\n"
    )
    assert terminal.run("rules", "show").stdout == RULES
    assert terminal.run("rules", "show", "1").stdout != RULES
    second, first = terminal.json("rules", "history", "--json")["versions"]
    assert (second["number"], second["is_live"], second["why"]) == (2, True, "Kurssit ensin")
    assert (first["number"], first["is_live"]) == (1, False)
    assert "2 (voimassa)" in terminal.run("rules", "history").stdout
    assert terminal.json("audit", "verify", "--json")["entries"] == 3


def test_the_same_rules_are_not_published_twice(terminal: Terminal, rule_file: str) -> None:
    terminal.run("rules", "publish", rule_file, "--why", "Kurssit ensin")
    again = terminal.run("rules", "publish", rule_file, "--why", "Uudestaan")
    assert again.exit_code == 2
    assert "Säännöt ovat samat kuin voimassa olevat." in again.stderr


def test_rules_are_not_published_without_saying_why(terminal: Terminal, rule_file: str) -> None:
    assert terminal.run("rules", "publish", rule_file).exit_code == 2
    assert terminal.run("rules", "publish", rule_file, "--why", "  ").exit_code == 2
    assert len(terminal.json("rules", "history", "--json")["versions"]) == 1


def test_a_version_that_is_not_there_is_refused_in_one_line(terminal: Terminal) -> None:
    result = terminal.run("rules", "show", "99")
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1)
    assert "99" in result.stderr


def test_automatic_acts_are_off_and_are_set_by_command_with_an_entry(terminal: Terminal) -> None:
    assert terminal.json("rules", "automatic", "--json") == {"is_on": False, "cap_per_day": 20, "hours": "outside"}
    told = terminal.run("rules", "automatic", "--on", "--cap", "5", "--hours", "always").stdout
    assert told == "Automaattinen piilottaminen: käytössä. Enintään 5 päivässä, aina.\n"
    assert terminal.json("rules", "automatic", "--json") == {"is_on": True, "cap_per_day": 5, "hours": "always"}
    assert terminal.json("rules", "automatic", "--off", "--json")["is_on"] is False
    assert terminal.json("audit", "verify", "--json")["entries"] == 4


@pytest.mark.parametrize("words", [["--cap", "-1"], ["--cap", "paljon"], ["--hours", "yöllä"], ["--cap", "99999999"]])
def test_a_setting_that_makes_no_sense_is_refused(terminal: Terminal, words: list[str]) -> None:
    result = terminal.run("rules", "automatic", *words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert terminal.json("rules", "automatic", "--json")["cap_per_day"] == 20


def test_shadow_rules_that_were_never_heard_are_told_of_plainly(terminal: Terminal) -> None:
    assert terminal.json("rules", "shadows", "--json") == {"days": 30, "shadows": []}
    assert "Yksikään varjosääntö ei ole osunut" in terminal.run("rules", "shadows", "--days", "7").stdout
