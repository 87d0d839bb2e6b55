"""One error tree, in the words of the domain; the web and the command line translate it to their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TjsError(Exception):
    """Anything the program itself refuses or cannot do. `code` names the sentence shown to a person."""

    code = "error"

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message or self.code)
        self.facts = facts


class ConfigurationError(TjsError):
    """The settings cannot be used; `faults` lists every one of them."""

    code = "configuration"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class InvalidInputError(TjsError):
    """What a person or a file gave cannot be used. The message says what is wrong and what was kept."""

    code = "invalid_input"


class NotFoundError(TjsError):
    """There is no such thing, or this person may not know that there is."""

    code = "not_found"


class NotAllowedError(TjsError):
    """The person's role does not carry this permission."""

    code = "not_allowed"


class ConflictError(TjsError):
    """Somebody else was faster. `facts` may name `who`, `what` and `at`."""

    code = "conflict"


class TransitionError(TjsError):
    """The thing is not in a state from which this can be done."""

    code = "transition"


class SecretsError(TjsError):
    """A channel's secrets cannot be read or kept: their key is missing, damaged or another one. Holds no secret."""

    code = "secrets"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a text a person wrote: `line` counts from 1, `message` says what is wrong, `hint` how to mend it."""

    line: int
    message: str
    hint: str = ""


class FaultsError(InvalidInputError):
    """A text with faults in it; all of them, in the order of their lines."""

    code = "faults"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.line}: {fault.message}" for fault in faults))
        self.faults = faults


class GatewayFailure(StrEnum):
    """What kind of no the outside world gave (Meta's codes are sorted into these by the Facebook gateway)."""

    TRANSIENT = "transient"
    THROTTLED = "throttled"
    STOPPED = "stopped"
    PERMISSION = "permission"
    GONE = "gone"
    REFUSED = "refused"
    BAD_REQUEST = "bad_request"


class GatewayError(TjsError):
    """Something outside said no or did not answer, and it is certain that nothing happened there.

    `failure` is the class of the no, `detail` a short text without personal data (code, subcode, trace),
    `retry_after_seconds` how long the other side wants to be left alone.
    """

    code = "gateway"

    def __init__(self, failure: GatewayFailure, detail: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(detail or failure.value)
        self.failure = failure
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknownError(TjsError):
    """A write was sent and its answer never came: it may have happened. Read back, never send again."""

    code = "outcome_unknown"
