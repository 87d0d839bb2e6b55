"""Brings an install up to date, and tells whether it is ready."""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import files

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Finding
from tjs_moderation.domain.vocabulary import ChannelKind
from tjs_moderation.errors import ConfigurationError, ConflictError, InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, DecisionReason, RuleSet, Topic
from tjs_moderation.services.checkup.database import schema_of
from tjs_moderation.services.recounting import begin_counting
from tjs_moderation.services.rules import publish_rules
from tjs_moderation.services.transaction import CONSOLE, transact

FILES_CHANNEL = "kasin"
"""The channel files come into where none is named."""

_CHANNELS = (("facebook", ChannelKind.FACEBOOK), (FILES_CHANNEL, ChannelKind.BY_HAND))

_TOPICS = (
    ("epaasiallinen-kohtelu", "Epäasiallinen kohtelu", False),
    ("patkatyot", "Pätkätyöt", False),
    ("ewc", "EWC eli eurooppalainen yritysneuvosto", False),
    ("historiahanke", "Historiahanke", False),
    ("yhdistystoiminta", "Yhdistystoiminta", True),
    ("koulutus", "Koulutus", False),
)

_OTHER = (
    "Muu syy, kerro omin sanoin",
    "Annan orsak, berätta med egna ord",
    "Another reason, tell it in your own words",
)

_REASONS = (
    ("insulting", True, "Loukkaa tai solvaa", "Kränker eller smädar", "Insults somebody"),
    ("degrading", True, "Halventaa", "Förnedrar", "Degrades somebody"),
    ("inappropriate", True, "On asiaton tai rivo", "Är osaklig eller oanständig", "Is improper or obscene"),
    ("threat", True, "Uhkaa", "Hotar", "Threatens"),
    (
        "discriminating",
        True,
        "Syrjii tai lietsoo vihaa",
        "Diskriminerar eller hetsar till hat",
        "Discriminates or incites hatred",
    ),
    ("harassment", True, "Häiritsee tai ahdistelee", "Trakasserar eller ofredar", "Harasses somebody"),
    (
        "personal_data",
        True,
        "Kertoo toisen henkilötietoja",
        "Berättar någon annans personuppgifter",
        "Tells somebody else's personal data",
    ),
    (
        "spam",
        True,
        "On mainos, roskapostia tai huijaus",
        "Är reklam, skräppost eller bedrägeri",
        "Is advertising, spam or a scam",
    ),
    ("other_removal", True, *_OTHER),
    ("criticism", False, "Kriittinen mutta asiallinen", "Kritisk men saklig", "Critical but fair"),
    ("harsh", False, "Kärkevä mutta sallittu", "Tillspetsad men tillåten", "Sharp but allowed"),
    (
        "quoted",
        False,
        "Kertoo, mitä joku muu sanoi",
        "Berättar vad någon annan har sagt",
        "Tells what somebody else said",
    ),
    ("mistaken", False, "Ehdotus oli väärä", "Förslaget var fel", "The proposal was wrong"),
    ("other_keep", False, *_OTHER),
)
"""The reasons an install begins with: code, whether for a removal, and the words in Finnish, Swedish and English."""


def prepare() -> None:
    """Migrate the database to the newest schema and put in place what an install begins with; again changes nothing."""
    directory = current_app.extensions["migrate"].directory
    _refuse_newer()
    upgrade(directory=directory)
    with Session(db.engine) as session:
        is_new = session.scalar(select(RuleSet.id).limit(1)) is None
    if is_new:
        # Two servers may start on one empty database: whoever comes second finds the work done.
        with suppress(ConflictError):
            _begin()
        with suppress(ConflictError):
            _publish_default_rules()
    begin_counting()


def _refuse_newer() -> None:
    """Raises ConfigurationError where the schema is of a newer program: what that one wrote could not be kept whole."""
    found = schema()
    if found.code == "schema_newer":
        facts = "schema {found}, this program knows {newest}".format(**found.facts)
        told = f"the database was brought up to date by a newer version of this program ({facts})"
        raise ConfigurationError([f"{told}: update the program, or restore a backup from before"])


def _publish_default_rules() -> None:
    try:
        publish_rules(CONSOLE, default_rules(), "Asennuksen mukana tulleet säännöt")
    except InvalidInputError as error:
        if str(error) != "rules_unchanged":
            raise


def default_rules() -> str:
    """The rule set that is shipped, as text."""
    return files("tjs_moderation.domain.rulebook").joinpath("oletus.rules").read_text(encoding="utf-8")


def _begin() -> None:
    with transact(CONSOLE) as work:
        known = set(work.session.scalars(select(Channel.name)))
        if known:
            work.leave_no_entry()
            return
        work.session.add_all(Channel(name=name, kind=kind, stopped_reason="") for name, kind in _CHANNELS)
        work.session.add_all(Topic(slug=slug, name=name, is_open_to_all=is_open) for slug, name, is_open in _TOPICS)
        work.session.add_all(
            DecisionReason(
                code=code, label=finnish, label_sv=swedish, label_en=english, for_removal=for_removal, position=position
            )
            for position, (code, for_removal, finnish, swedish, english) in enumerate(_REASONS)
        )
        work.record("install")


def schema() -> Finding:
    """Whether the schema is that of this program."""
    with db.engine.connect() as connection:
        return schema_of(connection, current_app.extensions["migrate"].directory)


def readiness() -> dict[str, bool]:
    """Whether the database and the queue answer, and the schema is the newest."""
    return {"database": _database_answers(), "migrations": _is_migrated(), "queue": _queue_answers()}


def _database_answers() -> bool:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _is_migrated() -> bool:
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    try:
        with db.engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())
    except SQLAlchemyError:
        return False


def _queue_answers() -> bool:
    try:
        current_app.extensions["tjs_queue"].pending_count()
    except Exception:  # noqa: BLE001  # whatever the queue's library raises, the answer is no
        return False
    return True
