"""What a check found, in plain Finnish: what was seen, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from tjs_moderation.domain.health import Finding, Health
from tjs_moderation.web.channel_words import in_plain_words
from tjs_moderation.web.connecting_words import SENTENCES as OF_CONNECTING

TITLES: Mapping[str, object] = {
    "settings": _("Asetukset"),
    "app": _("Ohjelma"),
    "python": _("Python"),
    "libraries": _("Kirjastot"),
    "instance": _("Asennuskansio"),
    "key_files": _("Avaintiedostot"),
    "disk": _("Levytila"),
    "dictionary": _("Suomen sanasto"),
    "model": _("Arviointimalli"),
    "mail": _("Sähköposti"),
    "database": _("Tietokanta"),
    "schema": _("Tietokannan rakenne"),
    "queue": _("Työjono"),
    "worker": _("Työprosessi"),
    "clock": _("Kello"),
    "rules": _("Säännöt"),
    "counters": _("Jonojen laskurit"),
    "tallies": _("Päivien luvut"),
    "audit": _("Todisteiden ketju"),
    "heads": _("Ketjun allekirjoitukset"),
    "backlog": _("Arvioimatta"),
    "waiting_act": _("Lähtevät toimet"),
    "acts_in_trouble": _("Ongelmiin jääneet toimet"),
    "mails": _("Lähtevä posti"),
    "secrets": _("Salaisuudet"),
    "channel": _("Facebook-kanava"),
    "token": _("Käyttöavain"),
    "permissions": _("Käyttöoikeudet"),
    "walk": _("Sivun lukeminen"),
    "threads": _("Mitä ei saatu luettua"),
    "events": _("Tapahtumat Facebookista"),
    "usage": _("Facebookin pyyntökiintiö"),
    "hints": _("Selvittämättömät tapahtumat"),
}

HEALTHS: Mapping[Health, object] = {
    Health.OK: _("kunnossa"),
    Health.WARN: _("huomio"),
    Health.BAD: _("vika"),
    Health.UNKNOWN: _("ei tiedetä"),
}

_RESTART = _("Käynnistä palvelin: tjs-moderation serve.")
_RESTORE = _("Palauta varmuuskopio, tai asenna ohjelma uudelleen.")
_REINSTALL = _("Asenna ohjelma uudelleen: make setup.")
_CONNECT = _("Katso Kanavat-sivulta Yhteyden tiedot.")
_KEY = _("Palauta avaintiedosto varmuuskopiosta, tai katkaise yhteys ja yhdistä kanava uudelleen.")

WORDS: Mapping[str, tuple[object, object]] = {
    "settings": (
        _("Kelvottomia asetuksia: %(faults)s"),
        _("Korjaa ympäristömuuttujat ja käynnistä palvelin uudelleen."),
    ),
    "app": (
        _("Ohjelma ei käynnisty (%(kind)s)."),
        _("Katso asennuskansion oikeudet ja levytila, ja aja doctor uudelleen."),
    ),
    "not_looked_at": (_("Ei katsottu."), ""),
    "needs_database": (_("Ei voi katsoa ilman tietokantaa."), _("Korjaa ensin tietokanta.")),
    "check_failed": (
        _("Tarkistus itse epäonnistui (%(kind)s)."),
        _("Aja tarkistus uudelleen. Jos se toistuu, ilmoita viasta."),
    ),
    "python": (_("Python %(version)s."), _("Tarvitaan vähintään Python 3.11. Asenna se ja tee make setup.")),
    "libraries": (_("%(versions)s."), ""),
    "libraries_missing": (_("Puuttuu: %(names)s."), _REINSTALL),
    "instance": (_("%(path)s on kunnossa."), ""),
    "instance_missing": (_("Kansiota %(path)s ei ole."), _("Luo se tai korjaa TJS_INSTANCE_PATH. %(restart)s")),
    "instance_unwritable": (
        _("Kansioon %(path)s ei voi kirjoittaa."),
        _("Anna kansio palvelimen käyttäjälle: chown ja chmod 700."),
    ),
    "instance_open": (_("Kansio %(path)s on auki kaikille koneen käyttäjille."), _("Sulje se muilta: chmod 700.")),
    "key_files": (_("Avaintiedostot ovat vain omistajansa luettavissa: %(paths)s."), ""),
    "key_files_open": (
        _("Muutkin voivat lukea avaintiedoston: %(paths)s."),
        _("Sulje tiedosto muilta: chmod 600. Vaihda sitten avain."),
    ),
    "key_files_unreadable": (_("Avaintiedostoa ei voi lukea: %(paths)s."), _("Korjaa tiedoston omistaja.")),
    "disk": (
        _("Levyllä on vapaata %(megabytes)s megatavua (%(path)s)."),
        _("Vapauta tilaa tai siirrä asennuskansio isommalle levylle."),
    ),
    "dictionary": (_("Sanasto toimii: %(path)s."), ""),
    "dictionary_there": (_("Sanasto on paikallaan: %(path)s."), ""),
    "dictionary_missing": (_("Sanastotiedosto puuttuu: %(path)s. Kaikki menee ihmisen punnittavaksi."), _REINSTALL),
    "dictionary_damaged": (
        _("Sanastotiedosto on vioittunut: %(path)s. Kaikki menee ihmisen punnittavaksi."),
        _REINSTALL,
    ),
    "model": (_("Malli %(version)s: %(path)s."), ""),
    "model_there": (_("Mallin painotiedosto on paikallaan: %(path)s."), ""),
    "model_missing": (_("Mallin painotiedosto puuttuu: %(path)s. Kaikki menee ihmisen punnittavaksi."), _REINSTALL),
    "model_damaged": (_("Mallin painotiedosto ei kelpaa: %(path)s. %(why)s"), _REINSTALL),
    "mail": (_("Sähköposti on määritetty."), ""),
    "mail_half": (_("Sähköpostista on määritetty vain puolet."), _("Aseta sekä TJS_SMTP_URL että TJS_MAIL_FROM.")),
    "mail_none": (_("Sähköpostia ei ole määritetty: ilmoitukset näkyvät vain konsolissa."), ""),
    "database": (_("Tietokanta vastaa: %(path)s, %(megabytes)s megatavua."), ""),
    "database_postgresql": (_("PostgreSQL %(version)s vastaa."), ""),
    "database_missing": (_("Tietokantaa ei ole: %(path)s."), _RESTART),
    "database_locked": (
        _("Joku pitää tietokantaa lukittuna: %(path)s."),
        _("Sulje muut ohjelmat, jotka käyttävät tiedostoa, ja aja tarkistus uudelleen."),
    ),
    "database_busy": (
        _("Tietokantaan ei päässyt kirjoittamaan %(seconds)s sekunnissa: %(path)s."),
        _("Aja tarkistus hetken päästä uudelleen. Jos se toistuu, käynnistä palvelin uudelleen."),
    ),
    "database_damaged": (
        _("Tietokanta on vioittunut: %(path)s."),
        _("Pysäytä palvelin, ota tiedosto talteen ja palauta varmuuskopio."),
    ),
    "database_unwritable": (
        _("Tietokantatiedostoa ei voi avata kirjoitettavaksi: %(path)s."),
        _("Korjaa tiedoston ja kansion omistaja."),
    ),
    "database_unreachable": (
        _("Tietokanta ei vastaa: %(path)s (%(kind)s)."),
        _("Tarkista, että tietokantapalvelin on käynnissä ja TJS_DATABASE_URL on oikein."),
    ),
    "schema": (_("Rakenne on uusin (%(found)s)."), ""),
    "schema_empty": (_("Tietokanta on tyhjä."), _RESTART),
    "schema_older": (
        _("Rakenne on vanhempi (%(found)s) kuin ohjelma (%(newest)s)."),
        _("Ota varmuuskopio. Palvelin päivittää rakenteen, kun se käynnistetään."),
    ),
    "schema_newer": (
        _("Rakenne (%(found)s) on uudempi kuin tämä ohjelma (%(newest)s)."),
        _("Päivitä ohjelma tai palauta varmuuskopio ajalta ennen päivitystä."),
    ),
    "queue": (_("Työjono vastaa, odottamassa %(count)s."), ""),
    "queue_unreachable": (
        _("Työjono ei vastaa (%(kind)s). Työt etenevät kerran minuutissa tai eivät lainkaan."),
        _("Tarkista TJS_QUEUE_URL ja että Valkey tai Redis on käynnissä."),
    ),
    "worker_fresh": (
        _("Nähty %(minutes)s minuuttia sitten."),
        _("Jos viive jatkuu, käynnistä työprosessi uudelleen: tjs-moderation work."),
    ),
    "worker_late": (
        _("Työprosessia ei ole nähty %(minutes)s minuuttiin: mitään ei arvioida eikä lähetetä."),
        _("Käynnistä työprosessi: tjs-moderation work, tai serve, joka käynnistää sen itse."),
    ),
    "worker_never": (
        _("Työprosessia ei ole nähty kertaakaan."),
        _("Käynnistä työprosessi: tjs-moderation work, tai serve, joka käynnistää sen itse."),
    ),
    "clock": (_("Kello on %(now)s."), ""),
    "clock_behind": (
        _("Kello on %(minutes)s minuuttia jäljessä siitä, mitä on jo kirjattu."),
        _("Korjaa koneen kello ja sen aikapalvelu (NTP)."),
    ),
    "rules": (_("Säännöt %(number)s voidaan lukea, %(count)s sääntöä."), ""),
    "rules_missing": (_("Sääntöjä ei ole."), _RESTART),
    "rules_faulty": (
        _("Säännöissä on %(faults)s virhettä, ensimmäinen rivillä %(line)s. Kaikki menee ihmisen punnittavaksi."),
        _("Korjaa säännöt ja julkaise ne uudelleen. tjs-moderation rules check kertoo virheet."),
    ),
    "counters": (_("%(count)s jonon laskurit täsmäävät."), ""),
    "counters_differ": (
        _("Laskurit eivät täsmää: %(states)s."),
        _("Aja tarkistus uudelleen. Jos ero pysyy, ilmoita viasta: jonoissa itsessään mitään ei puutu."),
    ),
    "tallies": (_("Päivien luvut täsmäävät: %(count)s lukua laskettiin uudelleen."), ""),
    "tallies_unread": (_("Luvut pidetään ajan tasalla. Uudelleen ne laskee doctor --deep."), ""),
    "tallies_differ": (
        _("%(wrong)s päivien lukua ei täsmää."),
        _("Laske luvut uudelleen, kun muut eivät ole töissä: tjs-moderation numbers recount."),
    ),
    "audit": (_("Koko ketju on ehjä, %(entries)s kirjausta."), ""),
    "audit_tail": (_("Ketjun loppu on ehjä, %(entries)s kirjausta. Koko ketjun lukee doctor --deep."), ""),
    "heads": (_("Ketjun pää on allekirjoitettu %(at)s ja talletettu ulkopuolelle: %(names)s."), ""),
    "heads_soon": (_("Työprosessi allekirjoittaa ketjun pään ensimmäisen päivän aikana."), ""),
    "heads_kept_here": (
        _("Ketjun pää on allekirjoitettu %(at)s, mutta sitä ei ole talletettu tämän asennuksen ulkopuolelle."),
        _("Aseta TJS_HEADS_FILE (tiedosto toisella levyllä), TJS_HEADS_URL tai TJS_HEADS_MAIL."),
    ),
    "heads_untold": (
        _("Ketjun päätä ei ole saatu talletettua ulkopuolelle kahteen päivään: %(names)s."),
        _("Tarkista TJS_HEADS_FILE, TJS_HEADS_URL ja TJS_HEADS_MAIL. Konsoli yrittää uudelleen itse."),
    ),
    "heads_unsigned": (
        _("Ketjun päätä ei ole allekirjoitettu kahteen päivään."),
        _("Katso, että työprosessi on käynnissä ja että asennuskansion tiedostoa audit.key voi lukea."),
    ),
    "audit_broken": (
        _("Ketju on rikki kirjauksesta %(first_bad)s alkaen."),
        _(
            "Älä muuta tietokantaa. Ota siitä kopio, ja vertaa aiemmin talteen otettuun päähän: "
            "tjs-moderation audit verify."
        ),
    ),
    "backlog_none": (_("Arvioimatta %(count)s."), ""),
    "backlog_some": (
        _("Arvioimatta %(count)s."),
        _("Katso, että työprosessi on käynnissä. Lisää työprosesseja, jos jono ei lyhene."),
    ),
    "waiting_act_none": (_("Mikään ei odota lähtöä liian kauan."), ""),
    "waiting_act_fresh": (
        _("Vanhin toimi on odottanut lähtöä %(minutes)s minuuttia."),
        _("Katso, että työprosessi on käynnissä."),
    ),
    "waiting_act_late": (
        _("Vanhin toimi on odottanut lähtöä %(minutes)s minuuttia."),
        _("Katso, että työprosessi on käynnissä ja kanava toimii."),
    ),
    "acts_in_trouble_none": (_("Ei yhtään."), ""),
    "acts_in_trouble_some": (
        _("%(count)s toimea odottaa, että joku katsoo, miten kävi."),
        _("Avaa jono Ongelmat ja selvitä ne."),
    ),
    "mails": (_("Yksikään viesti ei ole juuttunut."), ""),
    "mails_late": (
        _("Posti ei lähde: vanhin viesti on odottanut %(at)s alkaen (%(failure)s). Mitään ei ole kadonnut."),
        _("Tarkista TJS_SMTP_URL ja postipalvelin. Konsoli yrittää itse uudelleen kolmen päivän ajan."),
    ),
    "mails_failed": (
        _("%(count)s viestiä jäi viikon aikana lähettämättä (%(failure)s). Ilmoitukset näkyvät konsolissa."),
        _("Tarkista ihmisten sähköpostiosoitteet, TJS_SMTP_URL ja postipalvelin."),
    ),
    "secrets": (_("Kaikki %(count)s salaisuutta aukeavat."), ""),
    "secrets_key_missing": (_("Salaisuuksien avain puuttuu. Kanava on pois päältä."), _KEY),
    "secrets_key_wrong": (_("Salaisuuksien avain on väärä. Kanava on pois päältä."), _KEY),
    "secrets_key_damaged": (_("Avaintiedosto on vioittunut. Kanava on pois päältä."), _KEY),
    "secrets_key_unreadable": (
        _("Avaintiedostoa ei voi lukea. Kanava on pois päältä."),
        _("Korjaa tiedoston omistaja ja oikeudet."),
    ),
    "channel": (_("Kanava on käytössä."), ""),
    "channel_by_hand": (_("Kanavaa ei ole yhdistetty: viestit tuodaan tiedostoina, ja toimet tehdään käsin."), ""),
    "channel_half_connected": (_("Kanavan yhdistäminen on kesken."), _CONNECT),
    "channel_half_in_environment": (
        _("Ympäristössä on vain osa kanavan määrityksistä, joten se on pois päältä."),
        _("Aseta TJS_FACEBOOK_PAGE_ID ja TJS_FACEBOOK_PAGE_TOKEN, tai poista kaikki ja yhdistä kanava konsolissa."),
    ),
    "channel_stopped": (
        _("Kanava on pysähtynyt: %(reason)s"),
        _("Korjaa syy ja paina Kanavat-sivulla Kokeile uudelleen."),
    ),
    "token": (_("Avain kelpaa, päättyy %(at)s."), ""),
    "token_ends": (_("Avain päättyy %(at)s."), _("Anna uusi avain: Kanavat, Yhteyden tiedot.")),
    "token_unchecked": (
        _("Facebook ei kertonut, kelpaako avain: %(reason)s"),
        _("Paina Yhteyden tiedoissa Tarkista yhteys nyt. Anna tarvittaessa uusi avain."),
    ),
    "token_in_environment": (_("Avain tulee ympäristöstä, eikä sitä tarkisteta täällä."), ""),
    "permissions": (_("Kaikki tarvittavat oikeudet ovat olemassa."), ""),
    "permissions_missing": (_("Puuttuu: %(names)s."), _("Lisää oikeudet Graph API Explorerissa ja anna uusi avain.")),
    "walk_fresh": (_("Luettu %(minutes)s minuuttia sitten."), _("Katso, että työprosessi on käynnissä.")),
    "walk_late": (
        _("Sivua ei ole luettu %(minutes)s minuuttiin."),
        _("Katso, että työprosessi on käynnissä, ja lue kanavat Kanavat-sivulta."),
    ),
    "walk_never": (
        _("Sivua ei ole vielä luettu kertaakaan."),
        _("Odota kymmenen minuuttia, tai paina Kanavat-sivulla Lue kanavat nyt."),
    ),
    "walk_failed": (
        _("Viimeisin lukeminen keskeytyi: %(reason)s"),
        _("Lukemista jatketaan itsestään. Jos tämä toistuu, katso Yhteyden tiedot."),
    ),
    "threads_none": (_("Kaikki on saatu luettua."), ""),
    "threads_some": (
        _("Lukematta jäi %(count)s. Sitkein on yritetty %(times)s kertaa, seuraava yritys %(at)s. %(reason)s"),
        _("Katso luettelo Kanavat-sivulta. Uudelleen yritetään itsestään."),
    ),
    "events": (_("Viimeksi %(at)s."), ""),
    "events_never": (
        _("Tapahtumia on tilattu, mutta yhtään ei ole tullut."),
        _("Tarkista Metan Webhooks-sivulta osoite ja tarkistussana. Sivu luetaan silti kymmenen minuutin välein."),
    ),
    "events_not_ordered": (_("Tapahtumia ei ole tilattu: sivu luetaan kymmenen minuutin välein."), ""),
    "usage": (
        _("Kiintiöstä on käytetty %(percent)s prosenttia."),
        _("Konsoli hidastaa itse. Jos kiintiö loppuu usein, katso, mitkä muut ohjelmat käyttävät samaa sovellusta."),
    ),
    "usage_unknown": (_("Facebook ei ole kertonut käyttöä viime aikoina."), ""),
    "hints_none": (_("Ei yhtään."), ""),
    "hints_some": (_("%(count)s tapahtumaa odottaa ihmistä."), _("Katso luettelo Kanavat-sivulta.")),
}
"""For each code: what was seen, and what to do where it is not all right."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words. `todo` is empty where there is nothing to do."""

    finding: Finding
    title: str
    health: str
    seen: str
    todo: str


def tell(finding: Finding, zone: ZoneInfo) -> Told:
    """A finding as a person reads it, times in `zone`."""
    seen, todo = WORDS.get(finding.code, (OF_CONNECTING.get(finding.code, finding.code), ""))
    facts = {name: _shown(name, value, zone) for name, value in finding.facts.items()} | {"restart": str(_RESTART)}
    return Told(
        finding,
        str(TITLES.get(finding.name, finding.name)),
        str(HEALTHS[finding.health]),
        _filled(seen, facts),
        "" if finding.health is Health.OK else _filled(todo, facts),
    )


def _shown(name: str, value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%-d.%-m.%Y %H.%M")
    if name == "reason":
        return in_plain_words(str(value)) or f"{value}."
    return value


def _filled(words: object, facts: Mapping[str, object]) -> str:
    text = str(words)
    try:
        return text % facts
    except (KeyError, ValueError):
        return text
