"""Find what the Swedish and English catalogues lack. `make check` runs it; `make messages` brings them up to date."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "tjs_moderation" / "translations"


def extracted() -> Catalog:
    """Every string marked for translation in the code and the templates, as `pyproject.toml` tells where they are."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    catalog = Catalog()
    for path, line, msgid, comments, context in extract_from_dir(str(ROOT), methods):
        catalog.add(msgid, locations=[(path, line)], auto_comments=comments, context=context)
    return catalog


def faults_of(catalog: Catalog, wanted: Catalog) -> Iterator[str]:
    """One line for each string of `wanted` that `catalog` lacks, leaves empty or unsure, or breaks the placeholders."""
    for message in wanted:
        if not message.id:
            continue
        translated = catalog.get(message.id, message.context)
        if translated is None or not _is_filled(translated) or translated.fuzzy:
            yield f"{message.locations[0][0]}:{message.locations[0][1]}: {message.id!r} is not translated"
            continue
        yield from (f"{message.id!r}: {fault}" for fault in _placeholder_faults(catalog, translated))


def _is_filled(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _placeholder_faults(catalog: Catalog, message: Message) -> Iterator[str]:
    for checker in checkers:
        try:
            checker(catalog, message)
        except ValueError as error:
            yield str(error)


def main() -> int:
    """Say every fault of every catalogue. Returns the exit status."""
    wanted = extracted()
    faults = []
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        faults += [f"{path.parts[-3]}: {fault}" for fault in faults_of(catalog, wanted)]
    print("\n".join([*faults, f"Translations: {len(wanted)} strings, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
