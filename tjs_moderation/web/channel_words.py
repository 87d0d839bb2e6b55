"""Channels in plain Finnish: their names, and what they said when they refused something.

The codes are those of Meta's Graph API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import ChannelKind
from tjs_moderation.errors import GatewayFailure
from tjs_moderation.models import Channel
from tjs_moderation.services import walk_threads
from tjs_moderation.services.install import FILES_CHANNEL
from tjs_moderation.web.words import word

_TOKEN = _("Sivun valtuus ei enää kelpaa. Atk-suunnittelija voi hakea uuden Facebookista.")
_WAIT = _("Facebook pyytää odottamaan: pyyntöjä on ollut liian monta lyhyessä ajassa.")
_RIGHTS = _("Sivun valtuudesta puuttuu oikeus tähän. Atk-suunnittelija voi lisätä sen Facebookissa.")
_WINDOW = _("Yksityisviestiin saa vastata vain määräajan sisällä, ja se on kulunut umpeen.")
_NOBODY = _("Henkilölle ei voi lähettää viestiä: hän on estänyt sen tai poistunut Facebookista.")
_PASSING = _("Facebookissa oli tilapäinen häiriö.")
_CANNOT_HIDE = _(
    "Facebook ei anna piilottaa sivun omia tai sen ylläpitäjien kommentteja. "
    "Pyydä kirjoittajaa poistamaan se, poista se Facebookissa käsin tai vastaa siihen."
)
_SAID_NO = _("Facebook vastasi, ettei tehnyt tätä. Tarkista asia Facebookissa.")

_BY_CODE: Mapping[str, object] = {
    "1": _PASSING,
    "2": _PASSING,
    "4": _WAIT,
    "10": _RIGHTS,
    "10/2018278": _WINDOW,
    "17": _WAIT,
    "32": _WAIT,
    "100/33": _("Kommenttia ei enää ole, tai sivulla ei ole oikeutta siihen."),
    "100/2018001": _NOBODY,
    "102": _TOKEN,
    "190": _TOKEN,
    "200/1545041": _NOBODY,
    "341": _WAIT,
    "368": _("Facebook on estänyt sivulta tämän toiminnon toistaiseksi. Katso syy sivun tukipostista."),
    "492": _TOKEN,
    "551": _NOBODY,
    "613": _WAIT,
    "1200": _PASSING,
    "10900": _("Kommenttiin on jo vastattu yksityisesti kerran, eikä Facebook salli toista kertaa."),
    "80001": _WAIT,
    "80006": _WAIT,
}

_BY_FAILURE: Mapping[str, object] = {
    "can_hide: false": _CANNOT_HIDE,
    "success: false": _SAID_NO,
    GatewayFailure.TRANSIENT: _PASSING,
    GatewayFailure.THROTTLED: _WAIT,
    GatewayFailure.STOPPED: _TOKEN,
    GatewayFailure.PERMISSION: _RIGHTS,
    GatewayFailure.GONE: _BY_CODE["100/33"],
    GatewayFailure.REFUSED: _("Facebook ei hyväksynyt pyyntöä."),
    GatewayFailure.BAD_REQUEST: _("Facebook ei ymmärtänyt pyyntöä. Kerro tästä atk-suunnittelijalle."),
}

_THREADS: Mapping[str, object] = {
    walk_threads.POSTS: _("Julkaisujen luettelo"),
    walk_threads.COMMENTS: _("Julkaisun kommentit"),
    walk_threads.CONVERSATIONS: _("Keskustelujen luettelo"),
    walk_threads.MESSAGES: _("Keskustelun viestit"),
}

_COUNTS: Mapping[str, object] = {
    "comments": _("Kommentit"),
    "shares": _("Jaot"),
    "reactions": _("Reaktiot yhteensä"),
    "like": _("Tykkää"),
    "love": _("Ihastu"),
    "care": _("Välitä"),
    "haha": _("Haha"),
    "wow": _("Vau"),
    "sad": _("Surku"),
    "angry": _("Vihainen"),
}

_CODE = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}))?(?=,|$)")
_PERMISSION_CODES = range(200, 300)


def channel_name(channel: Channel) -> str:
    """What a channel is called on the pages: Facebook by its own name, files by what they are."""
    if channel.name == FILES_CHANNEL:
        return str(_("Tuodut tiedostot"))
    return word(channel.kind) if channel.kind is ChannelKind.FACEBOOK else channel.name


def thread_name(kind: str) -> str:
    """What the walk reads, by the kind of its thread."""
    return str(_THREADS[kind])


def count_name(kind: str) -> str:
    """What is counted of a post; a kind of reaction that we do not know by the channel's own word."""
    return str(_COUNTS.get(kind, kind))


def in_plain_words(detail: str) -> str:
    """What an act's or a channel's detail means, as a sentence; empty where it says nothing that we know."""
    found = _CODE.match(detail)
    if found is None:
        silent = _("Facebook ei vastannut kunnolla.") if detail.startswith(("HTTP", "Connect", "Read")) else ""
        return str(_BY_FAILURE.get(detail, silent))
    code, subcode = found.groups()
    known = _BY_CODE.get(f"{code}/{subcode}") or _BY_CODE.get(code)
    return str(known or (_RIGHTS if int(code) in _PERMISSION_CODES else ""))


def register(app: Flask) -> None:
    """Give the templates of `app` the filters `channel_name`, `thread_name`, `count_name` and `plain_words`."""
    app.jinja_env.filters.update(
        channel_name=channel_name, thread_name=thread_name, count_name=count_name, plain_words=in_plain_words
    )
