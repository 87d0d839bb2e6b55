"""What the house has agreed on about drafts: the subjects it does not publish, and which remarks block (P5, P6)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tjs_moderation.domain.drafting import Agreement
from tjs_moderation.domain.rulebook.topic_text import faulty_words
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Setting
from tjs_moderation.services.changes import check_actor, keep_change
from tjs_moderation.services.options import DRAFT_CHECKS, put_setting, subject_of
from tjs_moderation.services.transaction import Actor, transact

LONGEST_LIST = 500
"""How many subjects, and how many contact details, can be listed."""


def agreement(session: Session) -> Agreement:
    """What drafts are looked through for now."""
    kept = session.get(Setting, DRAFT_CHECKS)
    return Agreement.of(kept.value if kept else None)


def set_draft_checks(actor: Actor, agreed: Agreement, seen: int | None = None) -> bool:
    """Agree on what drafts are looked through for; gives whether anything became another.

    A person needs the permission to edit rules. InvalidInputError for subjects that cannot be looked for, or lists that
    are too long.
    """
    if faults := faulty_words(agreed.subjects):
        raise InvalidInputError("draft_subjects", words=" ".join(faults[:10]))
    if max(len(agreed.subjects), len(agreed.own_contacts)) > LONGEST_LIST:
        raise InvalidInputError("draft_lists", most=LONGEST_LIST)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        entry = keep_change(work, subject_of(DRAFT_CHECKS), seen, agreement(work.session).told, agreed.told)
        if not entry:
            work.leave_no_entry()
            return False
        put_setting(work.session, DRAFT_CHECKS, agreed.told)
        work.record("set_draft_checks", **entry)
    return True
