from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tjs_moderation.cli import main

LOCK = Path(__file__).parents[2] / "requirements.lock"


def bill() -> dict[str, Any]:
    told = CliRunner().invoke(main, ["sbom"])
    assert told.exit_code == 0
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_the_bill_names_the_libraries_that_are_locked_and_what_they_need() -> None:
    made = bill()
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", LOCK.read_text(), re.MULTILINE))
    named = {each["name"]: each["version"] for each in made["components"]}
    assert {"flask", "sqlalchemy", "cryptography", "webauthn", "psycopg-binary"} <= named.keys()
    assert "pytest" not in named
    assert named.keys() <= locked.keys()
    references = {each["bom-ref"] for each in [made["metadata"]["component"], *made["components"]]}
    assert {each["ref"] for each in made["dependencies"]} == references
    assert all(set(each["dependsOn"]) <= references for each in made["dependencies"])
