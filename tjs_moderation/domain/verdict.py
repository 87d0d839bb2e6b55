"""Findings and scores become a proposal: an ordered list of phases, the first that has something to say decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tjs_moderation.domain.language import Target
from tjs_moderation.domain.language.languages import NAMES
from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.scores import Estimate
from tjs_moderation.domain.vocabulary import Category, Outcome, Score

READ_LANGUAGES = frozenset({"fi", "sv", "en"})
"""Languages there are rules for; anything else goes to a person."""
MOST_REASONS = 12

_SEVERITY = (
    Category.THREAT,
    Category.IDENTITY_ATTACK,
    Category.SEXUAL_HARASSMENT,
    Category.INSULT,
    Category.DEGRADING,
    Category.OBSCENE,
    Category.PERSONAL_DATA,
    Category.SPAM,
    Category.HARSH_CRITICISM,
    Category.CRITICISM,
    Category.PRAISE,
    Category.QUESTION,
    Category.NEUTRAL,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a verdict is made of. `is_whole`: the whole text was read, not only its beginning."""

    text: str
    language: str
    findings: tuple[Finding, ...]
    estimate: Estimate
    is_question: bool
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proposed, as what, and why."""

    outcome: Outcome
    category: Category
    reasons: tuple[Reason, ...]


def is_allowed(findings: Sequence[Finding]) -> bool:
    """Whether an allow rule spoke: then no model has the last word."""
    return any(finding.rule.overrides for finding in findings)


def is_aimed(findings: Sequence[Finding]) -> bool:
    """Whether a rule weighs hurtful words that are aimed at somebody spoken to, at the staff or at a named person."""
    return any(
        finding.rule.outcome is Outcome.WEIGH and finding.rule.category in _HURTFUL and finding.target in _SOMEBODY
        for finding in findings
    )


def is_criticism(findings: Sequence[Finding]) -> bool:
    """Whether a keeping rule hears criticism."""
    return any(finding.rule.category in (Category.CRITICISM, Category.HARSH_CRITICISM) for finding in findings)


Phase = Callable[[Evidence], Verdict | None]


def decide(evidence: Evidence) -> Verdict:
    """The verdict of the first phase that has one; whatever is unsure is weighed by a person."""
    for phase in PHASES:
        if (verdict := phase(evidence)) is not None:
            return verdict
    return Verdict(Outcome.KEEP, Category.QUESTION if evidence.is_question else Category.NEUTRAL, ())


def removal(evidence: Evidence) -> Verdict | None:
    """A rule proposes removal."""
    return _by_rule(evidence, Outcome.REMOVE, also=Outcome.WEIGH)


def sure_estimate(evidence: Evidence) -> Verdict | None:
    """The model is surer than its removal threshold; beside a rule that weighs, a lower threshold is enough."""
    estimate = evidence.estimate
    if is_allowed(evidence.findings) or evidence.language not in READ_LANGUAGES:
        return None
    if is_aimed(evidence.findings) and estimate.is_above("removable:aimed", estimate.removable):
        return _by_rule(evidence, Outcome.WEIGH, proposes=Outcome.REMOVE)
    if estimate.is_above("removable", estimate.removable):
        return _by_rule(evidence, Outcome.WEIGH, proposes=Outcome.REMOVE) or _by_likeness(evidence, Outcome.REMOVE)
    return None


def no_text(evidence: Evidence) -> Verdict | None:
    """There is nothing to read: a picture, a sticker, white space."""
    if evidence.text.strip():
        return None
    return _weigh("empty", "Kommentissa ei ole tekstiä, joten ihmisen pitää katsoa se.")


def weighing(evidence: Evidence) -> Verdict | None:
    """A rule proposes that a person weighs it."""
    return _by_rule(evidence, Outcome.WEIGH)


def foreign_language(evidence: Evidence) -> Verdict | None:
    """The text is in a language there are no rules for."""
    if evidence.language in READ_LANGUAGES:
        return None
    name = NAMES.get(evidence.language, evidence.language)
    return _weigh("language", f"Kommentin kieli näyttää olevan {name}, eikä sille ole sääntöjä.")


def unread_rest(evidence: Evidence) -> Verdict | None:
    """Only the beginning of a very long text was read."""
    if evidence.is_whole:
        return None
    return _weigh("too_long", "Kommentti on niin pitkä, että vain sen alku luettiin. Lue loput itse.")


def doubtful_estimate(evidence: Evidence) -> Verdict | None:
    """No rule says anything, but the model doubts. Where rules hear criticism, it must doubt more."""
    name = "trouble:criticism" if is_criticism(evidence.findings) else "trouble"
    if is_allowed(evidence.findings) or not evidence.estimate.is_above(name, evidence.estimate.trouble):
        return None
    return _by_likeness(evidence, Outcome.WEIGH)


def kept_by_rule(evidence: Evidence) -> Verdict | None:
    """A rule says that this is criticism, praise or another thing that stays."""
    verdict = _by_rule(evidence, Outcome.KEEP)
    is_mild = verdict is not None and verdict.category in (Category.PRAISE, Category.NEUTRAL)
    if verdict is not None and evidence.is_question and is_mild:
        return Verdict(Outcome.KEEP, Category.QUESTION, verdict.reasons)
    return verdict


PHASES: tuple[Phase, ...] = (
    removal,
    sure_estimate,
    no_text,
    weighing,
    foreign_language,
    unread_rest,
    doubtful_estimate,
    kept_by_rule,
)
_HURTFUL = frozenset(_SEVERITY[:6])
_SOMEBODY = frozenset({Target.ADDRESSED, Target.STAFF, Target.NAMED})

_LIKENESS = {
    Score.INSULT: "loukkaavia kommentteja",
    Score.OBSCENE: "rivoja kommentteja",
    Score.THREAT: "uhkaavia kommentteja",
    Score.IDENTITY_ATTACK: "ihmisryhmään kohdistuvia hyökkäyksiä",
}
_CATEGORY_OF = {
    Score.INSULT: Category.INSULT,
    Score.OBSCENE: Category.OBSCENE,
    Score.THREAT: Category.THREAT,
    Score.IDENTITY_ATTACK: Category.IDENTITY_ATTACK,
}


def _by_rule(
    evidence: Evidence, outcome: Outcome, also: Outcome | None = None, proposes: Outcome | None = None
) -> Verdict | None:
    deciding = [finding for finding in evidence.findings if finding.rule.outcome is outcome]
    if not deciding:
        return None
    category = min((finding.rule.category for finding in deciding), key=_SEVERITY.index)
    deciding.sort(key=lambda finding: (finding.rule.category is not category, finding.start))
    others = [finding for finding in evidence.findings if finding.rule.outcome is also]
    return Verdict(proposes or outcome, category, _reasons([*deciding, *others]))


def _by_likeness(evidence: Evidence, outcome: Outcome) -> Verdict:
    """A verdict of the model's own: of the kind of comments that the text is likest to."""
    scores = evidence.estimate.scores
    label = max(_LIKENESS, key=lambda each: scores.get(each, 0.0))
    sentence = f"Kommentti muistuttaa {_LIKENESS[label]}, vaikka mikään sääntö ei osunut siihen."
    return Verdict(outcome, _CATEGORY_OF[label], (Reason(f"score_{label}", 0, 0, "", sentence),))


def _reasons(findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """One reason per finding, the deciding ones first; of several on the same words and kind, one."""
    reasons: dict[tuple[str, int, int], Reason] = {}
    for finding in findings:
        code = finding.rule.category.value
        sentence = finding.rule.because.replace("{kohta}", " ".join(finding.text.split()))
        reason = Reason(code, finding.start, finding.end, finding.text, sentence, finding.rule.name)
        reasons.setdefault((code, finding.start, finding.end), reason)
    return tuple(reasons.values())[:MOST_REASONS]


def _weigh(code: str, sentence: str) -> Verdict:
    return Verdict(Outcome.WEIGH, Category.UNREADABLE, (Reason(code, 0, 0, "", sentence),))
