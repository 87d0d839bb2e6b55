"""Everything that is measured, in the order it is shown, and the goals that still wait for a measurement."""

from __future__ import annotations

from tjs_moderation.bench import desk, drafting, judging, matching, proof, screen, starting, walk, webhooks
from tjs_moderation.bench.desk import SMALL, Desk
from tjs_moderation.bench.frame import Sitting
from tjs_moderation.bench.yard import Yard

MANY, FEW = 1_000_000, 300
"""How many items the desk is measured with, and entries of the log are checked, usually and to be quick."""

FINBERT = "koko arvio FinBERT-largen rinnalla (≥ 1 000 ×)"
SCREEN = "seuraava viesti näytöllä (≤ 100 ms): selainta tai Playwrightia ei ole"
POSTGRES = "työpöydän mittaukset PostgreSQLillä (anna --postgres ja tyhjän tietokannan osoite)"


def sittings(items: int = FEW, postgres_url: str | None = None) -> tuple[Sitting, ...]:
    """All of them; those of the desk with so many items on SQLite, and on the empty PostgreSQL at `postgres_url`.

    The audit log that is checked has as many entries.
    """
    small = Yard(min(items, SMALL))
    desks = desk.sittings(Desk(Yard(items), small))
    answers = drafting.MANY if items > FEW else drafting.FEW
    shelves = [drafting.sitting(drafting.Shelf(Yard(small.items), answers))]
    if postgres_url is not None:
        served = Yard(items, postgres_url)
        desks += desk.sittings(Desk(served, small), "_postgres", ", PostgreSQL")
        shelves.append(drafting.sitting(drafting.Shelf(served, answers), "_postgres", ", PostgreSQL"))
    return (
        *(*judging.SITTINGS, *starting.SITTINGS, *matching.SITTINGS, *webhooks.SITTINGS, *walk.SITTINGS),
        *proof.sittings(proof.Log(small, items)),
        *desks,
        *shelves,
        *(screen.sittings(small) if screen.is_there() else ()),
    )


def not_measured(postgres_url: str | None = None) -> tuple[str, ...]:
    """Goals without a measurement, said in every report, so that silence is not taken for success."""
    unseen = () if screen.is_there() else (SCREEN,)
    return (FINBERT, *unseen) if postgres_url else (FINBERT, *unseen, POSTGRES)
