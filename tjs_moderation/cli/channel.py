"""`channel`: the channels' secrets."""

from __future__ import annotations

import click

_WORDS = {
    "secrets_key_missing": "Salaisuuksien avainta ei ole ({path}). Palauta se, tai yhdistä kanava uudelleen.",
    "secrets_key_wrong": "Avain ei avaa kaikkia salaisuuksia, eikä mitään muutettu. Palauta oikea avain, "
    "tai yhdistä kanava uudelleen.",
    "secrets_key_damaged": "{path} ei ole avaintiedosto. Palauta se varmuuskopiosta, tai yhdistä kanava uudelleen.",
    "secrets_key_unreadable": "{path}: avainta ei voi lukea. Tarkista omistaja ja oikeudet.",
    "secrets_key_unwritable": "{path}: avainta ei voi kirjoittaa. Tarkista asennuskansion oikeudet ja levytila.",
    "secrets_key_in_environment": "Avain tulee ympäristöstä. Tee uusi (tjs-moderation channel new-key), aseta "
    "TJS_CREDENTIALS_KEY muotoon UUSI,VANHA kaikissa prosesseissa, ja anna komento uudelleen.",
}


@click.group("channel")
def channel() -> None:
    """The channels' secrets and the key they are sealed with."""


@channel.command("rotate-key")
def rotate() -> None:
    """Seal every secret anew with a new key. Given again after a crash it goes on where it was."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.errors import SecretsError
    from tjs_moderation.services.credentials import rotate_key
    from tjs_moderation.services.wiring import ports

    with installed_app():
        try:
            count = rotate_key()
        except SecretsError as error:
            words = _WORDS.get(str(error), str(error))
            raise Refusal(words.format(path=error.facts.get("path", ""))) from error
        is_of_environment = bool(ports().settings.credentials_keys)
    click.echo(f"Avain on vaihdettu, salaisuuksia {count}.")
    if is_of_environment:
        click.echo("Poista nyt vanha avain muuttujasta TJS_CREDENTIALS_KEY.")


@channel.command("new-key")
def make_key() -> None:
    """Print a new key for TJS_CREDENTIALS_KEY. Keep it as you keep passwords."""
    from tjs_moderation.services.vault import new_key

    click.echo(new_key())
