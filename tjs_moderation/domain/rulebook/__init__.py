"""The rule set: text a tiedottaja can read and change, parsed, matched, explained."""

from __future__ import annotations

from tjs_moderation.domain.rulebook.circumstances import Facts
from tjs_moderation.domain.rulebook.default import default_rule_text
from tjs_moderation.domain.rulebook.matcher import Hearing, Matcher
from tjs_moderation.domain.rulebook.parser import parse_rule_set
from tjs_moderation.domain.rulebook.ruleset import Finding, Rule, RuleSet, Topic, WordList

__all__ = [
    "Facts",
    "Finding",
    "Hearing",
    "Matcher",
    "Rule",
    "RuleSet",
    "Topic",
    "WordList",
    "default_rule_text",
    "parse_rule_set",
]
