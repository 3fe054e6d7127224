"""The pages of upkeep: every act through its page, by the right one and the wrong one; what was typed stays."""
from datetime import timedelta

import pytest
from django.urls import reverse

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.registries.offices import queries
from amanah.registries.offices.models import Appointment, Official, Position
from amanah.registries.offices.tests import factories as offices
from amanah.registries.territory.models import Level, Territory

from .people import KEL_1, KEL_2, browser, text

pytestmark = pytest.mark.django_db


def week(**changed: str) -> dict[str, str]:
    """Own hours from Monday to Friday, as the form sends them."""
    days = {f"{part}_{n}": at for n in range(5) for part, at in (("opens", "08:00"), ("break_from", "12:00"), ("break_to", "13:00"), ("closes", "15:00"))}
    return {"cara": "sendiri", "season": "Jam biasa", "source": "SE 1/2026", **days, **changed}


@pytest.fixture
def seat(city) -> Position:
    return offices.position(city.offices["dinas"], title="Kepala Dinas Contoh")


# ---------------------------------------------------------------- who gets in

def test_the_index_says_what_may_be_kept_and_where(city) -> None:
    page = text(browser(city.lurah).get(reverse("office_upkeep")))
    assert "Kelurahan Muara 1" in page and reverse("office_upkeep_kelurahan", args=[KEL_1]) in page and "menutup rw" in page.lower()
    assert KEL_2 not in page and reverse("office_upkeep_office", args=["dinas"]) not in page
    page = text(browser(city.admin).get(reverse("office_upkeep")))
    assert reverse("office_upkeep_office", args=["dinas"]) in page and "kel_1" not in page and KEL_1 not in page


@pytest.mark.parametrize("who", ["warga", "auditor", "pengelola"])
def test_whoever_keeps_nothing_finds_no_page(city, client, who) -> None:
    assert browser(getattr(city, who)).get(reverse("office_upkeep")).status_code == 404
    assert client.get(reverse("office_upkeep")).status_code == 302


def test_the_list_of_offices_searches_and_pages_with_the_same_number_of_statements(city, same_statements) -> None:
    client = browser(city.sekda)

    def make(count: int) -> None:
        for _n in range(count):
            offices.office(city.offices["kota"])

    assert same_statements(make, lambda: client.get(reverse("office_upkeep"))) <= 13
    page = text(client.get(reverse("office_upkeep")))
    assert 'rel="next"' in page
    assert "Dinas Contoh" in text(client.get(reverse("office_upkeep"), {"cari": "dinas con"}))
    assert "Tidak ada yang cocok" in text(client.get(reverse("office_upkeep"), {"cari": "zzz"}))


def test_an_office_is_shown_to_those_who_keep_it_with_only_their_own_buttons(city, seat, same_statements) -> None:
    page, number = reverse("office_upkeep_office", args=["dinas"]), iter(range(1000))
    admin = text(browser(city.admin).get(page))
    assert "Atur jam kerja" in admin and "Catat pejabat" in admin and "Angkat<" not in admin and "Tambah jabatan" not in admin
    client = browser(city.sekda)
    assert "Angkat<" in text(client.get(page)) and "Tambah jabatan" in text(client.get(page))
    assert browser(city.admin).get(reverse("office_upkeep_office", args=["kec"])).status_code == 404
    assert browser(city.lurah).get(page).status_code == 404

    def make(count: int) -> None:
        for n in (next(number) for _ in range(count)):
            each = offices.position(city.offices["dinas"], code=f"kasi_{n}", is_head=False, level="kasi")
            Appointment.objects.create(position=each, official=offices.official(), kind="definitive", since=clock.today())

    same_statements(make, lambda: client.get(page))


# ---------------------------------------------------------------- hours

def test_an_administrator_puts_an_office_in_a_group_of_hours(city) -> None:
    page = reverse("office_upkeep_hours", args=["dinas"])
    answer = browser(city.admin).post(page, {"cara": "kelompok", "group": "enam"}, follow=True)
    assert "Anda mengatur jam kerja Dinas Contoh. Sudah tercatat dalam jejak." in text(answer)
    assert queries.by_code("dinas").hours_group == "enam" and Entry.objects.filter(deed="offices.set_hours", kind="deed").count() == 1


def test_an_office_gets_hours_of_its_own_day_by_day(city) -> None:
    client, page = browser(city.admin), reverse("office_upkeep_hours", args=["dinas"])
    assert 'value="07:30"' in text(client.get(page)), "the hours of now stand in the form"
    assert client.post(page, week(opens_4="08.30", break_from_3="", break_to_3="")).status_code == 302
    days = queries.week_hours("dinas", clock.today())
    assert [len(day.spans) for day in days] == [2, 2, 2, 1, 2, 0, 0]
    assert days[4].spans[0][0].strftime("%H:%M") == "08:30"


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"season": ""}, "Isi nama jam ini."), ({"closes_0": ""}, "Isi jam buka dan jam tutup"), ({"break_to_1": ""}, "Isi mulai dan selesai istirahat"),
    ({"opens_2": "16:00"}, "Urutkan jamnya"), ({"opens_2": "pagi"}, "Tulis jam dan menit"), ({"valid_from": "2027-02-02", "valid_to": "2027-01-01"}, "Hari terakhir"),
    ({"cara": "kelompok", "group": "tidak_ada"}, "Pilih salah satu yang ada di daftar.")])
def test_hours_that_do_not_fit_come_back_with_what_was_typed(city, wrong, sentence) -> None:
    answer = browser(city.admin).post(reverse("office_upkeep_hours", args=["dinas"]), week(**wrong))
    assert answer.status_code == 422 and sentence in text(answer) and ('value="SE 1/2026"' in text(answer) or "cara" in wrong)
    assert queries.by_code("dinas").hours_group == ""


def test_nobody_sets_the_hours_next_door(city) -> None:
    page = reverse("office_upkeep_hours", args=["kec"])
    for stranger in (city.admin, city.lurah):
        assert browser(stranger).get(page).status_code == 404
        assert browser(stranger).post(page, {"cara": "kelompok", "group": "enam"}).status_code == 404


# ---------------------------------------------------------------- seats and officials

def test_a_seat_is_added_and_its_code_is_made_from_its_name(city) -> None:
    client, page = browser(city.sekda), reverse("office_upkeep_position", args=["dinas"])
    answer = client.post(page, {"title": "Kepala Seksi Pelayanan", "level": "kasi"}, follow=True)
    assert "Anda menambah jabatan Kepala Seksi Pelayanan di Dinas Contoh." in text(answer)
    assert Position.objects.get().code == "kepala_seksi_pelayanan"
    twice = client.post(page, {"title": "Kepala Seksi Pelayanan", "level": "kasi"})
    assert twice.status_code == 422 and "Kode jabatan ini sudah dipakai" in text(twice) and 'value="Kepala Seksi Pelayanan"' in text(twice)
    assert client.post(page, {"title": "", "level": ""}).status_code == 422
    assert browser(city.admin).post(page, {"title": "X", "level": "kasi"}).status_code == 404


def test_a_new_official_is_noted_and_led_on_to_the_seat(city, seat) -> None:
    page = reverse("office_upkeep_official", args=["dinas"])
    answer = browser(city.sekda).post(f"{page}?jabatan={seat.pk}", {"name": "Wati Contoh, S.Sos."})
    made = Official.objects.get()
    assert answer["Location"] == reverse("office_upkeep_appoint", args=[seat.pk]) + f"?pejabat={made.pk}"
    assert browser(city.admin).post(f"{page}?jabatan={seat.pk}", {"name": "Budi Contoh"})["Location"] == reverse("office_upkeep_office", args=["dinas"])
    assert browser(city.admin).post(page, {"name": " "}).status_code == 422
    assert browser(city.lurah).post(page, {"name": "X"}).status_code == 404


def appointment(official: Official, /, **changed: str) -> dict[str, str]:
    return {"official": str(official.pk), "kind": "definitive", "since": clock.today().isoformat(), "until": "", "legal_basis": "SK 5/2026", "reason": ""} | changed


def test_an_official_is_found_by_name_appointed_and_their_time_ended(city, seat) -> None:
    wati, client, page = offices.official("Wati Contoh"), browser(city.sekda), reverse("office_upkeep_appoint", args=[seat.pk])
    assert "Wati Contoh" in text(client.get(page, {"cari": "wati"})) and "Tidak ada pejabat dengan nama itu" in text(client.get(page, {"cari": "zzz"}))
    assert "Anda mengangkat Wati Contoh sebagai Kepala Dinas Contoh sejak" in " ".join(text(client.post(page, appointment(wati), follow=True)).split())
    taken = client.post(page, appointment(wati))
    assert taken.status_code == 409 and "Jabatan ini sudah terisi pada waktu itu." in text(taken) and 'value="SK 5/2026"' in text(taken)
    row = Appointment.objects.get()
    end = reverse("office_upkeep_end", args=[row.pk])
    before = (row.since - timedelta(days=1)).isoformat()
    assert client.post(end, {"last_day": before, "reason": "Pensiun"}).status_code == 422
    assert browser(city.admin).post(end, {"last_day": clock.today().isoformat(), "reason": "Pensiun"}).status_code == 404
    answer = client.post(end, {"last_day": clock.today().isoformat(), "reason": "Pensiun"}, follow=True)
    assert "Anda mengakhiri pengangkatan Wati Contoh sebagai Kepala Dinas Contoh" in text(answer)
    assert client.post(end, {"last_day": clock.today().isoformat(), "reason": "Pensiun"}).status_code == 409


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"kind": "plt"}, "Plt. dan Plh. harus punya hari terakhir."), ({"official": "0"}, "Pilih salah satu yang ada di daftar."), ({"since": ""}, "Isi sejak."),
    ({"kind": "plh", "until": "2030-01-01"}, "Sebutkan mengapa"), ({"legal_basis": ""}, "Isi dasar.")])
def test_an_appointment_that_does_not_fit_comes_back(city, seat, wrong, sentence) -> None:
    wati = offices.official("Wati Contoh")
    answer = browser(city.sekda).post(reverse("office_upkeep_appoint", args=[seat.pk]), appointment(wati, **wrong))
    assert answer.status_code == 422 and sentence in text(answer)
    assert not Appointment.objects.exists()


def test_nobody_appoints_without_the_permission(city, seat) -> None:
    wati = offices.official("Wati Contoh")
    for stranger in (city.admin, city.camat, city.warga):
        assert browser(stranger).post(reverse("office_upkeep_appoint", args=[seat.pk]), appointment(wati)).status_code == 404


# ---------------------------------------------------------------- RW and RT

def test_a_lurah_adds_an_rw_and_an_rt_and_closes_them_again(city) -> None:
    client, here = browser(city.lurah), reverse("office_upkeep_kelurahan", args=[KEL_1])
    assert "RW dan RT belum dicatat" in text(client.get(here))
    answer = client.post(reverse("office_upkeep_rw", args=[KEL_1]), {"label": "3"}, follow=True)
    assert "Anda menambah RW 003 di Kelurahan Muara 1. Sudah tercatat" in text(answer)
    rw = Territory.objects.get(level=Level.RW)
    answer = client.post(reverse("office_upkeep_rt", args=[rw.code]), {"label": "001"}, follow=True)
    assert "Anda menambah RT 001 di RW 003, Kelurahan Muara 1." in text(answer)
    rt, day = Territory.objects.get(level=Level.RT), {"on": clock.today().isoformat(), "reason": "Digabung"}
    blocked = client.post(reverse("office_upkeep_close", args=[rw.code]), day)
    assert blocked.status_code == 422 and "Tutup dulu RT di dalamnya." in text(blocked)
    assert client.post(reverse("office_upkeep_close", args=[rt.code]), {**day, "reason": ""}).status_code == 422
    assert "Anda menutup RT 001 di RW 003, Kelurahan Muara 1 per" in text(client.post(reverse("office_upkeep_close", args=[rt.code]), day, follow=True))
    assert client.post(reverse("office_upkeep_close", args=[rt.code]), day).status_code == 404
    assert client.post(reverse("office_upkeep_close", args=[rw.code]), day).status_code == 302


@pytest.mark.parametrize(("label", "status", "sentence"), [("tiga", 422, "Isi nomor dengan tiga angka, misalnya 003."), ("", 422, "Isi nomor."),
                                                           ("001", 409, "Nomor 001 sudah ada di sini.")])
def test_a_number_that_does_not_fit_comes_back(city, label, status, sentence) -> None:
    client, page = browser(city.lurah), reverse("office_upkeep_rw", args=[KEL_1])
    client.post(page, {"label": "001"})
    answer = client.post(page, {"label": label, "source": "Keputusan 7/2026"})
    assert answer.status_code == status and sentence in text(answer) and 'value="Keputusan 7/2026"' in text(answer)


def test_many_are_added_in_one_go_or_none(city) -> None:
    client, page = browser(city.camat), reverse("office_upkeep_many", args=[KEL_1])
    for plan, sentence in (("001: 001, dua", "Baris 1: “dua” bukan nomor."), ("001: 001\n001: 002", "Baris 2: RW 001 sudah ditulis di atas."),
                           ("001: 001 001", "Ada nomor yang ditulis dua kali.")):
        answer = client.post(page, {"plan": plan})
        assert answer.status_code == 422 and sentence in text(answer) and plan.partition("\n")[0] in text(answer)
    assert not Territory.objects.filter(level=Level.RW).exists()
    answer = client.post(page, {"plan": "001: 001, 002 003\n\n002:"}, follow=True)
    assert "Anda menambah RW dan RT di Kelurahan Muara 1: 5 sekaligus." in text(answer)
    assert client.post(page, {"plan": "001: 009"}).status_code == 409


def test_the_page_of_a_kelurahan_takes_the_same_number_of_statements_for_many(city, same_statements) -> None:
    client, number, kelurahan = browser(city.lurah), iter(range(1, 1000)), city.places[KEL_1]

    def make(count: int) -> None:
        Territory.objects.bulk_create([Territory(code=f"{KEL_1}.rw-{n:07}", level=Level.RW, parent=kelurahan, label=f"{n:03}")
                                       for n in (next(number) for _ in range(count))])

    same_statements(make, lambda: client.get(reverse("office_upkeep_kelurahan", args=[KEL_1])))


def test_a_lurah_touches_no_other_kelurahan_and_others_none_at_all(city) -> None:
    for stranger in (city.lurah_2, city.sekda, city.admin, city.warga):
        client = browser(stranger)
        assert client.get(reverse("office_upkeep_kelurahan", args=[KEL_1])).status_code == 404
        for page in ("office_upkeep_rw", "office_upkeep_many"):
            assert client.post(reverse(page, args=[KEL_1]), {"label": "001", "plan": "001:"}).status_code == 404
    assert not Territory.objects.filter(level=Level.RW).exists()
