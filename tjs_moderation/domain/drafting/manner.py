"""Insulting and patronising wording: what the judge of comments says of our own words, and phrases from above."""

from __future__ import annotations

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.drafting.subjects import subjects
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.ports import Assessment
from tjs_moderation.domain.vocabulary import Category, Outcome

_HURTFUL = frozenset(
    str(category)
    for category in (
        Category.INSULT,
        Category.DEGRADING,
        Category.OBSCENE,
        Category.THREAT,
        Category.IDENTITY_ATTACK,
        Category.SEXUAL_HARASSMENT,
        Category.HARSH_CRITICISM,
    )
)
_NOT_READ = frozenset({"language", "too_long", "failure"})
_LIKENESS = "score_"

_FROM_ABOVE = (
    "kuten jo sanoin/sanoimme/kerroin/kerroimme/todettu/sanottu",
    "kuten varmasti/varmaan ymmärrät/ymmärrätte/tiedät/tiedätte",
    "pitäisi olla itsestään selvää",
    "pitäisi olla selvää",
    "pitäisi jo/kyllä/toki ... =tietää/=ymmärtää/=osata",
    "luulisi ... =ymmärtävän/=tietävän/=osaavan",
    "etkö/ettekö ... =osaa/=ymmärrä/=viitsi",
    "jos olisit/olisitte ... =lukenut/=lukeneet/=katsonut/=katsoneet/=viitsinyt/=viitsineet",
    "olisit/olisitte voinut/voineet ... =lukea/=katsoa/=tarkistaa",
    "lue/lukekaa ... kunnolla/tarkemmin/huolellisemmin",
    "opettele/opetelkaa ensin",
    "mieti/miettikää nyt/vähän/vaikka",
    "rauhoitu/rauhoittukaa",
    "turha valittaa/kitistä/ruikuttaa/itkeä/kiukutella",
    "älä/älkää ... =valita/=valittako/=kitise/=kitiskö/=kiukuttele/=kiukutelko",
    "oma vika/syy",
    "ymmärräthän/ymmärrättehän",
    "sinunkin/teidänkin pitäisi/kannattaisi",
)
"""Phrases that talk down to somebody, in the rule language's own notation."""


def judged(assessment: Assessment) -> Finds:
    """What the judge would say of these words if the public had written them."""
    if assessment.outcome is Outcome.KEEP:
        return
    check = Check.INSULTING if assessment.outcome is Outcome.REMOVE else Check.HARSH
    for reason in assessment.reasons:
        if reason.code in _HURTFUL or reason.code.startswith(_LIKENESS):
            yield Found(check, (reason.start, reason.end), reason=reason)
        elif reason.code in _NOT_READ:
            yield Found(Check.UNREAD)


def patronising(utterance: Utterance) -> Finds:
    """Phrases that talk down to the reader."""
    yield from subjects(utterance, _FROM_ABOVE, Check.PATRONISING)
