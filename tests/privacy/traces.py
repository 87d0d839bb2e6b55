"""A person who has left words everywhere, and a look for them in every table, file and index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote_plus, unquote_plus

from sqlalchemy import LargeBinary, String, cast, insert, select, text
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind, OpinionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Base, RuleTrial
from tjs_moderation.services import answers, casework, hooks, notes, opinions, routing, saved_searches
from tjs_moderation.services.import_files import rejects_path

NAME = "Tuulikki Meriläinen"
WORDS = "kaarnaveneen purjeet lepattivat saunarannan laiturilla koko pitkän illan"
SECRET = "lumihiutaleiden kertomukset kuuluvat vain minulle ja hiljaiselle metsälle"
MARKS = ("meriläinen", "lepattivat", "kaarnaveneen", "lumihiutaleiden", "mer-77", "c-merilainen")
"""What must not be found anywhere, in small letters: of the name, of each text, of the channel's names for both."""

AUTHOR = {"author_external_id": "mer-77", "author_name": NAME}


def leave_words_everywhere(house: House) -> int:
    """Let a person write, be answered, noted and decided about, quoted and looked for; gives the author's id."""
    tiedottaja = house.tiedottaja
    item = house.receive(
        "c-merilainen-1", f"Olet idiootti. {WORDS}.", **AUTHOR, permalink="https://facebook.example/mer-77"
    )
    house.receive("c-merilainen-1", f"Olet idiootti. {WORDS}, sanoi hän.", **AUTHOR)
    item = house.item("c-merilainen-1")
    notes.write_note(tiedottaja, item.id, f"Hän kirjoitti taas: {WORDS}.")
    opinions.ask_opinion(tiedottaja, item.id, house.expert, f"Mitä tarkoittaa ”{WORDS}”?")
    opinions.give_opinion(house.expert, item.id, OpinionKind.REMOVE, f"{NAME} solvaa.")
    item = house.item("c-merilainen-1")
    casework.decide(tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting", f"{NAME}: {WORDS}")
    _ask_in_private(house)
    _quote_elsewhere(house)
    house.wait_and_send()
    return item.author_id or 0


def _ask_in_private(house: House) -> None:
    private = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t_mer"}
    item = house.receive("c-merilainen-2", f"{SECRET}, miten ewc perustetaan?", **AUTHOR, **private)
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, f"{NAME} kysyy.")
    answers.save_draft(house.expert, item.id, f"Hei {NAME}! Kirjoitit: {SECRET}.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    answers.send_back(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, f"{NAME} kysyi muuta.")
    house.receive("own-1", f"Kiitos viestistä, {NAME}: {SECRET}.", author_external_id="1000", is_own=True, **private)


def _quote_elsewhere(house: House) -> None:
    other = house.receive("c-other", "Aivan tavallinen viesti.", author_external_id="p9", author_name="Toinen Ihminen")
    notes.write_note(house.tiedottaja, other.id, f"Vertaa: ”{WORDS}”, {NAME}.")
    saved_searches.save_search(house.tiedottaja, "Haku", f"writer={quote_plus(NAME)}")
    with Session(db.engine) as session:
        trial = {"text": f"# {WORDS}", "began_from": 1, "why": NAME, "started_by_id": house.tiedottaja}
        session.execute(insert(RuleTrial).values(**trial, started_at=house.clock.now, to_read=0, is_cut=False))
        session.commit()
    body = json.dumps({"entry": [{"id": "1000", "value": {"from": {"id": "mer-77", "name": NAME}, "message": WORDS}}]})
    hooks.keep("facebook", body.encode())
    rejects_path(1).parent.mkdir(parents=True, exist_ok=True)
    rejects_path(1).write_text(f"line;reason;row\n1;date;{NAME}, {WORDS}\n", encoding="utf-8-sig")


def where_it_stands() -> Iterator[str]:
    """Every column of every table in which a mark stands, the ledger's own ids left out."""
    with Session(db.engine) as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if f"{table.name}.{column.name}" in LEDGER:
                    continue
                told = column if isinstance(column.type, LargeBinary) else cast(column, String)
                for value in session.scalars(select(told).where(column.is_not(None))):
                    written = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    plain = written.encode().decode("unicode_escape", "replace") if "\\u" in written else written
                    plain = unquote_plus(plain) if "%" in plain else plain
                    if any(mark in plain.lower() for mark in MARKS):
                        yield f"{table.name}.{column.name}: {written}"
        for mark in MARKS[:4]:
            if _is_found(session, mark):
                yield f"search_index: {mark}"


LEDGER = {"item.external_id", "item.parent_external_id", "act.target_external_id"}
"""Where the channel's own ids of comments stay: they keep the same thing from coming in again."""


def _is_found(session: Session, mark: str) -> bool:
    if db.engine.dialect.name == "sqlite":
        session.execute(text("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_index, row)"))
        looked = "SELECT 1 FROM temp.words WHERE term LIKE :mark"
    else:
        looked = "SELECT 1 FROM search_text WHERE search_index::text LIKE :mark"
    found = session.execute(text(looked), {"mark": f"%{mark}%"}).first()
    session.rollback()
    return found is not None


def files_that_hold_it(house: House) -> list[str]:
    """The files of the instance folder in which a mark stands, the ledger's ids left out."""
    found = []
    for path in sorted(house.instance.rglob("*")):
        if path.is_file():
            held = path.read_bytes().lower()
            found += [f"{path.name}: {mark}" for mark in MARKS[:5] if mark.encode() in held]
    return found
