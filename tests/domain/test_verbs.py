from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import tjs_moderation.services
from tjs_moderation.domain.verbs import VERBS
from tjs_moderation.services.transaction import CONSOLE, transact

SERVICES = Path(tjs_moderation.services.__file__).parent


def words_recorded() -> Iterator[tuple[str, str]]:
    """Every verb that stands as a word in a call of `record` or `_finish`, with its module."""
    for path in sorted(SERVICES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
                "record",
                "_finish",
                "finish",
            }:
                first = [argument for argument in node.args if not isinstance(argument, ast.Name | ast.Attribute)][:1]
                yield from ((path.stem, word) for argument in first for word in _words(argument))


def _words(argument: ast.expr) -> list[str]:
    branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [node.value for node in branches if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_the_walk_through_the_source_finds_the_verbs() -> None:
    assert {("routing", "route"), ("routing", "reroute"), ("answers", "approve")} <= set(words_recorded())


@pytest.mark.parametrize(("module", "verb"), sorted(set(words_recorded())))
def test_every_verb_of_the_services_stands_in_the_table(module: str, verb: str) -> None:
    assert verb in VERBS


def test_a_verb_that_is_not_in_the_table_cannot_be_recorded(app: Flask) -> None:
    with pytest.raises(ValueError, match="no_such_verb"), transact(CONSOLE) as work:
        work.record("no_such_verb")
