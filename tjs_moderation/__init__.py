"""The comment-moderation and answering console of TJS Opintokeskus."""

from __future__ import annotations

__version__ = "0.1.0"
