"""stock(t1) = stock(t0) + births − deaths + in − out + other, for any territory, any time and any state of knowledge."""
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.registries.people.queries.flows import Flows, flows, flows_by
from amanah.registries.people.rules import codes
from amanah.registries.people.services import bulk
from amanah.registries.people.services.bulk import Card, Happening, Life

from .factories import SYSTEM, master, rt, territories
from .lives import FIRST, LAST, moment, town

pytestmark = pytest.mark.django_db
NOW = moment(LAST + timedelta(days=400))
DAYS = st.integers(-3, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))


@pytest.fixture
def now():
    with clock.fixed(NOW):
        yield


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), days=st.tuples(DAYS, DAYS).map(sorted), known=st.none() | DAYS)
def test_the_equation_holds_and_stocks_are_those_of_the_fold(now, seed, days, known):
    from django.db import transaction

    with transaction.atomic():
        some = town(seed, 25, territories())
        since, until = days
        known_at = moment(known, 20) if known else None
        for place in ("99.71", "99.71.01.1001", "99.71.01.1002.rw-aaaaaac"):
            found = flows(place, since, until, known_at)
            assert found.balanced, (place, found)
            assert found.stock0 == sum(some.count(since, known_at or NOW, place).values())
            assert found.stock1 == sum(some.count(until, known_at or NOW, place).values())
        for level in ("kecamatan", "kelurahan", "rw"):
            assert all(part.balanced for part in flows_by("99.71", level, since, until, known_at).values())
        transaction.set_rollback(True)


def written(*happenings: Happening) -> None:
    bulk.write([Card(1, "", happenings[0].changes["place"], "")], [Life(1, list(happenings))], source=master(), extract=None, actor=SYSTEM, fresh=False)


def whole(place: int, born: date) -> dict[str, object]:
    return {"status": codes.RESIDENT, "place": place, "family": 1, "relation": 4, "name": "Bayi Contoh", "sex": 1, "born": born}


def test_a_newborn_who_died_the_same_day_counts_as_born_and_as_dead(now):
    home, day = rt(territories()).pk, date(2024, 5, 5)
    written(Happening("birth", day, moment(day), whole(home, day)), Happening("death", day, moment(day, 8), {"status": codes.DEAD}))
    assert flows("99.71", date(2024, 5, 4), day) == Flows(date(2024, 5, 4), day, 0, 1, 1, 0, 0, 0, 0, 0)
    assert flows("99.71", day, date(2024, 5, 6)) == Flows(day, date(2024, 5, 6), 0, 0, 0, 0, 0, 0, 0, 0)


def test_a_move_inside_the_city_is_a_flow_of_the_kelurahan_only(now):
    places = territories()
    day = date(2024, 5, 5)
    written(Happening("register", date(2020, 2, 1), moment(date(2020, 2, 1)), whole(rt(places, 1).pk, date(1990, 1, 1))),
            Happening("move", day, moment(day), {"place": rt(places, 2).pk}), Happening("correction", day, moment(day, 9), {"place": rt(places, 2, 2).pk}))
    since = day - timedelta(days=1)
    parts = flows_by("99.71", "kelurahan", since, day)
    assert [(part.moved_in, part.moved_out, part.other_in) for part in parts.values()] == [(0, 1, 0), (1, 0, 0)]
    assert flows("99.71", since, day) == Flows(since, day, 1, 0, 0, 0, 0, 0, 0, 1)
    first = flows("99.71", date(2020, 1, 1), day)
    assert (first.other_in, first.moved_in) == (1, 0), "first registrations are shown, and are no arrivals"


def test_what_was_known_earlier_stays_as_it_was(now):
    places, day = territories(), date(2024, 5, 5)
    late = datetime(2024, 9, 1, tzinfo=UTC)
    written(Happening("register", date(2020, 2, 1), moment(date(2020, 2, 1)), whole(rt(places).pk, date(1990, 1, 1))),
            Happening("death", day, late, {"status": codes.DEAD}))
    since, until = date(2024, 4, 30), date(2024, 5, 31)
    assert flows("99.71", since, until, late - timedelta(days=1)).deaths == 0
    assert flows("99.71", since, until, late).deaths == 1 == flows("99.71", since, until).deaths


def test_days_in_the_wrong_order_or_to_come_are_refused(now):
    territories()
    for since, until in ((LAST, FIRST), (FIRST, LAST + timedelta(days=900))):
        with pytest.raises(Invalid):
            flows("99.71", since, until)
