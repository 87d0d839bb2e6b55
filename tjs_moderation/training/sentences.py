"""The sentences written for this program, with what should become of each; and the split that keeps some unseen."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from tjs_moderation.domain.vocabulary import Outcome

_CORPUS = files(__package__).joinpath("corpus")
SOURCES = tuple(sorted(file.name.removesuffix(".tsv") for file in _CORPUS.iterdir() if file.name.endswith(".tsv")))
UNSEEN = frozenset({"fi_aa", "fi_s"})
"""Writers that nothing learns from: they tell what the weights that ship make of somebody new."""
_HELD_BACK_TENTHS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One written sentence. `source` is its file.

    `topics`: the one whose expert should answer first, then what else it is about; empty where the text alone does not
    tell (docs/model-card.md says how it was decided).
    """

    source: str
    text: str
    outcome: Outcome
    category: str
    target: str
    speech: str
    is_question: bool
    topics: tuple[str, ...]
    language: str

    @property
    def is_held_back(self) -> bool:
        """Whether it belongs to the 30 % that nothing is tuned on. Hangs on the text alone, so it never moves."""
        digest = hashlib.sha256(self.text.casefold().encode("utf-8")).digest()
        return digest[0] % 10 < _HELD_BACK_TENTHS


def sentences() -> Iterator[Sentence]:
    """Every sentence of every source, in the order of the files."""
    for source in SOURCES:
        lines = _CORPUS.joinpath(f"{source}.tsv").read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Sentence(
                source,
                row["text"],
                Outcome(row["outcome"]),
                row["category"],
                row["target"],
                row["speech"],
                row["is_question"] == "1",
                tuple(filter(None, row["topic"].split(","))),
                row["language"],
            )
