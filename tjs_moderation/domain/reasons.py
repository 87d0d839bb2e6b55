"""Why something is proposed, as sentences for a person: in Finnish, Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tjs_moderation.domain.language.languages import NAMES
from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.vocabulary import Score

MOST_REASONS = 12


class Spoken(NamedTuple):
    """The same words in the three languages; `sv` and `en` may be empty."""

    fi: str
    sv: str
    en: str


_EMPTY = Spoken(
    "Kommentissa ei ole tekstiä, joten ihmisen pitää katsoa se.",
    "Kommentaren har ingen text, så en människa behöver titta på den.",
    "The comment has no text, so a person needs to look at it.",
)
_LANGUAGE = Spoken(
    "Kommentin kieli näyttää olevan {}, eikä sille ole sääntöjä.",
    "Kommentaren verkar vara på {}, och för det språket finns inga regler.",
    "The comment seems to be in {}, and there are no rules for that language.",
)
_UNKNOWN_LANGUAGE = Spoken(
    "Kommentin kieltä ei tunnistettu, eikä sitä siksi voi arvioida säännöillä.",
    "Kommentarens språk kändes inte igen, så reglerna kan inte bedöma den.",
    "The language of the comment was not recognised, so the rules cannot judge it.",
)
_TOO_LONG = Spoken(
    "Kommentti on niin pitkä, että vain sen alku luettiin. Lue loput itse.",
    "Kommentaren är så lång att bara början lästes. Läs resten själv.",
    "The comment is so long that only its beginning was read. Please read the rest yourself.",
)
_DOUBTED = Spoken(
    "Sääntö ehdottaisi poistamista, mutta muuten kommentti ei muistuta poistettavia. Punnitse.",
    "En regel skulle föreslå borttagning, men i övrigt liknar kommentaren inte sådana som tas bort. Väg den.",
    "A rule would propose removal, but otherwise the comment does not resemble those removed. Weigh it.",
)
_LIKENESS = Spoken(
    "Kommentti muistuttaa {}, vaikka mikään sääntö ei osunut siihen.",
    "Kommentaren liknar {}, fast ingen regel träffade den.",
    "The comment resembles {}, although no rule matched it.",
)
_LIKE = {
    Score.INSULT: Spoken("loukkaavia kommentteja", "kränkande kommentarer", "insulting comments"),
    Score.OBSCENE: Spoken("rivoja kommentteja", "oanständiga kommentarer", "obscene comments"),
    Score.THREAT: Spoken("uhkaavia kommentteja", "hotfulla kommentarer", "threatening comments"),
    Score.IDENTITY_ATTACK: Spoken(
        "ihmisryhmään kohdistuvia hyökkäyksiä",
        "angrepp på en grupp människor",
        "attacks on a group of people",
    ),
}
_FAILURE = Spoken(
    "Kommenttia ei voitu arvioida koneellisesti ({}). Ihmisen pitää katsoa se.",
    "Kommentaren kunde inte bedömas maskinellt ({}). En människa behöver titta på den.",
    "The comment could not be judged by the program ({}). A person needs to look at it.",
)
_NAMES_SV = dict(
    pair.split(":")
    for pair in (
        "fi:finska sv:svenska en:engelska et:estniska de:tyska fr:franska es:spanska it:italienska no:norska "
        "so:somaliska pl:polska ru:ryska ar:arabiska el:grekiska he:hebreiska th:thailändska zh:kinesiska ja:japanska "
        "ko:koreanska hi:hindi"
    ).split()
)
_NAMES_EN = dict(
    pair.split(":")
    for pair in (
        "fi:Finnish sv:Swedish en:English et:Estonian de:German fr:French es:Spanish it:Italian no:Norwegian so:Somali "
        "pl:Polish ru:Russian ar:Arabic el:Greek he:Hebrew th:Thai zh:Chinese ja:Japanese ko:Korean hi:Hindi"
    ).split()
)


def empty() -> Reason:
    """There is nothing to read."""
    return _whole("empty", _EMPTY)


def foreign(language: str) -> Reason:
    """There are no rules for the language (a code of `languages.NAMES`)."""
    if language not in _NAMES_SV:
        return _whole("language", _UNKNOWN_LANGUAGE)
    return _whole("language", _filled(_LANGUAGE, Spoken(NAMES[language], _NAMES_SV[language], _NAMES_EN[language])))


def too_long() -> Reason:
    """Only the beginning was read."""
    return _whole("too_long", _TOO_LONG)


def doubted() -> Reason:
    """A rule would remove it, and the model sees hardly anything removable."""
    return _whole("doubted", _DOUBTED)


def likeness(label: Score, text: str, worst: tuple[int, int]) -> Reason:
    """No rule speaks, but the text is like others: insults, obscenities, threats or attacks on a group.

    `worst` is the span of the passage that is likest to them; empty where it is the text as a whole.
    """
    told, (start, end) = _filled(_LIKENESS, _LIKE[label]), worst
    return Reason(f"score_{label}", start, end, text[start:end], told.fi, "", told.sv, told.en)


def failed(failure: str) -> Reason:
    """Nothing could be thought of it, and why."""
    return _whole("failure", _filled(_FAILURE, Spoken(failure, failure, failure)))


def of_findings(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """One reason per finding, in their order; of several on the same words and kind, the first."""
    reasons: dict[tuple[str, int, int], Reason] = {}
    for finding in findings:
        code = finding.rule.category.value
        if (code, finding.start, finding.end) not in reasons:
            reasons[code, finding.start, finding.end] = _of_finding(finding)
    return tuple(reasons.values())[:MOST_REASONS]


def _of_finding(finding: Finding) -> Reason:
    rule, words = finding.rule, " ".join(finding.text.split())
    told = [written.replace("{kohta}", words) for written in (rule.because, rule.because_sv, rule.because_en)]
    return Reason(rule.category.value, finding.start, finding.end, finding.text, told[0], rule.name, told[1], told[2])


def _whole(code: str, told: Spoken) -> Reason:
    return Reason(code, 0, 0, "", told.fi, "", told.sv, told.en)


def _filled(told: Spoken, words: Spoken) -> Spoken:
    return Spoken(*(sentence.replace("{}", word) for sentence, word in zip(told, words, strict=True)))
