"""One demonstration city, one Chromium, and a browser window for each role."""
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.pages import NOBODY

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TALL = 900
Window = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demonstration, built and served as `./run demo` does; compressed static files are kept from run to run.

    AMANAH_TEST_SITE names one that runs already.
    """
    if given := os.environ.get("AMANAH_TEST_SITE"):
        yield given.rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "AMANAH_MODE": "demo", "AMANAH_VAR": str(ROOT / "var/browser"), "AMANAH_DATABASE_URL": f"sqlite:///{folder}/amanah.sqlite3",
           "AMANAH_LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "amanah.settings", "PYTHONPATH": str(ROOT)}
    env.pop("AMANAH_SITE_URL", None)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "tools.demo", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            if not _answers(address, server):
                pytest.fail("the demonstration did not start:\n" + (folder / "log").read_text()[-3000:])
            yield address
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=30)
            server.kill()


def _answers(address: str, server: "subprocess.Popen[bytes]") -> bool:
    for _ in range(900):
        if server.poll() is not None:
            return False
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/readyz", timeout=5, trust_env=False).status_code == 200:
                return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, from AMANAH_CHROMIUM or the machine. Ends with its file: playwright keeps an event loop, in which Django refuses the database."""
    path = os.environ.get("AMANAH_CHROMIUM") or next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if not path:
        pytest.fail("no Chromium: apt install chromium, or give its path as AMANAH_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cookies(chromium: Browser, site: str) -> Callable[[str], list[dict[str, str]]]:
    """The session of a role, signed in once by the one click of the demonstration."""
    kept: dict[str, list[dict[str, str]]] = {NOBODY: []}

    def of(role: str) -> list[dict[str, str]]:
        if role not in kept:
            context = chromium.new_context(service_workers="block")
            page = context.new_page()
            page.goto(f"{site}/masuk/")
            page.locator(f'form[action$="/{role}/"] button').first.click()
            page.wait_for_load_state()
            kept[role] = [{"name": c["name"], "value": c["value"], "url": site} for c in context.cookies()]
            context.close()
        return kept[role]

    return of


@pytest.fixture
def window(chromium: Browser, site: str, cookies: Callable[[str], list[dict[str, str]]]) -> Iterator[Window]:
    """`window(width=390, theme="gelap", role=…, scripts=False)` opens a browser window; what it complains about fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(*, width: int = 1440, theme: str = "terang", role: str = NOBODY, scripts: bool = True, language: str = "id") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": TALL}, java_script_enabled=scripts, service_workers="block",
                                       reduced_motion="reduce", base_url=site)
        context.add_cookies([*cookies(role), {"name": "amanah_tampilan", "value": theme, "url": site},
                             {"name": "django_language", "value": language, "url": site}])
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if "Content Security Policy" in said.text else None)
        return page

    yield open_
    for context in opened:
        context.close()
    assert not complaints, "\n".join(complaints)
