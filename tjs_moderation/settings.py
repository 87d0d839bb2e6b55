"""The settings, and the only place where the environment is read."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tjs_moderation.errors import ConfigurationError
from tjs_moderation.mail_settings import MailSettings, is_mailbox

LOCALES = ("fi", "sv", "en")
SECRET_KEY_FILE = "secret.key"  # noqa: S105  # the name of a file
"""The name of the file in the instance folder where a secret key made on the first start is kept."""
SECRET_KEY_MINIMUM = 16
AUDIT_KEY_FILE = "audit.key"
"""The name of the file in the instance folder that holds the private key which signs the heads of the audit log."""
ROLES = frozenset({"tiedottaja", "asiantuntija", "atk-suunnittelija"})
FACTOR_ROLES = frozenset({"tiedottaja", "atk-suunnittelija"})
"""Who has to show a second factor, unless the environment says otherwise: they see everything, or change everybody."""
NOBODY = "nobody"
ERASURES_FILE = "erasures.jsonl"
"""The name of the file in the instance folder that says, without anybody's data, what was erased."""
LARGEST_BULK = 5_000
"""The most that `bulk_cap` may be: a bulk's items go into one form and one query."""
LOG_FORMATS = ("plain", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
METRICS_TOKEN_MINIMUM = 16
CREDENTIALS_KEY_FILE = "credentials.key"
"""The name of the file in the instance folder that holds the key of the channels' secrets, made with the first one."""


@dataclass(frozen=True, slots=True)
class FacebookSettings:
    """The Facebook channel as the environment gives it; `is_on` once the page and its token are there.

    `is_given`: the environment names anything at all of it, so it alone counts and the console's own secrets do not.
    """

    graph_url: str = "https://graph.facebook.com"
    api_version: str = "v26.0"
    page_id: str = ""
    page_token: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)

    @property
    def is_on(self) -> bool:
        return bool(self.page_id and self.page_token)

    @property
    def is_given(self) -> bool:
        return bool(self.page_id or self.page_token or self.app_secret or self.verify_token)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How people come in, and how long they stay.

    A sign-in ends `idle_seconds` after it was last used and `longest_seconds` after it was made. What is sensitive asks
    for the password again once it is older than `proof_seconds`. `factor_roles`: who has to show a second factor.
    """

    idle_seconds: int = 2 * 60 * 60
    longest_seconds: int = 12 * 60 * 60
    proof_seconds: int = 10 * 60
    factor_roles: frozenset[str] = FACTOR_ROLES
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""

    @property
    def has_oidc(self) -> bool:
        return bool(self.oidc_issuer and self.oidc_client_id)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an install can be told from outside. Times are seconds."""

    instance_path: Path
    database_url: str
    queue_url: str
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    locale: str = "fi"
    timezone: str = "Europe/Helsinki"
    mail: MailSettings = field(default_factory=MailSettings)
    credentials_keys: tuple[str, ...] = field(default=(), repr=False)
    facebook: FacebookSettings = FacebookSettings()
    sign_in: SignInSettings = SignInSettings()
    trusted_hosts: tuple[str, ...] = ()
    """The names under which the console may be asked for; none: under any."""
    proxies: int = 0
    """So many proxies stand in front, whose word on the visitor's address counts."""
    security_contact: str = ""
    """Where to write about a hole in the console, as an address beginning with https: or mailto:."""
    heads_file: str = ""
    heads_url: str = ""
    heads_mail: str = ""
    hold_back_seconds: int = 300
    bulk_cap: int = 500
    """How many items can be decided as one."""
    is_demo: bool = False
    log_format: str = "plain"
    log_level: str = "info"
    metrics_token: str = field(default="", repr=False)
    """What whoever collects the metrics has to show; empty: there are none to be had."""
    given: frozenset[str] = frozenset()
    """The names the environment gave, empty ones left out: what it fixes, the console does not change."""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def has_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def credentials_key_path(self) -> Path:
        """Where the key of the channels' secrets is kept when the environment gives none."""
        return self.instance_path / CREDENTIALS_KEY_FILE

    @property
    def erasures_path(self) -> Path:
        """The register of what was erased, from which a restored older copy is erased anew."""
        return self.instance_path / ERASURES_FILE

    @property
    def audit_key_path(self) -> Path:
        """Where the private key that signs the heads of the audit log is kept."""
        return self.instance_path / AUDIT_KEY_FILE

    def with_changes(self, **changes: object) -> Settings:
        """The same settings with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # replace() checks the names when it runs


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `TJS_…` names from `environment` (the process's own by default).

    Raises `ConfigurationError` that names every bad value at once. Makes the instance folder, and in it a secret key,
    where there is none.
    """
    env = os.environ if environment is None else environment
    instance = Path(env.get("TJS_INSTANCE_PATH") or "instance").resolve()
    faults: list[str] = []
    settings = Settings(
        instance_path=instance,
        database_url=env.get("TJS_DATABASE_URL") or f"sqlite:///{instance / 'tjs.db'}",
        queue_url=env.get("TJS_QUEUE_URL") or f"sqlite:///{instance / 'queue.db'}",
        secret_key=env.get("TJS_SECRET_KEY") or "",
        base_url=(env.get("TJS_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        locale=env.get("TJS_LOCALE") or "fi",
        timezone=env.get("TJS_TIMEZONE") or "Europe/Helsinki",
        mail=MailSettings(env.get("TJS_SMTP_URL") or "", env.get("TJS_MAIL_FROM") or ""),
        credentials_keys=tuple(key.strip() for key in (env.get("TJS_CREDENTIALS_KEY") or "").split(",") if key.strip()),
        facebook=_read_facebook(env),
        sign_in=_read_sign_in(env, faults),
        trusted_hosts=_read_trusted_hosts(env),
        proxies=_whole_number(env, "TJS_PROXIES", 0, faults, "proxies"),
        security_contact=env.get("TJS_SECURITY_CONTACT") or "",
        heads_file=env.get("TJS_HEADS_FILE") or "",
        heads_url=env.get("TJS_HEADS_URL") or "",
        heads_mail=env.get("TJS_HEADS_MAIL") or "",
        hold_back_seconds=_whole_number(env, "TJS_HOLD_BACK_SECONDS", 300, faults),
        bulk_cap=_whole_number(env, "TJS_BULK_CAP", 500, faults, "items"),
        is_demo=env.get("TJS_DEMO") == "1",
        log_format=env.get("TJS_LOG_FORMAT") or "plain",
        log_level=env.get("TJS_LOG_LEVEL") or "info",
        metrics_token=env.get("TJS_METRICS_TOKEN") or "",
        given=frozenset(name for name, value in env.items() if name.startswith("TJS_") and value),
    )
    faults += _faults_of(settings)
    if faults:
        raise ConfigurationError(faults)
    return settings if settings.secret_key else settings.with_changes(secret_key=_kept_secret_key(instance))


def environment_without_tjs() -> dict[str, str]:
    """The process's environment without our own names, for a process that must not inherit this install."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TJS_")}


def _read_facebook(env: Mapping[str, str]) -> FacebookSettings:
    default = FacebookSettings()
    return FacebookSettings(
        graph_url=(env.get("TJS_FACEBOOK_GRAPH_URL") or default.graph_url).rstrip("/"),
        api_version=env.get("TJS_FACEBOOK_API_VERSION") or default.api_version,
        page_id=env.get("TJS_FACEBOOK_PAGE_ID") or "",
        page_token=env.get("TJS_FACEBOOK_PAGE_TOKEN") or "",
        app_secret=env.get("TJS_FACEBOOK_APP_SECRET") or "",
        verify_token=env.get("TJS_FACEBOOK_VERIFY_TOKEN") or "",
    )


def _read_sign_in(env: Mapping[str, str], faults: list[str]) -> SignInSettings:
    default = SignInSettings(factor_roles=frozenset() if env.get("TJS_DEMO") == "1" else FACTOR_ROLES)
    return SignInSettings(
        idle_seconds=_whole_number(env, "TJS_SESSION_IDLE_SECONDS", default.idle_seconds, faults),
        longest_seconds=_whole_number(env, "TJS_SESSION_SECONDS", default.longest_seconds, faults),
        proof_seconds=_whole_number(env, "TJS_PROOF_SECONDS", default.proof_seconds, faults),
        factor_roles=_read_roles(env.get("TJS_SECOND_FACTOR") or "", default.factor_roles, faults),
        oidc_issuer=env.get("TJS_OIDC_ISSUER") or "",
        oidc_client_id=env.get("TJS_OIDC_CLIENT_ID") or "",
        oidc_client_secret=env.get("TJS_OIDC_CLIENT_SECRET") or "",
        oidc_name=env.get("TJS_OIDC_NAME") or "",
    )


def _read_roles(written: str, default: frozenset[str], faults: list[str]) -> frozenset[str]:
    if not written:
        return default
    roles = frozenset() if written == NOBODY else frozenset(role.strip() for role in written.split(","))
    if not roles <= ROLES:
        faults.append(f"TJS_SECOND_FACTOR must be {NOBODY}, or of {', '.join(sorted(ROLES))}, not {written!r}")
    return roles


def _read_trusted_hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    """The names that are said; else, where the console's address is given, its own and this machine's."""
    written = env.get("TJS_TRUSTED_HOSTS") or ""
    if written:
        return tuple(host.strip() for host in written.split(",") if host.strip())
    if env.get("TJS_DEMO") == "1":
        return ()
    try:
        name = urlsplit(env.get("TJS_BASE_URL") or "").hostname
    except ValueError:
        name = None
    return (name, "localhost", "127.0.0.1", "[::1]") if name else ()


def _whole_number(env: Mapping[str, str], name: str, default: int, faults: list[str], counted: str = "seconds") -> int:
    value = env.get(name)
    if not value:
        return default
    if value.isascii() and value.isdigit():
        return int(value)
    faults.append(f"{name} must be a whole number of {counted}, not {value!r}")
    return default


def _faults_of(settings: Settings) -> list[str]:
    faults = []
    if _scheme(settings.database_url) not in {"sqlite", "postgresql+psycopg"}:
        faults.append("TJS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    if _scheme(settings.queue_url) not in {"sqlite", "redis", "rediss"}:
        faults.append("TJS_QUEUE_URL must begin with sqlite:/// or redis://")
    faults += _faults_of_addresses(settings)
    faults += _faults_of_mail(settings)
    faults += _faults_of_signing_in(settings)
    if settings.bulk_cap > LARGEST_BULK:
        faults.append(f"TJS_BULK_CAP must be at most {LARGEST_BULK}, not {settings.bulk_cap}")
    faults += _faults_of_watching(settings)
    if settings.locale not in LOCALES:
        faults.append(f"TJS_LOCALE must be one of {', '.join(LOCALES)}, not {settings.locale!r}")
    if settings.secret_key and len(settings.secret_key) < SECRET_KEY_MINIMUM:
        faults.append(f"TJS_SECRET_KEY must be at least {SECRET_KEY_MINIMUM} characters")
    if not all(is_credentials_key(key) for key in settings.credentials_keys):
        faults.append(
            "TJS_CREDENTIALS_KEY must be a key made by `tjs-moderation channel new-key` (several: with commas)"
        )
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"TJS_TIMEZONE is not a known time zone: {settings.timezone!r}")
    return faults


def _faults_of_signing_in(settings: Settings) -> list[str]:
    faults, told = [], settings.sign_in
    if not 0 < told.idle_seconds <= told.longest_seconds:
        faults.append("TJS_SESSION_IDLE_SECONDS must be more than 0 and at most TJS_SESSION_SECONDS")
    if told.proof_seconds < 1:
        faults.append("TJS_PROOF_SECONDS must be more than 0")
    if bool(told.oidc_issuer) != bool(told.oidc_client_id):
        faults.append("TJS_OIDC_ISSUER and TJS_OIDC_CLIENT_ID need each other")
    if settings.security_contact and _scheme(settings.security_contact) not in {"https", "mailto"}:
        faults.append(f"TJS_SECURITY_CONTACT must begin with https: or mailto:, not {settings.security_contact!r}")
    return faults


def _faults_of_watching(settings: Settings) -> list[str]:
    faults = []
    if settings.log_format not in LOG_FORMATS:
        faults.append(f"TJS_LOG_FORMAT must be one of {', '.join(LOG_FORMATS)}, not {settings.log_format!r}")
    if settings.log_level not in LOG_LEVELS:
        faults.append(f"TJS_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {settings.log_level!r}")
    if settings.metrics_token and len(settings.metrics_token) < METRICS_TOKEN_MINIMUM:
        faults.append(f"TJS_METRICS_TOKEN must be at least {METRICS_TOKEN_MINIMUM} characters")
    return faults


def _faults_of_addresses(settings: Settings) -> list[str]:
    given = [("TJS_BASE_URL", settings.base_url), ("TJS_FACEBOOK_GRAPH_URL", settings.facebook.graph_url)]
    given += [("TJS_HEADS_URL", settings.heads_url)] if settings.heads_url else []
    given += [("TJS_OIDC_ISSUER", settings.sign_in.oidc_issuer)] if settings.sign_in.oidc_issuer else []
    return [
        f"{name} must be an http or https address, not {url!r}"
        for name, url in given
        if _scheme(url) not in {"http", "https"} or not urlsplit(url).netloc
    ]


def _faults_of_mail(settings: Settings) -> list[str]:
    faults = settings.mail.faults()
    if settings.heads_mail and not is_mailbox(settings.heads_mail):
        faults.append(f"TJS_HEADS_MAIL must be one mail address, not {settings.heads_mail!r}")
    if settings.heads_mail and not settings.mail.is_on:
        faults.append("TJS_HEADS_MAIL needs TJS_SMTP_URL and TJS_MAIL_FROM")
    return faults


def is_credentials_key(text: str) -> bool:
    """Whether this is a key for the channels' secrets: 32 random bytes in URL-safe base64 (Fernet's form)."""
    try:
        return len(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _scheme(url: str) -> str:
    """What stands before the first colon; nothing where it is no address at all."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _kept_secret_key(instance: Path) -> str:
    """The key kept in the instance folder, made now if there is none; two first starts at once agree on one."""
    path = instance / SECRET_KEY_FILE
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            keep_whole(path, secrets.token_urlsafe(48))
        key = path.read_text().strip()
    except OSError as error:
        raise ConfigurationError([f"TJS_INSTANCE_PATH cannot be used: {instance} ({error.strerror})"]) from error
    if len(key) < SECRET_KEY_MINIMUM:
        raise ConfigurationError([f"{path} does not hold a secret key: remove the file, and a new one is made"])
    return key


def keep_whole(path: Path, text: str, *, is_replacing: bool = False) -> None:
    """Write a file that only we can read, in one step: nobody ever finds half of it. Without `is_replacing`, one that
    is there already stays as it is.
    """
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_replacing:
            Path(draft).replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink(missing_ok=True)
