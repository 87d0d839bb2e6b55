"""The links of a draft: which there are, and what is known of those that were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.words import WordKind, cut
from tjs_moderation.domain.vocabulary import LinkState

LONGEST_LINK = 2_000
MOST_LINKS = 20
"""So many links of one draft are looked at."""

_TRAILING = ".,;:!?)]}'\"”’»…"


class Link(NamedTuple):
    """A link as it is opened, and where it stands."""

    url: str
    start: int
    end: int


def links_in(text: str) -> list[Link]:
    """The first links of a text, in order. What ends a sentence is not part of one."""
    found: list[Link] = []
    for word in cut(fold(text)):
        if word.kind is WordKind.LINK and len(found) < MOST_LINKS:
            shown = text[word.start : word.end].rstrip(_TRAILING)
            if 0 < len(shown) <= LONGEST_LINK:
                url = shown if "://" in shown else f"https://{shown}"
                found.append(Link(url, word.start, word.start + len(shown)))
    return found


def finished_links(text: str) -> list[str]:
    """The addresses of a text that somebody has finished typing: one at its very end may still grow."""
    return list(dict.fromkeys(link.url for link in links_in(text) if link.end < len(text)))


def links(text: str, seen: Mapping[str, LinkState]) -> Finds:
    """The links that do not open, and those nobody has looked at yet; `seen` is what is known by address."""
    for link in links_in(text):
        state = seen.get(link.url)
        if state in (None, LinkState.DUE, LinkState.UNSURE):
            yield Found(Check.UNSEEN_LINK, (link.start, link.end), {"is_due": state is not LinkState.UNSURE})
        elif state is not LinkState.OPENS:
            yield Found(Check.BROKEN_LINK, (link.start, link.end), {"is_forbidden": state is LinkState.FORBIDDEN})
