"""Takes a person's words and name out of what colleagues wrote anywhere. A part of verbs.

Every column of free text is looked through, whichever table it is in; a new one is looked through from the day it is
there. What is left out stands in `LEFT`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import Column, Table, Text, delete, func, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.quoting import Quotations
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.errors import FaultsError
from tjs_moderation.models import Base, RuleSet, RuleTrial, SavedSearch
from tjs_moderation.models.base import JsonText
from tjs_moderation.services.transaction import Work

LEFT: Mapping[str, str] = MappingProxyType(
    {
        "author": "other members of the public: their names are their own",
        "item": "what the channel told of it; the person's own is erased with the item",
        "item_text": "what other members of the public wrote is theirs; it is told how often the name stands there",
        "assessment": "words of the item's own text only, erased with the item",
        "post": "what the organisation has published on its page",
        "audit_entry": "holds no text of the public",
        "signed_head": "holds no text",
        "search_text": "worked out from the rest anew, a moment later",
        "rule_set": "looked through apart: what is taken out must leave rules that can be read",
        "rule_trial": "let go of as a whole where it quotes",
        "saved_search": "let go of as a whole where it asks for the person",
        "user_account": "the people who work here",
        "sign_in_link": "the people who work here",
        "setting": "holds no text of the public",
        "walk_thread": "ids of the channel",
        "channel": "of the organisation",
        "channel_connection": "of the organisation",
        "channel_secret": "sealed",
        "code_secret": "sealed",
        "passkey": "the people who work here",
        "day_tally": "names of topics",
        "earlier_answer": "base forms of the item's own words, deleted with the item",
        "page_rules": "what the organisation has published",
    }
)
"""The tables that are not looked through, each with the reason."""

SHORTEST = 5
"""What is shorter, in characters, names nobody: most reasons and words are empty."""

SHORT_ONES = frozenset({"import_run.file_name"})
"""Columns of bounded length that hold free text nevertheless."""


def swept() -> Iterator[tuple[Table, Column[Any]]]:
    """The columns that are looked through."""
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT:
            continue
        for column in table.columns:
            if isinstance(column.type, Text | JsonText) or f"{table.name}.{column.name}" in SHORT_ONES:
                yield table, column


def count(session: Session, quotations: Quotations) -> int:
    """In how many places of what colleagues wrote the person is quoted or named."""
    found = sum(1 for table, column in swept() for _ in _quoting(session, table, column, quotations))
    rules = sum(quotations.without(rule_set.text) != rule_set.text for rule_set in session.scalars(select(RuleSet)))
    return found + rules


def take_out(work: Work, quotations: Quotations) -> int:
    """Take the person out of everything colleagues wrote; gives in how many places they stood."""
    taken = 0
    for table, column in swept():
        for key, cleaned in list(_quoting(work.session, table, column, quotations)):
            work.session.execute(update(table).where(*key).values({column: cleaned}))
            taken += 1
    return taken + _let_go(work, quotations) + _from_rules(work, quotations)


def _quoting(
    session: Session, table: Table, column: Column[Any], quotations: Quotations
) -> Iterator[tuple[list[Any], object]]:
    """The rows that quote: what they are found by, and what would stand there without."""
    keys = list(table.primary_key)
    written = select(*keys, column).where(func.length(column) >= SHORTEST)
    rows = session.execute(written.execution_options(yield_per=2000))
    for *key, value in rows:
        cleaned = quotations.within(value)
        if cleaned != value:
            yield [part == known for part, known in zip(keys, key, strict=True)], cleaned


def _let_go(work: Work, quotations: Quotations) -> int:
    """Delete drafts of rules and kept searches that name or quote the person: half of one is no use to anybody."""
    gone = 0
    trials = work.session.execute(select(RuleTrial.id, RuleTrial.text, RuleTrial.why))
    searches = work.session.execute(select(SavedSearch.id, SavedSearch.name, SavedSearch.address))
    for model, rows in ((RuleTrial, trials.all()), (SavedSearch, searches.all())):
        ids = [id_ for id_, *told in rows if any(quotations.without(_plain(each)) != _plain(each) for each in told)]
        if ids:
            work.session.execute(delete(model).where(model.__table__.c.id.in_(ids)))
        gone += len(ids)
    return gone


def _from_rules(work: Work, quotations: Quotations) -> int:
    """Take the person out of the rules' examples. Rules that could not be read without are left to a person."""
    taken = 0
    for rule_set in work.session.scalars(select(RuleSet)):
        cleaned = quotations.without(rule_set.text)
        if cleaned != rule_set.text and _can_be_read(cleaned):
            rule_set.text = cleaned
            taken += 1
        rule_set.why = quotations.without(rule_set.why)
    return taken


def _can_be_read(rules: str) -> bool:
    try:
        parse_rule_set(rules)
    except FaultsError:
        return False
    return True


def _plain(told: str) -> str:
    """An address as words."""
    return unquote_plus(told)
