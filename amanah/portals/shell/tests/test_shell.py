"""The pages around all pages: menu, theme and language, errors, request numbers, health, what browsers ask for."""
import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from amanah.foundation.access.models import Role
from amanah.foundation.kernel.actor import EVERYWHERE, PUBLIC, Actor, Holding
from amanah.foundation.kernel.errors import AmanahError, Conflict, Invalid, NotFound, Refused, Unavailable
from amanah.portals.shell import errors, menu
from amanah.portals.shell.middleware import RequestLog

STAFF = Actor(ref="account:1", kind="staff", name="Dedi Contoh", account_id=1, holdings=(Holding(frozenset({"x.read"}), EVERYWHERE, "role:x"),))


# ---------------------------------------------------------------- menu

@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    menu.enter("office", "shell_gallery", "Galeri", icon="x", order=20)
    menu.enter("office", "shell_robots", "Rahasia", icon="x", order=10, needs="x.read")
    menu.enter("office", "shell_offline", "Warga", icon="x", order=30, kinds=("resident",))


def test_people_see_the_entries_they_may_use_in_order(entries):
    assert [item.label for item in menu.items("office", STAFF, "/")] == ["Rahasia", "Galeri"]
    assert [item.label for item in menu.items("office", PUBLIC, "/")] == ["Galeri"]


def test_the_page_one_is_on_is_marked(entries):
    marks = {path: {item.label: item.current for item in menu.items("office", STAFF, path)} for path in ("/komponen/", "/komponen/warna/", "/lain/")}
    assert marks["/komponen/"]["Galeri"] == "page"
    assert marks["/komponen/warna/"]["Galeri"] == "true"
    assert marks["/lain/"]["Galeri"] == ""


def test_an_unknown_place_is_refused(entries):
    with pytest.raises(ValueError, match="no such place"):
        menu.enter("sidebar", "shell_gallery", "Galeri", icon="x")


# ---------------------------------------------------------------- theme and language

def test_a_theme_is_chosen_by_a_form_and_kept_in_a_cookie(client):
    answer = client.post(reverse("shell_display"), {"tampilan": "gelap", "kembali": "/komponen/?a=1"})
    assert answer.status_code == 302 and answer["Location"] == "/komponen/?a=1"
    assert 'data-theme="dark"' in client.get("/komponen/").content.decode()


@pytest.mark.parametrize("back", ["https://jahat.example/", "//jahat.example/", "javascript:alert(1)", "/\\jahat.example"])
def test_nobody_is_led_to_another_house(client, back):
    assert client.post(reverse("shell_display"), {"kembali": back})["Location"] == "/"


def test_an_unknown_theme_or_language_changes_nothing(client):
    answer = client.post(reverse("shell_display"), {"tampilan": "ungu", "bahasa": "xx"})
    assert not answer.cookies


def test_indonesian_is_spoken_until_somebody_chooses_english(client):
    page = client.get("/komponen/", headers={"accept-language": "en-US"})
    assert '<html lang="id"' in page.content.decode() and page["Content-Language"] == "id"
    client.post(reverse("shell_display"), {"bahasa": "en"})
    page = client.get("/komponen/")
    assert '<html lang="en"' in page.content.decode() and "Cookie" in page["Vary"]


# ---------------------------------------------------------------- errors

def failing(error: Exception, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/x/", headers=headers)
    request.request_id = "bcdfghjkbcdfghjk"
    request.actor = PUBLIC
    return errors.answer(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status", "said"), [
    (Refused(), 403, "Halaman ini bukan untuk akun Anda"), (NotFound("rahasia 7"), 404, "Tidak ada halaman di alamat ini"),
    (Invalid("Lintang tertukar.", lat="Tulis lintang dulu."), 422, "Tulis lintang dulu."), (Conflict(), 409, "Orang lain lebih dulu mengubahnya"),
    (Unavailable("Bank belum menjawab."), 503, "Bank belum menjawab."), (AmanahError(), 500, "Ada yang rusak pada kami"),
])
def test_each_failure_has_its_status_and_says_what_to_do(error, status, said):
    answer = failing(error)
    page = answer.content.decode()
    assert answer.status_code == status and said in page
    assert "bcdfghjk" in page, "the number to quote"


@pytest.mark.django_db
def test_not_found_does_not_tell_that_the_thing_exists():
    assert "rahasia" not in failing(NotFound("rahasia 7")).content.decode()
    assert failing(NotFound("rahasia 7")).content == failing(NotFound()).content


@pytest.mark.django_db
def test_a_refusal_says_which_role_can_do_it():
    Role.objects.create(code="camat", name="Camat", kind="staff", permissions=["x.sign"], digest="0")
    Role.objects.create(code="lurah", name="Lurah", kind="staff", permissions=["x.read"], digest="0")
    page = failing(Refused(needs="x.sign")).content.decode()
    assert "Camat" in page and "Lurah" not in page and "x.sign" not in page


@pytest.mark.django_db
def test_machines_get_json():
    answer = failing(Conflict(), accept="application/json")
    assert answer.status_code == 409 and json.loads(answer.content)["request"] == "bcdfghjkbcdfghjk"


@pytest.mark.django_db
def test_a_failure_of_ours_is_answered_without_database_session_or_city(client, settings, django_assert_num_queries):
    request = HttpRequest()
    request.request_id = "bcdfghjkbcdfghjk"
    settings.CITY_DIR = settings.BASE_DIR / "tidak-ada"
    with django_assert_num_queries(0):
        answer = errors.server_error(request)
    assert answer.status_code == 500 and b"bcdfghjk" in answer.content


def test_even_a_broken_error_page_is_an_answer(monkeypatch, caplog):
    def broken(*args: object, **kwargs: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    assert errors.server_error(HttpRequest()).status_code == 500


@pytest.mark.django_db
def test_a_form_that_was_open_too_long_is_explained():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert answer.status_code == 403 and "terlalu lama terbuka" in answer.content.decode()


# ---------------------------------------------------------------- the request's number and line

def number_of(**headers: str) -> str:
    return RequestLog(lambda request: HttpResponse())(RequestFactory().get("/", headers=headers))["X-Request-ID"]


def test_a_safe_number_is_kept_and_any_other_replaced():
    assert number_of(**{"x-request-id": "abcd-efgh-1234"}) == "abcd-efgh-1234"
    for odd in ("1371096405900003", "081234567890", 'x" } {', "a" * 65, "", "kurang"):
        assert number_of(**{"x-request-id": odd}) not in (odd, "")


def test_numbers_differ_and_hold_no_digits():
    numbers = {number_of() for _ in range(50)}
    assert len(numbers) == 50 and not any(c.isdigit() for number in numbers for c in number)


def test_the_log_holds_the_pattern_of_an_address_and_never_the_address(client, caplog, db):
    caplog.set_level(logging.INFO, "amanah.request")
    client.get("/wilayah/99.99.99.9999/?nik=1371096405900003")
    line = next(record for record in caplog.records if record.name == "amanah.request")
    assert (line.path, line.status, line.method) == ("/wilayah/<str:code>/", 404, "GET")


# ---------------------------------------------------------------- health, browsers, robots

def test_alive_asks_nobody(client, settings):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_means_a_database_of_this_version(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr("amanah.portals.shell.views.MigrationExecutor.migration_plan", lambda self, targets: [1])
    assert client.get("/readyz").json()["migrations"] == 1
    monkeypatch.setattr("amanah.portals.shell.views.connection", None)
    assert client.get("/readyz").status_code == 503


def test_security_contact_appears_when_the_city_has_named_one(client, settings, tmp_path, db):
    assert client.get("/.well-known/security.txt").status_code == 404
    text = (settings.CITY_DIR / "city.yaml").read_text(encoding="utf-8").replace('security_contact: ""', "security_contact: mailto:aman@contoh.id")
    (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
    settings.CITY_DIR = tmp_path
    assert "Contact: mailto:aman@contoh.id" in client.get("/.well-known/security.txt").content.decode()


def test_every_page_carries_the_strict_policy(client, db):
    for address in ("/", "/komponen/", "/tidak-ada/", "/sw.js"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy


def test_public_pages_set_no_cookie(client, db):
    """Whoever only reads is not marked; the language of pages depends on choices alone."""
    for address in ("/", "/kantor/", "/kantor/daftar/", "/wilayah/", "/komponen/"):
        assert not client.get(address).cookies
