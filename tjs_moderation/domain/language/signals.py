"""Small word lists that tell who is spoken to, about whom, and in whose words. Base forms, lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REPORTING = _words(
    """sanoa haukkua nimitellä nimittää kutsua huutaa huudella
    haukkuskella ladata läväyttää töksäyttää solvata väittää kertoa kirjoittaa kiusata mollata
    syyttää letkauttaa tokaista kuulla vihjailla pilkata uhata uhkailla herjata sättiä leimata ilmoittaa
    todeta karjua kiljua räyhätä alistaa nolata halveksia piikitellä kuiskata lähetellä lähettää
    saarnata toistella mainita kuvailla luonnehtia loukata kommentoida vastata kysyä väheksyä vittuilla
    arvostella puhutella soimata tuumata tuumia ärähtää ärjyä ärjäistä kivahtaa tiuskia tiuskaista tölväistä
    toivottaa haistatella haistattaa käskeä komentaa nälviä ilkkua hokea uhota tekstata viestittää laukoa lohkaista
    murjaista rääkyä raivota raivostua mölistä mölytä mölytellä kiljaista karjaista huikata huudahtaa parkua parkaista
    sihistä sähistä sähähtää ulvoa ulista murahtaa murista tokaista kailottaa kuittailla naljailla äyskiä äyskähtää
    kirkua kirkaista puuskahtaa tuhahtaa supattaa supista hihkua hihkaista tiuskahtaa töksähtää sopertaa""",
)
SENDING = _words("lähettää lähetellä kirjoittaa vastata kysyä kommentoida")
"""Verbs of saying that carry words only where “että” stands between: “lähetti pari tolloa töihin” says nothing."""
THAT_CLAUSE = _words("että et ettei ettet etten ettette etteivät jotta")
MAY_SAY = _words("voida haluta tahtoa aikoa saada uskaltaa")
WRITING = _words("wrote writes skrev skriver")
THIS = _words("this that it det detta denna artikeln")
"""What somebody wrote, where no words of theirs follow: “whoever wrote this”."""
PUT_IN_WORDS = _words("sanottuna sanoen sanottakoon sanoakseni")
"""Forms by which a writer only colours words of their own: “suoraan sanottuna”."""
TELLING = _words("puhua lukea kuulua kuulla käyttää saada näkyä seistä")
"""Verbs that before a colon introduce somebody's words: “seinässä lukee: …”."""
STANDS_WRITTEN = _words("luki lukee")
"""Forms that after a place say that words are written there: “ovessa luki huora”."""
REPORT_NOUNS = _words(
    """nimittely haukkuminen haukku haukkumasana kirosana solvaus solvaaminen kiusaaminen sana ilmaus
    ilmaisu termi kommentti viesti lausahdus huutelu nimitys lainaus sitaatti vihapuhe loukkaus pilkka
    herja puhe uhkaus uhkailu väite otsikko juttu kirjoittelu sanonta syrjintä häirintä esimerkki käsite kirja elokuva
    laulu""",
)
PERSON_NOUNS = _words(
    """ihminen mies nainen äijä akka ukko ämmä pomo johtaja esimies esihenkilö työkaveri kollega kaveri
    poika tyttö tyyppi jätkä muija eukko rouva herra neiti lapsi vanhus opettaja ope kouluttaja
    luennoitsija puhuja tiedottaja asiantuntija päällikkö luottamusmies pääluottamusmies luottis pääluottis
    luottamushenkilö työsuojeluvaltuutettu sihteeri puheenjohtaja pj puhis ministeri kansanedustaja
    poliitikko päättäjä toimittaja työntekijä työnantaja yrittäjä asiakas jäsen aktiivi järjestäjä
    ylläpitäjä ylläpito vetäjä ohjaaja kirjoittaja kommentoija keskustelija porukka sakki väki joukko
    suku veli sisko äiti isä vaimo anoppi naapuri sossu virkailija lääkäri poliisi kusettaja valehtelija
    eläkeläinen nuori opiskelija duunari herrasväki pösilö persu toimihenkilö liittopomo demari vihreä
    vihervassari kepulainen kokoomuslainen suomalainen ruotsalainen""",
)
STAFF_NOUNS = _words(
    """kouluttaja luennoitsija tiedottaja asiantuntija ylläpito ylläpitäjä järjestäjä opettaja ope puhuja
    tjs opintokeskus päivi leo sikke inka kurssivetäjä kurssinvetäjä toimitus sivuston""",
)
DOER_ENDINGS = tuple(
    _words(
        """taja täjä lija lijä tija tijä kija kijä oija öijä vaja kaja käjä työläinen kurssilainen opistolainen
        liittolainen maalainen kaupunkilainen eläkeläinen pätkäläinen lomalainen lakkolainen valtuutettu rehtori
        sihteeri mestari""",
    ),
)
"""How nouns end that name people by what they do or belong to."""
NO_DOER_ENDINGS = ("matelija", "asia", "sija", "kirja", "sarja", "raja", "ohja", "alainen")
GROUP_NOUNS = _words(
    """maahanmuuttaja pakolainen muslimi islamisti juutalainen romani mustalainen somali venäläinen
    virolainen kurdi arabi afrikkalainen homo lesbo transihminen trans vammainen kehitysvammainen musta
    tummaihoinen ulkomaalainen thaimaalainen filippiiniläinen intialainen irakilainen afgaani
    turvapaikanhakija saamelainen hindu kristitty helluntailainen nainen naiset mies vanhus eläkeläinen
    työtön mielisairas autisti asperger läski lihava vajaa siirtolainen mamu matu ählämi turkkilainen""",
)
THING_NOUNS = _words(
    """lomake sivu sivusto järjestelmä linkki kurssi luento koulutus verkkokurssi verkkoluento video ääni
    kuva ohjelma ohje sää keli homma asia juttu päätös laki sopimus palkka tes työehtosopimus ruoka
    kahvi päivä viikko kone tietokone nettisivu ilmoittautuminen palvelu tilaisuus paikka sali tuoli
    hinta maksu aika aikataulu työ duuni työpaikka firma yritys meno tilanne uutinen teksti otsikko
    mainos viesti salasana tunnus materiaali moniste kirja tuuri idea ehdotus muutos uudistus talous
    bussi juna matka ilma vitsi elokuva peli sovellus appi zoom teams puhelin yhteys netti hallitus
    politiikka systeemi käytäntö toiminta kokous kampanja vuokra sopimusmalli pätkä vuoro ylityö loma
    lakko kysymys vastaus mielipide kommentti väite perustelu käytös""",
)
DEMONSTRATIVES = _words("se tuo tämä ne nuo nämä")
THIRD_PERSONS = _words("hän he")
YOU = _words("sinä te")
ME = _words("minä me")
I_SPOKEN = _words("minä mä mää mie")
OURSELVES = _words("meikäläinen meikä allekirjoittanut")
"""Names a writer gives to themselves."""
IF = _words("jos mikäli kunpa")
WE_ARE = _words("ollaan oltiin")
I_SPOKEN_OF = _words("minä mä mie minäkin me meikä")
FEW = _words("kaksi kaks kolme molemmat kaikki")
TO_MYSELF = _words("itselleni itsekseni")
"""Words that beside a verb of saying tell that nobody else was spoken to."""
HERE = _words("täällä täältä täällähän täs tässä tääl tääll")
"""Words that after a name one gives to oneself say that it is I who write."""
PLACE_ENDINGS = tuple(_words("lla llä lle lta ltä ssa ssä sta stä"))
"""Endings of words that say whose, where or to whom, for words the dictionary does not know."""
THAN = _words("kuin ku kun")
RATHER = _words("vaan utan but")
"""Words after which comes what something is instead: “ette ole asiantuntijoita vaan pellejä”."""
CLAUSE_STARTERS = _words("että mutta koska sillä vaan jos kun vaikka joka kuten ja tai vai eli niin mitä miksi")
INTERROGATIVES = _words(
    """mikä kuka miten milloin missä mihin mistä miksi paljonko montako kuinka kumpi kumpikin millainen
    minkälainen minne monelta moneltako miltä mitä kenelle keneltä kenen kuinka_monta minkä mille millä
    millaista mites kauanko kelle kellä keltä ketkä ketä kehen keneen kenellä""",
)
TAGS = _words("vai eikö eikös niinkö vaiko")
"""Words that at the end of a statement ask for agreement."""
CALLS = _words("hei kuule kuulkaa kuules kuulkaas kuulehan kuulkaapa terve moi heh hyi voi no")
"""Words that call to somebody before a name."""
INTENSIFIERS = _words(
    """vitun saatanan perkeleen helvetin jumalauta vittu saatana perkele helvetti täysi ihan aivan todella
    tosi oikea varsinainen senkin kunnon iso suuri pahin tyhmä ruma lihava vanha typerä hullu surkea
    kauhea hirveä saakelin jumalaton paska hemmetin oikein niin sairas ällöttävä vastenmielinen
    säälittävä laiska ylipalkattu kyllä sinä te siinä siellä siinäkin pikku pieni hyi taas vaan no mikäs""",
)
"""Words that may stand in a cry beside the name one is called: “senkin vitun idiootti”."""
