"""Why a row or a file was not taken in, in the words of the people who read it: on the page and in the rejects file."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

ROW_SENTENCES: Mapping[str, object] = {
    "missing_id": _("Rivillä ei ole tunnusta (id)."),
    "missing_text": _("Rivillä ei ole tekstiä (text)."),
    "missing_field": _("Kohdasta puuttuu tieto %(field)s."),
    "bad_date": _("Aikaa ”%(written)s” ei voi lukea. Kirjoita se muodossa 2026-11-22T14:30."),
    "bad_value": _("Tiedossa %(column)s on jotain muuta kuin tekstiä."),
    "bad_character": _("Tiedossa %(column)s on merkki, joka ei kuulu tekstiin."),
    "bad_encoding": _("Rivillä on merkkejä, joita ei voi lukea. Tallenna tiedosto muodossa UTF-8."),
    "bad_json": _("Kohta ei ole kelvollista JSONia."),
    "bad_quotes": _("Lainausmerkit eivät täsmää. Tekstin sisällä oleva lainausmerkki kirjoitetaan kahdesti."),
    "column_count": _("Rivillä on %(found)s saraketta, otsikkorivillä %(wanted)s."),
    "field_too_long": _("Tieto %(column)s on liian pitkä: siinä saa olla enintään %(limit)s merkkiä."),
    "not_an_object": _("Kohta ei ole JSON-olio, jolla on id ja text."),
    "repeated_header": _("Otsikkorivi toistuu kesken tiedoston."),
    "row_too_long": _("Rivi on liian pitkä: siinä saa olla enintään %(limit)s merkkiä."),
    "truncated": _("Tiedosto katkeaa kesken tämän kohdan. Hae tiedosto uudelleen."),
    "unknown_kind": _("Lajia ”%(kind)s” ei ole. Laji on comment tai message."),
}

FILE_SENTENCES: Mapping[str, object] = {
    "not_found": _("Tiedostoa ei löydy."),
    "directory": _("Tämä on kansio. Anna tiedosto."),
    "not_a_file": _("Tämä ei ole tavallinen tiedosto."),
    "unreadable": _("Tiedostoa ei voi lukea: %(why)s."),
    "compressed": _("Tiedosto on pakattu (%(kind)s). Pura se ja tuo purettu tiedosto."),
    "spreadsheet": _("Tiedosto on taulukkolaskennan työkirja. Tallenna se muodossa ”CSV UTF-8” ja tuo tallennettu."),
    "not_text": _("Tiedosto ei ole tekstiä. Tuoda voi CSV-, JSONL- ja Facebookin JSON-tiedostoja."),
    "no_columns": _(
        "Otsikkoriviltä puuttuu: %(columns)s. Tiedosto alkaa näin: ”%(found)s”. "
        "Ensimmäisellä rivillä pitää olla sarakkeiden nimet, ainakin id ja text."
    ),
    "same_column_twice": _("Otsikkorivillä on sama sarake kahdesti: %(columns)s. Jätä vain toinen."),
    "unknown_format": _("Tiedostomuotoa ei tunneta. Tunnetut muodot: %(known)s."),
    "unknown_json": _("JSON ei ole Facebookin tiedosto eikä Graph API:n vastaus, joten siitä ei löytynyt tuotavaa."),
    "cut_conversation": _(
        "Tiedosto katkeaa ennen keskustelun tunnusta, jota ilman viestejä ei voi tunnistaa. Hae tiedosto uudelleen."
    ),
    "interrupted": _(
        "Tuonti keskeytettiin. Jo tuodut rivit ovat tallessa; tuo tiedosto uudelleen, niin loput tulevat."
    ),
    "defect": _("Tuonti päättyi ohjelmavirheeseen. Jo tuodut rivit ovat tallessa. Kerro asiasta atk-suunnittelijalle."),
}


def row_sentence(reason: str, facts: Mapping[str, object]) -> str:
    """Why a row was left out."""
    return _filled(ROW_SENTENCES.get(reason), facts)


def file_sentence(code: str, facts: Mapping[str, object]) -> str:
    """Why a file was not taken in, or not to its end."""
    return _filled(FILE_SENTENCES.get(code), facts)


def _filled(sentence: object | None, facts: Mapping[str, object]) -> str:
    if sentence is None:
        return str(gettext("Jotain meni pieleen."))
    return str(sentence) % facts
