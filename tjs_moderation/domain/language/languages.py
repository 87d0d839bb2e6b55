"""Which language a text is in: Finnish, Swedish, English, or the name of another. Stop words, letters, word shapes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

from tjs_moderation.domain.memory import Memory

UNKNOWN = "und"
_STOP_WORDS = {
    "fi": """ja on ei se että oli olla en hän mutta kun ovat myös kuin niin tämä vain jos voi nyt mitä joka tai
        minä sinä te me ole mikä miten missä kyllä sen ihan niitä kiitos hei moi tuo kaikki olen olet olette
        sitten koska sitä mun sun mä sä teidän meidän teille meille teitä vielä aina taas jo nämä ne näin
        mistä miksi vai onko eikö eivät ollut olisi joku jotain kanssa ennen jälkeen hyvä hyvin paljon
        enemmän täällä siellä siis eli mukaan asti""",
    "sv": """och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan
        man när hur ni du eller vad denna detta ska skulle min mitt din ditt er era oss dem också finns vill
        måste mycket alla tack hej kursen kurs kursledaren facket fackliga förbundet chefen avdelningen årsmötet
        distans vart mina sina igen gärna inför kallade ses någon några nån mellan första varandra jobb jobbet
        blev hela hade vid fick får går gick säger säga sade ta tar emot genom under sedan alltid aldrig ofta åt ur
        kring lite något någon inget ingen vilka vilken varför vem där här nu då blir bara utan hos mot efter kommer
        borde mig dig ju få bra hem gå upp vår kallar år va håll dina våra ens själv kom veta vet skrev skicka kunde
        dit över gång skriv två slut nästa betala ner stick åk riktigt helt svara svarar tycker köp läsa läs nä bli nåt
        sånt många hjälper tid sägs händer höra hör dåligt vilket hemma gjort gjorde gör hon honom henne tror kanske
        behöver allt nog blivit okej hennes väl väldigt verkligen fel låt berätta tänker gillar håller kväll försöker
        roligt gamla förlåt härifrån dag dagen möts möte mötet avtal avtalet styrelsen ordförande ordföranden anmälan
        medlem medlemmar medlemmarna förtroendeman förtroendemannen arbetsgivarna arbetsgivaren kallelsen beslutet
        svenska finska länken sidan förslaget förslag föreläsning föreläsningen pengar folk jobbar pratar säg gjord
        jävla jävlar jävel jävligt fan fy skit skiten idiot idioter dum dumma käften käft helvete arslet röven svin hora
        kärring råtta ful fula bög knulla slå dö dör döda skjut skjuta häng stryk lat korkad korkade lögn ljuger pucko
        ditt arma fega äckel äcklig äckliga hata hatar stinker tyst allihop allihopa rent riktig liten lilla del""",
    "en": """the and of to in is that it for you was on are with as this be have at or not but what all were we
        when your can said there an which how if will do does would about who get my his her they our from
        has had i me no so just like well very written true buy best price cheap fast weak every last one brought back
        down office him kinda tbh ill your course union why where please thanks thank should could these those
        been am up meeting trainer lecture members member workers people day go going know called tell told never
        nobody somebody someone anyone everyone new out may us bunch money agreement two many works work help link
        needs need only take them before after old such lot more again good bad wrong way by now law see any much
        time day days years answer open free today tomorrow yesterday home come gone make made own yourself fool
        you're youre you'll you've i'm i'll i've don't dont doesn't isn't aren't can't won't let's it's that's
        shut stupid idiot idiots moron morons dumb bitch fuck fucking shit ugly whore clown scum pathetic pig rat liar
        loser filthy dirty fat lazy kill burn shoot hang hell damn ass asshole crap bullshit trash coward foreigners
        what's wonderful awesome absolutely useless lovely nice boss foreman steward customer supervisor government
        contract contracts hours agency temporary shift pay paid form page website sick strike story stories photo""",
    "et": """ja ei on see et ta ka kui mis oma aga siis nii või mina sina tema meie teie nad kes kuidas miks kus
        väga ning olen oled olete oli pole juba veel kõik selle seda saab tänan tere palun
        kas mulle mind sind öelge millal kuhu kust siis siin""",
    "de": """und der die das ist nicht ich du sie wir mit ein eine den dem zu auf für von auch wie was warum aber
        oder bitte danke sind haben hat wird kann nur noch""",
    "fr": """le la les de des et est un une que qui dans pour pas vous nous je tu il elle ce cette avec sur mais
        ou où merci bonjour sont être avoir très pourquoi comment""",
    "es": """el la los las de que y en un una es por con para no se lo como pero más muy gracias hola está son
        usted porque cuando qué cómo dónde""",
    "it": """il lo gli di che e un una è per non con sono come ma più molto grazie ciao perché quando dove questo
        questa della""",
    "no": """og det er ikke jeg en til av for med som på har de å vi kan du om men så var den hva hvordan hvorfor
        takk hei noe bare også etter mer""",
    "so": "iyo waa ka ku in aan oo uu ay la soo waxaa kala maxaa waxa mahadsanid haa maya",
    "pl": "i w nie na się z do to że jest jak co ale dla czy tak od po dziękuję dzień dobry proszę jestem",
}
_STRANGE = re.compile("[\u0370-\U0010ffff]")
_FOREIGN = tuple(language for language in _STOP_WORDS if language != "fi")
_ENDINGS = (
    *"ssa ssä sta stä lla llä lta ltä lle ksi tta ttä nen minen uus yys isi".split(),
    *"aan ään een iin vat vät mme tte kin ko kö".split(),
)
_SCRIPTS = dict(
    pair.split(":")
    for pair in (
        "CYRILLIC:ru ARABIC:ar GREEK:el HEBREW:he THAI:th CJK:zh HIRAGANA:ja KATAKANA:ja HANGUL:ko DEVANAGARI:hi"
    ).split()
)
_SHAPES = {
    "sv": (
        *"arna erna orna ningen ningar ningarna heten ande aste ligt liga ade ött ådd gt ft ärt ört ämst".split(),
        *"ndet mmet llet tten rren skap ssar llar rar nar dagen åtta åder ålla ång ånga".split(),
    ),
    "en": (*"tion tions ing ings ness ment ed ly ght ck ould ow ful less ers wn y's n't".split(),),
}
"""How words end in these languages that are hardly ever Finnish by their ending."""
_SHAPE_SHARE = 0.5
_FOREIGN_SHARE = 0.5
_ENOUGH_WORDS = 3
_FINNISH_ENOUGH = 0.25
"""Where so many of the words are Finnish by their look, the shapes of others are not asked."""
_FEW_WORDS = 5
"""In so short a text a single word of another language is enough, where nothing is Finnish."""

NAMES: dict[str, str] = dict(
    pair.split(":")
    for pair in (
        "fi:suomi sv:ruotsi en:englanti et:viro de:saksa fr:ranska es:espanja it:italia no:norja so:somali pl:puola "
        "ru:venäjä ar:arabia el:kreikka he:heprea th:thai zh:kiina ja:japani ko:korea hi:hindi und:tuntematon"
    ).split()
)
"""Language code -> its name in Finnish."""


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for language, words in _STOP_WORDS.items():
        for word in words.split():
            table.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in table.items()}


def identify(text: str, forms: Sequence[str], is_finnish: Callable[[str], bool]) -> str:
    """The language of a folded text whose lower-case word forms are given, as a code; `UNKNOWN` when nothing fits.

    `is_finnish` is asked about single forms only when cheaper signs do not settle it. A very short text is Finnish.
    """
    if script := _foreign_script(text):
        return script
    if not forms:
        return "fi"
    looked_at = forms[:200]
    counts, endings = _count(looked_at)
    finnish = counts["fi"] + sum([0.4] * endings)
    if finnish < _FINNISH_ENOUGH * len(looked_at):
        for name, shapes in _SHAPES.items():
            shaped = (form for form in looked_at if len(form) > 3 and form.endswith(shapes))
            counts[name] += sum(_SHAPE_SHARE for form in shaped if not is_finnish(form))
    strength = max(counts[name] for name in _FOREIGN)
    if finnish and finnish >= strength:
        return "fi"
    foreign = next(name for name in _FOREIGN if counts[name] == strength)
    known = sum(1 for form in looked_at[:40] if is_finnish(form))
    if known >= 0.6 * min(len(looked_at), 40) and known >= strength:
        return "fi"
    if strength > max(finnish, 0.15 * len(looked_at)) and (strength >= 1.5 or len(looked_at) <= _FEW_WORDS):
        return foreign
    return "fi" if known >= 0.25 * len(looked_at[:40]) or len(looked_at) <= _ENOUGH_WORDS else UNKNOWN


def _count(forms: Sequence[str]) -> tuple[dict[str, float], int]:
    """How much each language's own words speak for it, and how many forms end as Finnish ones do.

    A word of several languages speaks less for each.
    """
    counts = dict.fromkeys(_STOP_WORDS, 0.0)
    endings = 0
    for form in forms:
        languages, is_finnish = _SIGNS[form]
        endings += is_finnish
        for language in languages:
            counts[language] += 1.0 if len(languages) == 1 else 0.6
    return counts, endings


def _signs(form: str) -> tuple[tuple[str, ...], bool]:
    """The languages a form is a stop word of, and whether it ends like a Finnish one."""
    return _languages_of_words().get(form, ()), len(form) > 4 and form.endswith(_ENDINGS)


_SIGNS = Memory(_signs, 30_000)


def _foreign_script(text: str) -> str:
    """The language of the script most letters are in, where that is not the Latin one; empty otherwise."""
    if not _STRANGE.search(text):
        return ""
    strange = [letter for letter in text[:2000] if letter > "\u036f" and letter.isalpha()]
    if not strange:
        return ""
    latin = sum(1 for letter in text[:2000] if letter.isalpha() and letter < "\u0250")
    if len(strange) < _FOREIGN_SHARE * (len(strange) + latin):
        return ""
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in strange)
    return _SCRIPTS.get(scripts.most_common(1)[0][0], UNKNOWN)
