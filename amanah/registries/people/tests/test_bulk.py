"""What bulk writing leaves must be what single events leave."""
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Conflict
from amanah.foundation.stores.models import Aside
from amanah.registries.people.models import Counting, Event, Family, Past, Person, Word
from amanah.registries.people.rules.state import SEALED, from_text
from amanah.registries.people.services import bulk, recording
from amanah.registries.people.services.bulk import Card, Happening, Life
from amanah.registries.people.services.recording import Told, enter, record

from .factories import SYSTEM, master, rt, territories

pytestmark = pytest.mark.django_db


def moment(day: int) -> datetime:
    return datetime(2020, 1, 1, 3, tzinfo=UTC) + timedelta(days=day)


def whole(place: int, **more: Any) -> dict[str, Any]:
    return {"status": 1, "place": place, "family": 1, "relation": 1, "name": "Rina Contoh", "sex": 2, "born": date(1990, 5, 17), "birthplace": "Padang",
            "religion": 1, "marital": 1, "nik": "9971015705909001", "mother_name": "Siti\tContoh \\ \"x\"", "phone": "+6281200000000", **more}


# Order of recording; the third is told late, the fourth changes nothing, the fifth holds from the day of the second.
def happenings(place: int, other: int) -> list[Happening]:
    return [
        Happening("register", date(2015, 1, 1), moment(0), whole(place)),
        Happening("move", date(2019, 6, 1), moment(10), {"place": other}),
        Happening("marriage", date(2017, 3, 3), moment(20), {"marital": 2}),
        Happening("confirm", date(2019, 6, 1), moment(25), {}),
        Happening("update", date(2019, 6, 1), moment(30), {"education": 8, "marital": 2}),
        Happening("death", date(2019, 12, 1), moment(40), {"status": 2}),
        Happening("correction", date(2015, 1, 1), moment(50), {"name": "Rina Wahyuni Contoh"}),
    ]


def tell(place: int, other: int) -> None:
    """Tell a life one by one."""
    family = Family.objects.create(place_id=place)
    told = Told(SYSTEM, master())
    first, *rest = happenings(place, other)
    with clock.fixed(first.recorded_at):
        person = enter(told, first.kind, valid_from=first.valid_from, state={**first.changes, "family": family.pk}, family=family)
    for one in rest:
        with clock.fixed(one.recorded_at):
            record(told, one.kind, Person.objects.get(pk=person.pk), valid_from=one.valid_from, changes=one.changes, family=family)


def picture(person: Person) -> Any:
    """Everything that the register holds of a person, with keys of events counted from the first and sealed texts opened."""
    first = Event.objects.filter(person=person).order_by("pk").values_list("pk", flat=True)[0]

    def plain(row: Any, *without: str) -> dict[str, Any]:
        found = {}
        for name in (field.attname for field in row._meta.concrete_fields if field.attname not in ("id", "person_id", "family_id", *without)):
            value = getattr(row, name)
            found[name] = (settings.SEAL.open(value, name) if name in SEALED and value is not None else bytes(value) if isinstance(value, memoryview)
                           else value - first if name == "event" else value)
        return found

    def changes(text: str) -> dict[str, Any]:
        return {name: settings.SEAL.open(value, name) if name in SEALED else value for name, value in from_text(text).items() if name != "family"}

    return (plain(person), sorted((plain(row) for row in Past.objects.filter(person=person)), key=str),
            [(plain(row, "changes"), changes(row.changes)) for row in Event.objects.filter(person=person).order_by("pk")])


def test_a_life_in_bulk_is_the_same_as_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "emit", lambda *args, **payload: None)  # nobody's deed
    places = territories()
    place, other = rt(places).pk, rt(places, 2).pk
    tell(place, other)
    single = Person.objects.get()
    by_one = picture(single)
    Person.objects.filter(pk=single.pk).update(nik_key=None)
    written = bulk.write([Card(1, "", place, "Jalan Contoh 1")], [Life(1, happenings(place, other))], source=master(), extract=None, actor=SYSTEM, fresh=False)
    assert (written.families, written.persons, written.events) == (1, 1, 7)
    in_bulk = Person.objects.get(pk=written.person_base + 1)
    assert picture(in_bulk) == by_one
    family = Family.objects.get(pk=written.family_base + 1)
    assert family.event == in_bulk.events.order_by("-pk").first().pk
    assert Counting.objects.get().stale
    assert set(Word.objects.values_list("word", flat=True)) >= set(in_bulk.search.split())


def test_a_first_load_sets_indexes_aside_and_puts_them_back() -> None:
    places = territories()
    place = rt(places).pk
    before = indexes()
    lives = [Life(n, [Happening("register", date(2015, 1, 1), moment(0), {**whole(place), "family": (n + 1) // 2, "relation": 1 if n % 2 else 3,
             "nik": f"9971015705{n:06}", "mother": n + 1 if n == 1 else None})]) for n in range(1, 9)]
    cards = [Card(n, f"9971010101{n:06}", place, "Jalan Contoh 1") for n in range(1, 5)]
    written = bulk.write(iter(cards), iter(lives), source=master(), extract=None, actor=SYSTEM, fresh=True)
    assert (written.persons, written.families, written.past) == (8, 4, 0)
    assert indexes() == before and not Aside.objects.exists()
    assert Person.objects.get(pk=written.person_base + 1).mother_id == written.person_base + 2
    later = Person.objects.create(status=1, place_id=place, sex=1, born=date(2020, 1, 1), valid_from=date(2020, 1, 1), recorded_at=moment(1), event=0,
                                  name="Budi Contoh", search="budi contoh")
    assert later.pk == written.person_base + 9
    with pytest.raises(Conflict):
        bulk.write([], [], source=master(), extract=None, actor=SYSTEM, fresh=True)


def indexes() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name LIKE 'people%%' ORDER BY name")
        else:
            cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'people%%'"
                           " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
        return cursor.fetchall()
