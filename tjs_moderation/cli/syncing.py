"""`sync`: walk the channels now."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import click

from tjs_moderation.cli.refusal import Refusal

LONGEST_DAYS = 36_500


def _read_baseline(_: click.Context, __: click.Parameter, word: str | None) -> tuple[datetime | None] | None:
    """The moment in a tuple of one, None in it for everything; a bare None where nothing was said."""
    if word is None:
        return None
    if word == "all":
        return (None,)
    days = 0 if word == "now" else int(word) if word.isascii() and word.isdecimal() else LONGEST_DAYS
    if days >= LONGEST_DAYS:
        raise click.BadParameter(f"{word!r} is neither 'now' nor 'all' nor a number of days")
    return (datetime.now(UTC) - timedelta(days=days),)


@click.command("sync")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--baseline",
    metavar="now|all|DAYS",
    callback=_read_baseline,
    help="From when on the page is taken in, kept for every later walk: now, all, or the last so many days.",
)
def sync(as_json: bool, baseline: tuple[datetime | None] | None) -> None:
    """Walk the Graph API now: posts, comments, conversations, each to its end.

    A walk that was cut short is gone on with. Ends with 1 where something could not be read.
    """
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.channels import set_baseline
    from tjs_moderation.services.transaction import CONSOLE
    from tjs_moderation.services.walking import walk_all
    from tjs_moderation.services.wiring import ports

    with installed_app():
        if baseline is not None:
            for name in ports().channels():
                set_baseline(CONSOLE, name, baseline[0])
        reports = walk_all(is_thorough=True)
    if not reports:
        raise Refusal("no channel can be read: set TJS_FACEBOOK_PAGE_ID and TJS_FACEBOOK_PAGE_TOKEN")
    told = [
        {
            "channel": report.channel,
            "posts": report.posts,
            "new": report.counts.new,
            "changed": report.counts.changed,
            "duplicate": report.counts.duplicate,
            "gone": report.gone,
            "calls": report.calls,
            "is_cut": report.is_cut,
            "failure": report.failure,
            "troubles": report.troubles,
        }
        for report in reports
    ]
    if as_json:
        click.echo(json.dumps({"channels": told}, ensure_ascii=False))
    else:
        click.echo("\n".join(line for entry in told for line in _lines(entry)))
    if any(report.failure or report.troubles for report in reports):
        raise SystemExit(1)


def _lines(entry: dict[str, object]) -> list[str]:
    line = "{channel}: {posts} posts, {new} new, {changed} changed, {duplicate} known, {gone} gone".format(**entry)
    if entry["failure"]:
        line += f"; stopped early: {entry['failure']}"
    elif entry["is_cut"]:
        line += "; left off, since the channel's calls are nearly used up"
    troubles = entry["troubles"]
    return [line, *(f"  could not be read, tried again later: {each}" for each in _listed(troubles))]


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
