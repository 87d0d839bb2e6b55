"""What people decided about a text, as the yardstick of rules. A part of reads."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select
from sqlalchemy.sql.expression import SQLColumnExpression

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Decision, Item
from tjs_moderation.services.standing import STANDS

_VERDICTS = {
    DecisionKind.KEEP: Verdict.KEPT,
    DecisionKind.REMOVE: Verdict.REMOVED,
    DecisionKind.DELETE: Verdict.REMOVED,
}


def decided_kind(text_version: SQLColumnExpression[int]) -> ScalarSelect[DecisionKind]:
    """The newest of keep, remove and delete that people decided of `Item` in this version of its text, and let stand.

    For a query that reads items; NULL where there is none.
    """
    return (
        select(Decision.kind)
        .where(
            Decision.item_id == Item.id,
            Decision.text_version == text_version,
            Decision.kind.in_(_VERDICTS),
            Decision.decided_by_id.is_not(None),
            STANDS,
        )
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate_except(Decision)
        .scalar_subquery()
    )


def verdict_of(kind: DecisionKind | None) -> Verdict | None:
    """Whether a decision left the text where it was or took it out of sight; None for no decision."""
    return _VERDICTS[kind] if kind else None
