"""The pages of the structure: every act through its page during a duty session, none without one; what was typed stays."""
from datetime import timedelta
from html import escape, unescape

import pytest
from allauth.idp.oidc.models import Client
from django.urls import reverse

from amanah.foundation.access.tests import factories as access
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.portals.office.menu import STRUCTURE
from amanah.registries.offices import queries
from amanah.registries.offices.models import Appointment, Kind, Office, OfficeLink, Official
from amanah.registries.offices.tests import factories as offices
from amanah.registries.territory.models import Territory

from .people import DUTIES, KEL_1, browser, text

pytestmark = pytest.mark.django_db
PERDA = "Perda 3/2026"


@pytest.fixture
def city(city):
    """The small city, whose keeper's duty session brings the deeds of this place."""
    keeper = city.roles["pengelola"]
    keeper.duty_permissions = [*DUTIES, *STRUCTURE]
    keeper.save()
    return city


@pytest.fixture
def keeper(city):
    """The keeper's browser, in a duty session."""
    client = browser(city.pengelola)
    assert client.post(reverse("office_duty"), {"reason": "Perda 3/2026", "minutes": "60"}).status_code == 302
    return client


def today(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def recorded(deed: str) -> int:
    return Entry.objects.filter(kind="deed", deed=deed).count()


def pages(official: Official, registered: Client) -> list[str]:
    """Every page but the first."""
    return [reverse("office_structure_open"), *(reverse(f"office_structure_{name}", args=["dinas"]) for name in ("office", "rename", "close")),
            reverse("office_structure_officials"), reverse("office_structure_link", args=[official.pk]), reverse("office_structure_territories"),
            reverse("office_structure_territory", args=[KEL_1]), reverse("office_structure_clients"), reverse("office_structure_client_register"),
            reverse("office_structure_client_remove", args=[registered.pk])]


# ---------------------------------------------------------------- who gets in

def test_without_a_duty_session_the_first_page_says_how_to_begin_one_and_all_others_are_not_there(city) -> None:
    client, every = browser(city.pengelola), pages(offices.official(), Client.objects.create(name="Lama"))
    page = text(client.get(reverse("office_structure")))
    assert "Mulai sesi tugas" in page and reverse("office_duty") in page and "Dinas Contoh" not in page
    assert reverse("office_structure") in text(client.get(reverse("office_home")))
    for address in every:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address
    assert Client.objects.count() == 1


def test_during_a_duty_session_every_page_is_there(keeper) -> None:
    for address in (reverse("office_structure"), *pages(offices.official(), Client.objects.create(name="Lama"))):
        assert keeper.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["warga", "lurah", "admin", "sekda", "auditor"])
def test_others_find_none_of_it_and_visitors_sign_in_first(city, client, who) -> None:
    stranger = browser(getattr(city, who))
    for address in (reverse("office_structure"), *pages(offices.official(), Client.objects.create(name="Lama"))):
        assert stranger.get(address).status_code == 404, address
        assert client.get(address)["Location"].startswith(reverse("account_login"))
    assert reverse("office_structure") not in text(stranger.get(reverse("office_home"), follow=True))


def test_a_session_that_brings_none_of_these_deeds_finds_no_page(city) -> None:
    city.roles["pengelola"].duty_permissions = list(DUTIES)
    city.roles["pengelola"].save()
    client = browser(city.pengelola)
    client.post(reverse("office_duty"), {"reason": "Surat 1", "minutes": "15"})
    assert client.get(reverse("office_structure")).status_code == 404


def test_who_holds_a_deed_for_one_office_only_does_it_there_and_nowhere_else(city) -> None:
    role = access.role("penata", ("offices.rename", "offices.link_account", "access.register_client", "offices.open"), reach="office")
    access.granted(city.admin, role, office=city.offices["dinas"].path)
    client = browser(city.admin)
    page = text(client.get(reverse("office_structure")))
    assert reverse("office_structure_office", args=["dinas"]) in page and reverse("office_structure_office", args=["kec"]) not in page
    assert client.get(reverse("office_structure_rename", args=["kec"])).status_code == 404
    for everywhere in ("office_structure_officials", "office_structure_client_register"):
        assert client.get(reverse(everywhere)).status_code == 403
    assert "Tutup kantor" not in text(client.get(reverse("office_structure_office", args=["dinas"])))
    form = text(client.get(reverse("office_structure_open")))
    assert "Paling atas" not in form and 'value="dinas"' in form and 'value="kec"' not in form
    assert client.post(reverse("office_structure_open"), opening(parent="kec")).status_code == 422


# ---------------------------------------------------------------- offices

def opening(**changed: str) -> dict[str, str]:
    return {"parent": "kota", "name": "Badan Uji Contoh", "abbreviation": "BUC", "kind": "badan", "code": "", "valid_from": today(), "territory": "",
            "hours_group": "enam", "duties": "Menguji.", "source": PERDA} | changed


def test_an_office_is_opened_and_its_code_is_made_from_its_abbreviation(keeper) -> None:
    answer = keeper.post(reverse("office_structure_open"), opening(territory="99.71.01"), follow=True)
    assert "Anda membuka kantor Badan Uji Contoh. Sudah tercatat dalam jejak." in text(answer) and recorded("offices.open") == 1
    made = queries.by_code("buc")
    assert (made.parent, made.kind, made.hours_group, made.territory, made.confirmed) == ("kota", "badan", "enam", "99.71.01", False)
    assert keeper.post(reverse("office_structure_open"), opening(parent="", name="Atas", abbreviation="", confirmed="on")).status_code == 302
    assert queries.by_code("atas").parent == "" and queries.by_code("atas").confirmed


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"code": "dinas"}, "Kode ini sudah dipakai."), ({"code": "Besar Sekali"}, "Kode hanya huruf kecil"), ({"name": ""}, "Isi nama kantor."),
    ({"kind": ""}, "Pilih jenis."), ({"valid_from": "besok"}, "Tulis tanggal"), ({"source": ""}, "Isi dasar."), ({"territory": "1"}, "id_territory-galat"),
    ({"parent": "baru", "valid_from": "2020-01-01"}, "Kantor induk belum")])
def test_an_opening_that_does_not_fit_comes_back_with_what_was_typed(city, keeper, wrong, sentence) -> None:
    offices.office(city.offices["kota"], code="baru", valid_from=clock.today())
    before = Office.objects.count()
    answer = keeper.post(reverse("office_structure_open"), opening(**wrong))
    assert answer.status_code == 422 and sentence in text(answer) and 'value="BUC"' in text(answer)
    assert Office.objects.count() == before


def test_the_form_begins_beneath_the_office_one_came_from(keeper) -> None:
    assert '<option value="dinas" selected>' in text(keeper.get(reverse("office_structure_open"), {"di": "dinas"}))


def test_an_office_gets_another_name_and_keeps_the_old_one_in_view(keeper) -> None:
    page = reverse("office_structure_rename", args=["dinas"])
    new = {"name": "Dinas Baru Contoh", "abbreviation": "", "since": today(), "legal_basis": PERDA}
    for wrong, sentence in (({"name": "Dinas Contoh"}, "Isi nama yang baru."), ({"legal_basis": ""}, "Isi dasar hukum."), ({"since": today(1)}, "pada harinya")):
        answer = keeper.post(page, new | wrong)
        assert answer.status_code == 422 and sentence in text(answer) and f'value="{(new | wrong)["name"]}"' in text(answer)
    answer = keeper.post(page, new, follow=True)
    assert "Anda mengganti nama Dinas Contoh menjadi Dinas Baru Contoh. Sudah tercatat" in text(answer)
    assert text(answer).count("Dinas Contoh") >= 2 and queries.by_code("dinas").name == "Dinas Baru Contoh"
    again = keeper.post(page, new | {"name": "Dinas Lagi"})
    assert again.status_code == 409 and "sudah diganti per tanggal itu" in text(again)


def closing(**changed: object) -> dict[str, object]:
    return {"last_day": today(), "successors": "kec", "kind": "merged", "legal_basis": PERDA, "reason": ""} | changed


def test_an_office_closes_and_its_page_shows_who_answers_afterwards(city, keeper) -> None:
    seat = offices.position(city.offices["dinas"], title="Kepala Dinas Contoh")
    Appointment.objects.create(position=seat, official=offices.official("Wati Contoh"), kind="definitive", since=clock.today())
    offices.office(city.offices["kota"], code="besok", name="Badan Besok", valid_from=clock.today() + timedelta(days=1))
    offices.office(code="luar", kind=Kind.EXTERNAL)
    page = reverse("office_structure_close", args=["dinas"])
    form = text(keeper.get(page))
    assert "Wati Contoh" in form and 'value="besok"' in form and 'value="dinas"' not in form and 'value="luar"' not in form
    answer = keeper.post(page, closing(successors_2="besok", kind="split"), follow=True)
    assert "Anda menutup Dinas Contoh per" in text(answer) and "Siapa yang menjawab sejak" in text(answer)
    assert "Badan Besok" in text(answer) and "Kecamatan Hulu Contoh" in text(answer) and PERDA in text(answer)
    assert OfficeLink.objects.filter(predecessor__code="dinas", kind="split").count() == 2 and recorded("offices.close") == 1
    assert Appointment.objects.get().until == clock.today()
    twice = keeper.post(page, closing())
    assert twice.status_code == 409 and "Kantor ini sudah ditutup." in text(twice)
    with clock.fixed(clock.now() + timedelta(days=2)):
        late = browser(city.pengelola)
        late.post(reverse("office_duty"), {"reason": PERDA, "minutes": "60"})
        gone = text(late.get(reverse("office_structure_office", args=["dinas"])))
        assert "Badan Besok" in gone and "Ganti nama" not in gone and late.get(page).status_code == 404


def test_an_office_without_successor_closes_for_a_reason(keeper) -> None:
    page = reverse("office_structure_close", args=["dinas"])
    nobody = keeper.post(page, closing(successors=""))
    assert nobody.status_code == 422 and "Sebutkan kantor yang melanjutkan" in text(nobody) and f'value="{PERDA}"' in text(nobody)
    answer = keeper.post(page, closing(successors="", reason="Tugasnya selesai"), follow=True)
    assert "Tidak ada kantor yang melanjutkan." in text(answer)


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"legal_basis": ""}, "Isi dasar hukum."), ({"successors": "dinas"}, "id_successors-galat"),
    ({"kind": "hilang"}, "id_kind-galat"), ({"last_day": ""}, "Isi hari terakhir.")])
def test_a_closing_that_does_not_fit_comes_back(keeper, wrong, sentence) -> None:
    answer = keeper.post(reverse("office_structure_close", args=["dinas"]), closing(successors_2="kec", **wrong))
    assert answer.status_code == 422 and sentence in text(answer) and "<details class=\"more mb-3\" open>" in text(answer)
    assert queries.by_code("dinas").valid_to is None


def test_an_office_with_others_beneath_it_is_not_closed(keeper) -> None:
    page = reverse("office_structure_close", args=["kec"])
    assert "Tutup dulu kantor di bawahnya" in text(keeper.get(page)) and "Kelurahan Muara 1" in text(keeper.get(page))
    answer = keeper.post(page, closing(successors="dinas"))
    assert answer.status_code == 422 and "Tutup atau pindahkan dulu kantor di bawahnya." in text(answer)


def test_the_list_of_offices_searches_and_pages_with_the_same_number_of_statements(city, keeper, same_statements) -> None:
    def make(count: int) -> None:
        for _n in range(count):
            offices.office(city.offices["kota"])

    assert same_statements(make, lambda: keeper.get(reverse("office_structure"))) <= 14
    assert 'rel="next"' in text(keeper.get(reverse("office_structure")))
    assert "Dinas Contoh" in text(keeper.get(reverse("office_structure"), {"cari": "dinas con"}))
    assert "Tidak ada yang cocok" in text(keeper.get(reverse("office_structure"), {"cari": "zzz"}))


# ---------------------------------------------------------------- officials

def test_an_official_is_linked_with_an_account_and_let_go_again(city, keeper) -> None:
    wati, account = offices.official("Dra. Wati Contoh"), access.account("Wati Contoh", username="wati")
    page = reverse("office_structure_link", args=[wati.pk])
    assert "Wati Contoh (wati)" in text(keeper.get(page)), "accounts with the same first name are offered without searching"
    assert "Yusra Contoh" not in text(keeper.get(page)) and "Yusra Contoh" in text(keeper.get(page, {"cari": "yus"}))
    assert "Tidak ada akun pegawai yang cocok" in text(keeper.get(page, {"cari": "zzz"}))
    answer = keeper.post(page, {"account_id": str(account.pk)}, follow=True)
    assert "Anda menghubungkan Dra. Wati Contoh dengan akun Wati Contoh. Sudah tercatat dalam jejak." in text(answer)
    wati.refresh_from_db()
    assert wati.account_id == account.pk and recorded("offices.link_account") == 1
    other = offices.official("Wati Kedua")
    assert "sudah dihubungkan dengan Dra. Wati Contoh" in text(keeper.get(reverse("office_structure_link", args=[other.pk])))
    assert "Anda melepas Dra. Wati Contoh dari akunnya." in text(keeper.post(page, {"account_id": ""}, follow=True))
    wati.refresh_from_db()
    assert wati.account_id is None


def test_residents_and_closed_accounts_are_not_offered(city, keeper) -> None:
    rina, closed = offices.official("Rina Contoh"), access.account("Rina Lama", username="rina.lama", is_active=False)
    page = reverse("office_structure_link", args=[rina.pk])
    assert "Tidak ada akun dengan nama depan yang sama" in text(keeper.get(page))
    for account in (city.warga, closed):
        assert keeper.post(page, {"account_id": str(account.pk)}).status_code == 422
    assert not Official.objects.exclude(account_id=None).exists()


def test_the_list_of_officials_takes_the_same_number_of_statements_for_many(city, keeper, same_statements) -> None:
    number = iter(range(1000))

    def make(count: int) -> None:
        for n in (next(number) for _ in range(count)):
            seat = offices.position(city.offices["dinas"], code=f"kasi_{n}", is_head=False, level="kasi")
            made = Official.objects.create(name=f"Pejabat {n:03}", account_id=access.account(f"Akun {n}").pk)
            Appointment.objects.create(position=seat, official=made, kind="definitive", since=clock.today())

    same_statements(make, lambda: keeper.get(reverse("office_structure_officials")))
    assert "Akun 0" in text(keeper.get(reverse("office_structure_officials"), {"cari": "pejabat 000"}))
    assert "Tidak ada yang cocok" in text(keeper.get(reverse("office_structure_officials"), {"cari": "zzz"}))


# ---------------------------------------------------------------- territories

def test_a_kelurahan_gets_another_name_and_its_former_one_stays_in_view(keeper) -> None:
    page, new = reverse("office_structure_territory", args=[KEL_1]), {"name": "Muara Baru", "since": today(), "source": PERDA}
    assert page in text(keeper.get(reverse("office_structure_territories")))
    for wrong, sentence in (({"name": "Muara 1"}, "Nama ini sudah dipakai."), ({"source": ""}, "Isi dasar."), ({"since": today(1)}, "pada hari ia berlaku")):
        answer = keeper.post(page, new | wrong)
        assert answer.status_code == 422 and sentence in text(answer) and f'value="{(new | wrong)["name"]}"' in text(answer)
    assert "Anda mengganti nama Kelurahan Muara 1 menjadi Muara Baru. Sudah tercatat" in text(keeper.post(page, new, follow=True))
    assert Territory.objects.get(code=KEL_1).name == "Muara Baru" and recorded("territory.rename") == 1
    assert "Nama dulu" in text(keeper.get(page)) and "Muara 1" in text(keeper.get(page))


def test_a_province_and_what_does_not_exist_have_no_page(keeper) -> None:
    for code in ("99", "99.71.09"):
        assert keeper.get(reverse("office_structure_territory", args=[code])).status_code == 404


# ---------------------------------------------------------------- applications

APPLICATION = {"name": "Aplikasi Contoh", "redirect_uris": "https://contoh.id/kembali\nhttps://contoh.id/lain", "scopes": ["email"]}


def test_an_application_is_registered_and_its_secret_stands_there_once(keeper) -> None:
    page = reverse("office_structure_client_register")
    answer = keeper.post(page, APPLICATION)
    made = Client.objects.get()
    secret = unescape(text(answer).split('class="copy-once">')[2].partition("<")[0])
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"] and made.check_secret(secret)
    assert "Anda mendaftarkan aplikasi Aplikasi Contoh untuk masuk dengan akun kota. Sudah tercatat" in text(answer)
    assert made.get_scopes() == ["openid", "email"] and len(made.get_redirect_uris()) == 2
    again = keeper.post(page, APPLICATION)
    assert again.status_code == 422 and "Aplikasi dengan nama ini sudah terdaftar." in text(again) and Client.objects.count() == 1
    listed = text(keeper.get(reverse("office_structure_clients")))
    assert made.pk in listed and escape(secret) not in listed
    assert "Aplikasi Contoh" in "".join(entry.body for entry in Entry.objects.all()) and not any(secret in entry.body for entry in Entry.objects.all())


def test_an_application_that_cannot_keep_a_secret_gets_none(keeper) -> None:
    answer = keeper.post(reverse("office_structure_client_register"), APPLICATION | {"public": "on"})
    assert "Aplikasi ini tidak punya rahasia." in text(answer) and Client.objects.get().type == Client.Type.PUBLIC


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"name": ""}, "Isi nama aplikasi."),
    ({"redirect_uris": "http://contoh.id/"}, "Alamat kembali harus diawali https://"), ({"redirect_uris": ""}, "Isi alamat kembali."),
    ({"scopes": ["semua"]}, "id_scopes-galat")])
def test_an_application_that_does_not_fit_comes_back(keeper, wrong, sentence) -> None:
    answer = keeper.post(reverse("office_structure_client_register"), APPLICATION | wrong)
    assert answer.status_code == 422 and sentence in text(answer) and ("Aplikasi Contoh" in text(answer) or "contoh.id/kembali" in text(answer))
    assert not Client.objects.exists()


def test_an_application_is_removed_for_a_reason(keeper) -> None:
    keeper.post(reverse("office_structure_client_register"), APPLICATION)
    page = reverse("office_structure_client_remove", args=[Client.objects.get().pk])
    assert keeper.post(page, {"reason": ""}).status_code == 422 and Client.objects.exists()
    assert "Anda menghapus aplikasi Aplikasi Contoh. Sudah tercatat" in text(keeper.post(page, {"reason": "Tidak dipakai"}, follow=True))
    assert not Client.objects.exists() and keeper.get(page).status_code == 404
