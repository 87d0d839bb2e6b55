"""Where a person sees how a post has been shared, commented on and reacted to."""

from __future__ import annotations

from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.ports import IncomingPost
from tjs_moderation.services.intake import take_in_posts
from tjs_moderation.services.transaction import CONSOLE


def comment_under_a_counted_post(office: Office) -> int:
    """A comment under a post that was told of over ten days; gives its id."""
    counts = [{"shares": 2, "comments": 1}, {"shares": 5, "comments": 1, "love": 7}, {"shares": 4, "love": 7}]
    with office.inside() as house:
        for told, days in zip(counts, (8, 2, 0), strict=True):
            post = IncomingPost("1000_1", text="Kurssi alkaa tiistaina", counts=told)
            take_in_posts(CONSOLE, house.channel_id(), [post])
            house.clock.advance(days=days)
        return house.receive("c1", "Olet tollo.", post_external_id="1000_1").id


def test_the_item_leads_to_what_was_counted_of_its_post(office: Office, tiedottaja: PageClient) -> None:
    item_id = comment_under_a_counted_post(office)
    way = tiedottaja.get(f"/items/{item_id}").links()["Reaktiot ja jaot"]
    text = " ".join(tiedottaja.get(way).text.split())
    assert "Kurssi alkaa tiistaina" in text
    assert "Jaot 4 −1 +2" in text
    assert "Ihastu 7 0 +7" in text
    assert "Jaot 5 (+3)" in text


def test_what_came_in_and_how_it_was_received_is_drawn_with_its_table(office: Office, tiedottaja: PageClient) -> None:
    page = tiedottaja.get(f"/items/{comment_under_a_counted_post(office)}/post")
    drawn = [svg for svg in page.root.iter() if str(svg.tag).endswith("svg") and svg.get("role") == "img"]
    assert len(drawn) == 2
    rows = [[text_of(cell) for cell in row][1:] for row in page.root.iter("tr")]
    received = [row for row in rows if len(row) == 2 and row[0].isdigit()]
    assert received == [["0", "2"]] * 8 + [["7", "5"]] * 2 + [["7", "4"]]


def test_a_post_without_counts_says_so(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.", post_external_id="1000_1")
        alone = house.receive("c2", "Irrallaan.", post_external_id=None)
    assert "ei ole kertonut tästä julkaisusta lukuja" in tiedottaja.get(f"/items/{item.id}/post").text
    tiedottaja.get(f"/items/{alone.id}/post", status=404)


def test_nobody_sees_it_by_an_item_they_may_not_open(office: Office, asiantuntija: PageClient) -> None:
    item_id = comment_under_a_counted_post(office)
    asiantuntija.get(f"/items/{item_id}/post", status=404)


def test_the_page_keeps_to_its_budget(app: Flask, office: Office, tiedottaja: PageClient) -> None:
    item_id = comment_under_a_counted_post(office)
    with queries_of(app) as asked:
        tiedottaja.get(f"/items/{item_id}/post")
    assert len(asked) <= BUDGET
