"""What a person reads when something is refused: one clear sentence for each thing the program can say no to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.verbs import OF_ACTS
from tjs_moderation.domain.vocabulary import ActState, DecisionKind
from tjs_moderation.errors import ConflictError, FaultsError, GatewayError, TjsError
from tjs_moderation.web import connecting_words
from tjs_moderation.web.moments import relative
from tjs_moderation.web.words import word

SENTENCES: Mapping[str, object] = {
    # Input
    "answer_empty": _("Vastaus on tyhjä. Kirjoita vastaus ennen tallentamista."),
    "answer_too_long": _("Vastaus on liian pitkä: siinä on %(length)s merkkiä, ja kanava ottaa vastaan %(limit)s."),
    "draft_blocked": _(
        "Vastaus ei voi vielä lähteä: korjaa ensin se, minkä tarkistukset näyttävät estävän sen. Tekstisi on tallessa."
    ),
    "draft_subjects": _("Näitä aiheita ei voi hakea tekstistä: %(words)s"),
    "draft_lists": _("Luettelossa saa olla enintään %(most)s riviä."),
    "ready_title": _("Kirjoita vastauspohjalle nimi. Siinä saa olla enintään %(limit)s merkkiä."),
    "ready_text": _("Kirjoita vastauspohjan teksti. Siinä saa olla enintään %(limit)s merkkiä."),
    "ready_sources": _("Lähteissä saa olla enintään %(limit)s merkkiä."),
    "ready_owner": _("Valitse vastuuhenkilöksi joku, joka vastaa kysymyksiin."),
    "not_your_topic": _("Aiheen vastauspohjia hoitavat tiedottaja ja aiheen asiantuntijat."),
    "note_empty": _("Muistiinpano on tyhjä."),
    "note_too_long": _("Muistiinpano on liian pitkä: siinä on %(length)s merkkiä, ja tilaa on %(limit)s merkille."),
    "removal_needs_reason": _("Poistamiselle pitää valita peruste luettelosta."),
    "unknown_reason": _("Valittu peruste ei kuulu tähän päätökseen. Valitse peruste luettelosta."),
    "deletion_unconfirmed": _("Vahvista lopullinen poisto rastilla. Mitään ei poistettu."),
    "appeal_needs_words": _("Kirjoita, mitä kirjoittaja sanoo poistosta."),
    "appeal_needs_why": _("Kirjoita, miksi päätät näin. Yksi lause riittää."),
    "erasing_unconfirmed": _("Vahvista poistaminen rastilla. Mitään ei poistettu."),
    "retention_range": _("Säilytysaika on liian lyhyt tai liian pitkä. Pisin on %(most)s päivää."),
    "erasing_needs_why": _("Kirjoita, miksi tiedot poistetaan. Yksi lause riittää, enintään %(limit)s merkkiä."),
    "sending_in_the_past": _("Valitse tuleva päivä ja kellonaika, jolloin vastaus lähtee."),
    "sending_too_far_ahead": _("Vastauksen voi ajastaa enintään %(days)s päivän päähän."),
    "too_many_drafts": _(
        "Sinulla on tästä vastauksesta jo %(limit)s keskeneräistä tekstiä. Poista niistä jokin ensin."
    ),
    "return_needs_why": _("Kirjoita, miksi palautat vastauksen. Yksi lause riittää."),
    "routing_needs_expert": _("Valitse asiantuntija. Vain kaikille avoimen aiheen voi ohjata ilman nimeä."),
    "routing_needs_why": _("Kirjoita, miksi ohjaat asian näin. Yksi lause riittää."),
    "unknown_expert": _("Valitulle henkilölle ei voi ohjata kysymyksiä."),
    "unknown_topic": _("Valittua aihetta ei ole."),
    "answer_time": _("Vastausaika on kokonaisluku yhdestä lukuun %(most)s."),
    "absence_order": _("Poissaolo päättyy ennen kuin se alkaa. Tarkista päivät."),
    "absence_over": _("Poissaolo on jo ohi. Tarkista päivät."),
    "absence_too_long": _("Yksi poissaolo voi kestää enintään %(most)s päivää."),
    "absence_overlaps": _("Näille päiville on jo merkitty poissaolo. Poista ensin se."),
    "absence_substitute": _("Valittu henkilö ei voi olla sijainen. Valitse luettelosta joku toinen."),
    "unknown_mention": _("Näitä käyttäjätunnuksia ei ole: %(handles)s. Korjaa tunnus tai jätä @-merkki pois."),
    "rules_unchanged": _("Säännöt ovat samat kuin voimassa olevat. Mitään ei julkaistu."),
    "hold_back_range": _("Varoaika on nollasta %(most)s minuuttiin."),
    "office_hours_order": _("Työaika päättyy ennen kuin se alkaa. Tarkista kellonajat."),
    "office_hours_days": _("Valitse ainakin yksi työpäivä."),
    "unknown_language": _("Valitse ainakin yksi kieli luettelosta."),
    "reason_code": _("Tunnuksessa on 2–60 pientä kirjainta a–z, numeroa tai alaviivaa, ja se alkaa kirjaimella."),
    "reason_words": _("Kirjoita peruste ainakin suomeksi. Jokaisessa kielessä saa olla enintään %(limit)s merkkiä."),
    "topic_code": _("Tunnuksessa on enintään %(limit)s pientä kirjainta a–z, numeroa tai yhdysmerkkiä."),
    "topic_name": _("Kirjoita nimi. Siinä saa olla enintään %(limit)s merkkiä eikä yhtään #-merkkiä."),
    "topic_words_missing": _("Kirjoita ainakin yksi sana tai esimerkki: niistä konsoli tunnistaa aiheen."),
    "bulk_cap_range": _("Kerralla voi päättää vähintään yhdestä ja enintään %(most)s viestistä."),
    "automatic_cap": _("Päivän yläraja on kokonaisluku nollasta lukuun %(most)s."),
    "public_rules_empty": _("Kirjoita teksti kaikilla kielillä: joku lukee jokaista."),
    "publishing_needs_why": _("Kirjoita, miksi julkaiset säännöt. Yksi lause riittää."),
    "opinion_needs_words": _("Kirjoita mielipiteesi perusteeksi ainakin yksi lause."),
    "opinion_of_oneself": _("Omaa mielipidettään ei voi pyytää. Valitse joku toinen."),
    "bulk_empty": _("Valitse ensin viestit, joista päätät."),
    "bulk_too_many": _("Kerralla voi päättää enintään %(limit)s viestistä. Rajaa valintaa."),
    "unknown_field": _("Lomakkeessa oli arvo, jota ei tunneta. Valitse arvo luettelosta."),
    "email_in_use": _("Sähköpostiosoitteella %(email)s on jo käyttäjä."),
    "user_name": _("Kirjoita nimi. Siinä saa olla enintään %(limit)s merkkiä."),
    "user_email": _("”%(email)s” ei ole sähköpostiosoite. Kirjoita osoite muodossa nimi@esimerkki.fi."),
    "too_long": _("Tekstissä on %(length)s merkkiä. Lyhennä se: tilaa on %(limit)s merkille."),
    "impossible_needs_why": _("Kirjoita, miksi toimi ei onnistunut. Yksi lause riittää."),
    "password_common": _(
        "Tätä salasanaa kokeillaan ensimmäisten joukossa: siinä on vain tavallisia sanoja, numeroita tai toistoa. "
        "Valitse pidempi lause tai muutama sana, jotka eivät kuulu yhteen."
    ),
    "password_personal": _(
        "Salasanassa on vain sinun tai konsolin nimi. Valitse lause, jota kukaan sinut tunteva ei arvaa."
    ),
    "password_wrong": _("Nykyinen salasana ei ole oikein. Mitään ei muutettu."),
    "factor_code": _("Koodi ei käynyt. Katso sovelluksesta uusin koodi ja tarkista puhelimen kello."),
    "passkey_name": _("Anna pääsyavaimelle nimi, jossa on enintään %(limit)s merkkiä."),
    "passkey_unbelieved": _("Pääsyavainta ei voitu vahvistaa. Lataa sivu uudelleen ja yritä vielä kerran."),
    "password_length": _("Salasanassa pitää olla vähintään %(least)s ja enintään %(most)s merkkiä."),
    "search_too_long": _("Haku on liian pitkä. Kirjoita enintään %(limit)s merkkiä."),
    "search_too_many_words": _("Haussa on liian monta sanaa. Kirjoita enintään %(limit)s sanaa."),
    "search_without_words": _("Haussa ei ole yhtään sanaa. Kirjoita sana tai sen alku ja tähti: koulut*."),
    "search_name": _("Anna haulle nimi, jossa on enintään %(limit)s merkkiä."),
    "search_empty": _("Hae ensin jotakin, niin voit tallentaa haun."),
    "key_twice": _("Näppäin ”%(key)s” on kahdella: %(first)s ja %(second)s. Valitse toiselle niistä toinen näppäin."),
    "key_unusable": _("”%(key)s” ei kelpaa näppäimeksi. Kirjoita yksi kirjain, numero tai muu merkki."),
    "search_too_many_saved": _("Sinulla on jo %(limit)s tallennettua hakua. Poista niistä jokin ensin."),
    # Finding
    "sign_in_link": _("Kirjautumislinkki on vanhentunut tai jo käytetty. Pyydä uusi linkki atk-suunnittelijalta."),
    # Permission
    "four_eyes": _("Kirjoitit tämän vastauksen itse, joten hyväksyjän pitää olla joku toinen."),
    "not_your_desk": _("Tämä asia ei ole sinun pöydälläsi."),
    "absence_of_another": _("Toisen poissaolon merkitsee tiedottaja tai atk-suunnittelija."),
    "appeal_of_own_decision": _("Poistit viestin itse, joten oikaisupyynnön ratkaisee joku muu tiedottaja."),
    # Conflict
    "appeal_decided": _("Joku on jo ratkaissut oikaisupyynnön."),
    "setting_changed": _("Joku muutti tätä sillä välin, kun se oli sinulla auki."),
    "reason_code_in_use": _("Peruste %(code)s on jo olemassa. Valitse toinen tunnus."),
    "topic_code_in_use": _("Aihe %(code)s on jo olemassa. Valitse toinen tunnus."),
    "item_changed": _("Joku muutti asiaa sillä välin, kun se oli sinulla auki."),
    "answer_changed": _(
        "Joku muutti vastausta sillä välin, kun se oli sinulla auki. Lue uusin teksti ja yritä uudelleen."
    ),
    "newer_message": _(
        "Kysyjä on kirjoittanut lisää sen jälkeen, kun luit ketjun. Lue uusi viesti ennen hyväksymistä."
    ),
    "rules_published_since": _("Joku julkaisi uudet säännöt sillä välin, kun muokkasit näitä."),
    # State
    "trials_under_way": _("Käynnissä on jo %(most)s kokeilua. Odota, että jokin niistä valmistuu."),
    "not_the_last_decision": _("Päätöksen jälkeen on tehty uudempi päätös. Peru ensin se."),
    "not_for_this_item": _("Tätä ei voi tehdä sivun omalle viestille."),
    "take_back_first": _("Asiasta on jo päätetty poistaa se. Peru ensin se päätös."),
    "not_to_be_weighed_now": _("Asiaa ei voi jättää punnittavaksi juuri nyt: se on jo toisen pöydällä tai lähdössä."),
    "weighed_already": _("Asia on jo punnittavana."),
    "opinion_awaited": _("Asiasta on jo pyydetty mielipide. Odota sitä tai peru pyyntö."),
    "opinion_not_awaited": _("Mielipidettäsi ei enää odoteta."),
    "opinion_on_decided": _("Asia on jo päätetty, joten siitä ei pyydetä mielipidettä."),
    "routed_on": _("Asia ei ole enää sillä pöydällä, jolle se ohjattiin."),
    "taken_back_already": _("Päätös on jo peruttu."),
    "decided_already": _("Asiasta on jo päätetty näin."),
    "bulk_stopped": _("Joukkopäätös peruttiin ennen kuin tähän ehdittiin."),
    "bulk_taken_back": _("Joukkopäätös on jo peruttu."),
    "bulk_of_nothing": _("Joukkopäätöksessä ei ole mitään peruttavaa."),
    "channel_cannot_hide": _(
        "Kanava ei anna piilottaa tätä kommenttia: sen on kirjoittanut sivu itse tai joku sivun ylläpitäjistä. "
        "Pyydä kirjoittajaa poistamaan se, poista se kanavassa käsin tai vastaa siihen."
    ),
    "item_is_gone": _("Viestiä ei enää ole kanavassa, joten siihen ei voi vastata."),
    "window_closed": _(
        "Yksityisesti saa vastata vain seitsemän päivän kuluessa siitä, kun henkilö viimeksi kirjoitti. "
        "Aika on kulunut umpeen."
    ),
    "window_closes_first": _(
        "Vastausaika päättyy ennen kuin vastaus lähtisi, joten sitä ei ajastettu. Valitse, että se lähtee heti."
    ),
    "conversation_is_being_answered": _(
        "Samaan keskusteluun on jo vastaus tekeillä. Jatka sitä, tai odota, että se on lähtenyt."
    ),
    "replied_privately_before": _("Kommenttiin on jo vastattu yksityisesti. Sen voi tehdä vain kerran."),
    "erasing_waits_for_act": _(
        "Jokin henkilön viesteihin liittyvä toimi on juuri lähdössä kanavaan, tai ei tiedetä, lähtikö se. "
        "Selvitä se ensin. Mitään ei poistettu."
    ),
    "appeal_of_nothing": _("Poistoa ei ole voimassa, joten siitä ei voi kirjata oikaisupyyntöä."),
    "appeal_open": _("Poistosta on jo oikaisupyyntö, joka odottaa ratkaisua."),
    "item_erased": _("Viestin teksti ja kirjoittajan tiedot on poistettu, joten asialle ei voi enää tehdä mitään."),
    "erased_already": _("Henkilön tiedot on jo poistettu."),
    "answer_on_its_way": _("Asiaan on vastaus lähdössä. Pysäytä ensin vastaus."),
    "hide_before_delete": _("Lopullisesti voi poistaa vain sen, mikä on jo piilotettu näkyvistä."),
    "act_under_way": _("Toimi on juuri lähdössä kanavaan. Odota hetki ja katso, miten siinä kävi."),
    "act_not_by_hand": _("Toimi ei enää odota tekijäänsä: joku on jo merkinnyt sen."),
    "act_not_in_trouble": _("Toimi ei enää ole ongelmissa."),
    "deleted_for_good": _("Viesti on poistettu kanavasta lopullisesti. Poistoa ei voi enää perua."),
    "nobody_to_answer": _("Kanava ei kertonut, kuka viestin lähetti, joten sille ei voi vastata yksityisesti."),
    "not_to_be_routed_now": _("Asiaa ei voi ohjata juuri nyt: sen vastaus odottaa hyväksyntää tai on lähdössä."),
    "not_open_to_all": _("Kysymys on jo jonkun pöydällä."),
    "not_with_an_expert": _("Asia ei ole asiantuntijan pöydällä."),
    "has_codes": _("Sinulla on jo koodit käytössä. Poista ne ensin, jos vaihdat puhelinta."),
    "no_factor": _("Ota ensin käyttöön koodit tai pääsyavain."),
    "last_factor": _("Tehtäväsi vaatii toisen tunnisteen. Ota ensin toinen käyttöön, niin voit poistaa tämän."),
    "too_many_passkeys": _("Sinulla on jo %(most)s pääsyavainta. Poista niistä jokin ensin."),
    "not_oneself": _("Omaa tunnustasi et voi sulkea. Pyydä sitä toiselta atk-suunnittelijalta."),
    "last_operator": _("Hän on ainoa, jolla on atk-suunnittelijan tehtävä. Anna se ensin jollekulle toiselle."),
    "questions_on_desk": _("Hänen pöydällään on vielä kysymyksiä. Ohjaa ne ensin muille."),
    "answers_nothing": _("Atk-suunnittelija ei vastaa kysymyksiin, joten hänellä ei voi olla aiheita."),
    "fixed_by_environment": _("Ympäristömuuttuja %(name)s määrää tämän, joten sitä ei voi muuttaa täällä."),
    "last_reason": _("Tämä on ainoa peruste, jolla viestin voi poistaa. Lisää ensin toinen."),
    "channel_not_stopped": _("Kanava ei ole enää pysähdyksissä."),
    "hint_set_aside": _("Joku on jo pannut tapahtuman syrjään."),
    **connecting_words.SENTENCES,
}

BY_CODE: Mapping[str, object] = {
    "invalid_input": _("Lähetetyissä tiedoissa oli jotain, mitä ei voitu käyttää."),
    "not_found": _("Sivua tai asiaa ei löytynyt, tai se ei ole sinun nähtävissäsi."),
    "not_allowed": _("Tehtäväsi ei anna oikeutta tähän. Jos tarvitset sen, pyydä sitä atk-suunnittelijalta."),
    "conflict": _("Joku ehti ensin."),
    "transition": _("Tätä ei voi tehdä siinä vaiheessa, jossa asia nyt on."),
    "gateway": _("Kanava ei ottanut pyyntöä vastaan. Kanavassa ei muuttunut mitään."),
    "outcome_unknown": _(
        "Kanava ei vastannut ajoissa. Ei tiedetä, tapahtuiko siellä mitään; asia selvitetään lukemalla."
    ),
}

VERBS: Mapping[str, object] = {
    "take_in": _("toi viestin konsoliin"),
    "assess": _("arvioi viestin"),
    "remove_automatically": _("piilotti viestin automaattisesti"),
    "leave_to_people": _("jätti automaattisen piilottamisen ihmiselle"),
    "route": _("ohjasi asian asiantuntijalle"),
    "reroute": _("ohjasi asian toiselle"),
    "take": _("otti kysymyksen itselleen"),
    "recall": _("otti asian pois asiantuntijalta"),
    "remind": _("muistutti määräajasta"),
    "fall_due": _("kertoi, että määräaika on ohi"),
    "escalate": _("kertoi tiedottajalle, ettei vastausta ole tullut"),
    "ask_opinion": _("pyysi toisen mielipidettä"),
    "give_opinion": _("sanoi mielipiteensä"),
    "withdraw_opinion": _("perui mielipidepyynnön"),
    "start_bulk": _("aloitti joukkopäätöksen"),
    "undo_bulk": _("perui joukkopäätöksen"),
    "write_note": _("kirjoitti muistiinpanon"),
    "save_draft": _("kirjoitti vastausta"),
    "keep_sources": _("kirjasi vastauksen lähteet"),
    "submit": _("lähetti vastauksen hyväksyttäväksi"),
    "send_back": _("palautti vastauksen"),
    "approve": _("hyväksyi vastauksen"),
    "stop_answer": _("pysäytti vastauksen"),
    "withdraw_answer": _("luopui vastauksesta"),
    "follow_up": _("palautti jatkuneen keskustelun samalle asiantuntijalle"),
    "approval_lapsed": _("pysäytti vastauksen, koska kysyjä oli kirjoittanut lisää"),
    "hand_over": _("siirsi toimen käsin tehtäväksi"),
    "try_again": _("pani epäonnistuneen toimen uudelleen lähtöön"),
    "see_to": _("selvitti, miten ongelmiin jääneessä toimessa kävi"),
    "hear_of_hiding": _("kertoi, että viesti oli piilotettu siellä"),
    "hear_of_showing": _("kertoi, että viesti oli palautettu näkyviin siellä"),
    "hear_of_removal": _("kertoi, että viesti oli poistettu sieltä"),
    "erase_person": _("poisti henkilön tiedot"),
    "erase_by_age": _("poisti tekstejä, joiden säilytysaika oli ohi"),
    "reveal": _("luki suojatun tekstin"),
    "export_evidence": _("otti poiston todisteet talteen"),
    "file_appeal": _("kirjasi oikaisupyynnön"),
    "uphold_appeal": _("piti poiston voimassa oikaisupyynnön jälkeen"),
    "export_person": _("otti jäljennöksen henkilön tiedoista"),
    "set_retention": _("muutti säilytysaikoja"),
    "set_names": _("muutti sitä, miten nimet näytetään"),
    "try_hint_again": _("käski yrittää selvittämätöntä tapahtumaa uudelleen"),
    "set_hint_aside": _("pani selvittämättömän tapahtuman syrjään"),
    "let_go_of_hints": _("poisti käsiteltyjä tapahtumia, joiden säilytysaika oli ohi"),
    "install": _("asensi konsolin"),
    "publish_rules": _("julkaisi säännöt"),
    "publish_public_rules": _("julkaisi sivun säännöt yleisölle"),
    "put_option": _("muutti asetusta"),
    "set_automatic": _("muutti automaattisen piilottamisen asetuksia"),
    "set_four_eyes": _("muutti neljän silmän sääntöä"),
    "set_hold_back": _("muutti varoaikoja"),
    "set_bulk_cap": _("muutti joukkopäätösten ylärajaa"),
    "set_office_hours": _("muutti työaikoja"),
    "set_languages": _("muutti kieliä"),
    "set_answer_time": _("muutti vastausaikaa"),
    "add_absence": _("merkitsi poissaolon"),
    "end_absence": _("poisti poissaolon"),
    "note_unread_day": _("huomasi, että lukemattomia jäi työpäivän jälkeen"),
    "set_mail_quoting": _("muutti sitä, mitä sähköposti lainaa"),
    "make_calendar": _("teki osoitteen määräaikojen kalenterille"),
    "revoke_calendar": _("poisti määräaikojen kalenterin osoitteen"),
    "add_topic": _("lisäsi aiheen"),
    "change_topic": _("muutti aihetta"),
    "retire_topic": _("poisti aiheen käytöstä"),
    "revive_topic": _("otti aiheen takaisin käyttöön"),
    "set_draft_checks": _("muutti vastausten tarkistuksia"),
    "add_ready_answer": _("lisäsi vastauspohjan"),
    "change_ready_answer": _("muutti vastauspohjaa"),
    "retire_ready_answer": _("poisti vastauspohjan käytöstä"),
    "revive_ready_answer": _("otti vastauspohjan takaisin käyttöön"),
    "add_reason": _("lisäsi päätöksen perusteen"),
    "change_reason": _("muutti päätöksen perusteen sanoja"),
    "retire_reason": _("poisti päätöksen perusteen käytöstä"),
    "revive_reason": _("otti päätöksen perusteen takaisin käyttöön"),
    "accept_rules": _("hyväksyi mukana tulleet säännöt"),
    "close_first_steps": _("sulki ensiaskeleet"),
    "add_user": _("lisäsi käyttäjän"),
    "set_role": _("muutti käyttäjän tehtävän"),
    "set_topics": _("muutti käyttäjän aiheita"),
    "set_active": _("avasi tai sulki tunnuksen"),
    "reset_password": _("teki uuden kirjautumislinkin"),
    "choose_password": _("valitsi itselleen salasanan"),
    "end_sign_ins": _("päätti kirjautumisia"),
    "add_factor": _("otti toisen tunnisteen käyttöön"),
    "remove_factor": _("poisti toisen tunnisteen"),
    "renew_recovery_codes": _("teki itselleen uudet varakoodit"),
    "use_recovery_code": _("kirjautui varakoodilla"),
    "reset_factors": _("nollasi työtoverin toisen tunnisteen"),
    "take_in_posts": _("toi julkaisuja konsoliin"),
    "walk_failed": _("ei antanut lukea uusia viestejä"),
    "set_baseline": _("määräsi, mistä alkaen kanavaa luetaan"),
    "resume_channel": _("käski yrittää pysähtynyttä kanavaa uudelleen"),
    "connect_app": _("antoi kanavan sovelluksen tiedot"),
    "connect_token": _("antoi kanavan käyttöavaimen"),
    "choose_page": _("valitsi kanavalle sivun"),
    "subscribe_page": _("tilasi sivun tapahtumat"),
    "connect_channel": _("otti kanavan käyttöön"),
    "check_connection": _("tarkisti kanavan yhteyden"),
    "disconnect_channel": _("katkaisi kanavan yhteyden ja poisti sen salaisuudet"),
    "stop_channel": _("pysäytti kanavan"),
    "rotate_key": _("vaihtoi salaisuuksien avaimen"),
    "sign_head": _("allekirjoitti ketjun pään"),
    "restore": _("palautti varmuuskopion"),
    "start_import": _("aloitti tiedoston tuonnin"),
    "finish_import": _("sai tiedoston tuonnin päätökseen"),
}

_ACT_ENDINGS: Mapping[ActState, object] = {
    ActState.DONE: _("teki toimen: %(act)s"),
    ActState.UNKNOWN: _("ei kertonut, tekikö toimen: %(act)s"),
    ActState.REFUSED: _("ei tehnyt tointa: %(act)s"),
    ActState.FAILED: _("ei saanut tehdyksi tointa: %(act)s"),
    ActState.PLANNED: _("ei vielä tehnyt tointa, yritetään uudelleen: %(act)s"),
}

ACTORS: Mapping[str, object] = {
    "console": _("Konsoli"),
    "channel": _("Kanava"),
    "rule_set": _("Sääntöjoukko"),
    "user": _("Työtoveri"),
}


def sentence(error: TjsError) -> str:
    """The sentence for an error of the domain, by its message where that is known and by its kind otherwise."""
    if isinstance(error, ConflictError) and "who" in error.facts:
        return _who_was_faster(error.facts)
    if isinstance(error, FaultsError):
        return " ".join(
            gettext("Rivi %(line)s: %(message)s", line=fault.line, message=fault.message) for fault in error.faults
        )
    known = SENTENCES.get(str(error)) or BY_CODE.get(error.code)
    if known is None:
        return str(gettext("Jotain meni pieleen."))
    facts = {name: value if isinstance(value, int) else str(value) for name, value in error.facts.items()}
    return _filled(str(known), facts)


def verb_words(verb: str) -> str:
    """What somebody did, in the past tense: a verb of the audit log, or the kind of a decision."""
    if verb in set(DecisionKind):
        return word(DecisionKind(verb))
    if verb in OF_ACTS:
        kind, ending = OF_ACTS[verb]
        return _filled(str(_ACT_ENDINGS[ending]), {"act": word(kind)})
    return str(VERBS.get(verb, verb.replace("_", " ")))


def detail(error: TjsError) -> str:
    """What the other side said, where there is one: a short technical text to pass on, without personal data."""
    return error.detail if isinstance(error, GatewayError) else ""


def _who_was_faster(facts: Mapping[str, object]) -> str:
    at, who = facts.get("at"), str(facts["who"])
    words = gettext(
        "%(who)s ehti ensin: %(what)s",
        who=ACTORS.get(who, who),
        what=verb_words(str(facts.get("what", ""))),
    )
    return f"{words}, {relative(at)}." if isinstance(at, datetime) else f"{words}."


def _filled(text: str, facts: Mapping[str, object]) -> str:
    try:
        return text % facts
    except (KeyError, ValueError):
        return text
