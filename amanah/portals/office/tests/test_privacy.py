"""The desk of the data-protection officer, and ties at the counter."""
from datetime import date

import pytest
from django.urls import reverse

from amanah.foundation.access import phones
from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.tests import factories as access
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Holding, Scope
from amanah.foundation.kernel.errors import Refused
from amanah.portals.office.tests.people import browser, text
from amanah.registries.people.models import Person, Request, Sighting, Tie
from amanah.registries.people.permissions import OPEN_FIELD, READ
from amanah.registries.people.queries import looks, oversight
from amanah.registries.people.queries import requests as queries
from amanah.registries.people.services import opening, requests
from amanah.registries.people.services.ties import tie
from amanah.registries.people.tests import factories

pytestmark = pytest.mark.django_db
NIK, PURPOSE = "9971015708859123", "pelayanan_penduduk"
SYSTEM = Actor.system("test")
DESK = reverse("office_privacy")


@pytest.fixture
def rina():
    home = factories.family(factories.rt(factories.territories()), head="RINA CONTOH", nik=NIK, phone="081234567890")
    return factories.head_of(home)


@pytest.fixture
def account():
    return access.account("Rina Contoh", "resident", username=f"{PREFIX}rina", email="rina@contoh.id")


@pytest.fixture
def own(rina, account):
    tie(SYSTEM, rina, account=account, how="demo")
    return access.acting(account, "password")


def staff(name, *permissions, territory="", reach="city"):
    made = access.account(f"{name} Contoh", username=f"{PREFIX}{name.lower()}")
    access.granted(made, access.role(name.lower(), permissions, reach=reach), territory=territory)
    return made


@pytest.fixture
def ratna():
    """The data-protection officer."""
    return staff("Ratna", "people.answer", "people.protect", "audit.read")


@pytest.fixture
def yusra():
    """The lurah of the place where Rina lives: answers there, corrects, but is not asked about looks."""
    return staff("Yusra", "people.answer", "people.correct", "people.tie", "people.untie", READ, territory="99.71.01.1001", reach="territory")


# ---------------------------------------------------------------- the desk

def test_the_most_urgent_stands_on_top_and_what_is_late_is_counted(rina, own, ratna, clock_at):
    clock_at("2026-11-22 08:00")
    first = requests.ask(own, rina, kind="restriction")
    clock_at("2026-11-24 10:00")
    second = requests.ask(own, rina, kind="correction", field="birthplace", wanted="Solok")
    page = text(browser(ratna).get(DESK))
    assert page.index(f"Nomor {first.pk}, masuk") < page.index(f"Nomor {second.pk}, masuk") and "Sisa 22 jam" in page
    assert "Solok" not in page and "RINA" not in page.upper()
    clock_at("2026-11-25 12:00")
    client = browser(ratna)
    assert "Lewat batas (1)" in text(client.get(DESK))
    late = text(client.get(DESK, {"tahap": "late"}))
    assert f"Nomor {first.pk}, masuk" in late and f"Nomor {second.pk}, masuk" not in late
    assert "Tidak ada yang menunggu di sini" in text(client.get(DESK, {"tahap": "soon"}))


def test_a_request_is_read_on_record_and_answered_in_words(rina, own, ratna, account):
    made = requests.ask(own, rina, kind="restriction", text="Data saya keliru")
    client, address = browser(ratna), reverse("office_privacy_request", args=[made.pk])
    page = text(client.get(address))
    assert "Data saya keliru" in page and "Rina Contoh" in page
    [seen] = [row for row in looks.looks(rina).rows if row.deed == "people.answer"]
    assert (seen.what, seen.purpose) == ("page", "permintaan_pemilik")
    assert client.post(address, {"granted": "1", "answer": ""}).status_code == 422
    assert client.post(address, {"answer": "Ya"}).status_code == 422
    assert client.post(address, {"granted": "1", "answer": "Sudah kami batasi."})["Location"] == DESK
    assert Person.objects.get(pk=rina.pk).restricted
    assert "Sudah kami batasi." in text(client.get(address))
    assert client.post(address, {"granted": "0", "answer": "Lagi"}).status_code == 200  # answered already: nothing to send any more
    assert "Dijawab dalam" in text(client.get(reverse("office_privacy_answered")))


def test_a_question_shows_the_entry_and_who_it_was_to_the_officer_only(rina, own, ratna, yusra):
    opening.open_field(access.acting(staff("Dedi", READ, OPEN_FIELD, territory="99.71.01.1001", reach="territory")), rina, "nik", purpose=PURPOSE)
    [row] = [row for row in looks.looks(rina).rows if row.what == "field"]
    made = requests.ask(own, rina, kind="question", about=row.key, text="Siapa ini?")
    address = reverse("office_privacy_request", args=[made.pk])
    page = text(browser(ratna).get(address))
    assert "Dedi Contoh" in page and "NIK" in page and "Siapa ini?" in page and NIK not in page
    assert browser(yusra).get(address).status_code == 404
    assert f"Nomor {made.pk}, masuk" not in text(browser(yusra).get(DESK))
    with pytest.raises(Refused):
        requests.answer(access.acting(yusra), made, granted=False, answer="Bukan apa-apa")


def test_a_correction_of_a_number_is_masked_until_it_is_opened_on_record(rina, own, yusra, ratna):
    made = requests.ask(own, rina, kind="correction", field="nik", wanted="9971015708859124")
    address = reverse("office_privacy_request", args=[made.pk])
    page = text(browser(yusra).get(address))
    assert "9971••••••••••23" in page and NIK not in page and "9971015708859124" in page
    assert "berwenang membetulkan" in text(browser(ratna).get(address))
    assert browser(ratna).post(address, {"granted": "1", "answer": "Ya"}).status_code == 403
    client = browser(yusra)
    assert client.post(address, {"granted": "1", "answer": "Sudah dibetulkan", "evidence": "KTP"})["Location"] == DESK
    assert opening.clear(Person.objects.get(pk=rina.pk), "nik") == "9971015708859124"


def test_requests_of_other_places_are_not_there(rina, own, yusra):
    made = requests.ask(own, rina, kind="restriction")
    elsewhere = staff("Melati", "people.answer", territory="99.71.01.1002", reach="territory")
    assert browser(elsewhere).get(reverse("office_privacy_request", args=[made.pk])).status_code == 404
    assert queries.counts(access.acting(elsewhere))["open"] == 0
    assert browser(yusra).get(reverse("office_privacy_request", args=[made.pk])).status_code == 200


def test_openings_are_counted_by_office_and_the_unusual_ones_named(rina, ratna, clock_at):
    clock_at("2026-11-22 23:30")  # 16:30 UTC: the day is the one on the wall
    busy = access.acting(staff("Dedi", READ, OPEN_FIELD, territory="99.71.01.1001", reach="territory"))
    for _n in range(21):
        opening.open_field(busy, rina, "nik", purpose=PURPOSE)
    opening.open_field(access.acting(staff("Hendra", READ, OPEN_FIELD, territory="99.71.01.1001", reach="territory")), rina, "nik", purpose=PURPOSE)
    officer = access.acting(ratna)
    assert [(row.fields, row.accounts) for row in oversight.opened_by_office(officer)] == [(22, 2)]
    [row] = oversight.unusual(officer)
    assert (row.account, row.fields, row.day) == (busy.ref, 21, date(2026, 11, 22))
    page = text(browser(ratna).get(reverse("office_privacy_openings")))
    assert "22 pembukaan" in page and "Dedi Contoh" in page and "Hendra Contoh" not in page
    clock_at("2026-12-23 10:00")
    assert oversight.opened_by_office(officer) == [] == oversight.unusual(officer)
    assert "Belum ada nomor yang dibuka" in text(browser(ratna).get(reverse("office_privacy_openings")))
    with pytest.raises(Refused):
        oversight.opened_by_office(busy)


def test_the_register_of_processing_is_shown_whole(ratna, yusra):
    page = text(browser(ratna).get(reverse("office_privacy_processing")))
    assert "Menolong dalam keadaan darurat atau bencana" in page and "Belum dipastikan" in page
    assert browser(yusra).get(reverse("office_privacy_openings")).status_code == 404


def test_what_is_over_may_be_deleted_at_once_by_those_who_may(rina, ratna, clock_at):
    clock_at("2024-01-01 10:00")
    Sighting.objects.create(person=rina, at=clock.now(), actor="account:1", deed=READ, purpose=PURPOSE)
    clock_at("2026-11-22 10:00")
    delete = reverse("office_privacy_delete")
    assert browser(ratna).post(delete).status_code == 404 and Sighting.objects.exists()
    keeper = browser(staff("Penjaga", "people.answer", "people.delete_expired"))
    assert "1 baris dihapus" in text(keeper.post(delete, follow=True))
    assert "Tidak ada yang lewat" in text(keeper.post(delete, follow=True))
    assert Entry.objects.filter(deed="people.delete_expired").count() == 1


def test_a_long_desk_costs_no_more_statements(own, rina, ratna, same_statements):
    def more(count):
        Request.objects.bulk_create(Request(person=rina, account=1, kind="restriction", at=clock.now(), due_at=clock.now()) for _n in range(count))

    client = browser(ratna)
    same_statements(more, lambda: client.get(DESK))


# ---------------------------------------------------------------- ties at the counter

def test_an_account_is_found_exactly_confirmed_and_tied(rina, account, yusra):
    client, address = browser(yusra), reverse("office_tie", args=[rina.pk])
    assert "Rina Contoh" in text(client.get(address))
    answer = client.post(address, {"who": "rina@contoh.id"})
    page = text(answer)
    assert answer.status_code == 200 and "ri•••@contoh.id" in page and "rina@contoh.id" not in page.replace('value="rina@contoh.id"', "")
    assert client.post(address, {"account": account.pk}).status_code == 422
    assert not Tie.objects.exists()
    assert client.post(address, {"account": account.pk, "checked": "on"})["Location"] == address
    assert Tie.objects.get().person == rina and "Terhubung" in text(client.get(address))
    assert "rina@contoh.id" not in "".join(Entry.objects.values_list("body", flat=True))
    untie = reverse("office_untie", args=[rina.pk])
    assert client.post(untie, {"reason": ""}).status_code == 422
    assert client.post(untie, {"reason": "Keliru orang"})["Location"] == address
    assert not Tie.objects.exists()


def test_what_cannot_be_tied_gets_one_and_the_same_answer(rina, account, yusra):
    staff("Dedi")
    other = access.account("Siti Contoh", "resident", username="siti")
    tie(SYSTEM, factories.member(rina.family, "Siti Contoh", sex=2), account=other)
    phones.set_phone(access.acting(account, "password"), account, phone="081234567890")
    client, address = browser(yusra), reverse("office_tie", args=[rina.pk])
    bodies = set()
    for who in ("tidak.ada", f"{PREFIX}dedi", "siti", "0812 0000 0000", NIK):
        answer = client.post(address, {"who": who})
        assert answer.status_code == 422
        page = text(answer).replace(who, "")
        bodies.add(page[page.index("<form"):page.index("</form>")].partition("csrfmiddlewaretoken")[0] + str(page.count("Tidak ada akun warga")))
    assert len(bodies) == 1
    assert client.post(address, {"who": "0812 3456 7890"}).status_code == 200
    assert client.post(address, {"account": other.pk, "checked": "on"}).status_code == 409
    assert client.post(address, {"account": "x", "checked": "on"}).status_code == 404


def test_only_where_the_person_lives_and_only_by_permission(rina, yusra):
    away = staff("Melati", "people.tie", READ, territory="99.71.01.1002", reach="territory")
    assert browser(away).get(reverse("office_tie", args=[rina.pk])).status_code == 404
    reader = staff("Hendra", READ, "people.untie", territory="99.71.01.1001", reach="territory")
    assert browser(reader).get(reverse("office_tie", args=[rina.pk])).status_code == 403
    with pytest.raises(Refused):
        tie(Actor(ref="account:9", kind="staff", name="", account_id=9, holdings=(Holding(frozenset({READ}), Scope(territory="99.71"), "role:x"),)), rina,
            account=access.account("Siti Contoh", "resident"))
