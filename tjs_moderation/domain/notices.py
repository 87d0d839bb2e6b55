"""Which notices belong together, and how each group reaches a person who has chosen nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tjs_moderation.domain.vocabulary import Delivery, NoticeGroup, NoticeKind, Permission

GROUP_OF: Mapping[NoticeKind, NoticeGroup] = MappingProxyType(
    {
        NoticeKind.ROUTED: NoticeGroup.DESK,
        NoticeKind.HEARD: NoticeGroup.DESK,
        NoticeKind.RETURNED: NoticeGroup.DESK,
        NoticeKind.REOPENED: NoticeGroup.DESK,
        NoticeKind.DUE_SOON: NoticeGroup.DEADLINES,
        NoticeKind.OVERDUE: NoticeGroup.DEADLINES,
        NoticeKind.ESCALATED: NoticeGroup.DEADLINES,
        NoticeKind.UNREAD_DAY: NoticeGroup.DEADLINES,
        NoticeKind.TO_APPROVE: NoticeGroup.APPROVALS,
        NoticeKind.MENTIONED: NoticeGroup.MENTIONS,
        NoticeKind.ANSWERED: NoticeGroup.ANSWERS,
        NoticeKind.CHANNEL_STOPPED: NoticeGroup.CHANNELS,
        NoticeKind.SUMMARY: NoticeGroup.MORNING,
    },
)
"""The group of each kind. `SECURITY` is in none: nobody can choose not to hear of it."""

USUAL: Mapping[NoticeGroup, Delivery] = MappingProxyType(
    dict.fromkeys(NoticeGroup, Delivery.AT_ONCE) | {NoticeGroup.ANSWERS: Delivery.SUMMARY},
)
"""How a group is delivered to a person who has chosen nothing."""

CONCERNS: Mapping[NoticeGroup, frozenset[Permission]] = MappingProxyType(
    {
        NoticeGroup.DESK: frozenset({Permission.SEE_ROUTED_ITEMS}),
        NoticeGroup.DEADLINES: frozenset({Permission.SEE_ROUTED_ITEMS}),
        NoticeGroup.APPROVALS: frozenset({Permission.APPROVE_ANSWER}),
        NoticeGroup.MENTIONS: frozenset({Permission.SEE_ROUTED_ITEMS}),
        NoticeGroup.ANSWERS: frozenset({Permission.DRAFT_ANSWER}),
        NoticeGroup.CHANNELS: frozenset({Permission.WORK_OUTBOX, Permission.RUN_CHANNELS}),
        NoticeGroup.MORNING: frozenset({Permission.SEE_ROUTED_ITEMS}),
    },
)
"""Whom a group concerns: those who hold one of these permissions."""


def offered(group: NoticeGroup) -> tuple[Delivery, ...]:
    """What can be chosen for a group."""
    return (Delivery.AT_ONCE, Delivery.NONE) if group is NoticeGroup.MORNING else tuple(Delivery)


def delivery_of(kind: NoticeKind, chosen: Mapping[str, str]) -> Delivery:
    """How a notice of `kind` reaches a person who has `chosen` this (group → delivery); bad choices are the usual."""
    group = GROUP_OF.get(kind)
    if group is None:
        return Delivery.AT_ONCE
    try:
        return Delivery(chosen.get(group, USUAL[group]))
    except ValueError:
        return USUAL[group]
