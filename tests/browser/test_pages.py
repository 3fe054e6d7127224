"""Every page in Chromium: axe, narrow screens, keyboard, without JavaScript."""
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve, reverse

from tests.pages import NOBODY, PAGES, PUBLIC, SHELL

pytestmark = pytest.mark.browser

NO_PAGES = {"shell_healthz", "shell_readyz", "shell_manifest", "shell_service_worker", "shell_robots", "public_map_data",
            "public_population_csv"}  # for machines, or downloads
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
THEMES, WIDTHS = ("terang", "gelap"), (390, 1440)
# Beside the plain addresses: the answers of "which office serves me?", and what goes wrong.
MORE = {"by name": "/kantor/?q=lubuk+buaya", "several": "/kantor/?q=padang", "nothing": "/kantor/?q=zzzz", "by point": "/kantor/?lat=-0.9200&lng=100.3700",
        "at sea": "/kantor/?lat=-0.9500&lng=100.2000", "kelurahan": "/wilayah/13.71.11.1001/", "offices of a kind": "/kantor/daftar/?jenis=puskesmas",
        "no office": "/kantor/daftar/?cari=zzzz", "not found": "/tidak-ada/", "not a point": "/kantor/?lat=x&lng=y"}


def open_to_all() -> dict[str, str]:
    return {page.name: reverse(page.name, kwargs=page.args) for page in (*SHELL, *PUBLIC)
            if page.method == "get" and page.answers == 200 and page.name not in NO_PAGES} | MORE


def behind_sign_in() -> dict[str, tuple[str, str]]:
    """Address and a role that may open it, of every other page that shows something."""
    return {page.name: (reverse(page.name, kwargs=page.args), NOBODY if NOBODY in page.to else min(page.to)) for page in PAGES
            if page.method == "get" and page.answers == 200 and page.name not in NO_PAGES and page not in (*SHELL, *PUBLIC) and "download" not in page.name
            and page.to and not callable(page.args)}


def led_to(page, name):
    """Addresses of the pages called `name` to which the open window's actor is led from others, found by following links."""
    listed = next(each for each in PAGES if each.name == name)
    for start in led_to(page, listed.found_on) if listed.found_on else [reverse(name, kwargs=listed.args)]:
        if not listed.found_on:
            yield start
            continue
        page.goto(start)
        paths = page.evaluate("[...document.querySelectorAll('a[href]')].filter(a => a.origin == location.origin).map(a => a.pathname)")
        for path in dict.fromkeys(paths):
            with suppress(Resolver404):
                if resolve(path).url_name == name:
                    yield path


def complaints(page, address):
    page.goto(address)
    page.wait_for_timeout(50)
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [f"{address}: {v['id']} ({v['help']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}" for v in found for node in v["nodes"][:3]]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > page.viewport_size["width"]:
        wrong.append(f"{address}: scrolls sideways, {wide} px")
    return wrong


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_public_pages(window, width, theme):
    page = window(width=width, theme=theme)
    wrong = [line for address in open_to_all().values() for line in complaints(page, address)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("width", "theme"), [(390, "gelap"), (1440, "terang")])
def test_axe_finds_nothing_behind_sign_in(window, width, theme):
    pages, wrong = {}, []
    for address, role in behind_sign_in().values():
        pages.setdefault(role, window(width=width, theme=theme, role=role) if role not in pages else None)
        wrong += complaints(pages[role], address)
    for listed in PAGES:
        if listed.found_on:
            role = min(listed.to)
            pages.setdefault(role, window(width=width, theme=theme, role=role) if role not in pages else None)
            wrong += complaints(pages[role], next(led_to(pages[role], listed.name)))
    assert not wrong, "\n".join(wrong)


def test_nothing_scrolls_sideways_on_the_narrowest_phone(window):
    wrong = []
    for text in ("", "html { font-size: 200% }"):
        page = window(width=320 if not text else 640)
        for address in open_to_all().values():
            page.goto(address)
            if text:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > page.viewport_size["width"]:
                wrong.append(f"{address} {text}: {wide} px")
    assert not wrong, "\n".join(wrong)


RING = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  const land = e.querySelector && e.querySelector('.map-land') ? getComputedStyle(e.querySelector('.map-land')) : null;
  const middle = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, 20) / 2];
  const top = document.elementFromPoint(...middle);
  return {
    what: e.outerHTML.slice(0, 90),
    ring: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || (land !== null && parseFloat(land.strokeWidth) >= 4),
    seen: box.bottom > 0 && box.top < innerHeight && (!top || !top.closest('.bottomnav, .decide, .action-bar') || e.closest('.bottomnav, .decide, .action-bar')) ,
    size: [box.width, box.height],
  };
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_alone_is_enough(window, width):
    """From the skip link to the last stop and out again: every stop shows its ring, none hides under a bar, none holds the visitor."""
    wrong = []
    page = window(width=width)
    for address in ("/", "/kantor/?q=lubuk+buaya", "/wilayah/", "/komponen/", "/masuk/"):
        page.goto(address)
        stops = []
        for _ in range(160):
            page.keyboard.press("Tab")
            stop = page.evaluate(RING)
            if stop is None or (stops and stop["what"] == stops[0]["what"]):
                break
            stops.append(stop)
        else:
            wrong.append(f"{address}: no way out after 160 stops")
        if not stops or "class=\"skip\"" not in stops[0]["what"]:
            wrong.append(f"{address}: the first stop is not the skip link")
        wrong += [f"{address}: no ring on {stop['what']}" for stop in stops if not stop["ring"]]
        wrong += [f"{address}: hidden while focused: {stop['what']}" for stop in stops if not stop["seen"]]
    assert not wrong, "\n".join(wrong)


def test_the_skip_link_leads_to_the_content(window):
    page = window()
    page.goto("/kantor/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


def test_fingers_find_every_control_of_a_public_page(window):
    """Targets are at least 24 px everywhere (WCAG 2.5.8), buttons and fields of public pages at least 44."""
    wrong = []
    page = window(width=390)
    for name, address in open_to_all().items():
        if name == "shell_gallery":
            continue
        page.goto(address)
        small = page.evaluate("""() => [...document.querySelectorAll('main button, main input:not([type=hidden]), main select, main .btn, .bottomnav a, .tool')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 100) + e.getBoundingClientRect().height)""")
        wrong += [f"{address}: {what}" for what in small]
    assert not wrong, "\n".join(wrong)


# ---------------------------------------------------------------- without JavaScript

def test_the_way_to_an_office_needs_no_script(window):
    page = window(width=390, scripts=False)
    page.goto("/")
    page.fill("input[name=q]", "Lubuk Buaya")
    page.click(".search button")
    assert "Lubuk Buaya" in page.inner_text("h1")
    page.click(".desk-card h3 a")
    assert page.locator("table caption").count() == 1


def test_theme_and_language_need_no_script(window):
    page = window(scripts=False)
    page.goto("/wilayah/")
    page.click("button[value=gelap]")
    assert page.url.endswith("/wilayah/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click("button[name=bahasa]")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Sign in" in page.inner_text(".topbar-tools")


def test_every_public_page_says_its_piece_without_script(window):
    page = window(scripts=False)
    for address in open_to_all().values():
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert page.inner_text("main").strip(), address


def test_the_map_that_moves_opens_after_a_tap_on_a_phone(window):
    page = window(width=390)
    page.goto("/peta/")
    assert page.locator(".map-still svg").is_visible()
    page.click("[data-map-start]")
    page.wait_for_selector(".maplibregl-canvas", timeout=20_000)
    page.locator(".map-name").nth(10).wait_for(state="attached", timeout=20_000)


def test_an_offline_page_replaces_the_browsers_own(chromium, site):
    context = chromium.new_context(base_url=site)
    try:
        page = context.new_page()
        page.goto("/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        page.reload()
        context.set_offline(True)
        page.goto("/kantor/")
        assert "Tidak ada sinyal" in page.inner_text("h1")
    finally:
        context.close()


def test_a_phone_may_install_it(window, site):
    page = window()
    page.goto("/")
    manifest = page.request.get(page.locator("link[rel=manifest]").get_attribute("href")).json()
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert all(page.request.get(icon["src"]).status == 200 for icon in manifest["icons"])


# ---------------------------------------------------------------- weight

@pytest.mark.parametrize("address", ["/", "/kantor/?q=lubuk+buaya", "/kantor/daftar/", "/wilayah/", "/peta/", "/masuk/"])
def test_a_citizens_first_page_weighs_at_most_100_kb(window, address):
    """Everything a phone fetches for its first page, as it goes over the line, headers included."""
    page = window(width=390)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, bytes_ = {}, {}
    line.on("Network.requestWillBeSent", lambda e: names.__setitem__(e["requestId"], e["request"]["url"]))
    line.on("Network.loadingFinished", lambda e: bytes_.__setitem__(e["requestId"], e["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    parts = sorted(((size, names.get(key, "")) for key, size in bytes_.items()), reverse=True)
    assert sum(size for size, _name in parts) <= 100_000, "\n".join(f"{size:>7} {name}" for size, name in parts)
