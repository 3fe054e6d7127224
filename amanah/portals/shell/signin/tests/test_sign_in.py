import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail

from amanah.foundation.access import services
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as make
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.environment import unsafe_production

from .conftest import PASSWORD, SECRET, totp

pytestmark = pytest.mark.django_db


def recorded(deed: str) -> list[str]:
    return list(Entry.objects.filter(kind="sign_in", deed=deed).values_list("actor", flat=True))


def page(response) -> str:
    """A page without what differs between any two: tokens, numbers of requests, what was typed."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+|name="login" value="[^"]*"|class="code">\w+', "", response.content.decode())


# ---------------------------------------------------------------- in and out

def test_a_resident_signs_in_with_an_address_and_a_password_and_out_again(client, rina, enter) -> None:
    assert enter("Rina@contoh.id").headers["Location"] == "/beranda-saya/"
    assert client.get("/beranda-saya/").content.decode() == f"{rina.ref} 0"
    client.post("/masuk/keluar/")
    assert client.get("/beranda-saya/").content.decode() == "public 0"
    assert recorded("access.sign_in") == recorded("access.sign_out") == [rina.ref]


def test_a_closed_account_is_out_at_once(client, rina, enter) -> None:
    enter("rina@contoh.id")
    services.close_account(Actor.system("test"), rina, reason="Uji")
    assert client.get("/beranda-saya/").content.decode() == "public 0"
    assert client.get(enter("rina@contoh.id").headers["Location"]).status_code == 200
    assert client.get("/beranda-saya/").content.decode() == "public 0"


def test_the_sign_in_page_asks_the_database_nothing(client, settings, statements) -> None:
    settings.DEMO_SIGN_IN = False
    client.get("/masuk/")
    with statements() as seen:
        assert client.get("/masuk/").status_code == 200
    assert seen == []


# ---------------------------------------------------------------- answers that tell nothing

def test_a_wrong_password_and_an_unknown_name_read_the_same(dedi, enter) -> None:
    known, unknown = enter("dedi", "salah sekali"), enter("tidakada", "salah sekali")
    assert known.status_code == unknown.status_code == 200
    assert page(known) == page(unknown) and "tidak cocok" in page(known)
    known, unknown = enter("a@contoh.id", "salah sekali"), enter("b@contoh.id", "salah sekali")
    assert page(known) == page(unknown)


def test_signing_up_with_a_taken_address_reads_like_success_and_the_owner_gets_a_mail(client, rina) -> None:
    answers = [client.post("/masuk/daftar/", {"name": "Siapa Contoh", "email": email, "password1": PASSWORD}) for email in ("rina@contoh.id", "baru@contoh.id")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"] == "/masuk/email/periksa/"
    assert [(m.to, m.subject) for m in mail.outbox] == [(["rina@contoh.id"], "Anda sudah punya akun"), (["baru@contoh.id"], "Selesaikan pendaftaran Anda")]
    assert Account.objects.filter(email="rina@contoh.id").count() == 1


def test_a_forgotten_password_answers_the_same_for_everybody(client, rina) -> None:
    answers = [client.post("/masuk/sandi/lupa/", {"email": email}) for email in ("rina@contoh.id", "tidakada@contoh.id")]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, "/masuk/sandi/lupa/terkirim/")}
    assert [m.subject for m in mail.outbox] == ["Membuat kata sandi baru", "Alamat ini belum punya akun"]


# ---------------------------------------------------------------- throttling

def test_after_five_wrong_passwords_a_page_says_when_to_try_again(client, dedi, enter) -> None:
    assert {enter("dedi", f"salah {n}").status_code for n in range(5)} == {200}
    before = time.time()
    locked = enter("dedi")  # even the right one
    seconds = int(locked.headers["Retry-After"])
    assert locked.status_code == 429 and 290 <= seconds <= 301
    ends = datetime.fromtimestamp(before + seconds, UTC).astimezone(clock.WIB)
    times = {(ends + timedelta(seconds=extra)).strftime("%H.%M") for extra in (58, 60, 62)}
    assert any(f"Coba lagi pukul {when}" in locked.content.decode() for when in times)
    assert client.get("/beranda-saya/").content.decode() == "public 0"
    assert len(recorded("access.sign_in_failed")) == 5 and recorded("access.sign_in_locked") == ["public"]


def test_another_name_from_elsewhere_is_not_locked_out(client, dedi, rina, enter) -> None:
    for n in range(5):
        enter("dedi", f"salah {n}")
    assert client.post("/masuk/", {"login": "rina@contoh.id", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3").status_code == 302


def test_ten_wrong_passwords_from_one_address_stop_that_address(enter, rina) -> None:
    assert {enter(f"nama{n}", "salah sekali").status_code for n in range(10)} == {200}
    assert enter("rina@contoh.id").status_code == 429


def test_the_record_never_holds_what_was_typed(enter, dedi) -> None:
    enter("dedi", "rahasia-yang-salah")
    enter("rahasia-di-isian-yang-salah", "x")
    assert Entry.objects.filter(deed="access.sign_in_failed").count() == 2
    assert not any("rahasia" in body for body in Entry.objects.values_list("body", flat=True))


# ---------------------------------------------------------------- second proof

def test_staff_without_a_second_proof_are_led_to_it_from_everywhere_and_hold_nothing(client, dedi, enter) -> None:
    enter("dedi")
    for address in ("/", "/beranda-saya/", "/oidc/authorize"):
        assert client.get(address).headers["Location"] == "/masuk/bukti/"
    assert client.get("/masuk/bukti/").status_code == client.get("/masuk/bukti/aplikasi/").status_code == client.get("/masuk/keluar/").status_code == 200
    assert "Satu langkah lagi" in client.get("/masuk/bukti/").content.decode()


@pytest.mark.django_db(transaction=True)  # the news of a new proof is sent on commit, before the answer leaves
def test_setting_up_an_app_counts_at_once_and_its_seed_is_sealed(client, dedi, enter) -> None:
    enter("dedi")
    secret = re.search(r'class="code">([A-Z2-7]+)<', client.get("/masuk/bukti/aplikasi/").content.decode())[1]
    assert client.post("/masuk/bukti/aplikasi/", {"code": "000000"}).status_code == 200
    assert client.post("/masuk/bukti/aplikasi/", {"code": totp(secret)}).status_code == 302
    assert client.get("/beranda-saya/").content.decode() == f"{dedi.ref} 1"
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert recorded("access.add_proof") == [dedi.ref, dedi.ref]  # the app and its recovery codes


def test_the_next_sign_in_asks_for_the_code_before_anything_opens(client, dedi, with_app, enter) -> None:
    with_app(dedi)
    assert enter("dedi").headers["Location"] == "/masuk/bukti/masuk/"
    assert client.get("/beranda-saya/").content.decode() == "public 0"
    assert client.post("/masuk/bukti/masuk/", {"code": "000000"}).status_code == 200
    assert client.post("/masuk/bukti/masuk/", {"code": totp()}).headers["Location"] == "/beranda-saya/"
    assert client.get("/beranda-saya/").content.decode() == f"{dedi.ref} 1"


def test_a_code_is_good_once(client, dedi, with_app, enter) -> None:
    with_app(dedi)
    code = totp()
    enter("dedi")
    assert client.post("/masuk/bukti/masuk/", {"code": code}).status_code == 302
    client.post("/masuk/keluar/")
    enter("dedi")
    assert client.post("/masuk/bukti/masuk/", {"code": code}).status_code == 200


def test_staff_cannot_remove_their_last_proof_and_residents_can(client, dedi, rina, with_app, enter) -> None:
    for person, name, status, left in ((dedi, "dedi", 200, 2), (rina, "rina@contoh.id", 302, 0)):
        with_app(person)
        enter(name)
        client.post("/masuk/bukti/masuk/", {"code": totp()})
        assert client.post("/masuk/bukti/aplikasi/lepas/").status_code == status
        assert Authenticator.objects.filter(user=person).count() == left
        client.post("/masuk/keluar/")


def test_a_step_that_matters_asks_again_only_after_ten_minutes(client, dedi, enter, monkeypatch) -> None:
    enter("dedi")
    assert client.get("/masuk/bukti/aplikasi/").status_code == 200
    later = time.time() + 601
    monkeypatch.setattr("amanah.portals.shell.signin.adapter.time.time", lambda: later)
    assert client.get("/masuk/bukti/aplikasi/").headers["Location"].startswith("/masuk/pastikan/")


# ---------------------------------------------------------------- opening accounts

def test_a_resident_signs_up_proves_the_address_and_holds_nothing_else(client) -> None:
    client.post("/masuk/daftar/", {"name": " Baru Contoh ", "email": "Baru@contoh.id", "password1": PASSWORD})
    made = Account.objects.get(email="baru@contoh.id")
    assert (made.name, made.kind, made.username) == ("Baru Contoh", "resident", None)
    client.post("/masuk/", {"login": "baru@contoh.id", "password": PASSWORD})
    assert client.get("/beranda-saya/").content.decode() == "public 0"  # not before the address is proven
    link = re.search(r"http://\S+(/masuk/email/periksa/\S+)", mail.outbox[0].body)[1]
    client.post(link)
    client.post("/masuk/", {"login": "baru@contoh.id", "password": PASSWORD})
    assert client.get("/beranda-saya/").content.decode() == f"{made.ref} 0"
    assert recorded("access.sign_up") == [made.ref]


def test_nobody_becomes_staff_by_signing_up(client) -> None:
    client.post("/masuk/daftar/", {"name": "Licik Contoh", "email": "licik@contoh.id", "password1": PASSWORD, "kind": "staff", "office": "kota.a",
                                   "username": "wali"})
    made = Account.objects.get()
    assert (made.kind, made.office, made.username) == ("resident", "", None) and not make.acting(made).holdings


@pytest.mark.parametrize("weak", ["pendek", "qwerty123456", "siti.contoh@contoh.id"])
def test_a_weak_password_is_refused_with_a_sentence(client, weak) -> None:
    answer = client.post("/masuk/daftar/", {"name": "Siti", "email": "siti.contoh@contoh.id", "password1": weak})
    assert answer.status_code == 200 and "error-summary" in answer.content.decode() and not Account.objects.exists()


def test_whoever_proves_an_address_has_it_and_a_squatter_loses_it(client, rina, enter) -> None:
    squatter = make.account("Serobot Contoh", "resident", username="serobot", email="milik@contoh.id")
    enter("rina@contoh.id")
    client.post("/masuk/email/", {"action_add": "", "email": "milik@contoh.id"})
    EmailAddress.objects.get(email="milik@contoh.id").set_verified()
    client.post("/masuk/email/", {"action_primary": "", "email": "milik@contoh.id"})
    rina.refresh_from_db()
    squatter.refresh_from_db()
    assert (rina.email, squatter.email) == ("milik@contoh.id", "")


def test_the_first_password_link_works_once_and_then_the_second_proof_follows(client) -> None:
    person = make.account("Baru Contoh", username="baru")
    link = services.invite(Actor.system("test"), person).partition("/masuk/")[2]
    form = client.get(f"/masuk/{link}").headers["Location"]
    assert client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert client.post("/masuk/", {"login": "baru", "password": PASSWORD}).headers["Location"] == "/beranda-saya/"
    assert client.get("/beranda-saya/").headers["Location"] == "/masuk/bukti/"
    assert "tidak berlaku lagi" in client.get(f"/masuk/{link}").content.decode()


# ---------------------------------------------------------------- devices

def test_leaving_all_other_devices_ends_them_and_keeps_this_one(client, rina, enter) -> None:
    other = type(client)()
    other.post("/masuk/", {"login": "rina@contoh.id", "password": PASSWORD}, HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36")
    enter("rina@contoh.id")
    listed = client.get("/masuk/perangkat/").content.decode()
    assert "Chrome di Android" in listed and UserSession.objects.count() == 2
    client.post("/masuk/perangkat/")
    assert other.get("/beranda-saya/").content.decode() == "public 0" and client.get("/beranda-saya/").content.decode() == f"{rina.ref} 0"


# ---------------------------------------------------------------- the demonstration's one click

def test_one_click_signs_in_as_a_role_where_the_switch_is_on(client, settings) -> None:
    settings.DEMO_SIGN_IN = True
    person = make.account("Yusra Contoh", username="demo.lurah")
    make.granted(person, make.role("lurah", ("territory.add_rw",)), office="kota.a")
    assert "Yusra Contoh" in client.get("/masuk/").content.decode()
    assert client.post("/masuk/demo/lurah/").headers["Location"] == "/beranda-saya/"
    assert client.get("/beranda-saya/").content.decode() == f"{person.ref} 1"
    settings.DEMO_SIGN_IN = False  # a session from before does not help
    assert client.get("/beranda-saya/").headers["Location"] == "/masuk/bukti/"


def test_one_click_does_not_exist_elsewhere_nor_by_a_link_nor_for_strangers(client, settings) -> None:
    make.account("Yusra Contoh", username="demo.lurah")
    make.account("Biasa Contoh", username="biasa")
    settings.DEMO_SIGN_IN = True
    assert client.get("/masuk/demo/lurah/").status_code == 405 and client.post("/masuk/demo/biasa/").status_code == 404
    settings.DEMO_SIGN_IN = False
    assert client.post("/masuk/demo/lurah/").status_code == 404 and "Yusra" not in client.get("/masuk/").content.decode()


def test_one_click_follows_only_addresses_of_this_house(client, settings) -> None:
    settings.DEMO_SIGN_IN = True
    make.account("Yusra Contoh", username="demo.lurah")
    assert client.post("/masuk/demo/lurah/", {"next": "https://jahat.contoh/"}).headers["Location"] == "/beranda-saya/"
    assert client.post("/masuk/demo/lurah/", {"next": "/kantor/"}).headers["Location"] == "/kantor/"


def test_production_refuses_the_switch() -> None:
    assert any("AMANAH_DEMO_SIGN_IN" in sentence for sentence in unsafe_production({"DEMO_SIGN_IN": True}))


# ---------------------------------------------------------------- every page

SIGNED_OUT = ("/masuk/", "/masuk/daftar/", "/masuk/sandi/lupa/", "/masuk/sandi/lupa/terkirim/", "/masuk/sandi/baru/1-x-y/", "/masuk/sandi/baru/selesai/",
              "/masuk/email/periksa/tidakada/", "/masuk/akun-ditutup/", "/masuk/akun-lain/batal/", "/masuk/akun-lain/gagal/")
SIGNED_IN = ("/masuk/keluar/", "/masuk/pastikan/", "/masuk/email/", "/masuk/sandi/", "/masuk/bukti/", "/masuk/bukti/aplikasi/lepas/", "/masuk/bukti/kode/",
             "/masuk/bukti/kode/buat/", "/masuk/bukti/kunci/", "/masuk/bukti/kunci/tambah/", "/masuk/bukti/pastikan/",
             "/masuk/perangkat/", "/masuk/akun-lain/")


def assert_clean(html: str) -> None:
    """One heading, our layout, nothing the content security policy would refuse."""
    assert html.count("<h1") == 1 and 'class="plain-page"' in html
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))|\sstyle=|\son[a-z]+=", html)


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_pages_before_sign_in_stand_in_our_layout_without_inline_scripts(client, address) -> None:
    answer = client.get(address, follow=True)
    assert answer.status_code in (200, 401, 403)
    assert_clean(answer.content.decode())


def test_pages_after_sign_in_stand_in_our_layout_without_inline_scripts(client, dedi, with_app, enter) -> None:
    with_app(dedi)
    enter("dedi")
    assert_clean(client.get("/masuk/bukti/masuk/").content.decode())
    client.post("/masuk/bukti/masuk/", {"code": totp()})
    for address in SIGNED_IN:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert_clean(answer.content.decode())


@pytest.mark.parametrize(("address", "field", "hint"), [
    ("/masuk/", "id_login", "username"), ("/masuk/", "id_password", "current-password"), ("/masuk/daftar/", "id_name", "name"),
    ("/masuk/daftar/", "id_email", "email"), ("/masuk/daftar/", "id_password1", "new-password"), ("/masuk/sandi/lupa/", "id_email", "email")])
def test_fields_carry_the_hints_password_managers_understand(client, address, field, hint) -> None:
    tag = re.search(rf'<input[^>]*id="{field}"[^>]*>', client.get(address).content.decode())[0]
    assert f'autocomplete="{hint}"' in tag and "onpaste" not in tag


def test_the_code_field_offers_a_number_pad(client, dedi, with_app, enter) -> None:
    with_app(dedi)
    enter("dedi")
    tag = re.search(r'<input[^>]*id="id_code"[^>]*>', client.get("/masuk/bukti/masuk/").content.decode())[0]
    assert 'autocomplete="one-time-code"' in tag and 'inputmode="numeric"' in tag
    assert SECRET not in tag
