"""What the documents say is so: their links and paths, and the commands, settings, targets and words they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.untranslated import extracted
from tjs_moderation.cli import COMMANDS, main
from tjs_moderation.domain.answer import MOVES
from tjs_moderation.domain.vocabulary import (
    GRANTS,
    ActState,
    AutomaticStep,
    CaseState,
    Category,
    DecisionKind,
    Outcome,
    Permission,
    Role,
)
from tjs_moderation.models import Base
from tjs_moderation.web.words import word

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONCEPTS = ROOT / "docs" / "concepts.md"
OPERATIONS = ROOT / "docs" / "operations.md"
GUIDE = ROOT / "docs" / "kayttoopas.md"

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"(?:tjs_moderation|docs|tests|templates|static|migrations)/[\w./-]*\w/?")
_ROOM = re.compile(r"(?:domain|services|models|web|gateways|cli)/[a-z_/]+")
_COMMAND = re.compile(r"(?:\S*/)?tjs-moderation\s+(\S.*)")
_TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def code_of(document: Path) -> Iterator[str]:
    """What stands as code in a document: the lines of its blocks without their comments, and its spans."""
    text = document.read_text()
    for block in _FENCE.findall(text):
        yield from (line.split("  #")[0].rstrip() for line in block.splitlines())
    yield from (" ".join(span.split()) for span in _SPAN.findall(_FENCE.sub("", text)))


def anchors_of(document: Path) -> set[str]:
    """The anchors of a document's headings, as they are made of them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows_of(document: Path, header: str) -> list[list[str]]:
    """The cells of the table whose header begins with `header`, without their code marks."""
    table = document.read_text().split(f"\n{header}", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


@documents
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(_SPAN.sub("", _FENCE.sub("", document.read_text()))):
        target, _, anchor = link.partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        found = (document.parent / target).resolve() if target else document
        assert found.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors_of(found), f"{link} has no such heading"


@documents
def test_every_path_that_is_named_exists(document: Path) -> None:
    for code in code_of(document):
        for path in _PATH.findall(code) if "<" not in code else ():
            assert (ROOT / path).exists(), f"{path} is not there"


@documents
def test_every_module_that_is_named_exists(document: Path) -> None:
    for code in code_of(document):
        for room in _ROOM.findall(code) if _ROOM.match(code) else ():
            place = ROOT / "tjs_moderation" / room
            assert place.is_dir() or place.with_suffix(".py").exists(), f"{room} is no module"


@documents
def test_every_command_that_is_named_can_be_given(document: Path) -> None:
    for code in code_of(document):
        if found := _COMMAND.fullmatch(code):
            check_command(found[1].split(), code)


def check_command(words: list[str], code: str) -> None:
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith(("[", "-", "…")):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, f"there is no command in {code!r}"
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for option in re.findall(r"--[a-z-]+", " ".join(words)):
        assert option in known | {"--help"}, f"{option} in {code!r} is no option"


def test_every_command_stands_in_the_operators_table() -> None:
    told = {code.split()[1] for code in code_of(OPERATIONS) if re.match(r"tjs-moderation [a-z]", code)}
    assert told == set(COMMANDS)


@documents
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for code in code_of(document):
        for target in _TARGET.findall(code):
            assert target in targets, f"make {target} does not exist"


@documents
def test_every_setting_that_is_named_is_read(document: Path) -> None:
    assert set(re.findall(r"TJS_[A-Z_]*[A-Z]", document.read_text())) <= settings_read()


def test_every_setting_that_is_read_stands_in_the_operators_table() -> None:
    assert {name for name, *_ in rows_of(OPERATIONS, "| name | default")} == settings_read()


def settings_read() -> set[str]:
    source = (ROOT / "tjs_moderation" / "settings.py").read_text()
    return set(re.findall(r'(?:get\(|_whole_number\(env, )"(TJS_[A-Z_]+)"', source))


def test_the_moves_of_an_answer_are_those_of_the_code() -> None:
    told = {(state, move): following for state, move, following, _ in rows_of(CONCEPTS, "| from | move | to")}
    assert told == {(str(state), str(move)): str(following) for (state, move), following in MOVES.items()}


def test_the_queues_are_those_of_the_code_under_the_names_people_read() -> None:
    told = {(state, name) for _, _, state, name in rows_of(CONCEPTS, "| # | fact | state")}
    assert told == {(str(state), word(state)) for state in CaseState}


def test_the_states_of_an_act_are_those_of_the_code() -> None:
    rows = rows_of(CONCEPTS, "| state | means | leads to")
    assert {state for state, *_ in rows} == set(map(str, ActState))
    for following in (re.findall(r"`([a-z_]+)`", leads_to) for *_, leads_to in rows):
        assert set(following) <= set(map(str, ActState))


def test_the_steps_of_an_automatic_act_are_those_of_the_code() -> None:
    assert {step for step, *_ in rows_of(CONCEPTS, "| step | means")} == set(map(str, AutomaticStep))


def test_the_decisions_are_those_of_the_code() -> None:
    assert {kind for kind, *_ in rows_of(CONCEPTS, "| kind | means")} == set(map(str, DecisionKind))


def test_the_permissions_are_those_of_the_code() -> None:
    roles = [Role.TIEDOTTAJA, Role.ASIANTUNTIJA, Role.ATK_SUUNNITTELIJA]
    told = {
        (name, role)
        for name, *marks in rows_of(CONCEPTS, "| permission |")
        for role, mark in zip(roles, marks, strict=True)
        if mark == "yes"
    }
    assert told == {(str(one), role) for role, granted in GRANTS.items() for one in granted}
    assert {name for name, *_ in rows_of(CONCEPTS, "| permission |")} == set(map(str, Permission))


@pytest.mark.parametrize("enum", [Outcome, Category])
def test_every_word_of_an_assessment_is_explained(enum: type[Outcome] | type[Category]) -> None:
    assert set(map(str, enum)) <= set(code_of(CONCEPTS))


def test_the_picture_of_the_data_has_every_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert [table for table in Base.metadata.tables if not re.search(rf"\b{table}\b", text)] == []


def test_the_picture_of_the_house_has_every_room() -> None:
    house = ROOT / "tjs_moderation"
    rooms = {path.name for path in house.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    drawn = next(code for code in _FENCE.findall((ROOT / "docs" / "architecture.md").read_text()))
    assert {room for room in rooms if not re.search(rf"^  {re.escape(room)}\b", drawn, re.MULTILINE)} == {"__init__.py"}


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    told = set(_LINK.findall((folder / "README.md").read_text()))
    assert {path.name for path in folder.glob("0*.md")} <= told


def test_no_document_names_a_place_of_one_machine() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"(?<![\w.])/(?:home|root|work|opt|tmp|Users)/", document.read_text()), document


def test_the_guide_calls_things_as_the_pages_do() -> None:
    on_pages = {message.id for message in extracted() if isinstance(message.id, str)}
    bold = re.findall(r"\*\*([^*]+)\*\*", _SPAN.sub("", " ".join(GUIDE.read_text().split())))
    labels = [words for words in bold if not words.endswith(".")]
    keys = [words for _, words in rows_of(GUIDE, "| näppäin |")]
    assert [words for words in (*labels, *keys) if words not in on_pages] == []


def test_the_guide_tells_of_every_queue() -> None:
    assert {name for name, *_ in rows_of(GUIDE, "| jono |")} == {word(state) for state in CaseState}
