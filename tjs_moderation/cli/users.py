"""`user`: the people who sign in. Never waits for a terminal that is not there."""

from __future__ import annotations

import sys

import click

from tjs_moderation.domain.vocabulary import Role

password_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group("user")
def users() -> None:
    """People who sign in."""


@users.command("add")
@click.argument("name")
@click.option("--email", required=True, help="Their address; they sign in with it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do here.")
@click.option("--topic", "topics", multiple=True, help="A topic they answer on (its slug); may be given several times.")
@password_option
def add(name: str, email: str, role: str, topics: tuple[str, ...], password_stdin: bool) -> None:
    """Add somebody. Without --password-stdin prints a one-time link by which they choose their password."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.people import add_user
    from tjs_moderation.services.transaction import CONSOLE

    password = _password(password_stdin)
    with installed_app():
        _, token = add_user(CONSOLE, name, email, Role(role), topics, password)
        click.echo(f"{name} was added." if token is None else _link(token))


@users.command("reset-password")
@click.argument("email")
@password_option
def reset(email: str, password_stdin: bool) -> None:
    """End somebody's sign-ins and let them choose a new password."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.people import reset_password
    from tjs_moderation.services.transaction import CONSOLE

    password = _password(password_stdin)
    with installed_app():
        token = reset_password(CONSOLE, email, password)
        click.echo("The password was changed." if token is None else _link(token))


@users.command("reset-factors")
@click.argument("email")
def reset_factors(email: str) -> None:
    """Take somebody's second factors away, because the phone is lost; they make others when they next sign in."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import factors, people
    from tjs_moderation.services.transaction import CONSOLE

    with installed_app():
        factors.reset_factors(CONSOLE, people.by_email(email).id)
        click.echo("The second factors were reset, and the sign-ins ended.")


@users.command("list")
def listing() -> None:
    """List everybody: address, role, whether they may sign in, name."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.people import everybody

    with installed_app():
        for person in everybody():
            state = "active" if person.is_active else "closed"
            click.echo(f"{person.email}\t{person.role}\t{state}\t{person.name}")


def _password(from_stdin: bool) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else None


def _link(token: str) -> str:
    from tjs_moderation.services.wiring import ports

    return f"{ports().settings.base_url}/sign-in/link/{token}"
