"""`sbom`: what the console is made of, for those who look for known holes in it."""

from __future__ import annotations

import click


@click.command("sbom")
def sbom() -> None:
    """Print a bill of materials: every library that is installed for the console, as CycloneDX JSON."""
    import json
    import uuid
    from datetime import UTC, datetime

    from tjs_moderation.cli.materials import bill_of_materials

    bill = bill_of_materials(f"urn:uuid:{uuid.uuid4()}", datetime.now(UTC))
    click.echo(json.dumps(bill, ensure_ascii=False, indent=2))
