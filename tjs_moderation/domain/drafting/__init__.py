"""Drafts of answers looked through before they go out: each remark explained, none silent."""

from __future__ import annotations

from tjs_moderation.domain.drafting.blanks import blanks_in, fill
from tjs_moderation.domain.drafting.draft import Agreement, Draft, remarks_on
from tjs_moderation.domain.drafting.links import finished_links, links_in
from tjs_moderation.domain.drafting.remarks import CHOOSABLE, Check, Remark, Weight

__all__ = [
    "CHOOSABLE",
    "Agreement",
    "Check",
    "Draft",
    "Remark",
    "Weight",
    "blanks_in",
    "fill",
    "finished_links",
    "links_in",
    "remarks_on",
]
