"""The pages of the register: who gets in, what goes on record first, what stands in no address and no log, and what each page costs."""
import csv
import io
import logging
import re
from datetime import date

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from amanah.foundation.audit.models import Entry
from amanah.registries.people.models import Event, Family, Person, Sighting
from amanah.registries.people.queries import roster
from amanah.registries.people.services import events
from amanah.registries.people.tests import factories as make

from . import register
from .people import browser, text
from .register import KEEPING, KEL_1, KEL_2, RECORDING, SERVING, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db, clock_at):
    clock_at("2026-11-20 09:00")
    return register.city()


def nik_of(person: Person) -> str:
    return settings.SEAL.open(person.nik, "nik")


def plain(response) -> str:
    """A page without what differs each time: tokens and numbers of searches."""
    return re.sub(r'c(=|%3D)[\w%-]+|[A-Za-z0-9+/=_-]{12,}', "", text(response))


def paid(seen) -> int:
    """Statements, without transaction control and the look at the map's edition, which happens once a second."""
    return len([query for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) and "territory_edition" not in query["sql"]])


def reads(deed: str = "people.read") -> int:
    return Entry.objects.filter(kind="read", deed=deed).count()


# ---------------------------------------------------------------- who gets in, and for what

def test_visitors_sign_in_and_others_find_no_page(city, client) -> None:
    assert client.get(reverse("office_register")).status_code == 302
    for name, args in (("office_register", []), ("office_register_person", [city.head.pk]), ("office_register_family", [city.family.pk]),
                       ("office_register_rws", [])):
        assert browser(city.hendra).get(reverse(name, args=args)).status_code == 404


def test_the_purpose_is_asked_once_and_leads_back(city) -> None:
    client, page = desk(city.dedi, purpose=""), reverse("office_register_person", args=[city.wife.pk])
    asked = client.get(page)
    assert asked.status_code == 302 and asked.headers["Location"].startswith(reverse("office_register_purpose")) and reads() == 0
    assert "Rina" not in text(client.get(asked.headers["Location"]))
    assert client.post(reverse("office_register_purpose"), {"keperluan": "tidak_ada"}).status_code == 422
    led = client.post(reverse("office_register_purpose"), {"keperluan": SERVING, "lanjut": page})
    assert led.headers["Location"] == page and "Rina Contoh" in text(client.get(page))
    for foreign in ("https://contoh.example/kerja/", "//contoh.example", "/saya/"):
        led = client.post(reverse("office_register_purpose"), {"keperluan": SERVING, "lanjut": foreign})
        assert led.headers["Location"] == reverse("office_register")


def test_purposes_of_other_desks_are_not_offered(city) -> None:
    offered = text(desk(city.dedi, purpose="").get(reverse("office_register_purpose")))
    assert SERVING in offered and "pengawasan" not in offered and "permintaan_pemilik" not in offered


# ---------------------------------------------------------------- finding somebody

def test_a_search_leaves_no_trace_in_addresses_logs_and_sessions(city, caplog) -> None:
    client, nik = desk(city.dedi), nik_of(city.wife)
    with caplog.at_level(logging.DEBUG):
        led = client.post(reverse("office_register"), {"teks": nik})
        page = client.get(led.headers["Location"])
        client.post(reverse("office_register"), {"teks": "rina contoh"}, follow=True)
        client.get(reverse("office_register_person", args=[city.wife.pk]))
    assert "Rina Contoh" in text(page) and nik not in led.headers["Location"] and nik not in text(page).replace(f'value="{nik}"', "")
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records if not record.name.startswith("django.db"))
    assert nik not in said and "rina" not in said.lower()
    kept = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    assert nik not in kept and "rina contoh" not in kept


def test_who_stood_in_a_list_is_on_record(city) -> None:
    page = desk(city.dedi).post(reverse("office_register"), {"teks": "rina"}, follow=True)
    entry = Entry.objects.filter(kind="read").latest("pk")
    assert "Rina Contoh" in text(page) and SERVING in entry.body and "rina" not in entry.body.lower()
    assert Sighting.objects.filter(person=city.wife, purpose=SERVING).exists()


def test_a_number_that_lives_elsewhere_is_like_one_that_does_not_exist(city, statements) -> None:
    client = desk(city.melati)
    answers = []
    for number in (make.nik(date(1991, 1, 1), 1), nik_of(city.wife), make.nik(date(1990, 1, 1), 2)):  # the first warms what is kept in memory
        led = client.post(reverse("office_register"), {"teks": number})
        with statements() as seen:
            page = plain(client.get(led.headers["Location"]))
        answers.append((page, paid(seen)))
    assert answers[1] == answers[2] and "Tidak ada yang cocok" in answers[1][0]


def test_a_search_that_is_too_old_says_so(city) -> None:
    client = desk(city.dedi)
    assert "terlalu lama" in text(client.get(reverse("office_register"), {"c": "abcdefgh"}))
    for n in range(12):
        client.post(reverse("office_register"), {"teks": f"orang {n}"})
    assert len(client.session["pencarian"]) == 10


def test_suggestions_are_names_only(city) -> None:
    client = desk(city.dedi)
    assert "Rina Contoh" in text(client.post(reverse("office_register_suggest"), {"teks": "rin"}))
    assert "Rina" not in text(desk(city.melati).post(reverse("office_register_suggest"), {"teks": "rin"}))
    assert text(client.post(reverse("office_register_suggest"), {"teks": nik_of(city.wife)})).strip() == ""


# ---------------------------------------------------------------- a person

def test_a_person_is_masked_recorded_and_theirs_alone_to_see(city) -> None:
    client, page = desk(city.dedi), reverse("office_register_person", args=[city.wife.pk])
    shown = text(client.get(page))
    assert nik_of(city.wife) not in shown and "••••" in shown and "Budi Contoh" in shown and reads() == 1
    assert Entry.objects.filter(kind="read", subject=f"people.person:{city.wife.pk}").exists()
    assert desk(city.melati).get(page).status_code == 404
    assert "Betulkan data" not in shown and "Betulkan data" in text(desk(city.mira).get(page))


def test_a_sealed_field_is_opened_on_record_and_for_a_purpose_that_allows_it(city) -> None:
    page = reverse("office_register_open", args=[city.wife.pk])
    opened = desk(city.dedi).post(page, {"isian": "nik"})
    assert nik_of(city.wife) in text(opened) and "no-store" in opened.headers["Cache-Control"] and reads("people.open_field") == 1
    assert desk(city.dedi, KEEPING).post(page, {"isian": "nik"}).status_code == 403
    assert desk(city.dedi).post(page, {"isian": "name"}).status_code == 422
    assert "Tampilkan" not in text(desk(city.dedi, KEEPING).get(reverse("office_register_person", args=[city.wife.pk])))


def test_whoever_asked_for_restriction_is_shown_for_few_purposes(city) -> None:
    Person.objects.filter(pk=city.wife.pk).update(restricted=True)
    client = desk(city.dedi, KEEPING)
    led = client.get(reverse("office_register_person", args=[city.wife.pk]))
    assert led.status_code == 302 and reverse("office_register_purpose") in led.headers["Location"]
    assert Entry.objects.filter(kind="refusal", subject=f"people.person:{city.wife.pk}").exists()
    assert "Rina Contoh" not in text(client.get(reverse("office_register_family", args=[city.family.pk])))
    assert "Rina Contoh" in text(desk(city.dedi, RECORDING).get(reverse("office_register_family", args=[city.family.pk])))


def test_the_state_of_another_day_stands_beside_the_state_of_now(city) -> None:
    events.update(make.SYSTEM, city.wife, changes={"education": 8}, on=date(2020, 1, 1), source="siak")
    page = reverse("office_register_person", args=[city.wife.pk])
    shown = text(desk(city.dedi).get(page, {"per": "2018-05-01"}))
    assert "Tidak/belum sekolah" in shown and "Diploma IV" in shown and "1 hal berbeda" in shown and 'name="diketahui"' not in shown
    assert "belum tercatat" in text(desk(city.dedi).get(page, {"per": "2001-01-01"}))
    assert "Tulis tanggal" in text(desk(city.dedi).get(page, {"per": "2031-01-01"})) and "Tulis tanggal" in text(desk(city.dedi).get(page, {"per": "2026-02-31"}))
    assert "belum tercatat" in text(desk(city.mira).get(page, {"per": "2018-05-01", "diketahui": "2020-01-01"}))  # nothing was known then


# ---------------------------------------------------------------- a family

def test_a_family_costs_the_same_for_any_number_of_members_and_few_statements(city, statements) -> None:
    client, page = desk(city.dedi, RECORDING), reverse("office_register_family", args=[city.family.pk])
    client.get(page)
    with statements() as few:
        shown = text(client.get(page))
    for n in range(8):
        make.member(city.family, f"Anak {n} Contoh")
    with statements() as many:
        client.get(page)
    assert "Armen Contoh" in shown and paid(many) == paid(few) <= 12, "\n".join(query["sql"][:150] for query in many)


def test_the_number_of_a_family_is_masked_until_it_is_opened(city) -> None:
    client = desk(city.dedi, RECORDING)
    assert "9971012001159001" not in text(client.get(reverse("office_register_family", args=[city.family.pk])))
    assert "9971012001159001" in text(client.post(reverse("office_register_open_number", args=[city.family.pk])))
    assert reads("people.open_field") == 1


def test_the_frequent_deeds_lie_one_click_away(city) -> None:
    shown = text(desk(city.dedi, RECORDING).get(reverse("office_register_family", args=[city.family.pk])))
    for act in ("record_birth", "record_death", "move_family", "move_out", "split_family"):
        assert reverse(f"office_register_{act}", args=[city.family.pk]) in shown
    alone = make.family(make.rt(city.places, number=2), head="Malik Contoh")
    assert reverse("office_register_split_family", args=[alone.pk]) not in text(desk(city.dedi).get(reverse("office_register_family", args=[alone.pk])))


# ---------------------------------------------------------------- roster and download

def lines(response) -> list[list[str]]:
    body = b"".join(response.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_the_download_is_exactly_the_list(city) -> None:
    Person.objects.filter(pk=city.boy.pk).update(restricted=True)
    Person.objects.filter(pk=city.girl.pk).update(name="=cmd|' /C calc'!A0 Contoh")
    make.family(make.rt(city.places, 2), head="Jauh Contoh")
    client, asked = desk(city.mira), {"wilayah": KEL_1, "jk": "2"}
    listed = text(client.get(reverse("office_register_roster"), asked))
    heading, *rows = lines(client.post(reverse("office_register_download"), {**asked, "keperluan": "daftar_wilayah"}))
    wanted = roster.Wanted(KEL_1, sex=2)
    from amanah.portals.office.register.roster import cells, harmless
    assert [tuple(row) for row in rows] == [tuple(map(harmless, cells(row))) for row in roster.page(make.actor(), wanted).rows]
    assert heading[0] == "Nama" and {row[0] for row in rows} == {"Rina Contoh", "'=cmd|' /C calc'!A0 Contoh"}
    assert "Rina Contoh" in listed and "Budi" not in listed and "Armen" not in listed and "Jauh" not in listed
    assert nik_of(city.wife) not in str(rows) and any("••••" in row[1] for row in rows)
    entry = Entry.objects.filter(kind="read", deed="people.export").get()
    assert entry.territory == KEL_1 and '"persons":2' in entry.body.replace(" ", "") and "daftar_wilayah" in entry.body


def test_a_download_needs_the_permission_and_a_purpose_that_allows_it(city) -> None:
    page = reverse("office_register_download")
    assert desk(city.dedi).post(page, {"wilayah": KEL_1, "keperluan": "daftar_wilayah"}).status_code == 404
    client = desk(city.mira)
    assert client.post(page, {"wilayah": KEL_1}).status_code == 422 and client.post(page, {"keperluan": "daftar_wilayah"}).status_code == 422
    assert client.post(page, {"wilayah": KEL_1, "keperluan": "pembinaan_wilayah"}).status_code == 403
    assert reads("people.export") == 0


def test_a_roster_is_narrowed_and_paged_with_the_same_number_of_statements(city, statements) -> None:
    client, page = desk(city.dedi), reverse("office_register_roster")
    assert "Budi Contoh" in text(client.get(page, {"sampai_umur": "17"})) and "Armen" not in text(client.get(page, {"sampai_umur": "17"}))
    assert "Armen" in text(client.get(page, {"rw": "1", "rt": "01"})) and "Tidak ada yang cocok" in text(client.get(page, {"rt": "2"}))
    assert "Tulis RW dengan angka" in text(client.get(page, {"rw": "dua"})) and "paling banyak 130" in text(client.get(page, {"dari_umur": "999"}))

    costs = []
    for more in (5, 60):
        for n in range(more):
            make.member(city.family, f"Anak {n} Contoh")
        with statements() as seen:
            client.get(page)
        costs.append(paid(seen))
    assert costs[0] == costs[1] <= 13
    assert 'rel="next"' in text(client.get(page))


def test_a_roster_of_one_kelurahan_shows_no_other(city) -> None:
    assert "Armen" not in text(desk(city.melati).get(reverse("office_register_roster"), {"wilayah": KEL_1}))


# ---------------------------------------------------------------- lists

def test_what_siak_has_not_confirmed_waits_in_order(city) -> None:
    events.record_birth(make.SYSTEM, city.family, name="Bayi Contoh", sex=2, born=date(2026, 10, 1))
    page = reverse("office_register_unconfirmed")
    shown = text(desk(city.dedi).get(page))
    assert "Bayi Contoh" in shown and "Kelahiran" in shown and "hari ini" in shown and "Rina Contoh" not in shown
    assert Sighting.objects.filter(person__name="Bayi Contoh").exists()
    assert "Bayi Contoh" not in text(desk(city.melati).get(page)) and "Semua sudah dipastikan" in text(desk(city.melati).get(page))
    baby = Person.objects.get(name="Bayi Contoh")
    events.undo_event(make.SYSTEM, baby, event=Event.objects.get(person=baby), reason="Salah catat")
    assert "Bayi Contoh" not in text(desk(city.dedi).get(page))


def test_families_without_a_head_or_a_clear_place_are_listed(city) -> None:
    page = reverse("office_register_doubtful")
    assert "Tidak ada yang perlu diperiksa" in text(desk(city.dedi).get(page))
    Person.objects.filter(pk=city.head.pk).update(status=2)
    Person.objects.filter(pk=city.boy.pk).update(place=make.rt(city.places, number=2))
    shown = text(desk(city.dedi).get(page))
    assert "Tidak ada kepala keluarga" in shown and "tinggal di tempat lain" in shown and reverse("office_register_family", args=[city.family.pk]) in shown
    assert "Tidak ada keluarga dengan masalah ini" in text(desk(city.dedi).get(page, {"masalah": "no_rt"}))
    Family.objects.filter(pk=city.family.pk).update(place=city.places[KEL_1])
    assert "RT belum diketahui" in text(desk(city.dedi).get(page, {"masalah": "no_rt"}))
    assert reverse("office_register_family", args=[city.family.pk]) not in text(desk(city.melati).get(page))


# ---------------------------------------------------------------- RW

def test_an_rw_in_numbers_names_nobody(city) -> None:
    events.record_death(make.SYSTEM, city.boy, on=date(2026, 11, 3))
    client = desk(city.syafrudin, purpose="")
    shown = text(client.get(reverse("office_register_rw", args=[city.rw.pk])))
    assert "RW 001" in shown and not any(name in shown for name in ("Armen", "Rina", "Budi", "Upik")) and "••" not in shown
    assert re.search(r"Kematian</span><b>1</b>", shown) and re.search(r"Keluarga</h3><b>1</b>", shown) and re.search(r"Penduduk</h3><b>3</b>", shown)
    assert re.search(r"Kematian</span><span class=\"zero\">0", text(client.get(reverse("office_register_rw", args=[city.rw.pk]), {"bulan": "2026-10"})))


def test_a_head_of_an_rw_is_led_to_theirs_and_to_nothing_else(city) -> None:
    client = desk(city.syafrudin, purpose="")
    assert "RW 001, Kelurahan Muara 1" in text(client.get(reverse("office_register_rws")))
    other = city.places[f"{KEL_2}.rw-aaaaaac"]
    assert client.get(reverse("office_register_rw", args=[other.pk])).status_code == 404
    assert client.get(reverse("office_register")).status_code == 404
    assert client.get(reverse("office_register_family", args=[city.family.pk])).status_code == 404


def test_the_rw_of_a_kelurahan_are_listed_with_their_people(city) -> None:
    shown = text(desk(city.dedi).get(reverse("office_register_rws")))
    assert reverse("office_register_rw", args=[city.rw.pk]).rsplit("/", 2)[-2] + "/" in shown and "4 penduduk dalam 1 keluarga" in shown
    assert "Kelurahan Muara 2" in text(desk(city.mira).get(reverse("office_register_rws")))
