"""`python -m tjs_moderation.cli` is `tjs-moderation`."""

from __future__ import annotations

from tjs_moderation.cli import main

main(prog_name="tjs-moderation")
