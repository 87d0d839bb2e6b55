"""How each kind of notice reaches a person, whatever they have chosen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tjs_moderation.domain.notices import CONCERNS, GROUP_OF, USUAL, delivery_of, offered
from tjs_moderation.domain.vocabulary import GRANTS, Delivery, NoticeGroup, NoticeKind


def test_every_group_has_its_usual_way_and_concerns_somebody() -> None:
    everybodys = frozenset().union(*GRANTS.values())
    assert set(USUAL) == set(CONCERNS) == set(NoticeGroup) == set(GROUP_OF.values())
    assert all(CONCERNS[group] & everybodys for group in NoticeGroup)
    assert all(USUAL[group] in offered(group) for group in NoticeGroup)
    assert set(NoticeKind) - set(GROUP_OF) == {NoticeKind.SECURITY}


@pytest.mark.parametrize(
    ("kind", "chosen", "delivery"),
    [
        (NoticeKind.ROUTED, {}, Delivery.AT_ONCE),
        (NoticeKind.ANSWERED, {}, Delivery.SUMMARY),
        (NoticeKind.ROUTED, {"desk": "none"}, Delivery.NONE),
        (NoticeKind.RETURNED, {"desk": "summary"}, Delivery.SUMMARY),
        (NoticeKind.ROUTED, {"desk": "by pigeon"}, Delivery.AT_ONCE),
        (NoticeKind.SECURITY, dict.fromkeys(NoticeGroup, "none"), Delivery.AT_ONCE),
    ],
)
def test_a_notice_comes_as_its_group_was_chosen(
    kind: NoticeKind, chosen: Mapping[str, str], delivery: Delivery
) -> None:
    assert delivery_of(kind, chosen) is delivery
