"""Opening, ties, requests, retention: who may, what is on record, and what is left."""
import io
import json
import zipfile
from datetime import timedelta

import pytest

from amanah.foundation.access.tests import factories as access
from amanah.foundation.audit.models import Entry
from amanah.foundation.files import queries as files
from amanah.foundation.files.models import StoredFile
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Holding, Scope
from amanah.foundation.kernel.errors import Conflict, Invalid, NotFound, Refused
from amanah.foundation.messages.models import Message
from amanah.registries.people.models import Event, Extract, Person, Request, Sighting
from amanah.registries.people.permissions import OPEN_FIELD, PROTECT, READ
from amanah.registries.people.queries import looks, purposes, ties
from amanah.registries.people.queries import requests as queries
from amanah.registries.people.services import opening, requests, retention
from amanah.registries.people.services.ties import account_for_tie, tie, untie
from amanah.registries.people.tests import factories

pytestmark = pytest.mark.django_db
NIK, KK, PURPOSE = "9971015708859123", "9971010101159001", "pelayanan_penduduk"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(tmp_path)}}}


@pytest.fixture
def places():
    return factories.territories()


@pytest.fixture
def rina(places):
    home = factories.family(factories.rt(places), number=KK, nik=NIK, phone="081234567890", mother_name="Aminah Contoh")
    return factories.head_of(home)


@pytest.fixture
def account():
    return access.account("Rina Contoh", "resident", username="rina.contoh", email="rina@contoh.id")


@pytest.fixture
def own(rina, account):
    tie(SYSTEM, rina, account=account)
    return access.acting(account, "password")


def clerk(*permissions, at="99.71.01.1001", ref="account:900"):
    return Actor(ref=ref, kind="staff", name="Dedi Contoh", account_id=900, holdings=(Holding(frozenset(permissions or (READ, OPEN_FIELD)),
                 Scope(office=None, territory=at), "role:verifikator"),))


def last():
    return json.loads(Entry.objects.order_by("-id").first().body)


# ---------------------------------------------------------------- looking and opening

def test_a_look_masks_everything_and_is_on_record_first(rina):
    seen = opening.see(clerk(), rina, purpose=PURPOSE)
    assert (seen.nik, seen.kk, seen.phone, seen.mother_name) == ("9971••••••••••23", "9971••••••••••01", "0812••••••90", "A•••")
    entry = last()
    assert (entry["kind"], entry["deed"], entry["purpose"], entry["subject"]) == ("read", READ, PURPOSE, f"people.person:{rina.pk}")
    assert entry["territory"].startswith("99.71.01.1001")


def test_opening_gives_the_value_and_records_the_field_not_the_value(rina):
    assert opening.open_field(clerk(), rina, "nik", purpose=PURPOSE) == NIK
    assert opening.open_field(clerk(), rina, "kk", purpose=PURPOSE) == KK
    assert opening.open_field(clerk(), rina, "mother_name", purpose=PURPOSE) == "Aminah Contoh"
    assert last()["details"] == {"field": "mother_name"}
    text = "".join(Entry.objects.values_list("body", flat=True))
    assert NIK not in text and KK not in text and "Aminah" not in text and "81234567890" not in text


@pytest.mark.parametrize("purpose", ["", "tidak_ada", "pembinaan_wilayah"])
def test_without_a_fitting_purpose_nothing_opens_and_the_refusal_is_on_record(rina, purpose):
    with pytest.raises(Refused):
        opening.open_field(clerk(), rina, "nik", purpose=purpose)
    assert (last()["kind"], last()["deed"], last()["subject"]) == ("refusal", OPEN_FIELD, f"people.person:{rina.pk}")


def test_neither_elsewhere_nor_without_the_permission(rina):
    for who in (clerk(at="99.71.01.1002"), clerk(READ)):
        with pytest.raises(Refused):
            opening.open_field(who, rina, "nik", purpose=PURPOSE)
    with pytest.raises(Invalid):
        opening.open_field(clerk(), rina, "religion", purpose=PURPOSE)


def test_a_restricted_person_needs_a_purpose_that_reaches_them(rina):
    Person.objects.filter(pk=rina.pk).update(restricted=True)
    rina.refresh_from_db()
    with pytest.raises(Refused):
        opening.see(clerk(), rina, purpose="pembinaan_wilayah")
    assert opening.see(clerk(), rina, purpose=PURPOSE).nik


def test_what_is_not_held_is_empty(places):
    nobody = factories.head_of(factories.family(factories.rt(places), head="Budi Contoh", sex=1))
    assert opening.masked(nobody) == opening.Seen("", "", "", "")
    assert opening.open_field(clerk(), nobody, "phone", purpose=PURPOSE) == ""


@pytest.mark.parametrize(("text", "field", "shown"), [("", "nik", ""), ("Siti", "mother_name", "S•••"), ("12345678", "nik", "••••••"),
                                                      ("+6281234567890", "phone", "0812••••••90")])
def test_masks(text, field, shown):
    assert opening.mask(text, field) == shown


def test_residents_open_their_own_numbers_and_nobody_elses(rina, own, places):
    assert opening.open_own(own, rina, field="nik") == NIK
    assert last()["deed"] == "people.open_own" and NIK not in Entry.objects.order_by("-id").first().body
    other = factories.head_of(factories.family(factories.rt(places), head="Siti Contoh"))
    with pytest.raises(Refused):
        opening.open_own(own, other, field="nik")


# ---------------------------------------------------------------- ties

def test_one_account_one_person(rina, own, account, places):
    assert ties.person_of(own) == rina
    other = factories.head_of(factories.family(factories.rt(places), head="Siti Contoh"))
    for person, who in ((rina, access.account("Siti Contoh", "resident")), (other, account)):
        with pytest.raises(Conflict):
            tie(SYSTEM, person, account=who)
    with pytest.raises(Invalid):
        tie(SYSTEM, other, account=access.account("Dedi Contoh", "staff"))
    untie(SYSTEM, rina, reason="Keliru orang")
    assert ties.person_of(own) is None
    with pytest.raises(Conflict):
        untie(SYSTEM, rina, reason="Lagi")
    outbox.drain()
    assert {m.template for m in Message.objects.filter(account_id=account.pk)} == {"people.tied", "people.untied"}


def test_the_desk_learns_nothing_about_accounts_that_cannot_be_tied(rina, own, account):
    access.account("Dedi Contoh", "staff", username="dedi")
    sentences = set()
    for text in ("rina.contoh", "dedi", "tidak.ada", "0812 0000 0000", NIK, ""):
        with pytest.raises(Invalid) as error:
            account_for_tie(text)
        sentences.add(str(error.value.details))
    assert len(sentences) == 1
    siti = access.account("Siti Contoh", "resident", username="siti")
    assert account_for_tie("siti") == siti


def test_children_are_those_under_eighteen_in_the_same_family(rina, clock_at):
    clock_at("2026-11-22 10:00")
    family = rina.family
    child = factories.member(family, "Anak Contoh", mother=rina.pk)
    factories.member(family, "Kakak Contoh", born=child.born.replace(year=2000), mother=rina.pk)
    factories.member(family, "Keponakan Contoh", relation=9)
    assert ties.children_of(Person.objects.get(pk=rina.pk)) == [child]


# ---------------------------------------------------------------- requests

def dpo():
    return Actor(ref="account:901", kind="staff", name="Ratna Contoh", account_id=901, holdings=(Holding(frozenset(
        {"people.answer", PROTECT, "people.correct"}), EVERYWHERE, "role:pelindung_data"),))


def test_a_correction_is_sealed_answered_and_becomes_an_event(rina, own, clock_at):
    clock_at("2026-11-20 16:00")  # a Friday: the clock runs on
    made = requests.ask(own, rina, kind="correction", field="birthplace", wanted="Bukittinggi", text="Lihat akta saya")
    assert made.due_at - made.at == timedelta(hours=72)
    assert b"Bukittinggi" not in bytes(made.wanted)
    assert "Bukittinggi" not in Entry.objects.order_by("-id").first().body and "akta" not in Entry.objects.order_by("-id").first().body
    with pytest.raises(Conflict):
        requests.ask(own, rina, kind="correction", field="birthplace", wanted="Solok")
    requests.answer(dpo(), queries.at_desk(dpo(), made.pk), granted=True, answer="Sudah dibetulkan.", evidence="Akta 1/1985")
    rina.refresh_from_db()
    assert rina.birthplace == "Bukittinggi"
    assert Event.objects.filter(person=rina, kind="correction").count() == 1
    made.refresh_from_db()
    assert (made.state, made.answered_by) == ("done", "account:901")
    with pytest.raises(Conflict):
        requests.answer(dpo(), made, granted=False, answer="Lagi")


@pytest.mark.parametrize(("field", "value", "after"), [("born", "1985-08-16", "1985-08-16"), ("religion", "2", 2), ("name", "Rina Sari Contoh", "Rina Sari Contoh")])
def test_values_of_every_kind_arrive_as_events_hold_them(rina, own, field, value, after):
    made = requests.ask(own, rina, kind="correction", field=field, wanted=value)
    requests.answer(dpo(), made, granted=True, answer="Ya")
    assert str(getattr(Person.objects.get(pk=rina.pk), field)) == str(after)


@pytest.mark.parametrize(("field", "value"), [("place", "1"), ("sex", "1"), ("", "x"), ("nik", "123"), ("born", "kemarin"), ("born", "2999-01-01"),
                                              ("religion", "99"), ("phone", "abc"), ("name", " "), ("name", "x" * 201)])
def test_what_cannot_be_corrected_so_is_said_at_once(rina, own, field, value):
    with pytest.raises(Invalid):
        requests.ask(own, rina, kind="correction", field=field, wanted=value)
    assert not Request.objects.exists()


def test_who_may_not_correct_cannot_grant_a_correction_and_nothing_is_half_done(rina, own):
    made = requests.ask(own, rina, kind="correction", field="birthplace", wanted="Solok")
    weak = Actor(ref="account:5", kind="staff", name="", account_id=5, holdings=(Holding(frozenset({"people.answer"}), EVERYWHERE, "role:x"),))
    with pytest.raises(Refused):
        requests.answer(weak, made, granted=True, answer="Ya")
    made.refresh_from_db()
    assert made.state == "open"
    requests.answer(weak, made, granted=False, answer="Aktanya berkata lain.")


def test_restriction_and_its_lifting(rina, own):
    with pytest.raises(Conflict):
        requests.ask(own, rina, kind="lifting")
    requests.answer(dpo(), requests.ask(own, rina, kind="restriction", text="Data saya keliru"), granted=True, answer="Dibatasi")
    rina.refresh_from_db()
    assert rina.restricted
    requests.answer(dpo(), requests.ask(own, rina, kind="lifting"), granted=True, answer="Dicabut")
    rina.refresh_from_db()
    assert not rina.restricted


def test_a_question_is_about_one_of_ones_own_entries(rina, own, places):
    opening.see(clerk(), rina, purpose=PURPOSE)
    [look] = [row for row in looks.looks(rina).rows if row.what == "page"]
    made = requests.ask(own, rina, kind="question", about=look.key, text="Saya tidak ke kantor hari itu")
    assert made.entry == look.entry
    with pytest.raises(Conflict):
        requests.ask(own, rina, kind="question", about=look.key, text="Lagi")
    with pytest.raises(Invalid):
        requests.ask(own, rina, kind="question", about=look.key, text=" ")
    other = factories.head_of(factories.family(factories.rt(places), head="Siti Contoh"))
    opening.see(clerk(), other, purpose=PURPOSE)
    foreign = looks.looks(other).rows[0]
    for about in (foreign.key, "e0", "s1", "", "x", "e²"):
        with pytest.raises(NotFound):
            requests.ask(own, rina, kind="question", about=about, text="Apa ini?")
    with pytest.raises(Refused):
        requests.ask(own, other, kind="question", about=foreign.key, text="Apa ini?")


def test_only_the_owner_asks_and_only_so_often(rina, own, monkeypatch):
    with pytest.raises(Refused):
        requests.ask(clerk("people.ask"), rina, kind="copy")
    with pytest.raises(Invalid):
        requests.ask(own, rina, kind="forget")
    monkeypatch.setattr(requests, "MOST_OPEN", 1)
    requests.ask(own, rina, kind="restriction")
    with pytest.raises(Conflict):
        requests.ask(own, rina, kind="copy")


def test_the_copy_holds_everything_and_belongs_to_the_one_who_asked(rina, own, account):
    factories.member(rina.family, "Anak Contoh", mother=rina.pk)
    opening.see(clerk(), rina, purpose=PURPOSE)
    made = requests.ask(own, rina, kind="copy")
    outbox.drain()
    made.refresh_from_db()
    assert made.state == "done" and any(look.deed == "people.answer" for look in looks.looks(rina).rows)
    file = files.find(own, made.file)
    for other in (dpo(), clerk(), access.acting(access.account("Siti Contoh", "resident"), "password")):
        with pytest.raises(NotFound):
            files.find(other, made.file)
    with files.open_for(own, file) as stream:
        archive = zipfile.ZipFile(io.BytesIO(stream.read()))
    told = json.loads(archive.read("data-saya.json"))
    assert (told["present"]["nik"], told["present"]["kk"], told["present"]["mother_name"]) == (NIK, KK, "Aminah Contoh")
    assert told["family"] == [{"name": "Anak Contoh", "relation": "Anak"}]
    assert told["events"][0]["changes"]["nik"] == NIK
    assert told["looks"]
    html = archive.read("data-saya.html").decode()
    assert NIK in html and "<script" not in html
    assert set(archive.namelist()) == {"data-saya.html", "data-saya.json", "riwayat.csv", "siapa-melihat.csv"}
    assert {m.template for m in Message.objects.filter(account_id=account.pk)} >= {"people.asked", "people.answered"}


def test_those_who_answer_hear_of_it_and_are_reminded(rina, own, clock_at):
    from amanah.registries.people.tasks import protection

    moment = clock_at("2026-11-20 16:00")
    keeper = access.account("Ratna Contoh")
    access.granted(keeper, access.role("pelindung", ("people.answer",), reach="city"))
    access.granted(access.account("Jauh Contoh"), access.role("jauh", ("people.answer",)), territory="99.71.01.1002")
    requests.ask(own, rina, kind="restriction")
    outbox.drain()
    assert [m.account_id for m in Message.objects.filter(template="people.to_answer")] == [keeper.pk]
    protection.remind()
    assert not Message.objects.filter(template="people.requests_waiting").exists()
    clock_at((moment + timedelta(hours=50)).isoformat())
    protection.remind()
    protection.remind()
    assert Message.objects.filter(template="people.requests_waiting").count() == 1
    assert queries.counts(dpo()) == {"open": 1, "soon": 1, "late": 0}
    clock_at((moment + timedelta(hours=73)).isoformat())
    assert queries.counts(dpo()) == {"open": 1, "soon": 0, "late": 1}
    assert len(queries.waiting(dpo(), stage="late").rows) == 1 and not queries.waiting(dpo(), stage="soon").rows
    assert not queries.waiting(clerk("people.answer", at="99.71.01.1002")).rows


# ---------------------------------------------------------------- retention

def test_what_is_over_goes_with_its_count_on_record_and_the_rest_stays(rina, own, account, clock_at, monkeypatch):
    start = clock_at("2024-01-01 09:00")
    Sighting.objects.bulk_create(Sighting(person=rina, at=start, actor="account:1", deed=READ, purpose=PURPOSE) for _n in range(5))
    made = requests.ask(own, rina, kind="copy")
    outbox.drain()
    open_one = requests.ask(own, rina, kind="restriction")
    source = factories.master()
    from amanah.foundation.files import services

    def extract(state):
        stored = services.keep(b"PK", name="x.zip", kind="zip", by=SYSTEM, owner="people.extract:1", needs=READ, scope=EVERYWHERE)
        return Extract.objects.create(source=source, name="x", digest="0" * 64, position=start.date(), state=state, file=stored.pk, by="system:test", at=start)

    done, stopped = extract("done"), extract("stopped")
    assert not any(retention.expire().values())
    clock_at("2024-01-09 10:00")
    assert retention.expire() == {"extract_files": 0, "report_files": 0, "sightings": 0, "requests": 0, "copies": 1}
    made.refresh_from_db()
    assert made.file is None
    monkeypatch.setattr(retention, "CHUNK", 2)
    clock_at("2029-06-01 10:00")
    assert retention.expire() == {"extract_files": 1, "report_files": 0, "sightings": 5, "requests": 1, "copies": 0}
    assert not Sighting.objects.exists() and list(Request.objects.all()) == [open_one]
    done.refresh_from_db()
    stopped.refresh_from_db()
    assert done.file is None and StoredFile.objects.filter(pk=stopped.file).exists() and StoredFile.objects.count() == 1
    told = [json.loads(body)["details"] for body in Entry.objects.filter(deed="people.delete_expired").values_list("body", flat=True)]
    assert sum(t["count"] for t in told if t["kind"] == "sightings") == 5 and all(t["rows"] == "•••" for t in told)
    assert Person.objects.filter(pk=rina.pk).exists() and retention.expire()["sightings"] == 0


def test_nothing_that_is_not_due_is_ever_deleted(rina):
    row = Sighting.objects.create(person=rina, at=clock.now(), actor="account:1", deed=READ, purpose=PURPOSE)
    with pytest.raises(Conflict):
        retention.delete_expired(SYSTEM, kind="sightings", before=clock.now() - timedelta(days=1), count=1, rows=[row.pk])
    assert Sighting.objects.exists()


def test_the_register_of_the_city_reads():
    found = purposes.register()
    assert {READ, OPEN_FIELD} <= set().union(*(one.permissions for one in found.purposes.values()))
