"""How a command says no: one line on standard error, exit status 2."""

from __future__ import annotations

import click


class Refusal(click.ClickException):
    """Wrong usage or bad input, in one clear line that names the next step."""

    exit_code = 2
