from __future__ import annotations

from tests.web.client import PageClient


def test_the_page_of_components_is_not_there_outside_the_demo(tiedottaja: PageClient) -> None:
    tiedottaja.get("/tyyli", status=404)
