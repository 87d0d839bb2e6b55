"""The console as people use it: one object a person, one method a thing they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.support.running_demo import Demo

PATIENCE_SECONDS = 60.0


@dataclass
class Desk:
    """Somebody at their desk, signed in."""

    page: Page
    demo: Demo

    @classmethod
    def of(cls, browser: Browser, demo: Demo, email: str) -> Desk:
        """Sign somebody in, in a browser of their own."""
        page = browser.new_context(locale="fi-FI").new_page()
        desk = cls(page, demo)
        desk.open("/sign-in")
        page.get_by_label("Sähköposti").fill(email)
        page.get_by_label("Salasana").fill(demo.password)
        page.get_by_role("button", name="Kirjaudu sisään").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Työpöytä")
        return desk

    def open(self, path: str) -> None:
        self.page.goto(f"{self.demo.console}{path}")

    def read_channels_now(self) -> None:
        self.open("/channels")
        self.page.get_by_role("button", name="Lue kanavat nyt").click()
        expect(self.page.get_by_text("Kanavia luetaan.")).to_be_visible()

    def open_item(self, queue: str, words: str) -> None:
        """Open the item with these words from its queue, as soon as it stands there."""
        wait_until(lambda: self._is_listed(queue, words))
        self.page.locator(".queue__entry", has_text=words).get_by_role("link").click()

    def _is_listed(self, queue: str, words: str) -> bool:
        self.page.goto(f"{self.demo.console}/queues/{queue}")
        return bool(self.page.locator(".queue__entry", has_text=words).count())

    def remove(self, reason: str, words: str) -> None:
        form = self.page.locator("form#remove")
        if not form.get_by_label(reason).is_visible():
            form.get_by_text("Peruste:").click()
        form.get_by_label(reason).check()
        form.get_by_role("textbox", name="Omin sanoin").fill(words)
        form.get_by_role("button", name="Poista näkyvistä").click()

    def route(self, expert: str) -> None:
        form = self.page.locator("form#routing")
        if not form.is_visible():
            self.page.get_by_text("Ohjaa asiantuntijalle").click()
        form.get_by_label("Asiantuntija", exact=True).select_option(label=expert)
        form.get_by_label("Miksi", exact=True).fill("Tämä on sinun aiheesi.")
        form.get_by_role("button", name="Ohjaa").click()

    def submit_answer(self, text: str) -> None:
        box = self.page.get_by_label("Vastauksen teksti")
        if not box.is_visible():
            self.page.get_by_text("Kirjoita vastaus").click()
        box.fill(text)
        self.page.get_by_role("button", name="Tallenna ja lähetä hyväksyttäväksi").click()

    def send_back(self, why: str) -> None:
        self.page.get_by_label("Mitä vastauksessa pitää korjata?").fill(why)
        self.page.get_by_role("button", name="Palauta asiantuntijalle").click()

    def approve(self) -> None:
        self.page.get_by_role("button", name="Hyväksy ja julkaise").click()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Ask again and again until it is so; AssertionError where it never is."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came to be so"
        time.sleep(0.2)
