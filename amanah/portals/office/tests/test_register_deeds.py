"""The forms of the register: every act through its page, by the right one and the wrong one; what was typed stays."""
from datetime import date

import pytest
from django.urls import reverse

from amanah.foundation.audit.models import Entry
from amanah.registries.people.models import Event, Family, Person
from amanah.registries.people.tests import factories as make

from . import register
from .people import text
from .register import KEL_1, RECORDING, desk

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20"


@pytest.fixture
def city(db, clock_at):
    clock_at("2026-11-20 09:00")
    return register.city()


@pytest.fixture
def dedi(city):
    return desk(city.dedi, RECORDING)


def at(act: str, thing) -> str:
    return reverse(f"office_register_{act}", args=[thing.pk])


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


# ---------------------------------------------------------------- who

def test_every_form_opens_for_the_right_one_only(city, dedi) -> None:
    from amanah.portals.office.register.deeds import OF_FAMILY, OF_PERSON

    melati, syafrudin = desk(city.melati, RECORDING), desk(city.syafrudin, "")
    for deeds, thing in ((OF_FAMILY, city.family), (OF_PERSON, city.wife)):
        for deed in deeds:
            expected = 403 if deed.act == "correct" else 200
            assert dedi.get(at(deed.act, thing)).status_code == expected, deed.act
            assert melati.get(at(deed.act, thing)).status_code == 404 and melati.post(at(deed.act, thing), {}).status_code == 404, deed.act
            assert syafrudin.get(at(deed.act, thing)).status_code == 404, deed.act
    assert dedi.get(at("record_birth", city.family)).status_code == 200
    assert Entry.objects.filter(kind="read", subject=f"people.family:{city.family.pk}").exists()


def test_nothing_is_written_by_an_empty_form_and_every_field_says_why(city) -> None:
    from amanah.portals.office.register.deeds import OF_FAMILY, OF_PERSON

    mira, before = desk(city.mira, RECORDING), Event.objects.count()
    for deeds, thing in ((OF_FAMILY, city.family), (OF_PERSON, city.wife)):
        for deed in deeds:
            answer = mira.post(at(deed.act, thing), {})
            assert answer.status_code == 422 and "Galat" in text(answer), deed.act
    assert mira.post(reverse("office_register_open_family"), {}).status_code == 422
    assert Event.objects.count() == before


# ---------------------------------------------------------------- births, deaths

def test_a_birth(city, dedi) -> None:
    page = text(dedi.get(at("record_birth", city.family)))
    assert f'value="{city.wife.pk}" checked' in page and f'value="{city.head.pk}" checked' in page  # the couple is offered as parents
    told = {"name": "Bayi Contoh", "sex": "2", "born": "2026-11-01", "relation": "4", "mother": city.wife.pk, "father": city.head.pk,
            "seen": fresh(city.family).event}
    led = dedi.post(at("record_birth", city.family), told, follow=True)
    child = Person.objects.get(name="Bayi Contoh")
    assert child.mother == city.wife and child.father == city.head and child.provisional and child.family == city.family
    assert "mencatat kelahiran" in text(led) and "Bayi Contoh" in text(led) and "Belum dipastikan" in text(led)


def test_a_birth_that_cannot_be_keeps_what_was_typed(city, dedi) -> None:
    answer = dedi.post(at("record_birth", city.family), {"name": "Bayi Contoh", "sex": "2", "born": "2027-01-01", "relation": "4", "evidence": "Surat 7"})
    assert answer.status_code == 422 and "belum tiba" in text(answer) and "Bayi Contoh" in text(answer) and "Surat 7" in text(answer)
    assert not Person.objects.filter(name="Bayi Contoh").exists()


def test_a_mother_of_another_family_is_found_inside_the_form(city, dedi) -> None:
    other = make.family(make.rt(city.places, number=2), head="Yusra Contoh", born=date(1990, 2, 2))
    mother = make.head_of(other)
    typed = {"name": "Bayi Contoh", "sex": "1", "born": "2026-11-01", "relation": "6", "cari_mother": "yusra", "cari": "mother"}
    page = dedi.post(at("record_birth", city.family), typed)
    assert page.status_code == 200 and "Yusra Contoh" in text(page) and "Bayi Contoh" in text(page) and "Galat" not in text(page)
    assert '<option value="6" selected' in text(page)
    assert dedi.post(at("record_birth", city.family), {**typed, "cari": "", "mother": ""}).status_code == 200  # Enter in the field of the search
    assert dedi.post(at("record_birth", city.family), {**typed, "cari": "", "mother": city.wife.pk}).status_code == 200  # though the offered one is chosen
    assert not Person.objects.filter(name="Bayi Contoh").exists()
    done = dedi.post(at("record_birth", city.family), {**typed, "cari": "", "dicari_mother": "yusra", "mother": mother.pk})
    assert done.status_code == 302 and Person.objects.get(name="Bayi Contoh").mother == mother
    nobody = dedi.post(at("record_birth", city.family), {**typed, "cari_mother": "zzzz"})
    assert "Tidak ada yang cocok di wilayah Anda" in text(nobody)


def test_somebody_out_of_reach_cannot_be_chosen(city, dedi) -> None:
    far = make.head_of(make.family(make.rt(city.places, 2), head="Jauh Contoh"))
    told = {"name": "Bayi Contoh", "sex": "1", "born": "2026-11-01", "relation": "4", "mother": far.pk}
    answer = dedi.post(at("record_birth", city.family), told)
    assert answer.status_code == 422 and "Jauh" not in text(answer) and not Person.objects.filter(name="Bayi Contoh").exists()


def test_a_stillbirth_adds_nobody(city, dedi) -> None:
    before = Person.objects.count()
    assert dedi.post(at("record_stillbirth", city.family), {"on": TODAY}).status_code == 302
    assert Person.objects.count() == before and Event.objects.filter(kind="stillbirth", family=city.family).exists()


def test_a_death_of_the_head_asks_for_a_new_one(city, dedi) -> None:
    page = at("record_death", city.family)
    answer = dedi.post(page, {"person": city.head.pk, "on": TODAY})
    assert answer.status_code == 422 and "Pilih kepala keluarga yang baru" in text(answer)
    assert dedi.post(page, {"person": city.head.pk, "on": TODAY, "new_head": city.wife.pk, "evidence": "SKM 1"}).status_code == 302
    assert fresh(city.head).status == 2 and fresh(city.wife).relation == 1 and fresh(city.wife).marital == 4
    assert f'value="{city.boy.pk}" checked' in text(dedi.get(page, {"orang": city.boy.pk}))


def test_who_comes_second_is_told_and_nothing_is_lost(city, dedi) -> None:
    seen = fresh(city.family).event
    assert dedi.post(at("record_death", city.family), {"person": city.boy.pk, "on": TODAY, "seen": seen}).status_code == 302
    late = dedi.post(at("record_death", city.family), {"person": city.girl.pk, "on": TODAY, "evidence": "SKM 9", "seen": seen})
    assert late.status_code == 409 and "baru saja diubah" in text(late) and "SKM 9" in text(late) and "Muat ulang" in text(late)
    assert fresh(city.girl).status == 1


# ---------------------------------------------------------------- moves and families

def test_an_arrival(city, dedi) -> None:
    told = {"name": "Datang Contoh", "sex": "1", "born": "2001-01-02", "relation": "9", "religion": "1", "on": TODAY, "evidence": "SKPWNI/2"}
    assert dedi.post(at("register_arrival", city.family), told).status_code == 302
    assert Person.objects.get(name="Datang Contoh").family == city.family
    wrong = dedi.post(at("register_arrival", city.family), {**told, "nik": "123"})
    assert wrong.status_code == 422 and 'id="id_nik-galat"' in text(wrong)


def test_a_new_family(city, dedi) -> None:
    told = {"address": "Jalan Baru 7", "kelurahan": KEL_1, "rw": "1", "rt": "2", "name": "Baru Contoh", "sex": "2", "born": "1999-09-09", "on": TODAY,
            "evidence": "SKPWNI/3"}
    led = dedi.post(reverse("office_register_open_family"), told)
    made = Person.objects.get(name="Baru Contoh")
    assert led.headers["Location"] == reverse("office_register_family", args=[made.family_id]) and made.relation == 1 and made.place.label == "002"
    nowhere = dedi.post(reverse("office_register_open_family"), {**told, "rt": "9"})
    assert nowhere.status_code == 422 and "RT ini tidak ada" in text(nowhere)
    assert dedi.post(reverse("office_register_open_family"), {**told, "kelurahan": "99.71.01.1002"}).status_code == 422  # not theirs to open


def test_some_leave_for_a_card_of_their_own(city, dedi) -> None:
    page = at("split_family", city.family)
    both = {f"m_{city.boy.pk}": "on", f"m_{city.girl.pk}": "on", "on": TODAY}
    answer = dedi.post(page, {**both, f"relation_{city.boy.pk}": "4", f"relation_{city.girl.pk}": "4"})
    assert answer.status_code == 422 and "belum punya kepala keluarga" in text(answer) and f'name="m_{city.boy.pk}"' in text(answer)
    assert "Pilih hubungan setiap orang" in text(dedi.post(page, both))
    led = dedi.post(page, {**both, f"relation_{city.boy.pk}": "1", f"relation_{city.girl.pk}": "9", "moves": "on", "address": "Jalan Lain 2", "kelurahan": KEL_1,
                           "rw": "001", "rt": "002"})
    other = fresh(city.boy).family
    assert led.headers["Location"] == reverse("office_register_family", args=[other.pk]) and other != city.family and other.address == "Jalan Lain 2"
    assert fresh(city.girl).family == other and fresh(city.girl).place.label == "002"
    assert "Isi alamat baru" in text(dedi.post(page, {"moves": "on", "on": TODAY}))


def test_a_family_moves_inside_the_city_and_out_of_it(city, dedi) -> None:
    mira = desk(city.mira, RECORDING)
    assert dedi.post(at("move_family", city.family), {"address": "Jalan Dua 2", "kelurahan": KEL_1, "rw": "1", "rt": "2", "on": TODAY}).status_code == 302
    assert fresh(city.family).address == "Jalan Dua 2" and fresh(city.wife).place.label == "002"
    some = {f"m_{city.head.pk}": "on", "destination": "Kota Lain", "on": TODAY, "evidence": "SKPWNI/4"}
    assert "Kepala keluarga ikut pergi" in text(dedi.post(at("move_out", city.family), some))
    assert dedi.post(at("move_out", city.family), {**some, "new_head": city.wife.pk}).status_code == 302
    assert fresh(city.head).status == 3 and fresh(city.wife).relation == 1
    rest = {f"m_{one.pk}": "on" for one in (city.wife, city.boy, city.girl)}
    assert mira.post(at("move_out", city.family), {**rest, "destination": "Kota Lain", "on": TODAY, "evidence": "SKPWNI/5"}).status_code == 302
    assert fresh(city.family).ended and "KK berakhir" in text(mira.get(reverse("office_register_family", args=[city.family.pk])))


def test_another_member_leads(city, dedi) -> None:
    told = {"head": city.wife.pk, f"relation_{city.head.pk}": "2", "on": TODAY}
    assert dedi.post(at("change_head", city.family), told).status_code == 302
    assert fresh(city.wife).relation == 1 and fresh(city.head).relation == 2 and fresh(city.boy).relation == 4


def test_two_cards_become_one(city, dedi) -> None:
    alone = make.family(make.rt(city.places, number=2), head="Malik Contoh", sex=1)
    malik = make.head_of(alone)
    found = dedi.post(at("merge_families", alone), {"cari": "into", "cari_into": "rina", f"relation_{malik.pk}": "9", "on": TODAY})
    assert "Keluarga tempat Rina Contoh" in text(found) and found.status_code == 200
    lacking = dedi.post(at("merge_families", alone), {"into": city.family.pk, "on": TODAY})
    assert lacking.status_code == 422 and "Pilih hubungan" in text(lacking) and "Keluarga Armen Contoh" in text(lacking)
    assert dedi.post(at("merge_families", alone), {"into": city.family.pk, f"relation_{malik.pk}": "9", "on": TODAY}).status_code == 302
    assert fresh(malik).family == city.family and fresh(alone).ended


def test_a_new_number(city, dedi) -> None:
    wrong = dedi.post(at("change_number", city.family), {"number": "12", "on": TODAY})
    assert wrong.status_code == 422 and 'id="id_number-galat"' in text(wrong)
    assert dedi.post(at("change_number", city.family), {"number": "9971012001269009", "on": TODAY}).status_code == 302
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert "9971012001269009" not in bodies and Family.objects.get(pk=city.family.pk).number_key != city.family.number_key


# ---------------------------------------------------------------- one person

def test_a_marriage_and_a_divorce(city, dedi) -> None:
    son = make.member(city.family, "Gusti Contoh", born=date(2000, 1, 1))
    bride = make.head_of(make.family(make.rt(city.places, number=2), head="Lusi Contoh", born=date(2001, 1, 1)))
    found = dedi.post(at("record_marriage", son), {"cari": "spouse", "cari_spouse": "contoh", "on": TODAY, "evidence": "AK/1"})
    assert "Lusi Contoh" in text(found) and "Armen Contoh, " not in text(found)
    assert dedi.post(at("record_marriage", son), {"spouse": bride.pk, "on": TODAY, "evidence": "AK/1"}).status_code == 302
    assert fresh(son).marital == 2 == fresh(bride).marital
    assert dedi.post(at("record_divorce", son), {"spouse": bride.pk, "on": TODAY, "evidence": "PA/1"}).status_code == 302
    assert fresh(son).marital == 3 == fresh(bride).marital
    assert "Perceraian" not in text(dedi.get(reverse("office_register_person", args=[city.boy.pk]))).split("Catat atau ubah")[1]


def test_parents_a_name_and_biodata(city, dedi) -> None:
    assert dedi.post(at("record_parents", city.boy), {"kind": "link", "mother": city.wife.pk, "on": TODAY, "evidence": "AK/2"}).status_code == 302
    assert dedi.post(at("change_name", city.boy), {"name": "Budi Baru Contoh", "on": TODAY, "evidence": "PN/1"}).status_code == 302
    now = fresh(city.boy)
    assert now.mother == city.wife and now.name == "Budi Baru Contoh"
    page = text(dedi.get(at("update", now)))
    assert '<option value="1" selected' in page
    told = {name: getattr(now, name) or "" for name in ("religion", "education", "occupation", "blood", "citizenship", "disability", "birthplace", "father_name")}
    assert "Belum ada yang diubah" in text(dedi.post(at("update", now), {**told, "on": TODAY}))
    assert dedi.post(at("update", now), {**told, "education": "3", "phone": "081234567890", "on": TODAY, "seen": now.event}).status_code == 302
    assert fresh(now).education == 3 and fresh(now).phone and Event.objects.filter(person=now, kind="update").latest("pk").changes.count(":") == 2


def test_a_correction_and_an_undoing_are_for_the_operator(city, dedi) -> None:
    mira, girl = desk(city.mira, RECORDING), fresh(city.girl)
    told = {name: getattr(girl, name) or "" for name in ("name", "sex", "religion", "education", "occupation", "blood", "citizenship", "disability", "marital",
                                                         "birthplace", "father_name")}
    told |= {"born": "2011-05-01", "reason": "Tahun keliru", "evidence": "AK/3", "seen": girl.event}
    assert dedi.post(at("correct", girl), told).status_code == 403 and fresh(girl).born == date(2010, 5, 1)
    assert mira.post(at("correct", girl), told).status_code == 302 and fresh(girl).born == date(2011, 5, 1)
    event = Event.objects.filter(person=girl, kind="correction").get()
    page = reverse("office_register_undo_event", args=[girl.pk, event.pk])
    assert page in text(mira.get(reverse("office_register_person", args=[girl.pk]))) and dedi.get(page).status_code == 403
    assert mira.post(page, {"reason": ""}).status_code == 422
    assert mira.post(page, {"reason": "Ternyata benar"}).status_code == 302 and fresh(girl).born == date(2010, 5, 1)
    assert mira.post(page, {"reason": "Sekali lagi"}).status_code == 409
    assert mira.get(reverse("office_register_undo_event", args=[city.boy.pk, event.pk])).status_code == 404
