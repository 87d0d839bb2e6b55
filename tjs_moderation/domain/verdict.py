"""Findings and scores become a proposal: an ordered list of phases, the first that has something to say decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tjs_moderation.domain import reasons
from tjs_moderation.domain.language import Manner, Target
from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.scores import Estimate
from tjs_moderation.domain.vocabulary import Category, Outcome, Score

READ_LANGUAGES = frozenset({"fi", "sv", "en"})
"""Languages there are rules for; anything else goes to a person."""

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


class Weight(StrEnum):
    """How much the rules make of a text; the model needs the less to propose removal, the more they do.

    REMOVING: a rule proposes removal. AIMED: one weighs hurtful words aimed at somebody spoken to, at the staff or at a
    named person. HURTFUL: one weighs hurtful words. NONE: no rule speaks of such.
    """

    REMOVING = "removing"
    AIMED = "aimed"
    HURTFUL = "hurtful"
    NONE = "none"


def weight_of(findings: Sequence[Finding]) -> Weight:
    """How much the rules make of a text."""
    if any(finding.rule.outcome is Outcome.REMOVE for finding in findings):
        return Weight.REMOVING
    weighing = [each for each in findings if each.rule.outcome is Outcome.WEIGH and each.rule.category in _HURTFUL]
    if any(finding.target in _SOMEBODY for finding in weighing):
        return Weight.AIMED
    return Weight.HURTFUL if weighing else Weight.NONE


def _is_for_a_person(findings: Sequence[Finding]) -> bool:
    """Whether every rule that weighs asks what no model tells: whose the contact details are, or whose words are told.

    Of words told, a rule speaks that hears none but those in another's mouth.
    """
    weighing = [each.rule for each in findings if each.rule.outcome is Outcome.WEIGH]
    return bool(weighing) and all(
        rule.category is Category.PERSONAL_DATA
        or (bool(rule.conditions.manners) and Manner.DIRECT not in rule.conditions.manners)
        for rule in weighing
    )


def is_criticism(findings: Sequence[Finding]) -> bool:
    """Whether a keeping rule hears criticism."""
    return any(finding.rule.category in (Category.CRITICISM, Category.HARSH_CRITICISM) for finding in findings)


def automatic_rule(evidence: Evidence) -> str:
    """The removing rule by which a text may be hidden without a person; empty where a person must decide.

    The verdict must be that rule's own, over the whole text, with no allow rule speaking, and the model surer than its
    removal threshold as well.
    """
    estimate = evidence.estimate
    is_sure = evidence.is_whole and estimate.is_above(f"removable:{Weight.NONE}", estimate.removable)
    if not is_sure or is_allowed(evidence.findings) or decide(evidence).outcome is not Outcome.REMOVE:
        return ""
    deciding = (finding.rule for finding in _by_severity(evidence.findings, Outcome.REMOVE))
    return next((rule.name for rule in deciding if rule.automatic is not None), "")


Phase = Callable[[Evidence], Verdict | None]


def decide(evidence: Evidence) -> Verdict:
    """The verdict of the first phase that has one; whatever is unsure is weighed by a person."""
    for phase in PHASES:
        if (verdict := phase(evidence)) is not None:
            return verdict
    return Verdict(Outcome.KEEP, Category.QUESTION if evidence.is_question else Category.NEUTRAL, ())


def removal(evidence: Evidence) -> Verdict | None:
    """A rule proposes removal; where the model sees hardly anything of the kind, a person weighs it.

    Of a personal identity code, which its check digit proves, no model knows better.
    """
    estimate = evidence.estimate
    removing = [each.rule.category for each in evidence.findings if each.rule.outcome is Outcome.REMOVE]
    is_doubted = estimate.is_below(f"removable:{Weight.REMOVING}", estimate.removable)
    if not is_doubted or Category.PERSONAL_DATA in removing:
        return _by_rule(evidence, Outcome.REMOVE, also=Outcome.WEIGH)
    verdict = _by_rule(evidence, Outcome.REMOVE, also=Outcome.WEIGH, proposes=Outcome.WEIGH)
    return verdict and replace(verdict, reasons=(*verdict.reasons, reasons.doubted()))


def sure_estimate(evidence: Evidence) -> Verdict | None:
    """The model is surer than its removal threshold; beside a rule that weighs, a lower threshold is enough."""
    estimate = evidence.estimate
    if is_allowed(evidence.findings) or evidence.language not in READ_LANGUAGES:
        return None
    if not estimate.is_above(f"removable:{weight_of(evidence.findings)}", estimate.removable):
        return None
    if _is_for_a_person(evidence.findings):
        return None
    return _by_rule(evidence, Outcome.WEIGH, proposes=Outcome.REMOVE) or _by_likeness(evidence, Outcome.REMOVE)


def no_text(evidence: Evidence) -> Verdict | None:
    """There is nothing to read: a picture, a sticker, white space."""
    if evidence.text.strip():
        return None
    return _weigh(reasons.empty())


def weighing(evidence: Evidence) -> Verdict | None:
    """A rule proposes that a person weighs it."""
    return _by_rule(evidence, Outcome.WEIGH)


def foreign_language(evidence: Evidence) -> Verdict | None:
    """The text is in a language there are no rules for."""
    if evidence.language in READ_LANGUAGES:
        return None
    return _weigh(reasons.foreign(evidence.language))


def unread_rest(evidence: Evidence) -> Verdict | None:
    """Only the beginning of a very long text was read."""
    if evidence.is_whole:
        return None
    return _weigh(reasons.too_long())


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

_CATEGORY_OF = {
    Score.INSULT: Category.INSULT,
    Score.OBSCENE: Category.OBSCENE,
    Score.THREAT: Category.THREAT,
    Score.IDENTITY_ATTACK: Category.IDENTITY_ATTACK,
}


def _by_rule(
    evidence: Evidence, outcome: Outcome, also: Outcome | None = None, proposes: Outcome | None = None
) -> Verdict | None:
    deciding = _by_severity(evidence.findings, outcome)
    if not deciding:
        return None
    others = [finding for finding in evidence.findings if finding.rule.outcome is also]
    return Verdict(proposes or outcome, deciding[0].rule.category, reasons.of_findings([*deciding, *others]))


def _by_severity(findings: Sequence[Finding], outcome: Outcome) -> list[Finding]:
    """The findings that speak for an outcome: those of the gravest category first, then in the order of the text."""
    found = [finding for finding in findings if finding.rule.outcome is outcome]
    if len(found) < 2:
        return found
    gravest = min((finding.rule.category for finding in found), key=_SEVERITY.index)
    return sorted(found, key=lambda finding: (finding.rule.category is not gravest, finding.start))


def _by_likeness(evidence: Evidence, outcome: Outcome) -> Verdict:
    """A verdict of the model's own: of the kind of comments that the text is likest to."""
    scores = evidence.estimate.scores
    label = max(_CATEGORY_OF, key=lambda each: scores.get(each, 0.0))
    return Verdict(outcome, _CATEGORY_OF[label], (reasons.likeness(label, evidence.text, evidence.estimate.worst),))


def _weigh(reason: Reason) -> Verdict:
    return Verdict(Outcome.WEIGH, Category.UNREADABLE, (reason,))
