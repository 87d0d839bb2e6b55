"""Migrate an empty database and see that it came out as the models say. `make check` runs it."""

from __future__ import annotations

import tempfile

from flask_migrate import check, upgrade

from tjs_moderation.app import create_app
from tjs_moderation.settings import read_settings


def main() -> None:
    """Return when migrations and models agree; where they do not, Alembic says what differs and exits with 1."""
    with tempfile.TemporaryDirectory(prefix="tjs-drift-") as instance:
        app = create_app(read_settings({"TJS_INSTANCE_PATH": instance}))
        with app.app_context():
            upgrade()
            check()


if __name__ == "__main__":
    main()
