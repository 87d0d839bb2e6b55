"""QR codes as SVG in the page itself: nothing is loaded, and nothing of a secret goes anywhere else."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """A QR code of `text`, dark on light in either colour scheme, with the quiet border that cameras want."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"
    )
    return Markup(drawn)  # noqa: S704  # modules of a picture; the text itself does not stand in it
