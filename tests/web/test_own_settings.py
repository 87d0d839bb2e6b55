from __future__ import annotations

from tests.web.client import Page, PageClient


def key_of(page: Page, command: str) -> str:
    [key] = [key for key in page.elements("kbd") if key.get("data-key-of") == command]
    return key.text or ""


def test_keys_are_ones_own_and_last(tiedottaja: PageClient, asiantuntija: PageClient) -> None:
    form = tiedottaja.get("/me").form("/me/keys")
    form.values |= {"key-keep": "o", "key-help": ""}
    told = tiedottaja.submit(form)
    assert "Pikanäppäimet on tallennettu." in told.text
    page = tiedottaja.get("/queues/read")
    assert (key_of(page, "keep"), key_of(page, "help"), key_of(page, "next")) == ("o", "?", "j")
    assert key_of(asiantuntija.get("/queues"), "keep") == "s"


def test_a_key_for_two_things_is_refused_and_what_was_written_stays(tiedottaja: PageClient) -> None:
    form = tiedottaja.get("/me").form("/me/keys")
    form.values |= {"key-keep": "p", "key-next": "n"}
    refused = tiedottaja.submit(form, status=422)
    assert "Näppäin ”p” on kahdella: säilytä ja poista näkyvistä" in refused.text
    assert refused.form("/me/keys").values["key-next"] == "n"
    faulty = {field.get("name") for field in refused.elements("input", **{"aria-invalid": "true"})}
    assert faulty == {"key-keep", "key-remove"}
    assert key_of(tiedottaja.get("/me"), "next") == "j"


def test_a_key_that_is_no_key_is_refused(tiedottaja: PageClient) -> None:
    form = tiedottaja.get("/me").form("/me/keys")
    form.values["key-keep"] = "enter"
    refused = tiedottaja.submit(form, status=422)
    assert "”enter” ei kelpaa näppäimeksi." in refused.text


def test_keys_can_be_switched_off_and_the_usual_ones_brought_back(tiedottaja: PageClient) -> None:
    form = tiedottaja.get("/me").form("/me/keys")
    del form.values["are_on"]
    form.values["key-keep"] = "o"
    off = tiedottaja.submit(form)
    [help_of_keys] = off.elements("dialog", id="keys-help")
    assert help_of_keys.get("data-off") is not None
    back = tiedottaja.submit(off.form("/me/keys"), button="reset=yes", are_on="yes")
    assert back.elements("dialog", id="keys-help")[0].get("data-off") is None
    assert key_of(back, "keep") == "s"


def test_light_or_dark_is_ones_own_choice_and_stands_on_the_page_as_it_comes(
    tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    def theme_of(page: Page) -> tuple[str | None, str | None]:
        [meta] = page.elements("meta", name="color-scheme")
        return page.root.get("data-theme"), meta.get("content")

    assert theme_of(tiedottaja.get("/queues/read")) == (None, "light dark")
    tiedottaja.submit(tiedottaja.get("/me").form("/me/theme"), theme="dark")
    assert theme_of(tiedottaja.get("/queues/read")) == ("dark", "dark")
    assert theme_of(asiantuntija.get("/queues")) == (None, "light dark")
    tiedottaja.submit(tiedottaja.get("/me").form("/me/theme"), theme="")
    assert theme_of(tiedottaja.get("/queues/read")) == (None, "light dark")
    tiedottaja.submit(tiedottaja.get("/me").form("/me/theme"), status=422, theme="pink")


def test_a_language_without_pages_cannot_be_chosen(tiedottaja: PageClient) -> None:
    token = tiedottaja.get("/me").form("/me/keys").values["csrf_token"]
    headers = {"Referer": "http://localhost/"}
    data = {"csrf_token": token, "locale": "xx"}
    assert tiedottaja.client.post("/me/language", data=data, headers=headers).status_code == 422
