"""The comment-moderation and answering console of TJS Opintokeskus."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__", "create_app"]


def __getattr__(name: str) -> object:
    """`create_app`, loaded when it is asked for: the commands that need no app start without it."""
    if name == "create_app":
        from tjs_moderation.app import create_app  # noqa: PLC0415  # see above

        return create_app
    raise AttributeError(name)
