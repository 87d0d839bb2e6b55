"""What stands of what was decided, for queries that read `Item` or `Decision`.

Aliases and conditions are made once, here as elsewhere: each alias copies every column of its table, and made anew for
each query that cost more than asking the database did.
"""

from __future__ import annotations

from sqlalchemy import exists
from sqlalchemy.orm import aliased

from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Decision, Item

_Undoing = aliased(Decision)

STANDS = ~exists().where(_Undoing.takes_back_id == Decision.id)
"""That `Decision` was not taken back."""

IS_REMOVED = exists().where(
    Decision.item_id == Item.id, Decision.kind.in_((DecisionKind.REMOVE, DecisionKind.DELETE)), STANDS
)
"""That a removal of `Item` is in force."""
