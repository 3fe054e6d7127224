"""The register of people in Chromium: every page of it with axe, a birth in three clicks, and the same without JavaScript."""
import pytest
from django.urls import reverse

from .test_pages import complaints

pytestmark = pytest.mark.browser
KELURAHAN = "13.71.11.1009"


def desk(window, role="operator_data", **how):
    """A window of an official who has said for what they look."""
    page = window(role=role, **how)
    page.goto(reverse("office_register_purpose"))
    page.locator("input[value=pencatatan_peristiwa]").check()
    page.locator(".btn-primary").click()
    return page


def family(page):
    """The address of a family of several, found through the roster."""
    page.goto(f"{reverse('office_register_roster')}?wilayah={KELURAHAN}&sampai_umur=15")
    page.locator(".people-table tbody th a").first.click()
    page.locator("section[aria-labelledby=keluarga] .panel-head a").click()
    return page.url


@pytest.mark.parametrize(("width", "theme"), [(390, "gelap"), (1440, "terang")])
def test_axe_finds_nothing_in_the_register(window, width, theme):
    page = desk(window, width=width, theme=theme)
    here = family(page)
    head = page.locator(".people-table tbody th a").first.get_attribute("href")
    more = [reverse("office_register"), reverse("office_register_purpose"), reverse("office_register_open_family"), reverse("office_register_rws"), here,
            f"{head}?per=2019-01-01", *(f"{here}{slug}/" for slug in ("kelahiran", "kematian", "pindah", "keluar", "pisah", "kepala", "gabung")),
            *(f"{head}{slug}/" for slug in ("biodata", "pembetulan", "orang-tua")),
            *(f"{reverse(name)}?wilayah={KELURAHAN}" for name in ("office_register_roster", "office_register_unconfirmed", "office_register_doubtful",
                                                                  "office_register_rws"))]
    page.goto(f"{reverse('office_register_rws')}?wilayah={KELURAHAN}")
    more.append(page.evaluate("document.querySelector('.datatable a').href"))
    page.goto(reverse("office_register"))
    page.locator("#teks").fill("siti")
    page.keyboard.press("Enter")
    page.locator("#hasil").wait_for()
    more.append(page.url)
    wrong = [line for address in more for line in complaints(page, address)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_birth_is_three_clicks_away_and_keeps_what_was_typed(window, scripts):
    page = desk(window, scripts=scripts)
    page.goto(family(page))
    page.locator(".big-deeds a", has_text="Kelahiran").click()                       # 1
    page.locator("input[name=name]").fill("Bayi Contoh")
    page.locator("input[name=sex][value='2']").check()                               # 2
    page.locator("input[name=born]").fill("2026-11-01")
    page.locator("input[name=cari_father]").fill("9999 9999 9999 9999")
    page.keyboard.press("Enter") if not scripts else page.locator("button[name=cari][value=father]").click()
    page.locator(".who-none").wait_for()
    assert page.locator("input[name=name]").input_value() == "Bayi Contoh" and not page.locator(".error-summary").count()
    page.locator("input[name=cari_father]").fill("")
    page.locator("input[name=born]").fill("2031-11-01")
    page.locator(".register-form .btn-primary").last.click()                          # 3
    page.locator(".error-summary").wait_for()
    assert page.locator("input[name=name]").input_value() == "Bayi Contoh" and "belum tiba" in page.locator(".field-msg").first.inner_text()


def test_names_are_suggested_while_typing(window):
    page = desk(window)
    page.goto(reverse("office_register"))
    page.locator("#teks").press_sequentially("siti", delay=30)
    page.locator(".suggestions button").first.click()
    page.locator("#hasil").wait_for()
    assert page.locator(".people-table tbody tr").count() and "siti" not in page.url.lower()


def test_a_sealed_number_is_shown_where_it_stood(window):
    page = desk(window)
    page.goto(family(page))
    page.locator(".people-table tbody th a").first.click()
    address = page.url
    page.locator("#tersegel button").first.click()
    page.locator(".sealed .opened").wait_for()
    assert page.url == address and "•" not in page.locator(".sealed .opened").inner_text()
