"""What happens to people: each deed by the right one and the wrong one, and the rows agree with the events afterwards."""
import json
from datetime import date
from typing import Any

import pytest

from amanah.foundation.audit.models import Entry
from amanah.foundation.jobs.models import OutboxEvent
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused
from amanah.registries.people.models import Event, Family, Past, Person, Shift
from amanah.registries.people.queries import register
from amanah.registries.people.queries.events import facts_of
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import COUNTS, as_of
from amanah.registries.people.services import events, families, recording

from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> dict[str, Any]:
    return make.territories()


@pytest.fixture
def rina(places: dict[str, Any], clock_at: Any) -> Person:
    clock_at("2026-11-20 09:00")
    return make.head_of(make.family(make.rt(places)))


def agree(person: Person) -> None:
    """The rows of present and past say what the events say, on every day on which something began."""
    facts = facts_of(person.pk)
    for day in sorted({fact.valid_from for fact in facts}):
        told = as_of(facts, day, clock.now())
        seen = register.stood(day, ids=[person.pk], residents_only=False)
        held = {name: told[name] for name in COUNTS} if told else None
        assert [one.facts for one in seen if one.facts["status"] != codes.VOID] == ([held] if held else [])
    person.refresh_from_db()
    last = as_of(facts, clock.today(), clock.now())
    if last:
        assert {name: recording.state_of(person)[name] for name in COUNTS} == {name: last[name] for name in COUNTS}


def test_a_birth_is_provisional_and_findable_by_no_number(rina: Person) -> None:
    child = events.record_birth(make.SYSTEM, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1), mother=rina, evidence="Surat lahir 1")
    assert child.provisional and child.nik is None and child.family == rina.family and child.mother == rina
    assert child.place == rina.place and child.status == codes.RESIDENT
    agree(child)


@pytest.mark.parametrize(("given", "field"), [
    ({"born": date(2026, 12, 1)}, "born"), ({"born": date(1700, 1, 1)}, "born"), ({"name": "  "}, "name"), ({"sex": 3}, "sex"), ({"relation": 1}, "relation"),
    ({"nik": "1,37E+15"}, "nik"), ({"born": date(1990, 1, 1)}, "mother")])
def test_a_birth_that_cannot_be_is_refused_whole(rina: Person, given: dict[str, Any], field: str) -> None:
    before = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        events.record_birth(make.SYSTEM, rina.family, **{"name": "Upik Contoh", "sex": 2, "born": date(2026, 11, 1), "mother": rina, **given})
    assert field in refused.value.fields
    assert Event.objects.count() == before and Person.objects.count() == 1


def test_who_holds_no_permission_here_is_refused(rina: Person) -> None:
    elsewhere = make.actor(make.at("99.71.01.1002"))
    with pytest.raises(Refused):
        events.record_birth(elsewhere, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1))
    here = make.actor(make.at("99.71.01.1001"))
    assert events.record_birth(here, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1)).pk


def test_nothing_of_a_person_enters_the_audit_record(rina: Person) -> None:
    events.record_birth(make.SYSTEM, rina.family, name="Upik Rahasia", sex=2, born=date(2026, 11, 1), mother_name="Ibu Rahasia")
    families.change_number(make.SYSTEM, rina.family, number="9971012001209001", on=date(2026, 11, 2))
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert "Rahasia" not in bodies and "9971012001209001" not in bodies


def test_identifiers_lie_sealed(places: dict[str, Any], clock_at: Any) -> None:
    clock_at("2026-11-20 09:00")
    number = make.nik(date(1985, 8, 17), 2)
    person = make.head_of(make.family(make.rt(places), nik=number, phone="0812 3456 7890", mother_name="Ibu Contoh"))
    for text in Event.objects.values_list("changes", flat=True):
        assert number not in text and "Ibu Contoh" not in text and "81234567890" not in text
    assert number.encode() not in bytes(person.nik)
    with pytest.raises(Conflict):
        make.family(make.rt(places, 1, 2), head="Orang Lain Contoh", nik=number)


def test_the_death_of_a_head_needs_another_and_widows(rina: Person) -> None:
    budi = make.member(rina.family, "Budi Contoh", born=date(1983, 1, 1), relation=2, marital=2)
    rina = events.update(make.SYSTEM, rina, changes={"education": 8}, on=date(2020, 1, 1))
    events.correct(make.SYSTEM, rina, changes={"marital": 2}, reason="Salah ketik", evidence="Akta 1")
    with pytest.raises(Invalid):
        events.record_death(make.SYSTEM, rina, on=date(2026, 11, 3), evidence="Akta 2")
    events.record_death(make.SYSTEM, rina, on=date(2026, 11, 3), new_head=budi, evidence="Akta 2")
    budi.refresh_from_db()
    assert (budi.relation, budi.marital) == (codes.HEAD, codes.WIDOWED)
    rina.refresh_from_db()
    assert rina.status == codes.DEAD
    agree(rina)
    agree(budi)
    with pytest.raises(Conflict):
        events.record_death(make.SYSTEM, rina, on=date(2026, 11, 3))


def test_a_correction_keeps_what_was_believed(rina: Person, clock_at: Any) -> None:
    before = clock.now()
    clock_at("2026-11-21 10:00")
    events.correct(make.SYSTEM, rina, changes={"born": date(1986, 8, 17)}, reason="Sesuai akta", evidence="Akta 3")
    assert register.stood(date(2020, 1, 1), ids=[rina.pk])[0].facts["born"] == date(1986, 8, 17)
    assert register.stood(date(2020, 1, 1), before, ids=[rina.pk])[0].facts["born"] == date(1985, 8, 17)
    agree(rina)


def test_a_late_event_goes_between(rina: Person, clock_at: Any) -> None:
    events.update(make.SYSTEM, rina, changes={"education": 8}, on=date(2022, 1, 1))
    clock_at("2026-11-21 10:00")
    events.update(make.SYSTEM, rina, changes={"occupation": 65, "education": 7}, on=date(2018, 1, 1))
    rina.refresh_from_db()
    assert (rina.education, rina.occupation) == (8, 65)
    assert register.stood(date(2019, 1, 1), ids=[rina.pk])[0].facts["education"] == 7
    agree(rina)


def test_an_undone_event_never_was_but_stays_readable(rina: Person, clock_at: Any) -> None:
    events.update(make.SYSTEM, rina, changes={"education": 8}, on=date(2022, 1, 1))
    wrong = Event.objects.get(person=rina, kind="update")
    clock_at("2026-11-21 10:00")
    events.undo_event(make.SYSTEM, rina, event=wrong, reason="Salah orang")
    rina.refresh_from_db()
    assert rina.education == 5
    agree(rina)
    assert Past.objects.filter(person=rina, education=8, replaced_at__isnull=False).exists()
    with pytest.raises(Conflict):
        events.undo_event(make.SYSTEM, rina, event=wrong, reason="Lagi")


def test_a_death_taken_back_reopens_the_family(rina: Person, clock_at: Any) -> None:
    events.record_death(make.SYSTEM, rina, on=date(2026, 11, 3))
    assert Family.objects.get(pk=rina.family_id).ended
    clock_at("2026-11-21 10:00")
    events.undo_event(make.SYSTEM, rina, event=Event.objects.get(person=rina, kind="death"), reason="Orang lain yang meninggal")
    rina.refresh_from_db()
    assert rina.status == codes.RESIDENT and not Family.objects.get(pk=rina.family_id).ended
    agree(rina)


def test_an_undone_birth_leaves_a_void_entry(rina: Person, clock_at: Any) -> None:
    child = events.record_birth(make.SYSTEM, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1))
    clock_at("2026-11-21 10:00")
    events.undo_event(make.SYSTEM, child, event=Event.objects.get(person=child), reason="Bukan di keluarga ini")
    child.refresh_from_db()
    assert child.status == codes.VOID
    agree(child)
    assert sum(shift.sign for shift in Shift.objects.all()) == 1  # Rina alone


def test_a_family_splits_moves_and_merges(rina: Person, places: dict[str, Any]) -> None:
    son = make.member(rina.family, "Andi Contoh", born=date(2000, 1, 1))
    other = families.split_family(make.SYSTEM, rina.family, members=[son], relations={son.pk: 1}, on=date(2026, 1, 1), place=make.rt(places, 2),
                                  address="Jalan Lain 2")
    son.refresh_from_db()
    assert (son.family, son.relation, son.place) == (other, codes.HEAD, make.rt(places, 2))
    families.move_family(make.SYSTEM, other, place=make.rt(places, 1, 2), address="Jalan Baru 3", on=date(2026, 2, 1))
    families.merge_families(make.SYSTEM, other, into=rina.family, relations={son.pk: 4}, on=date(2026, 3, 1))
    son.refresh_from_db()
    assert (son.family, son.relation) == (rina.family, codes.CHILD)
    assert Family.objects.get(pk=other.pk).ended
    agree(son)
    assert [one.facts["place"] for one in register.stood(date(2026, 2, 15), ids=[son.pk])] == [make.rt(places, 1, 2).pk]


def test_a_head_who_leaves_hands_over(rina: Person) -> None:
    son = make.member(rina.family, "Andi Contoh", born=date(2000, 1, 1))
    with pytest.raises(Invalid):
        families.move_out(make.SYSTEM, rina.family, members=[rina], on=date(2026, 1, 1), destination="Kota Lain", evidence="SKPWNI 2")
    families.move_out(make.SYSTEM, rina.family, members=[rina], on=date(2026, 1, 1), destination="Kota Lain", new_head=son, evidence="SKPWNI 2")
    son.refresh_from_db()
    rina.refresh_from_db()
    assert son.relation == codes.HEAD and rina.status == codes.MOVED
    agree(rina)


def test_a_head_steps_down_for_another(rina: Person) -> None:
    son = make.member(rina.family, "Andi Contoh", born=date(2000, 1, 1))
    families.change_head(make.SYSTEM, rina.family, head=son, relations={rina.pk: 7}, on=date(2026, 1, 1))
    rina.refresh_from_db()
    son.refresh_from_db()
    assert (rina.relation, son.relation) == (7, codes.HEAD)


def test_two_officials_at_once_the_second_is_told(rina: Person) -> None:
    seen = Family.objects.get(pk=rina.family_id).event
    events.record_birth(make.SYSTEM, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1), seen=seen)
    with pytest.raises(Conflict):
        events.record_birth(make.SYSTEM, rina.family, name="Upik Contoh", sex=2, born=date(2026, 11, 1), seen=seen)
    assert Person.objects.filter(born=date(2026, 11, 1)).count() == 1


def test_nobody_becomes_their_own_ancestor(rina: Person) -> None:
    daughter = make.member(rina.family, "Siti Contoh", sex=2, born=date(2003, 1, 1))
    events.record_parents(make.SYSTEM, daughter, kind="link", on=date(2020, 1, 1), mother=rina, evidence="Akta")
    with pytest.raises(Invalid):
        events.record_parents(make.SYSTEM, rina, kind="link", on=date(2020, 1, 1), mother=daughter, evidence="Akta")


def test_an_event_tells_the_house_without_naming_anybody(rina: Person) -> None:
    payloads = [json.dumps(row) for row in OutboxEvent.objects.filter(name="people.happened").values_list("payload", flat=True)]
    assert payloads and all("Rina" not in payload for payload in payloads)
