"""A resident's own data, who looked at it, and what they may ask: theirs alone, in words, on record."""
import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as access
from amanah.foundation.acts import look
from amanah.foundation.audit.models import Entry
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.registries.offices.tests import factories as offices
from amanah.registries.people.models import Person, Request, Sighting
from amanah.registries.people.permissions import EXPORT, OPEN_FIELD, READ
from amanah.registries.people.queries import looks
from amanah.registries.people.services import opening, requests
from amanah.registries.people.services.ties import tie
from amanah.registries.people.tests import factories

pytestmark = pytest.mark.django_db
NIK, KK, PURPOSE = "9971015708859123", "9971010101159001", "pelayanan_penduduk"
SYSTEM = Actor.system("test")
DATA, LOOKED, REQUESTS, PHONE = (reverse(name) for name in ("citizen_data", "citizen_looked", "citizen_requests", "citizen_phone"))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(tmp_path)}}}


def browser(account: Account) -> Client:
    client = Client()
    assert client.post(reverse("signin_demo", args=[account.username.removeprefix(PREFIX)])).status_code == 302
    return client


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def places():
    return factories.territories()


@pytest.fixture
def rina(places):
    home = factories.family(factories.rt(places), head="RINA CONTOH", number=KK, nik=NIK, phone="081234567890", mother_name="Aminah Contoh")
    return factories.head_of(home)


@pytest.fixture
def account():
    return access.account("Rina Contoh", "resident", username=f"{PREFIX}rina")


@pytest.fixture
def client(rina, account):
    tie(SYSTEM, rina, account=account, how="demo")
    return browser(account)


@pytest.fixture
def dedi(places):
    """A verifier at the office of the kelurahan."""
    office = offices.office(code="kel_muara_1", name="Kelurahan Muara 1")
    made = access.account("Dedi Contoh", office=office.path)
    access.granted(made, access.role("verifikator", (READ, OPEN_FIELD, EXPORT), reach="both"), office=office.path, territory="99.71.01.1001")
    return access.acting(made)


# ---------------------------------------------------------------- who comes in

@pytest.mark.parametrize("name", ["citizen_data", "citizen_looked", "citizen_requests", "citizen_correct", "citizen_restrict", "citizen_phone"])
def test_visitors_sign_in_and_staff_go_to_their_desk(name):
    assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))
    staff = access.account("Dedi Contoh", "staff", username=f"{PREFIX}dedi")
    assert browser(staff).get(reverse(name))["Location"] == reverse("office_home")


def test_an_account_that_is_not_tied_is_told_how_and_never_asked_for_a_number(account, rina):
    client = browser(account)
    page = text(client.get(DATA))
    assert "KTP" in page and "RINA" not in page.upper().replace("RINA CONTOH", "", 2) and "<input" not in page.split("<main")[1].split("</main>")[0]
    for name in ("citizen_looked", "citizen_correct", "citizen_restrict"):
        assert client.get(reverse(name))["Location"] == DATA
    for name in ("citizen_data_open", "citizen_copy"):
        assert client.post(reverse(name), {"bagian": "nik"})["Location"] == DATA
    assert client.get(REQUESTS).status_code == 200


def test_no_page_of_a_resident_says_whether_a_number_exists(client, account):
    """There is no field for a NIK of somebody else anywhere: the answers to a known and to an unknown one are the same bytes."""
    for known in (NIK, "9971015708859999"):
        assert client.get(DATA, {"nik": known}).status_code == client.get(DATA).status_code
    sign_up = text(Client().get(reverse("account_signup")))
    assert "nik" not in sign_up.casefold().replace("unik", "").replace("pernik", "").replace("teknik", "")


# ---------------------------------------------------------------- own data

def test_the_page_says_what_we_hold_and_where_it_comes_from_and_hides_the_numbers(client, rina):
    factories.member(rina.family, "Anak Contoh", mother=rina.pk)
    answer = client.get(DATA)
    page = text(answer)
    assert "Rina Contoh" in page and "Dari SIAK, berlaku sejak 1 Jan 2015" in page and "Anak Contoh" in page and "17 Agustus 1985" in page
    assert "9971••••••••••23" in page and "9971••••••••••01" in page and "0812••••••90" in page and "A•••" in page
    assert NIK not in page and KK not in page and "Aminah" not in page and "81234567890" not in page
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


@pytest.mark.parametrize(("field", "value"), [("nik", NIK), ("kk", KK), ("mother_name", "Aminah Contoh")])
def test_one_number_is_shown_on_request_and_that_is_on_record(client, rina, field, value):
    page = text(client.post(reverse("citizen_data_open"), {"bagian": field}))
    assert value in page and sum(each in page for each in (NIK, KK, "Aminah Contoh")) == 1
    entry = json.loads(Entry.objects.order_by("-id").first().body)
    assert (entry["deed"], entry["details"]) == ("people.open_own", {"field": field}) and value not in json.dumps(entry)
    assert value not in text(client.get(DATA))
    assert "Anda sendiri" in text(client.get(LOOKED))


def test_a_field_that_there_is_not_is_refused(client):
    assert client.post(reverse("citizen_data_open"), {"bagian": "religion"}).status_code == 422


# ---------------------------------------------------------------- who looked

def test_every_kind_of_trace_is_told_in_words_with_office_role_and_purpose(client, rina, dedi):
    opening.see(dedi, rina, purpose=PURPOSE)
    opening.open_field(dedi, rina, "nik", purpose="surat_keterangan")
    Sighting.objects.create(person=rina, at=clock.now(), actor=dedi.ref, deed=READ, purpose="pembinaan_wilayah")
    look(dedi, READ, rina.family, purpose=PURPOSE)
    look(dedi, EXPORT, scope=Scope(office=None, territory="99.71.01.1001"), purpose="daftar_wilayah")
    page = text(client.get(LOOKED))
    for words in ("Kelurahan Muara 1", "Verifikator", "Membuka halaman data Anda", "Membuka NIK Anda", "Yang terlihat: NIK lengkap.",
                  "Membuat surat yang diminta warga", "Membuka daftar yang memuat nama Anda", "Membuka halaman keluarga Anda", "Mengunduh daftar penduduk",
                  "Melayani urusan kependudukan", "Menghubungkan akun warga dengan datanya", "Sistem, tanpa petugas", "Nomor dibuka"):
        assert words in page, words
    assert "Dedi" not in page and NIK not in page and "people." not in page.split("<main")[1].split("</main>")[0]


def test_a_refusal_is_shown_too(client, rina, places):
    stranger = access.acting(access.account("Jauh Contoh", office="kota.jauh"))
    with pytest.raises(Exception, match="wenang"):
        opening.open_field(stranger, rina, "nik", purpose=PURPOSE)
    page = text(client.get(LOOKED))
    assert "Ditolak" in page and "Mencoba: membuka nomor" in page and "Tidak ada yang terlihat." in page


def test_exports_count_only_where_and_while_one_lived_there(client, rina, dedi, places, clock_at):
    def export(code):
        look(SYSTEM, EXPORT, scope=Scope(office=None, territory=code), purpose="daftar_wilayah")

    for code in ("99.71.01.1001", "99.71", "", rina.place.code, "99.71.01.1002", f"{rina.place.code}x"):
        export(code)
    assert [row.territory for row in looks.looks(rina).rows if row.what == "export"] == [rina.place.code, "", "99.71", "99.71.01.1001"]
    clock_at("2014-06-01 10:00")
    export("99.71")
    assert len([row for row in looks.looks(rina).rows if row.what == "export"]) == 4  # she came in 2015


def test_somebody_elses_traces_are_never_shown(client, rina, dedi, places):
    other = factories.head_of(factories.family(factories.rt(places), head="Siti Contoh"))
    opening.see(dedi, other, purpose="darurat")
    Sighting.objects.create(person=other, at=clock.now(), actor=dedi.ref, deed=READ, purpose="darurat")
    page = text(client.get(LOOKED, {"anak": other.pk}))
    assert "Menolong" not in page
    assert client.get(LOOKED, {"anak": other.pk}).status_code == 404
    assert client.get(LOOKED, {"anak": "x"}).status_code == 404
    assert "Menolong" not in text(client.get(LOOKED))


def test_a_parent_sees_the_traces_of_a_child_under_eighteen(client, rina, dedi):
    child = factories.member(rina.family, "Anak Contoh", mother=rina.pk)
    grown = factories.member(rina.family, "Dewasa Contoh", born=child.born.replace(year=2003), mother=rina.pk)
    opening.see(dedi, child, purpose="darurat")
    page = text(client.get(LOOKED, {"anak": child.pk}))
    assert "Membuka halaman data Anak Contoh" in page and f"?anak={child.pk}" in page
    assert client.get(LOOKED, {"anak": grown.pk}).status_code == 404
    [row] = [row for row in looks.looks(child).rows if row.what == "page"]
    ask = reverse("citizen_question", args=[row.key])
    assert client.get(ask).status_code == 404
    assert client.post(f"{ask}?anak={child.pk}", {"text": "Mengapa?"})["Location"] == REQUESTS
    assert Request.objects.get().person == child


def test_only_opened_numbers_may_be_asked_for(client, rina, dedi):
    opening.see(dedi, rina, purpose=PURPOSE)
    assert "Belum ada nomor yang dibuka" in text(client.get(LOOKED, {"hanya": "nomor"}))
    opening.open_field(dedi, rina, "phone", purpose=PURPOSE)
    look(dedi, OPEN_FIELD, rina.family, purpose=PURPOSE, details={"field": "kk"})
    client.post(reverse("citizen_data_open"), {"bagian": "nik"})
    page = text(client.get(LOOKED, {"hanya": "nomor"})).split("<main")[1].split("<aside")[0]
    assert "Membuka nomor telepon Anda" in page and "Membuka nomor KK Anda" in page and "halaman data Anda" not in page and "sendiri" not in page


def test_twenty_a_page_newest_first_forth_and_back_without_loss(client, rina, dedi, clock_at):
    start = clock_at("2029-11-20 08:00")  # after everything that the fixtures did
    for n in range(55):
        clock_at((start + timedelta(minutes=n)).isoformat())
        if n % 3:
            opening.see(dedi, rina, purpose=PURPOSE)
        else:
            Sighting.objects.create(person=rina, at=clock.now(), actor=dedi.ref, deed=READ, purpose=PURPOSE)
    seen, cursors, cursor = [], [], ""
    while True:
        page = looks.looks(rina, cursor=cursor, size=20)
        seen += [row.key for row in page.rows]
        cursors.append((cursor, [row.key for row in page.rows], page.previous))
        if page.next is None:
            break
        cursor = page.next
    moments = [looks.look_of(rina, key).at for key in seen]
    about = [f"people.person:{rina.pk}", f"people.family:{rina.family_id}"]
    everything = {f"e{pk}" for pk in Entry.objects.filter(subject__in=about).values_list("pk", flat=True)} | {
        f"s{pk}" for pk in Sighting.objects.values_list("pk", flat=True)}
    assert set(seen) == everything and len(seen) == len(everything) >= 55 and moments == sorted(moments, reverse=True)
    for (_cursor, keys, _previous), (_c, _keys, back) in pairwise(cursors):
        assert [row.key for row in looks.looks(rina, cursor=back, size=20).rows] == keys
    answer = client.get(LOOKED)
    assert sum(row.times for _day, rows in answer.context["days"] for row in rows) == 20 and "2 kali" in text(answer)
    assert client.get(LOOKED + answer.context["pager"].next).status_code == 200
    assert client.get(LOOKED, {"dari": "dibuat-buat"}).status_code == 422


def test_a_long_trail_costs_no_more_statements(client, rina, dedi, same_statements):
    def more(count):
        for _n in range(count):
            opening.see(dedi, rina, purpose=PURPOSE)
            Sighting.objects.create(person=rina, at=clock.now(), actor=dedi.ref, deed=READ, purpose=PURPOSE)

    assert same_statements(more, lambda: client.get(LOOKED)) <= 32


def test_the_name_of_the_official_is_shown_only_where_the_city_says_so(client, rina, dedi, monkeypatch):
    from dataclasses import replace

    from amanah.registries.people.queries import lookers, purposes

    opening.see(dedi, rina, purpose=PURPOSE)
    monkeypatch.setattr(lookers, "register", lambda: replace(purposes.register(), official_names=True))
    assert "Verifikator, Dedi Contoh" in text(client.get(LOOKED))


def test_with_nothing_yet_the_page_says_what_will_stand_there(client, rina, monkeypatch):
    from amanah.foundation.kernel.paging import Page

    monkeypatch.setattr(looks, "looks", lambda *a, **k: Page(rows=[], size=20, next=None, previous=None))
    assert "Belum ada yang membuka data ini" in text(client.get(LOOKED))


def test_twelve_months_are_counted_without_ones_own(client, rina, dedi, account, clock_at):
    clock_at("2026-09-10 10:00")
    for _n in range(8):
        opening.see(dedi, rina, purpose=PURPOSE)
    clock_at("2026-11-22 10:00")
    opening.open_own(access.acting(account, "password"), rina, field="nik")
    counted = dict(looks.months(rina, mine=account.ref))
    assert len(counted) == 12 and counted[clock.today().replace(month=9, day=1)] == 8
    assert "September 2026: 8" in text(client.get(LOOKED))


# ---------------------------------------------------------------- asking

def test_a_question_goes_to_the_desk_with_its_entry(client, rina, dedi):
    opening.see(dedi, rina, purpose=PURPOSE)
    [row] = [row for row in looks.looks(rina).rows if row.what == "page"]
    ask = reverse("citizen_question", args=[row.key])
    assert "Membuka halaman data Anda" in text(client.get(ask))
    assert client.post(ask, {"text": " "}).status_code == 422
    assert client.post(ask, {"text": "Saya tidak ke sana"})["Location"] == REQUESTS
    assert client.post(ask, {"text": "Lagi"}).status_code == 422
    page = text(client.get(REQUESTS))
    assert "Saya tidak ke sana" in page and "Sisa 7" in page
    for key in ("e0", "s1", "x"):
        assert client.get(reverse("citizen_question", args=[key])).status_code == 404


def test_a_correction_asks_which_part_then_what_is_right(client, rina):
    assert "Tempat lahir" in text(client.get(reverse("citizen_correct")))
    address = reverse("citizen_correct") + "?bagian=birthplace"
    assert client.post(address, {"wanted": ""}).status_code == 422
    assert client.post(reverse("citizen_correct") + "?bagian=religion", {"wanted": "99"}).status_code == 422
    assert client.post(reverse("citizen_correct") + "?bagian=born", {"wanted": "kemarin"}).status_code == 422
    assert client.post(address, {"wanted": "Solok", "text": "Akta"})["Location"] == REQUESTS
    assert "Pembetulan data: Tempat lahir" in text(client.get(REQUESTS))
    assert 'type="date"' in text(client.get(reverse("citizen_correct") + "?bagian=born"))


def test_a_copy_is_made_and_downloaded_by_its_owner_only(client, rina, places):
    client.post(reverse("citizen_copy"))
    outbox.drain()
    file = reverse("shell_file", args=[Request.objects.get().file])
    assert file in text(client.get(REQUESTS)) and client.get(file).status_code == 200
    other = access.account("Siti Contoh", "resident", username=f"{PREFIX}siti")
    assert browser(other).get(file).status_code == 404
    assert file not in text(browser(other).get(REQUESTS))


def test_restriction_says_what_stops_and_is_lifted_again(client, rina, account):
    page = text(client.get(reverse("citizen_restrict")))
    assert "Mengurus lingkungan RT, RW, dan kelurahan" in page
    assert client.post(reverse("citizen_restrict"), {"text": ""})["Location"] == REQUESTS
    requests.answer(SYSTEM, Request.objects.get(), granted=True, answer="Dibatasi")
    assert Person.objects.get(pk=rina.pk).restricted
    assert "Cabut pembatasan" in text(client.get(reverse("citizen_restrict"))) and "sedang dibatasi" in text(client.get(DATA))


def test_the_clock_of_a_request_says_how_late_we_are(client, rina, account, clock_at):
    begun = clock_at("2026-11-20 16:00")
    requests.ask(access.acting(account, "password"), rina, kind="restriction")
    for hours, words in ((1, "Sisa 71 jam"), (50, "Sisa 22 jam"), (72, "Sisa kurang dari 1 jam"), (75, "Lewat batas 3 jam")):
        clock_at((begun + timedelta(hours=hours)).isoformat())
        assert words in text(browser(account).get(REQUESTS))
    requests.answer(SYSTEM, Request.objects.get(), granted=False, answer="Belum cukup bukti.")
    page = text(browser(account).get(REQUESTS))
    assert "Dijawab dalam 75 jam" in page and "terlambat" in page and "Belum cukup bukti." in page and "Ditolak, dengan alasan" in page


def test_the_telephone_is_set_masked_and_removed(client, account):
    assert client.post(PHONE, {"phone": "0751 123456"}).status_code == 422
    assert client.post(PHONE, {"phone": "0812 3456 7890"})["Location"] == PHONE
    assert "0812••••••90" in text(client.get(PHONE)) and "0812••••••90" in text(client.get(reverse("citizen_home")))
    client.post(PHONE, {"phone": ""})
    assert Account.objects.get(pk=account.pk).phone is None
