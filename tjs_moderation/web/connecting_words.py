"""Connecting in plain Finnish: what is wrong with what was given, and what a missing permission means."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.connection import Step, TokenKind

SENTENCES: Mapping[str, object] = {
    # Connecting
    "app_id_odd": _("Sovelluksen tunnus on pelkkiä numeroita. Kopioi se Metan sovellussivun yläreunasta."),
    "app_secret_odd": _("Sovelluksen salaisuus puuttuu tai siinä on vääriä merkkejä. Kopioi se kokonaan ja uudelleen."),
    "app_and_secret_differ": _(
        "Facebook ei tunnista tätä tunnusta ja salaisuutta yhdessä. Tarkista, että molemmat ovat samasta sovelluksesta."
    ),
    "token_odd": _("Käyttöavain puuttuu tai siinä on vääriä merkkejä. Kopioi se kokonaan ja uudelleen."),
    "token_invalid": _("Käyttöavain ei kelpaa: se on peruttu tai vioittunut. Hae uusi avain Graph API Explorerista."),
    "token_expired": _("Käyttöavain on vanhentunut. Hae uusi avain Graph API Explorerista ja liitä se heti."),
    "token_of_another_app": _(
        "Käyttöavain kuuluu toiselle sovellukselle. Valitse Graph API Explorerissa oikea sovellus ja "
        "hae avain uudelleen."
    ),
    "token_of_an_app": _(
        "Tämä on sovelluksen avain, jolla ei pääse sivulle. Valitse Graph API Explorerissa User Token ja hae avain."
    ),
    "token_lacks_reading": _(
        "Avaimelta puuttuu oikeus lukea sivua ja sen kommentteja. Lisää Graph API Explorerissa oikeudet "
        "pages_read_engagement ja pages_read_user_content ja hae avain uudelleen."
    ),
    "token_lacks_show_list": _(
        "Avaimelta puuttuu oikeus pages_show_list, joten Facebook ei kerro, mitä sivuja se avaa. "
        "Lisää oikeus Graph API Explorerissa ja hae avain uudelleen."
    ),
    "token_opens_no_page": _(
        "Avain ei avaa yhtään sivua. Kirjaudu Facebookiin tunnuksella, jolla on tehtävä sivulla, ja salli sivu "
        "sovellukselle, kun haet avaimen."
    ),
    "token_opens_no_such_page": _("Avain ei avaa tätä sivua. Valitse sivu luettelosta tai hae uusi avain."),
    "give_app_first": _("Anna ensin sovelluksen tunnus ja salaisuus."),
    "give_token_first": _("Anna ensin käyttöavain."),
    "choose_page_first": _("Valitse ensin sivu."),
    "channel_not_connected": _("Kanavaa ei ole yhdistetty, joten katkaistavaa ei ole."),
    "channel_from_environment": _(
        "Kanava on määritetty palvelimen ympäristössä. Muuta sitä siellä tai poista määritykset ympäristöstä."
    ),
    "connection_changed": _("Joku muutti yhteyttä sillä välin. Katso uusin tilanne ja yritä uudelleen."),
    # Secrets
    "secrets_key_missing": _(
        "Salaisuuksien avain puuttuu. Palauta avaintiedosto, tai katkaise yhteys ja yhdistä kanava uudelleen."
    ),
    "secrets_key_wrong": _(
        "Salaisuuksien avain on väärä. Palauta oikea avain, tai katkaise yhteys ja yhdistä kanava uudelleen."
    ),
    "secrets_key_damaged": _(
        "Avaintiedosto on vioittunut. Palauta se, tai katkaise yhteys ja yhdistä kanava uudelleen."
    ),
    "secrets_key_unreadable": _("Avaintiedostoa ei voi lukea. Tarkista tiedoston omistaja ja oikeudet."),
    "secrets_key_unwritable": _("Avaintiedostoa ei voi kirjoittaa. Tarkista asennuskansion oikeudet ja levytila."),
    "secrets_key_in_environment": _(
        "Avain tulee ympäristöstä. Aseta TJS_CREDENTIALS_KEY muotoon UUSI,VANHA ja anna komento uudelleen."
    ),
}

DUTIES: Mapping[str, object] = {
    "pages_show_list": _("sivun valitseminen luettelosta"),
    "pages_read_engagement": _("julkaisujen lukeminen"),
    "pages_read_user_content": _("kommenttien lukeminen"),
    "pages_manage_engagement": _("kommenttien piilottaminen ja poistaminen sekä niihin vastaaminen"),
    "pages_manage_metadata": _("tieto uusista kommenteista heti, ilman kymmenen minuutin odotusta"),
    "pages_messaging": _("yksityisviestien lukeminen ja niihin vastaaminen"),
}
"""What each permission is asked for: without it, this is done by hand."""

KINDS: Mapping[str, object] = {
    TokenKind.USER: _("henkilön avain"),
    TokenKind.PAGE: _("sivun avain"),
    TokenKind.SYSTEM_USER: _("järjestelmäkäyttäjän avain"),
    TokenKind.APP: _("sovelluksen avain"),
    TokenKind.UNKNOWN: _("tuntematon avain"),
}

HEADINGS: Mapping[Step, object] = {
    Step.APP: _("Sovellus"),
    Step.TOKEN: _("Käyttöavain"),
    Step.PAGE: _("Sivu"),
    Step.EVENTS: _("Tapahtumat heti"),
    Step.START: _("Käyttöönotto"),
}


def register(app: Flask) -> None:
    """Give the templates of `app` the filters `duty` and `token_kind`."""
    app.jinja_env.filters.update(
        duty=lambda permission: DUTIES.get(permission, permission), token_kind=lambda kind: KINDS.get(kind, kind)
    )
