"""The words of the domain as enums, and who is granted what."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What the public sent us."""

    COMMENT = "comment"
    MESSAGE = "message"


class Outcome(StrEnum):
    """What the console proposes for an item."""

    KEEP = "keep"
    WEIGH = "weigh"
    REMOVE = "remove"


class Category(StrEnum):
    """What an item is, in one word: first what may be removed, then what is kept, last what nobody could read."""

    INSULT = "insult"
    DEGRADING = "degrading"
    OBSCENE = "obscene"
    THREAT = "threat"
    IDENTITY_ATTACK = "identity_attack"
    SEXUAL_HARASSMENT = "sexual_harassment"
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    CRITICISM = "criticism"
    HARSH_CRITICISM = "harsh_criticism"
    PRAISE = "praise"
    QUESTION = "question"
    NEUTRAL = "neutral"
    UNREADABLE = "unreadable"


class RuleState(StrEnum):
    """The life of a rule. Only a live one decides; a shadow one is heard and changes nothing; the others are silent."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    ARCHIVED = "archived"


class Score(StrEnum):
    """The labels a text is scored on, 0…1 each (those of the Suomi24 toxicity annotations)."""

    INSULT = "insult"
    TOXICITY = "toxicity"
    OBSCENE = "obscene"
    THREAT = "threat"
    IDENTITY_ATTACK = "identity_attack"
    SEVERE_TOXICITY = "severe_toxicity"


class CaseState(StrEnum):
    """Where an item stands: exactly one queue at a time, worked out by `domain.case.place`."""

    ARRIVED = "arrived"
    REMOVAL = "removal"
    WEIGH = "weigh"
    QUESTION = "question"
    READ = "read"
    EXPERT = "expert"
    APPROVAL = "approval"
    GOING_OUT = "going_out"
    TROUBLE = "trouble"
    DONE = "done"


class DecisionKind(StrEnum):
    """What a person decided about an item.

    `DELETE` is the second step after `REMOVE`; `WEIGH` puts it among what is to be weighed; `TAKE_BACK` reverses one of
    the others.
    """

    KEEP = "keep"
    REMOVE = "remove"
    WEIGH = "weigh"
    DELETE = "delete"
    NO_ANSWER = "no_answer"
    TAKE_BACK = "take_back"


class BulkKind(StrEnum):
    """What is done to many items as one: a decision or a routing of each, or taking such a bulk back."""

    KEEP = "keep"
    REMOVE = "remove"
    WEIGH = "weigh"
    ROUTE = "route"
    TAKE_BACK = "take_back"


class BulkStep(StrEnum):
    """How far a bulk has come with one of its items. `SKIPPED`: it could not be done, or somebody was faster."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"


class OpinionKind(StrEnum):
    """What a second person would do with an item that is weighed."""

    KEEP = "keep"
    REMOVE = "remove"


class AppealOutcome(StrEnum):
    """What a second look at a removal came to: it stands, or what was removed is shown again."""

    UPHELD = "upheld"
    RESTORED = "restored"


class Hours(StrEnum):
    """When automatic acts may happen: at any time, while people are at work, or while they are not."""

    ALWAYS = "always"
    WORKING = "working"
    OUTSIDE = "outside"


class TimeUnit(StrEnum):
    """What the time for an answer is counted in: working hours or working days."""

    HOURS = "hours"
    DAYS = "days"


class DeadlineStep(StrEnum):
    """How far the deadline of a question has come, and how far people have been told of it."""

    AHEAD = "ahead"
    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


class AutomaticStep(StrEnum):
    """What came of a rule's leave to hide a text by itself.

    `NONE`: no rule gave it, or it was not asked for at that hour; `DUE` waits for its turn; `CAP` and `RULE_CAP` were
    left to people because the day's cap, of all rules or of that one, was used up; `LEFT` because of the item itself.
    """

    NONE = "none"
    DUE = "due"
    DONE = "done"
    CAP = "cap"
    RULE_CAP = "rule_cap"
    LEFT = "left"


class AnswerState(StrEnum):
    """The life of an answer; the moves between states stand in `domain.answer.MOVES`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ActKind(StrEnum):
    """What the console does on a channel."""

    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    REPLY = "reply"
    PRIVATE_MESSAGE = "private_message"


class ActState(StrEnum):
    """The life of an outward act. `BY_HAND` waits for a person to do it; `STOPPED` was taken back before it left."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    BY_HAND = "by_hand"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


class ChannelKind(StrEnum):
    """How a channel is worked: through the Graph API, or by a person's hand."""

    FACEBOOK = "facebook"
    BY_HAND = "by_hand"


class NoticeKind(StrEnum):
    """What a person is told of. `HEARD`: a question went to a colleague, and a topic of this person's is in it too."""

    ROUTED = "routed"
    HEARD = "heard"
    RETURNED = "returned"
    REOPENED = "reopened"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    UNREAD_DAY = "unread_day"
    TO_APPROVE = "to_approve"
    MENTIONED = "mentioned"
    ANSWERED = "answered"
    CHANNEL_STOPPED = "channel_stopped"
    SUMMARY = "summary"
    SECURITY = "security"


class NoticeGroup(StrEnum):
    """Notices that a person chooses the delivery of together."""

    DESK = "desk"
    DEADLINES = "deadlines"
    APPROVALS = "approvals"
    MENTIONS = "mentions"
    ANSWERS = "answers"
    CHANNELS = "channels"
    MORNING = "morning"


class Delivery(StrEnum):
    """How a notice reaches a person beside the console: by mail at once, in the morning's summary, or not."""

    AT_ONCE = "at_once"
    SUMMARY = "summary"
    NONE = "none"


class Quoting(StrEnum):
    """Whose words may leave the console in a mail: nobody's, those of comments, or of private messages too."""

    NOTHING = "nothing"
    COMMENTS = "comments"
    EVERYTHING = "everything"


class MailState(StrEnum):
    """The life of a notice's mail. `SUMMARY` waits for the morning's; `NONE` is never mailed."""

    NONE = "none"
    SUMMARY = "summary"
    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class SignInStage(StrEnum):
    """How far somebody has come in: a second factor is to be shown, one has to be made first, or they are in."""

    FACTOR = "factor"
    ENROLMENT = "enrolment"
    IN = "in"


class LinkState(StrEnum):
    """What became of opening a link. `FORBIDDEN`: into a private network; `UNSURE`: programs are not let in."""

    DUE = "due"
    OPENS = "opens"
    BROKEN = "broken"
    FORBIDDEN = "forbidden"
    UNSURE = "unsure"


class Role(StrEnum):
    """The duties of the plan (P14)."""

    TIEDOTTAJA = "tiedottaja"
    ASIANTUNTIJA = "asiantuntija"
    ATK_SUUNNITTELIJA = "atk-suunnittelija"


class Theme(StrEnum):
    """How somebody wants their pages; who chooses neither has them as their machine says."""

    LIGHT = "light"
    DARK = "dark"


class Permission(StrEnum):
    """What a view or a command asks for; `GRANTS` says which roles have it."""

    SEE_DESK = "see_desk"
    SEE_ALL_ITEMS = "see_all_items"
    SEE_ROUTED_ITEMS = "see_routed_items"
    DECIDE = "decide"
    ROUTE = "route"
    WRITE_NOTE = "write_note"
    DRAFT_ANSWER = "draft_answer"
    GIVE_OPINION = "give_opinion"
    APPROVE_ANSWER = "approve_answer"
    WORK_OUTBOX = "work_outbox"
    IMPORT = "import"
    SEE_PROOF = "see_proof"
    SEE_NUMBERS = "see_numbers"
    SEE_LOADS = "see_loads"
    EDIT_RULES = "edit_rules"
    WORK_HINTS = "work_hints"
    RUN_CHANNELS = "run_channels"
    RUN_PEOPLE = "run_people"
    RUN_SETTINGS = "run_settings"
    RUN_PRIVACY = "run_privacy"


_EXPERT = frozenset(
    {
        Permission.SEE_DESK,
        Permission.SEE_NUMBERS,
        Permission.SEE_ROUTED_ITEMS,
        Permission.WRITE_NOTE,
        Permission.DRAFT_ANSWER,
        Permission.GIVE_OPINION,
    },
)
_OFFICER = _EXPERT | {
    Permission.SEE_ALL_ITEMS,
    Permission.DECIDE,
    Permission.ROUTE,
    Permission.APPROVE_ANSWER,
    Permission.WORK_OUTBOX,
    Permission.IMPORT,
    Permission.SEE_PROOF,
    Permission.SEE_LOADS,
    Permission.EDIT_RULES,
    Permission.WORK_HINTS,
    Permission.RUN_PRIVACY,
}
_OPERATOR = frozenset(
    {
        Permission.SEE_DESK,
        Permission.IMPORT,
        Permission.SEE_PROOF,
        Permission.SEE_NUMBERS,
        Permission.SEE_LOADS,
        Permission.WORK_HINTS,
        Permission.RUN_CHANNELS,
        Permission.RUN_PEOPLE,
        Permission.RUN_SETTINGS,
    },
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ASIANTUNTIJA: _EXPERT,
    Role.TIEDOTTAJA: frozenset(_OFFICER),
    Role.ATK_SUUNNITTELIJA: _OPERATOR,
}
