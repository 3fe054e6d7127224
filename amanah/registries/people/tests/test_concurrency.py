"""Several officials at one family at once, which only PostgreSQL can show: nothing is lost, nothing is half done."""
from datetime import date
from typing import Any

import pytest

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Conflict
from amanah.registries.people.models import Event, Family, Past, Person, Shift
from amanah.registries.people.queries.events import facts_of
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import COUNTS, as_of
from amanah.registries.people.services import events, families, recording
from tests.at_once import at_once

from . import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home() -> Family:
    family = make.family(make.rt(make.territories()))
    for n in range(4):
        make.member(family, f"Anak {n} Contoh", born=date(2001 + n, 1, 1))
    return Family.objects.get(pk=family.pk)


def test_births_written_at_once_from_one_screen_happen_once(home: Family) -> None:
    results = at_once(*(lambda n=n: events.record_birth(make.SYSTEM, home, name=f"Bayi {n} Contoh", sex=1, born=date(2026, 1, 1), seen=home.event)
                        for n in range(4)))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Conflict", "Person"]
    assert Person.objects.filter(born=date(2026, 1, 1)).count() == 1


def test_of_two_new_heads_one_remains(home: Family) -> None:
    children = list(Person.objects.filter(family=home, relation=codes.CHILD).order_by("pk"))
    results = at_once(*(lambda one=one: families.change_head(make.SYSTEM, home, head=one, on=date(2026, 1, 1)) for one in children))
    assert all(isinstance(result, Family | Conflict) for result in results)
    assert Person.objects.filter(family=home, relation=codes.HEAD, status=codes.RESIDENT).count() == 1
    for person in Person.objects.filter(family=home):
        told = as_of(facts_of(person.pk), clock.today(), clock.now())
        assert told is not None and {name: recording.state_of(person)[name] for name in COUNTS} == {name: told[name] for name in COUNTS}


def test_changes_of_one_person_by_many_at_once_are_all_kept(home: Family) -> None:
    child = Person.objects.filter(family=home, relation=codes.CHILD).earliest("pk")

    def change(n: int) -> Any:
        return events.update(make.SYSTEM, Person.objects.get(pk=child.pk), changes={"education": n}, on=date(2020, 1, n))

    results = at_once(*(lambda n=n: change(n) for n in range(2, 8)))
    assert not [result for result in results if isinstance(result, Exception)]
    assert Event.objects.filter(person=child, kind="update").count() == 6
    child.refresh_from_db()
    assert child.education == 7
    alive = Past.objects.filter(person=child, replaced_at=None).order_by("valid_from", "event")
    assert [row.education for row in alive] == [1, 2, 3, 4, 5, 6]


def test_families_that_join_each_other_at_once_do_not_lock_up(home: Family) -> None:
    other = make.family(make.rt({place.code: place for place in type(home.place).objects.all()}, 1, 2), head="Budi Contoh", sex=1)
    mine, theirs = (make.head_of(family) for family in (home, other))
    results = at_once(lambda: families.merge_families(make.SYSTEM, other, into=home, relations={theirs.pk: 9}, on=date(2026, 1, 1)),
                      lambda: families.merge_families(make.SYSTEM, home, into=other, relations={
                          person.pk: 9 for person in Person.objects.filter(family=home)}, on=date(2026, 1, 1)))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Family"]
    assert Person.objects.filter(status=codes.RESIDENT).count() == 6
    assert mine.pk != theirs.pk and sum(Shift.objects.values_list("sign", flat=True)) == 6
