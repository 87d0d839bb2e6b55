"""The `tjs-moderation` command. Each family of commands is a module of its own, loaded when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from tjs_moderation import __version__
from tjs_moderation.cli.refusal import Refusal
from tjs_moderation.errors import ConfigurationError, TjsError

COMMANDS = {
    "assess": "assess:assess",
    "audit": "audit:audit",
    "backup": "backup:backup",
    "bench": "bench:bench",
    "channel": "channel:channel",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "import": "importing:import_command",
    "move": "backup:move",
    "numbers": "numbers:numbers",
    "privacy": "privacy:privacy",
    "restore": "backup:restore",
    "rules": "rules:rules",
    "sbom": "sbom:sbom",
    "search": "search:search",
    "serve": "serving:serve",
    "simulator": "simulator:simulator",
    "sync": "syncing:sync",
    "user": "users:users",
    "work": "serving:work",
}
"""Every command: its name, and the module and object it is found in."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is wanted, and turns our errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise Refusal("; ".join(error.faults)) from error
        except TjsError as error:
            raise Refusal(_one_line(error)) from error
        except Exception as error:
            words = _of_the_database(error)
            if words:
                raise Refusal(words) from error
            raise


def _of_the_database(error: Exception) -> str:
    """What to say where the database is away or full; nothing where the error is anything else."""
    if "sqlalchemy" not in sys.modules:  # many commands ask no database, and are quick for it
        return ""
    from tjs_moderation.services.outage import Outage, outage_of

    words = {
        Outage.AWAY: "Tietokantaan ei saada yhteyttä. Tarkista, että se on käynnissä ja TJS_DATABASE_URL oikein.",
        Outage.FULL: "Tallennustila on täynnä. Mitään ei jäänyt puolitiehen: tee tilaa ja aja komento uudelleen.",
    }
    outage = outage_of(error)
    return words[outage] if outage else ""


def _one_line(error: TjsError) -> str:
    told = ", ".join(f"{name} {value}" for name, value in error.facts.items() if value is not None)
    sentence = str(error).replace("_", " ")
    return f"{sentence} ({told})" if told else sentence


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tjs-moderation")
def main() -> None:
    """Moderate and answer what people write on an organisation's page."""
