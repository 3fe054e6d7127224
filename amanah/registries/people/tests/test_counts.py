"""Counts are exact: now, after every event, folded or not, and on any day as known at any moment."""
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.registries.people.models import Counting, Person, Shift, Strip
from amanah.registries.people.queries.counts import table
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.counting import ELEMENTARY, GROUPINGS, band
from amanah.registries.people.rules.state import age
from amanah.registries.people.services import counting, recording
from amanah.registries.people.services.recording import Told

from .factories import SYSTEM, master, territories
from .lives import LAST, Town, moment, town

pytestmark = pytest.mark.django_db
CITY, KELURAHAN = "99.71", "99.71.01.1001"
NOW = moment(LAST + timedelta(days=400))


@pytest.fixture
def some() -> Town:
    with clock.fixed(NOW):
        yield town(7, 60, territories())


def by_hand(some: Town, on: date, known_at, by: str, inside: str = CITY):
    found = {}
    for state in some.states(on, known_at):
        if some.code_of[state["place"]].startswith(inside):
            key = (some.code_of[state["place"]][:13], state["sex"], band(age(state["born"], on)), state[by])
            found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.parametrize("inside", [CITY, KELURAHAN])
@pytest.mark.parametrize("folded", [True, False])
def test_the_current_table_is_what_one_counts_by_hand(some, inside, folded):
    if folded:
        counting.fold()
        assert not Counting.objects.get().stale and Strip.objects.exists()
    for name in ("religion", "occupation", "blood"):
        got = table(inside, by=name, level="kelurahan", ages="terinci").along("place", "sex", "age", name)
        assert got == by_hand(some, clock.today(), None, name, inside)


@pytest.mark.parametrize("days", [-1, 0, 300, 700, 1500, 2190])
@pytest.mark.parametrize("delay", [None, 0, 100, 900])
def test_any_day_as_known_at_any_moment(some, days, delay):
    on = date(2020, 1, 1) + timedelta(days=days)
    known_at = None if delay is None else moment(on, 23) + timedelta(days=delay)
    got = table(CITY, by="religion", level="kelurahan", ages="terinci", on=on, known_at=known_at).along("place", "sex", "age", "religion")
    assert got == by_hand(some, on, known_at, "religion")


def test_events_are_counted_at_once_and_folding_changes_no_figure(some):
    counting.fold()
    before = table(CITY, by="occupation", level="rw", ages="terinci")
    person = Person.objects.filter(status=codes.RESIDENT).exclude(occupation=9).order_by("id").first()
    with clock.fixed(NOW + timedelta(hours=1)):
        recording_told = Told(SYSTEM, master())
        _record(recording_told, "update", person, {"occupation": 9})
        seen = table(CITY, by="occupation", level="rw", ages="terinci")
        assert seen.total == before.total and seen.along("occupation").get(9, 0) == before.along("occupation").get(9, 0) + 1
        assert Shift.objects.count() == 2
        assert counting.fold() == 2 and not Shift.objects.exists() and counting.fold() == 0
        again = table(CITY, by="occupation", level="rw", ages="terinci")
        assert again.along("place", "sex", "age", "occupation") == seen.along("place", "sex", "age", "occupation")
        _record(recording_told, "death", person, {"status": codes.DEAD})
        assert table(CITY).total == before.total - 1
        counting.fold()
        assert table(CITY).total == before.total - 1 == sum(len(strip.marks) // 8 for strip in Strip.objects.all())


def _record(told, kind, person, changes):
    with _as_act():
        recording.record(told, kind, person, valid_from=clock.today(), changes=changes)


def _as_act():
    """Recording emits an event of the house, which only an act may; here it is nobody's deed."""
    from unittest.mock import patch

    return patch("amanah.registries.people.services.recording.emit")


def test_somebody_who_left_without_ever_being_counted_makes_the_strips_be_counted_anew(some):
    counting.fold()
    right = table(CITY).total
    home = Person.objects.filter(status=codes.RESIDENT).first()
    Shift.objects.create(sign=-1, place=home.place, sex=1, born=date(1901, 1, 1))
    counting.fold()
    assert Counting.objects.get().stale
    assert table(CITY).total == right, "readers count for themselves"
    counting.fold()
    assert not Counting.objects.get().stale and table(CITY).total == right and not Shift.objects.exists()


def test_a_recount_that_was_overtaken_leaves_everything_as_it_is(some, monkeypatch):
    whole = counting.marks.everybody

    def overtaken():
        found = whole()
        counting.mark_stale()
        return found

    monkeypatch.setattr(counting.marks, "everybody", overtaken)
    assert counting.recount() == -1 and Counting.objects.get().stale and not Strip.objects.exists()


def test_rw_is_known_for_some_only(some):
    counting.fold()
    places = table(CITY, level="rw").along("place")
    assert {len(code.split(".")) for code in places} == {4, 5}, "who lives in an unknown RW is counted under the kelurahan"
    assert sum(places.values()) == table(CITY).total


@pytest.mark.parametrize("wrong", [{"by": "name"}, {"level": "rt"}, {"ages": "tujuh"}, {"on": LAST + timedelta(days=4000)}])
def test_what_cannot_be_counted_is_refused(some, wrong):
    with pytest.raises(Invalid):
        table(CITY, **wrong)


def test_an_empty_register_has_a_table_too():
    territories()
    assert table(CITY, by="religion", level="kelurahan", ages="lima").along("place", "religion") == {}
    assert counting.recount() == 0 and table(CITY, level="rw").total == 0
    assert len(GROUPINGS["lima"].firsts) == 16 and ELEMENTARY[0] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_shifts_are_taken_once_also_by_several_folders_beside_writers():
    places = territories()
    home = next(place for place in places.values() if place.level == "rt")
    counting.recount()

    def write(number: int) -> int:
        try:
            for n in range(10):
                Shift.objects.create(sign=1, place=home, sex=1 + n % 2, born=date(1990 + number, 1, 1))
            return 0
        finally:
            connections.close_all()

    def fold(_n: int) -> int:
        try:
            return sum(counting.fold() for _turn in range(10))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        writers, folders = [pool.submit(write, n) for n in range(3)], [pool.submit(fold, n) for n in range(3)]
        assert sum(future.result() for future in [*writers, *folders]) + counting.fold() == 30
    assert connection.vendor == "postgresql"
    assert table(CITY).total == 30 and not Shift.objects.exists()
