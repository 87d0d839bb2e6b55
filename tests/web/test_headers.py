from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.client import PageClient
from tjs_moderation.web import assets


@pytest.mark.parametrize("path", ["/saannot", "/sign-in", "/healthz", "/no-such-page", "/assets/x/css/base.css"])
def test_every_answer_forbids_code_and_styles_from_anywhere_but_our_own_files(app: Flask, path: str) -> None:
    with app.test_client().get(path) as response:
        policy = response.headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in policy


def test_pages_are_not_kept_by_the_browser(app: Flask) -> None:
    response = app.test_client().get("/sign-in")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_transport_security_is_promised_over_https_alone(app: Flask) -> None:
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/saannot").headers
    assert "Strict-Transport-Security" in client.get("/saannot", base_url="https://localhost").headers


def test_files_of_a_page_may_be_kept_for_a_year(app: Flask, anybody: PageClient) -> None:
    styles = [link.get("href", "") for link in anybody.get("/saannot").elements("link", rel="stylesheet")]
    assert {style.rpartition("/")[2] for style in styles} >= {"tokens.css", "base.css", "layout.css", "components.css"}
    for style in styles:
        with app.test_client().get(style) as response:
            assert "immutable" in response.headers["Cache-Control"]


def test_a_page_from_before_an_update_gets_the_new_files_but_keeps_them_shortly(app: Flask) -> None:
    with app.test_client().get("/assets/000000000000/css/base.css") as response:
        assert response.status_code == 200
        assert "immutable" not in response.headers["Cache-Control"]


def test_no_file_outside_the_static_folder_is_served(app: Flask) -> None:
    assert app.test_client().get("/assets/x/../../pyproject.toml").status_code == 404
    assert app.test_client().get("/assets/x/%2e%2e/pyproject.toml").status_code == 404


def test_the_address_of_files_changes_with_any_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    before = assets.version(tmp_path)
    (tmp_path / "a.css").write_text("b{}")
    assert re.fullmatch("[0-9a-f]{12}", before)
    assert assets.version(tmp_path) != before


def test_pages_and_their_files_go_out_compressed_to_whoever_can_read_that(app: Flask) -> None:
    client = app.test_client()
    style = PageClient(client).get("/saannot").elements("link", rel="stylesheet")[-1].get("href", "")
    for path in ("/saannot", style):
        with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as small:
            assert small.headers["Content-Encoding"] == "gzip"
            assert "Accept-Encoding" in small.vary
            assert len(small.data) < len(plain.data) / 2
            assert gzip.decompress(small.data) == plain.data


def test_what_is_not_to_be_looked_at_goes_out_as_it_is(app: Flask) -> None:
    assert "Content-Encoding" not in app.test_client().get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
