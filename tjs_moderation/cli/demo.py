"""`demo`: a fresh throwaway install beside a simulated page, with people, sample data and a morning's work begun."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import click

from tjs_moderation.cli.refusal import Refusal
from tjs_moderation.cli.serving import check_port
from tjs_moderation.cli.simulator import APP_ID, APP_SECRET, PAGE_TOKEN

PASSWORD = "harjoitus-tjs-2026"  # noqa: S105  # of the practice people in a throwaway install
PAGE_ID = "1000"
VERIFY_TOKEN = "simulated-verify-token"  # noqa: S105  # opens nothing but a throwaway install
START_SECONDS = 60.0
SEED = Path(__file__).parent / "demo_data" / "page.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the console and the simulated page answer."""

    host: str
    port: int
    simulator_port: int

    @property
    def console(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def simulator(self) -> str:
        return f"http://{self.host}:{self.simulator_port}"


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port of the console.")
@click.option(
    "--simulator-port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port of the page."
)
@click.option(
    "--hold-back",
    default=20,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="Seconds that what is decided waits before it reaches the page.",
)
def demo(host: str, port: int, simulator_port: int, hold_back: int) -> None:
    """Try the console: everything is made anew, kept in a temporary folder, and gone when you press Ctrl-C."""
    addresses = Addresses(host, port, simulator_port)
    if port == simulator_port:
        raise Refusal("the console and the simulated page need a port each")
    check_port(host, port)
    check_port(host, simulator_port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="tjs-demo-") as instance,
            _running(addresses, hold_back, Path(instance)) as parts,
        ):
            click.echo(_welcome(addresses, hold_back))
            _wait(parts)
    except KeyboardInterrupt:
        click.echo("\nStopped; the practice install is gone.", err=True)


@contextmanager
def _running(addresses: Addresses, hold_back_seconds: int, instance: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The simulated page, then the install, then the console with its worker; all ended on leaving."""
    environment = _environment(addresses, instance)
    parts: list[subprocess.Popen[bytes]] = []
    try:
        page = ["simulator", "--seed", str(SEED), "--page-id", PAGE_ID]
        parts.append(_start(page, addresses.host, addresses.simulator_port, environment))
        _await(parts, addresses.host, addresses.simulator_port, "/")
        click.echo("Reading the page and assessing what is on it …", err=True)
        _furnish(environment, hold_back_seconds)
        parts.append(_start(["serve"], addresses.host, addresses.port, environment))
        _await(parts, addresses.host, addresses.port, "/healthz")
        _subscribe(addresses)
        yield parts
    finally:
        # A second Ctrl-C must not leave a part behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for part in reversed(parts):
            _end(part)


def _environment(addresses: Addresses, instance: Path) -> dict[str, str]:
    """A throwaway install knows nothing of a real one, whatever the caller's environment says."""
    return {
        "TJS_INSTANCE_PATH": str(instance),
        "TJS_DATABASE_URL": f"sqlite:///{instance / 'tjs.db'}",
        "TJS_QUEUE_URL": f"sqlite:///{instance / 'queue.db'}",
        "TJS_BASE_URL": addresses.console,
        "TJS_FACEBOOK_GRAPH_URL": addresses.simulator,
        "TJS_FACEBOOK_PAGE_ID": PAGE_ID,
        "TJS_FACEBOOK_PAGE_TOKEN": PAGE_TOKEN,
        "TJS_FACEBOOK_APP_SECRET": APP_SECRET,
        "TJS_FACEBOOK_VERIFY_TOKEN": VERIFY_TOKEN,
        "TJS_DEMO": "1",
        "TJS_LOG_LEVEL": "warning",
    }


def _start(command: list[str], host: str, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A part of the demo in a process group of its own, so that Ctrl-C reaches it through us alone."""
    whole = [sys.executable, "-m", "tjs_moderation.cli", *command, "--host", host, "--port", str(port)]
    # Our own interpreter and command, with nothing from outside in it.
    return subprocess.Popen(whole, env=_without_tjs(environment), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def _without_tjs(environment: Mapping[str, str]) -> dict[str, str]:
    from tjs_moderation.settings import environment_without_tjs

    return environment_without_tjs() | dict(environment)


def _await(parts: list[subprocess.Popen[bytes]], host: str, port: int, path: str) -> None:
    """Wait until the newest part answers. Raises ClickException where it ended or took too long."""
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        if parts[-1].poll() is not None:
            raise click.ClickException(f"what was to answer on port {port} ended with {parts[-1].returncode}")
        if _answers(host, port, path):
            return
        time.sleep(0.1)
    raise click.ClickException(f"nothing answered on port {port} within {START_SECONDS:.0f} seconds")


def _answers(host: str, port: int, path: str) -> bool:
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _furnish(environment: Mapping[str, str], hold_back_seconds: int) -> None:
    """Put the people in, read the page, and begin a morning's work."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.cli.demo_morning import add_people, begin_work
    from tjs_moderation.jobs import run_all
    from tjs_moderation.services.options import HELD_BACK, set_hold_back
    from tjs_moderation.services.transaction import CONSOLE
    from tjs_moderation.settings import read_settings

    with installed_app(read_settings(environment)):
        # Not in the environment: what that fixes could not be tried on the page of the settings.
        set_hold_back(CONSOLE, dict.fromkeys(HELD_BACK, hold_back_seconds))
        people = add_people(PASSWORD)
        run_all()
        begin_work(people)


def _subscribe(addresses: Addresses) -> None:
    """Have the simulated page send what happens on it: as with Meta, the app gives its address, the page its leave."""
    import requests

    from tjs_moderation.domain.connection import WEBHOOK_FIELDS
    from tjs_moderation.gateways.facebook import appsecret_proof

    fields = ",".join(WEBHOOK_FIELDS)
    callback = {"callback_url": f"{addresses.console}/hooks/facebook", "verify_token": VERIFY_TOKEN}
    for path, token, form in (
        (f"{APP_ID}/subscriptions", f"{APP_ID}|{APP_SECRET}", {"object": "page", "fields": fields, **callback}),
        (f"{PAGE_ID}/subscribed_apps", PAGE_TOKEN, {"subscribed_fields": fields}),
    ):
        answer = requests.post(
            f"{addresses.simulator}/v26.0/{path}",
            data=form | {"appsecret_proof": appsecret_proof(APP_SECRET, token)},
            headers={"Authorization": f"Bearer {token}"},
            timeout=START_SECONDS,
        )
        answer.raise_for_status()


def _wait(parts: list[subprocess.Popen[bytes]]) -> None:
    """Wait for Ctrl-C, or for a part that ends by itself."""
    while all(part.poll() is None for part in parts):
        time.sleep(0.5)
    raise click.ClickException("a part of the demo has ended; see the lines above")


def _end(part: subprocess.Popen[bytes]) -> None:
    part.terminate()
    try:
        part.wait(timeout=15)
    except subprocess.TimeoutExpired:
        part.kill()
        part.wait()


def _welcome(addresses: Addresses, hold_back_seconds: int) -> str:
    from tjs_moderation.cli.demo_morning import PEOPLE

    lines = [
        "",
        f"  The console         {addresses.console}/",
        f"  The simulated page  {addresses.simulator}/",
        "",
        "  Sign in as",
        *(f"    {person.email:<28}{person.role:<20}{person.name}" for person in PEOPLE),
        f"  with the password     {PASSWORD}",
        "",
        f"  What you decide is held back {hold_back_seconds} seconds before it reaches the page. Ctrl-C ends it all.",
        "",
    ]
    return "\n".join(lines)
