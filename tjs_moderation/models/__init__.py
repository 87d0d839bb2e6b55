"""The tables, one family a module; importing this package knows them all."""

from __future__ import annotations

from tjs_moderation.models.answer import Answer, AnswerReturn, AnswerRevision, Draft
from tjs_moderation.models.base import Base
from tjs_moderation.models.bulk import Bulk, BulkItem
from tjs_moderation.models.casework import Claim, Decision, DecisionReason, Mention, Note, Opinion, Routing
from tjs_moderation.models.channel import Author, Channel, ImportRun, Post
from tjs_moderation.models.connection import ChannelConnection, ChannelSecret, WorkerBeat
from tjs_moderation.models.head import HeadTelling, SignedHead
from tjs_moderation.models.hint import GoneMark, HintTurn, RawEvent, RefusedHook, UnworkedHint
from tjs_moderation.models.item import Item, ItemText, RuleSet, StoredAssessment
from tjs_moderation.models.notice import CalendarFeed, Notice
from tjs_moderation.models.outbox import Act
from tjs_moderation.models.privacy import Appeal, Erasure
from tjs_moderation.models.proof import AuditEntry, AuditHead, AuditSubject, QueueCount, Setting, SettingChange
from tjs_moderation.models.ready_answer import CheckedLink, EarlierAnswer, EarlierWord, ReadyAnswer
from tjs_moderation.models.rulebook import PageRules, RuleTrial
from tjs_moderation.models.search import SavedSearch, SearchDue, SearchText
from tjs_moderation.models.session import (
    CodeSecret,
    OuterIdentity,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    UserSession,
)
from tjs_moderation.models.tally import DayTally
from tjs_moderation.models.user import Absence, SignInLink, Topic, TopicExpert, User
from tjs_moderation.models.walk import Pace, PostCount, WalkSight, WalkThread

__all__ = [
    "Absence",
    "Act",
    "Answer",
    "AnswerReturn",
    "AnswerRevision",
    "Appeal",
    "AuditEntry",
    "AuditHead",
    "AuditSubject",
    "Author",
    "Base",
    "Bulk",
    "BulkItem",
    "CalendarFeed",
    "Channel",
    "ChannelConnection",
    "ChannelSecret",
    "CheckedLink",
    "Claim",
    "CodeSecret",
    "DayTally",
    "Decision",
    "DecisionReason",
    "Draft",
    "EarlierAnswer",
    "EarlierWord",
    "Erasure",
    "GoneMark",
    "HeadTelling",
    "HintTurn",
    "ImportRun",
    "Item",
    "ItemText",
    "Mention",
    "Note",
    "Notice",
    "Opinion",
    "OuterIdentity",
    "Pace",
    "PageRules",
    "Passkey",
    "PasskeyChallenge",
    "Post",
    "PostCount",
    "QueueCount",
    "RawEvent",
    "ReadyAnswer",
    "RecoveryCode",
    "RefusedHook",
    "Routing",
    "RuleSet",
    "RuleTrial",
    "SavedSearch",
    "SearchDue",
    "SearchText",
    "Setting",
    "SettingChange",
    "SignInLink",
    "SignedHead",
    "StoredAssessment",
    "Topic",
    "TopicExpert",
    "UnworkedHint",
    "User",
    "UserSession",
    "WalkSight",
    "WalkThread",
    "WorkerBeat",
]
