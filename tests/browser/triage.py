"""The queues as people work through them in a browser: one object a person, one method a thing they do or see."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.looking import faults_of


@dataclass
class Triage:
    """Somebody signed in, in a browser of their own."""

    page: Page
    address: str

    @classmethod
    def of(cls, browser: Browser, address: str, email: str, password: str, *, has_scripts: bool = True) -> Triage:
        """Sign somebody in."""
        context = browser.new_context(locale="fi-FI", java_script_enabled=has_scripts)
        triage = cls(context.new_page(), address)
        triage.open("/sign-in")
        triage.page.get_by_label("Sähköposti").fill(email)
        triage.page.get_by_label("Salasana").fill(password)
        triage.page.get_by_role("button", name="Kirjaudu sisään").click()
        expect(triage.page.get_by_role("heading", level=1)).to_have_text("Työpöytä")
        return triage

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def close(self) -> None:
        self.page.context.close()

    def card(self, name: str) -> Locator:
        """The line of somebody's item in the list."""
        return self.page.locator(".queue__entry", has=self.page.get_by_role("link", name=name, exact=True))

    def choose(self, *names: str) -> None:
        """Tick items of the list, as one does without a script."""
        for name in names:
            self.page.get_by_label(f"Valitse: {name}", exact=True).check()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def decide_chosen(self, button: str, confirm: str) -> None:
        """Press a button of the selection, and confirm what the next page says will happen."""
        self.page.locator("#selection").get_by_role("button", name=button).click()
        self.page.get_by_role("button", name=confirm).click()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def faults(self, colours: str) -> list[str]:
        """What axe finds on the page as it stands, light or dark."""
        self.page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        return [f"{colours} {fault}" for fault in faults_of(self.page)]
