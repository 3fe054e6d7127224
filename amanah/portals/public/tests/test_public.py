"""The public pages over a small invented city: who serves me, is it open, where does it lie; and nobody's whereabouts kept."""
import logging
from datetime import date

import pytest
from django.urls import reverse

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.portals.public import places
from amanah.portals.shell import doors
from amanah.registries.offices import queries as offices
from amanah.registries.offices import services as office_services
from amanah.registries.offices.models import Kind, OfficeLink
from amanah.registries.offices.tests import factories as office_factories
from amanah.registries.territory import services as territory_services
from amanah.registries.territory.models import Territory
from amanah.registries.territory.tests import factories

TUESDAY, SUNDAY = "2026-11-24 09:40", "2026-11-22 09:40"


@pytest.fixture
def city(db) -> dict[str, Territory]:
    """Territories with boundaries, a calendar, and the offices kota, kec (Pasar), kel (Pasar Lama), dinas."""
    found = factories.small_city()
    office_services.load_calendar(office_factories.SYSTEM, file="calendar.yaml", content=office_factories.calendar())
    top = office_factories.office(code="kota", name="Pemerintah Kota Contoh", kind=Kind.CITY, territory=found["91.01"])
    kec = office_factories.office(top, code="kec", name="Kecamatan Pasar", kind=Kind.KECAMATAN, territory=found["91.01.01"])
    office_factories.office(kec, code="kel", name="Kelurahan Pasar Lama", kind=Kind.KELURAHAN, territory=found["91.01.01.1001"], address="Jl. Misal 1",
                            confirmed=False)
    office_factories.office(top, code="dinas", name="Dinas Umpama", kind=Kind.DINAS, duties="pasar dan tera")
    return found


def text(client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# ---------------------------------------------------------------- finding

@pytest.mark.parametrize(("asked", "codes"), [
    ("Pasar Lama", ["91.01.01.1001"]),
    ("jl. Contoh Raya No. 12, Pasar Lama", ["91.01.01.1001"]),
    ("Gang Buntu 3 RT 002 RW 001 Kel. Ladang Tinggi Kec. Bukit", ["91.01.02.1003"]),
    ("ladang tinggi", ["91.01.02.1003"]),
    ("Air Jernih", ["91.01.01.1002"]),
    ("koto baru", ["91.01.01.1003", "91.01.02.1001"]),
    ("zzzz qqqq", []), ("12", []), ("", []),
])
def test_an_address_names_its_kelurahan(city, asked, codes):
    assert sorted(row.code for row in places.find(asked))[:len(codes) + 1] == codes


def test_one_hit_is_answered_at_once_with_both_offices(city, client):
    page = text(client, "/kantor/", q="Pasar Lama")
    assert page.index("Kelurahan Pasar Lama</a>") < page.index("Kecamatan Pasar</a>")
    assert "Pemerintah Kota Contoh</a>" not in page, "the city itself has no counter"
    assert "Jl. Misal 1" in page and "Belum dipastikan" in page


def test_several_hits_are_a_question(city, client):
    page = text(client, "/kantor/", q="koto baru")
    assert "Pilih yang benar." in page
    assert "Kelurahan Koto Baru, Kecamatan Pasar" in page and "Kelurahan Koto Baru, Kecamatan Bukit" in page


def test_a_kecamatan_leads_to_its_kelurahan(city, client):
    assert reverse("public_territory", args=["91.01.01"]) in text(client, "/kantor/", q="kecamatan pasar")


def test_no_hit_says_what_to_do(city, client):
    assert "Coba nama kelurahan saja" in text(client, "/kantor/", q="zzzz qqqq")


def test_a_choice_from_the_list_is_answered(city, client):
    assert "<h1>Kelurahan Aie Janiah</h1>" in text(client, "/kantor/", kelurahan="91.01.01.1002")


@pytest.mark.parametrize("code", ["91.01.01", "99.99", "../..", "'"])
def test_what_is_no_kelurahan_is_not_found(city, client, code):
    assert client.get("/kantor/", {"kelurahan": code}).status_code == 404


# ---------------------------------------------------------------- points

def test_a_point_is_answered_and_drawn(city, client):
    page = text(client, "/kantor/", lat="-1.0000", lng="100.0000")
    assert "<h1>Kelurahan Pasar Lama</h1>" in page and "Titik Anda" in page


def test_an_exact_point_is_rounded_before_it_is_answered(city, client):
    answer = client.get("/kantor/", {"lat": "-1.00001234567", "lng": "100.00004321"})
    assert answer.status_code == 302 and answer["Location"] == "/kantor/?lat=-1.0000&lng=100.0000"


def test_what_came_along_with_a_point_does_not_stay_in_the_address(city, client):
    assert client.get("/kantor/", {"lat": "-1.0000", "lng": "100.0000", "nama": "Rina"})["Location"] == "/kantor/?lat=-1.0000&lng=100.0000"


def test_a_decimal_comma_is_understood(city, client):
    assert client.get("/kantor/", {"lat": "-1,0", "lng": "100,0"})["Location"] == "/kantor/?lat=-1.0000&lng=100.0000"


def test_a_point_at_sea_names_the_nearest(city, client):
    page = text(client, "/kantor/", lat="-1.0000", lng="99.5000")
    assert "di laut" in page and "Kelurahan Pasar Lama, Kecamatan Pasar" in page


@pytest.mark.parametrize(("lat", "lng"), [("x", "100"), ("", ""), ("nan", "100"), ("inf", "0"), ("-95", "100"), ("100", "-1")])
def test_what_is_no_point_is_refused_with_a_sentence(city, client, lat, lng):
    answer = client.get("/kantor/", {"lat": lat, "lng": lng}, follow=True)
    assert answer.status_code == 422 and "<h1>Ada isian yang perlu diperbaiki</h1>" in answer.content.decode()


def test_nobodys_whereabouts_reach_the_log(city, client, caplog):
    caplog.set_level(logging.DEBUG)
    client.get("/kantor/", {"lat": "-1.0012", "lng": "100.0034"})
    client.get("/kantor/", {"q": "Jalan Rahasia 7, Pasar Lama"})
    assert "1.0012" not in caplog.text and "Rahasia" not in caplog.text


# ---------------------------------------------------------------- doors

def test_an_open_door_says_until_when(city, client, clock_at):
    clock_at(TUESDAY)
    desk = doors.desks([offices.by_code("kel")])[0]
    assert str(desk.chip.word) == "Buka sekarang" and desk.hours.startswith("sampai ")
    assert "Buka sekarang" in text(client, "/")


def test_a_closed_door_says_when_it_opens_again(city, clock_at):
    clock_at(SUNDAY)
    desk = doors.desks([offices.by_code("kel")])[0]
    assert str(desk.chip.word) == "Tutup" and desk.hours.startswith("Buka lagi besok ")


def test_without_a_calendar_hours_are_not_known(db):
    factories.small_city()
    row = office_factories.office(code="dinas", name="Dinas Umpama")
    assert doors.doors_now() == []
    assert "belum dicatat" in doors.desks([offices.by_code(row.code)])[0].hours


def test_the_home_page_groups_kinds_by_their_hours(city, clock_at):
    clock_at(TUESDAY)
    open_now = doors.doors_now()
    assert [code for door in open_now for code, _name in door.kinds] == ["kelurahan", "kecamatan", "dinas"]


# ---------------------------------------------------------------- territories and offices

def test_an_empty_city_has_pages_too(client, db):
    for address in ("/", "/kantor/", "/kantor/daftar/", "/wilayah/", "/peta/"):
        assert "belum dimuat" in text(client, address) or address in ("/wilayah/", "/peta/")


def test_the_map_and_its_twin_say_the_same(city, client):
    page = text(client, "/wilayah/")
    for name in ("Pasar", "Bukit"):
        assert f"<title>{name}, 3 kelurahan</title>" in page and f">{name}</a>" in page
    assert "Batas perkiraan." in page


def test_a_kelurahan_shows_its_rw_and_rt(city, client):
    factories.neighbourhood(city["91.01.01.1001"], "003", ("001", "002"))
    page = text(client, "/wilayah/91.01.01.1001/")
    assert "RW 003" in page and "001, 002" in page and "dibuat untuk peragaan" in page


@pytest.mark.parametrize(("code", "leads"), [("91", "/wilayah/"), ("91.01", "/wilayah/")])
def test_what_lies_above_leads_to_the_city(city, client, code, leads):
    assert client.get(f"/wilayah/{code}/")["Location"] == leads


def test_an_rt_leads_to_its_kelurahan(city, client):
    rw = factories.neighbourhood(city["91.01.01.1001"])
    assert client.get(f"/wilayah/{rw.code}/")["Location"] == "/wilayah/91.01.01.1001/"


def test_an_office_shows_its_week_and_what_is_not_known(city, client, clock_at):
    clock_at(TUESDAY)
    page = text(client, "/kantor/dinas/")
    assert "Selasa, 24 Nov 2026" in page and "hari ini" in page and "Belum dicatat" in page
    assert "Pasar dan tera" in page


def test_a_closed_office_says_who_answers_now(city, client, clock_at):
    clock_at(TUESDAY)
    successor = office_factories.office(offices.office("kota"), code="dinas_baru", name="Dinas Baru")
    closed = offices.office("dinas")
    closed.valid_to = date(2026, 6, 30)
    closed.save()
    OfficeLink.objects.create(predecessor=closed, successor=successor, kind=OfficeLink.Kind.RENAMED, day=date(2026, 7, 1))
    page = text(client, "/kantor/dinas/")
    assert "Sudah tidak ada sejak 30 Jun 2026." in page and "Dinas Baru</a>" in page
    assert "Dinas Umpama" in text(client, "/kantor/dinas_baru/"), "the successor names what it followed"


def test_offices_are_narrowed_by_kind_and_by_words(city, client):
    assert "Dinas Umpama" in text(client, "/kantor/daftar/") and "Pemerintah Kota Contoh</strong>" not in text(client, "/kantor/daftar/")
    only = text(client, "/kantor/daftar/", jenis="kelurahan")
    assert "Kelurahan Pasar Lama" in only and "Dinas Umpama" not in only
    assert "Dinas Umpama" in text(client, "/kantor/daftar/", cari="tera")
    assert "Tidak ada yang cocok" in text(client, "/kantor/daftar/", cari="zzzz")


def test_a_long_list_comes_in_pages_that_keep_what_was_asked(city, client):
    for n in range(35):
        office_factories.office(offices.office("kota"), code=f"d{n:02}", name=f"Dinas {n:02}")
    first = client.get("/kantor/daftar/", {"jenis": "dinas"}).content.decode()
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "jenis=dinas" in address
    second = text(client, "/kantor/daftar/" + address)
    assert "Dinas 34" in first + second and 'rel="prev"' in second


def test_a_made_up_page_of_the_list_is_refused(city, client):
    assert client.get("/kantor/daftar/", {"dari": "bukan-penanda"}).status_code == 422


# ---------------------------------------------------------------- the map's data

def test_the_map_data_is_public_small_and_cached(city, client):
    answer = client.get("/peta/kelurahan.geojson")
    assert answer["Content-Type"] == "application/geo+json" and len(answer.json()["features"]) == 6
    assert client.get("/peta/kelurahan.geojson", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get("/peta/kecamatan.geojson")["ETag"] != answer["ETag"]
    assert client.get("/peta/rt.geojson").status_code == 404


def test_a_changed_map_has_another_mark(city, client):
    before = client.get("/peta/kelurahan.geojson")["ETag"]
    territory_services.rename(Actor.system("tests"), city["91.01.02.1003"], name="Ladang Rendah", since=clock.today(), source="Keputusan contoh 1")
    after = client.get("/peta/kelurahan.geojson", headers={"if-none-match": before})
    assert after.status_code == 200 and "Ladang Rendah" in after.content.decode()
    assert "Ladang Rendah" in text(client, "/wilayah/91.01.02/"), "the still map is drawn anew"


# ---------------------------------------------------------------- cost

def test_pages_ask_the_same_of_the_database_however_many_offices_there_are(city, client, same_statements):
    made = iter(range(1000))

    def make(count: int) -> None:
        for _ in range(count):
            office_factories.office(offices.office("kota"), code=f"banyak{next(made)}", name="Dinas Banyak")

    assert same_statements(make, lambda: client.get("/kantor/daftar/")) <= 4
    assert same_statements(make, lambda: client.get("/")) <= 4
