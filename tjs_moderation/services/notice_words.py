"""What a notice says, in Finnish: the same in the console and by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import NoticeKind
from tjs_moderation.models import Notice


@dataclass(frozen=True, slots=True)
class Words:
    """What has happened, and what the person does next; `endpoint` is the page for that where it is no item's."""

    headline: object
    todo: object
    endpoint: str = "morning.show"


WORDS: Mapping[NoticeKind, Words] = {
    NoticeKind.ROUTED: Words(_("Sinulle on ohjattu kysymys"), _("Lue kysymys ja kirjoita siihen vastaus.")),
    NoticeKind.HEARD: Words(
        _("Työtoverille ohjattiin kysymys, jossa on myös sinun aihettasi"),
        _("Kirjoita muistiinpano, jos sinulla on siihen sanottavaa."),
    ),
    NoticeKind.RETURNED: Words(
        _("Vastauksesi palautettiin korjattavaksi"), _("Katso, mitä tiedottaja pyytää, ja korjaa vastaus.")
    ),
    NoticeKind.REOPENED: Words(
        _("Kysyjä on kirjoittanut lisää"), _("Lue uusi viesti ja katso, tarvitaanko uusi vastaus.")
    ),
    NoticeKind.DUE_SOON: Words(_("Vastauksen määräaika lähestyy"), _("Kirjoita vastaus ennen määräaikaa.")),
    NoticeKind.OVERDUE: Words(
        _("Vastauksen määräaika on mennyt"), _("Kirjoita vastaus, tai palauta kysymys tiedottajalle.")
    ),
    NoticeKind.ESCALATED: Words(
        _("Kysymys on yhä ilman vastausta määräajan jälkeen"),
        _("Kysy asiantuntijalta, ehtiikö hän vastata, tai ohjaa kysymys toiselle."),
    ),
    NoticeKind.UNREAD_DAY: Words(
        _("Työpäivä päättyi, ja viestejä on lukematta"), _("Käy läpi, mitä työpöydälläsi odottaa.")
    ),
    NoticeKind.TO_APPROVE: Words(_("Vastaus odottaa hyväksyntääsi"), _("Lue vastaus, ja hyväksy tai palauta se.")),
    NoticeKind.MENTIONED: Words(_("Sinut mainittiin muistiinpanossa"), _("Lue, mitä sinulta kysytään.")),
    NoticeKind.ANSWERED: Words(_("Vastauksesi on julkaistu"), _("Sinun ei tarvitse tehdä mitään.")),
    NoticeKind.CHANNEL_STOPPED: Words(
        _("Kanava on pysähtynyt"),
        _("Mitään ei lueta eikä lähetetä ennen kuin syy on korjattu. Katso Kunto-sivulta, mitä tehdä."),
        "checkup.show",
    ),
    NoticeKind.SUMMARY: Words(_("Mikä odottaa tänään"), _("Aloita työpöydältäsi.")),
    NoticeKind.SECURITY: Words(
        _("Kirjautumisesi tietoihin tuli muutos"),
        _("Jos et tehnyt muutosta itse, kerro siitä heti atk-suunnittelijalle."),
        "own_settings.show",
    ),
}

OTHERWISE: Mapping[tuple[NoticeKind, str], Words] = {
    (NoticeKind.RETURNED, "routing"): Words(
        _("Kysymys palautettiin tiedottajalle"), _("Katso, miksi, ja ohjaa kysymys toiselle tai vastaa itse.")
    ),
    (NoticeKind.TO_APPROVE, "lapsed"): Words(
        _("Hyväksytty vastaus jäi lähtemättä, koska kysyjä kirjoitti lisää"),
        _("Lue uusi viesti, ja hyväksy vastaus uudelleen tai palauta se."),
    ),
}
"""What a notice says whose key begins with another word than usual."""

OF_SECURITY: Mapping[str, object] = {
    "password_chosen": _("Salasanasi on vaihdettu"),
    "password_reset": _("Salasanasi on nollattu"),
    "new_device": _("Tunnuksellasi on kirjauduttu uudella laitteella"),
    "codes_added": _("Kirjautumiseesi on lisätty puhelimen koodi"),
    "codes_removed": _("Kirjautumisestasi on poistettu puhelimen koodi"),
    "passkey_added": _("Kirjautumiseesi on lisätty pääsyavain"),
    "passkey_removed": _("Kirjautumisestasi on poistettu pääsyavain"),
    "openid_added": _("Tunnuksesi on liitetty talon yhteiseen kirjautumiseen"),
    "factors_reset": _("Kirjautumisesi vahvistukset on poistettu"),
    "recovery_used": _("Tunnuksellasi on kirjauduttu varakoodilla"),
    "recovery_renewed": _("Sinulle on tehty uudet varakoodit"),
}
"""What has happened to a person's sign-in, by the first word of the notice's key."""


def words_of(notice: Notice) -> Words:
    """What a notice says."""
    words, code = WORDS[notice.kind], notice.key.partition(":")[0]
    if notice.kind is NoticeKind.SECURITY:
        return Words(OF_SECURITY.get(code, words.headline), words.todo, words.endpoint)
    return OTHERWISE.get((notice.kind, code), words)
