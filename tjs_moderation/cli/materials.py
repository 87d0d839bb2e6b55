"""A bill of materials in CycloneDX 1.6, read from what is installed: ours, and everything it needs to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

OURS = "tjs-moderation"


def bill_of_materials(serial_number: str, made_at: datetime) -> dict[str, object]:
    """The bill, with each library once and what it needs of the others; optional parts nobody uses are left out."""
    found = dict(_needed(OURS))
    ours = found.pop(OURS)
    libraries = [found[name] for name in sorted(found)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number,
        "version": 1,
        "metadata": {
            "timestamp": made_at.isoformat(timespec="seconds"),
            "component": {"type": "application", **_told(ours)},
        },
        "components": [{"type": "library", **_told(each)} for each in libraries],
        "dependencies": [_dependencies(each, {OURS, *found}) for each in (ours, *libraries)],
    }


def _needed(name: str) -> Iterator[tuple[str, Distribution]]:
    """A library and all it needs, each once; what another system would need is not installed and left out."""
    waiting, seen = [name], set()
    while waiting:
        if (name := waiting.pop()) in seen:
            continue
        seen.add(name)
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        yield name, installed
        waiting.extend(_requirements(installed))


def _requirements(installed: Distribution) -> Iterator[str]:
    for line in installed.requires or ():
        needed = Requirement(line)
        extras = _EXTRAS.get(_name(installed), ("",))
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield re.sub(r"[-_.]+", "-", needed.name).lower()


_EXTRAS = {"psycopg": ("", "binary")}
"""What we ask for beside the plain library."""


def _told(installed: Distribution) -> dict[str, object]:
    told: dict[str, object] = {
        "bom-ref": _reference(installed),
        "name": _name(installed),
        "version": installed.version,
        "purl": _reference(installed),
    }
    about = installed.metadata.json
    if about.get("summary"):
        told["description"] = about["summary"]
    if about.get("license_expression"):
        told["licenses"] = [{"expression": about["license_expression"]}]
    elif about.get("license"):
        told["licenses"] = [{"license": {"name": str(about["license"]).splitlines()[0][:100]}}]
    return told


def _dependencies(installed: Distribution, known: set[str]) -> dict[str, object]:
    needs = sorted(set(_requirements(installed)) & known)
    return {"ref": _reference(installed), "dependsOn": [_reference(distribution(name)) for name in needs]}


def _name(installed: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", installed.metadata["Name"]).lower()


def _reference(installed: Distribution) -> str:
    """The package URL: what databases of known holes look under."""
    return f"pkg:pypi/{_name(installed)}@{installed.version}"
