"""Rules that would hide insults by themselves, and what came of it: what the tests of automatic acts begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.fakes import WordJudge
from tests.support.house import House
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import (
    AutomaticStep,
    Category,
    DecisionKind,
    Outcome,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import Decision, Item, StoredAssessment
from tjs_moderation.services import casework

INSULT = "Olet idiootti."

RULES = """\
sanat solvaukset:
  idiootti

sääntö solvaus
  kun lista: solvaukset
  niin poista: loukkaus
  automaattisesti: piilota, enintään 3 päivässä
  koska "Loukkaa."

sääntö toinen
  kun lista: solvaukset
  niin poista: loukkaus
  automaattisesti: piilota
  koska "Loukkaa."
"""


class SureJudge(WordJudge):
    """The word judge, with rules that may hide by themselves: *solvaus*, and *toinen* where the text says so."""

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for reading, assessment in zip(readings, super().assess(readings), strict=True):
            rule = "toinen" if "toinen" in reading.text else "solvaus"
            yield self.changed(replace(assessment, automatic=rule if assessment.outcome is Outcome.REMOVE else ""))

    def changed(self, assessment: Assessment) -> Assessment:
        return assessment


class BlindSureJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, failure="The dictionary is missing.")


class DoubtingJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, outcome=Outcome.WEIGH)


class OddJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, category=Category.CRITICISM)


def wire(app: Flask, **changed: Any) -> None:
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], **changed)


def step(external_id: str = "c1") -> AutomaticStep:
    with Session(db.engine) as session:
        statement = select(StoredAssessment.automatic_step).order_by(StoredAssessment.id.desc())
        named = statement.join(Item, Item.id == StoredAssessment.item_id).where(Item.external_id == external_id)
        return session.scalars(named.limit(1)).one()


def decisions() -> list[Decision]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def confirm(house: House, external_id: str = "c1") -> int:
    item = house.item(external_id)
    return casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")


def take_back_last(house: House, external_id: str = "c1") -> int:
    return casework.take_back(house.tiedottaja, decisions()[-1].id, house.item(external_id).version)
