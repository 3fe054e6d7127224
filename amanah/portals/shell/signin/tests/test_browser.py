"""Sign-in in a real browser: a passkey from set-up to sign-in, nothing refused by the content security policy, nothing for axe to find."""
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import PASSWORD, totp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium: apt-get install chromium"),
]


@pytest.fixture
def tab(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A phone-sized tab at the live server, with a virtual fingerprint reader; at the end nothing may have been refused or broken."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread; the database is used beside it
    from playwright.sync_api import sync_playwright

    settings.DEMO_SIGN_IN = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"])
        page = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        reader = page.context.new_cdp_session(page)
        reader.send("WebAuthn.enable")
        reader.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True}})
        yield page
        browser.close()
    assert complaints == []


def looked_at(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:150] for node in rule["nodes"]]) for rule in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def enter(page: Any, name: str) -> None:
    page.goto("/masuk/")
    page.get_by_label("Nama pengguna atau alamat email").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def test_staff_add_a_passkey_and_then_enter_with_it_alone(tab, dedi) -> None:
    enter(tab, "dedi")
    tab.wait_for_url("**/masuk/bukti/")
    looked_at(tab)
    tab.get_by_role("link", name="Tambah kunci").click()
    looked_at(tab)
    tab.get_by_label("Masuk cukup dengan kunci ini, tanpa kata sandi").check()
    tab.get_by_role("button", name="Tambah").click()
    tab.wait_for_url("**/masuk/bukti/kode/**")
    looked_at(tab)
    tab.goto("/beranda-saya/")
    assert tab.inner_text("body") == f"{dedi.ref} 1"

    tab.goto("/masuk/keluar/")
    tab.get_by_role("button", name="Keluar").click()
    tab.goto("/masuk/")
    tab.get_by_role("button", name="Masuk dengan sidik jari atau kunci").click()
    tab.wait_for_url("**/beranda-saya/")
    assert tab.inner_text("body") == f"{dedi.ref} 1"


def test_a_passkey_nobody_has_is_answered_in_words(tab) -> None:
    tab.goto("/masuk/")
    tab.get_by_role("button", name="Masuk dengan sidik jari atau kunci").click()
    tab.get_by_text("Kunci tidak terbaca. Coba lagi, atau pakai cara lain.").wait_for()
    looked_at(tab)


def test_by_keyboard_alone_one_signs_in_with_password_and_code(tab, dedi, with_app) -> None:
    with_app(dedi)
    tab.goto("/masuk/")
    tab.locator("#id_login").focus()
    tab.keyboard.type("dedi")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/masuk/bukti/masuk/")
    looked_at(tab)
    tab.locator("#id_code").focus()
    tab.keyboard.type(totp())
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/beranda-saya/")
    assert tab.inner_text("body") == f"{dedi.ref} 1"


def test_the_pages_before_sign_in_have_nothing_for_axe_in_light_and_dark(tab, client) -> None:
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        for address in ("/masuk/", "/masuk/daftar/", "/masuk/sandi/lupa/", "/masuk/sandi/lupa/terkirim/", "/masuk/sandi/baru/1-x-y/"):
            tab.goto(address)
            looked_at(tab)
    tab.get_by_role("link", name="Minta tautan baru").click()
    tab.get_by_role("button", name="Kirim tautan").click()
    tab.get_by_role("alert").wait_for()
    looked_at(tab)
