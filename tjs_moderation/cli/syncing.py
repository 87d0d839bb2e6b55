"""`sync`: walk the channels now."""

from __future__ import annotations

import json

import click

from tjs_moderation.cli.refusal import Refusal


@click.command("sync")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def sync(as_json: bool) -> None:
    """Walk the Graph API now: posts, comments, conversations. Ends with 1 where a channel could not be read."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.walking import walk_all

    with installed_app():
        reports = walk_all()
    if not reports:
        raise Refusal("no channel can be read: set TJS_FACEBOOK_PAGE_ID and TJS_FACEBOOK_PAGE_TOKEN")
    told = [
        {
            "channel": report.channel,
            "posts": report.posts,
            "new": report.counts.new,
            "changed": report.counts.changed,
            "duplicate": report.counts.duplicate,
            "failure": report.failure,
        }
        for report in reports
    ]
    if as_json:
        click.echo(json.dumps({"channels": told}, ensure_ascii=False))
    else:
        for entry in told:
            line = "{channel}: {posts} posts, {new} new, {changed} changed, {duplicate} known".format(**entry)
            click.echo(f"{line}; stopped early: {entry['failure']}" if entry["failure"] else line)
    if any(report.failure for report in reports):
        raise SystemExit(1)
