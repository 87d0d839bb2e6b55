"""`simulator`: the practice page and its Graph API in a process of its own."""

from __future__ import annotations

from pathlib import Path

import click

from tjs_moderation.cli.refusal import Refusal

PAGE_TOKEN = "simulated-page-token"  # noqa: S105  # opens nothing but the practice page
APP_SECRET = "simulated-app-secret"  # noqa: S105  # the same
APP_ID = "4000"


@click.command("simulator")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with content for the page; may be given several times.",
)
@click.option("--page-id", default="1000", show_default=True, help="Id of the simulated page.")
@click.option("--page-token", default=PAGE_TOKEN, show_default=True, help="The token the simulated API accepts.")
@click.option("--app-secret", default=APP_SECRET, show_default=True, help="The secret its proof is made with.")
def simulator(host: str, port: int, seeds: tuple[Path, ...], page_id: str, page_token: str, app_secret: str) -> None:
    """Run a simulated Facebook page on this machine; nothing leaves for the network."""
    from tjs_moderation.simulator import PageState, SeedError, create_simulator, seed_from_file, serve_simulator

    state = PageState(page_id)
    for path in seeds:
        try:
            seed_from_file(state, path)
        except (SeedError, OSError) as error:
            raise Refusal(str(error)) from error
    app = create_simulator(state, app_secret=app_secret, page_token=page_token)
    click.echo(f"The practice page is at http://{host}:{port}/ (page {page_id}). Ctrl-C stops it.", err=True)
    try:
        serve_simulator(app, host, port)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
        ) from error
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
