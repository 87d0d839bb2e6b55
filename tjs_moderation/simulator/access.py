"""Who may call: versions, tokens, the proof of the app secret, and permissions, refused in Meta's own words."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from tjs_moderation.simulator.problems import GraphProblemError, missing_permission, unknown_path

VERSIONS: dict[str, date | None] = {
    "v26.0": None,
    "v25.0": date(2028, 7, 1),
    "v24.0": date(2028, 2, 1),
    "v23.0": date(2027, 10, 1),
    "v22.0": date(2027, 5, 1),
    "v21.0": date(2027, 1, 21),
    "v20.0": date(2026, 9, 24),
}
"""The versions of the API and from when on each is gone."""

ALL_SCOPES = frozenset(
    {
        "pages_show_list",
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_engagement",
        "pages_manage_metadata",
        "pages_manage_posts",
        "pages_messaging",
        "read_insights",
    }
)
DATA_ACCESS = timedelta(days=90)
_CODE_OF_SCOPE = {"pages_read_user_content": 283, "pages_messaging": 230}


_INVALID = "Error validating access token: The session has been invalidated"


class TokenKind(StrEnum):
    """What kind of token a call came with, as `debug_token` names it."""

    PAGE = "PAGE"
    USER = "USER"
    SYSTEM_USER = "SYSTEM_USER"
    APP = "APP"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token given out later: whose it is, of which app, until when, and (a subcode of 190) why it is invalid."""

    kind: TokenKind
    app_id: str
    page_id: str = ""
    expires_at: datetime | None = None
    subcode: int = 0

    def problem(self, now: datetime) -> GraphProblemError | None:
        """Why it opens nothing now, or None."""
        subcode = self.subcode or (463 if self.expires_at is not None and self.expires_at <= now else 0)
        if not subcode:
            return None
        words = "Error validating access token: Session has expired" if subcode == 463 else _INVALID
        return GraphProblemError(words, 190, subcode=subcode)


@dataclass(slots=True)
class Access:
    """The secrets the simulator knows, and what the token may do."""

    app_secret: str
    page_token: str
    app_id: str = "4000"
    user_token: str = ""
    user_id: str = "3000"
    scopes: frozenset[str] = ALL_SCOPES
    issued_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    issued: dict[str, IssuedToken] = field(default_factory=dict)
    other_pages: dict[str, str] = field(default_factory=dict)
    """Other pages of the same person: id and name. Nothing is behind them but their name."""

    def issue(
        self,
        token: str,
        kind: TokenKind,
        *,
        app_id: str = "",
        page_id: str = "",
        expires_at: datetime | None = None,
        subcode: int = 0,
    ) -> str:
        """Give out one more token, and give it back."""
        self.issued[token] = IssuedToken(kind, app_id or self.app_id, page_id, expires_at, subcode)
        return token

    def check_version(self, version: str, today: date) -> None:
        """Raises GraphProblemError for a version that never was or is no more.

        Meta quietly serves an expired version with the oldest living one; here it is said aloud, so that a forgotten
        setting is found before Meta changes its mind.
        """
        if version not in VERSIONS:
            raise unknown_path(version)
        ends_on = VERSIONS[version]
        if ends_on is not None and today >= ends_on:
            raise GraphProblemError(
                f"(#2635) You are calling a deprecated version of the API: {version}. Please update it.",
                2635,
            )

    def check_token(self, token: str, proof: str, now: datetime | None = None) -> TokenKind:
        """The kind of the token. Raises GraphProblemError for none, an unknown one, and a missing or wrong proof."""
        if not token:
            raise GraphProblemError("An access token is required to request this resource.", 104)
        kind = self.kind_of(token)
        if kind is None:
            words = "signature" if "|" in token else "- Cannot parse access token"
            raise GraphProblemError(f"Invalid OAuth access token {words}", 190)
        self.check_alive(token, now or datetime.now(UTC))
        if kind is TokenKind.APP:
            return kind
        if not proof:
            raise GraphProblemError(
                "API calls from the server require an appsecret_proof argument", 100, kind="GraphMethodException"
            )
        expected = hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), proof.encode()):
            raise GraphProblemError(
                "Invalid appsecret_proof provided in the API argument", 100, kind="GraphMethodException"
            )
        return kind

    def check_alive(self, token: str, now: datetime) -> None:
        """Raises GraphProblemError 190 for a token that has expired or was made invalid."""
        given = self.issued.get(token)
        problem = given.problem(now) if given else None
        if problem is not None:
            raise problem

    def kind_of(self, token: str) -> TokenKind | None:
        """What kind of token this is, or None for one nobody gave out."""
        known = {
            self.page_token: TokenKind.PAGE,
            self.user_token: TokenKind.USER,
            f"{self.app_id}|{self.app_secret}": TokenKind.APP,
        }
        if token in self.issued:
            return self.issued[token].kind
        return known.get(token) if token else None

    def require(self, kind: TokenKind, scope: str) -> None:
        """Raises GraphProblemError unless the call comes with a page token that has this permission."""
        if kind is not TokenKind.PAGE:
            raise GraphProblemError("A Page access token is required to request this resource.", 190, subcode=2069032)
        if scope not in self.scopes:
            raise missing_permission(_CODE_OF_SCOPE.get(scope, 200), scope)

    def description_of(self, token: str, page_id: str, now: datetime) -> dict[str, object]:
        """What `debug_token` answers about a token."""
        kind = self.kind_of(token)
        if kind is None:
            fault = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
            return {"data": {"error": fault, "is_valid": False, "scopes": []}}
        given = self.issued.get(token) or IssuedToken(kind, self.app_id, page_id if kind is TokenKind.PAGE else "")
        problem = given.problem(now)
        issued = int(self.issued_at.timestamp())
        about: dict[str, object] = {
            "app_id": given.app_id,
            "type": kind.value,
            "application": "Harjoitussovellus",
            "expires_at": int(given.expires_at.timestamp()) if given.expires_at else 0,
            "data_access_expires_at": issued + int(DATA_ACCESS.total_seconds()),
            "is_valid": problem is None,
            "issued_at": issued,
            "scopes": sorted(self.scopes),
        }
        if problem is not None:
            about["error"] = {"code": 190, "message": str(problem), "subcode": problem.fields["error_subcode"]}
        if kind is not TokenKind.APP:
            about["user_id"] = self.user_id
            targets = sorted({page_id, *self.other_pages})
            about["granular_scopes"] = [{"scope": scope, "target_ids": targets} for scope in sorted(self.scopes)]
        if kind is TokenKind.PAGE:
            about["profile_id"] = given.page_id or page_id
        return {"data": about}
