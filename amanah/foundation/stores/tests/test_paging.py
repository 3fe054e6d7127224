from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.paging import Cursor, encode
from amanah.foundation.stores.paging import keyset

from .conftest import Place, Thing

pytestmark = pytest.mark.usefixtures("things")

START = datetime(2026, 1, 1, tzinfo=UTC)
small = st.integers(0, 2)
rows = st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3), st.none() | small, st.none() | small), max_size=25)
orders = st.lists(st.tuples(st.sampled_from(["rank", "day", "at", "place__name", "place_id", "kept"]), st.booleans()), min_size=1, max_size=4,
                  unique_by=lambda term: term[0]).map(lambda terms: [("-" if down else "") + name for name, down in terms])


def fill(contents):
    Thing.objects.all().delete()
    Place.objects.all().delete()
    places = [Place.objects.create(name=name) for name in "ba"] + [None]
    Thing.objects.bulk_create(
        Thing(name=str(n), rank=rank, day=None if day is None else date(2026, 1, 1 + day), at=None if hour is None else START + timedelta(hours=hour),
              place=None if place is None else places[place], kept=bool(n % 2))
        for n, (rank, day, hour, place) in enumerate(contents))


def expected(order):
    """The same order worked out in Python: empty values last whatever the direction, then the primary key."""
    things = list(Thing.objects.select_related("place").order_by("pk"))
    last = order[-1].startswith("-")
    things.sort(key=lambda thing: thing.pk, reverse=last)
    for name in reversed(order):
        path, down = name.lstrip("-"), name.startswith("-")

        def value(thing, path=path):
            return (thing.place.name if thing.place else None) if path == "place__name" else getattr(thing, path)

        full, empty = [t for t in things if value(t) is not None], [t for t in things if value(t) is None]
        things = sorted(full, key=value, reverse=down) + empty  # a stable sort, also when reversed
    return [thing.pk for thing in things]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, orders, st.integers(1, 7))
def test_walking_the_pages_visits_every_row_exactly_once_there_and_back(contents, order, size):
    fill(contents)
    queryset = Thing.objects.select_related("place")
    there, cursor, page = [], None, None
    while page is None or cursor:
        page = keyset(queryset, order=order, cursor=cursor, size=size)
        there += [row.pk for row in page.rows]
        cursor = page.next
    assert there == expected(order)

    back = [row.pk for row in page.rows]
    while page.previous:
        page = keyset(queryset, order=order, cursor=page.previous, size=size)
        back = [row.pk for row in page.rows] + back
    assert back == there


@pytest.fixture
def twenty(db):
    fill([(n % 4, n % 3, n % 2, n % 3) for n in range(20)])


def test_the_first_page_has_no_previous_and_the_last_no_next(twenty):
    first = keyset(Thing.objects, order=["id"], size=10)
    last = keyset(Thing.objects, order=["id"], cursor=first.next, size=10)
    assert (first.previous, last.next) == (None, None)
    assert first.next and last.previous and len(first.rows) == len(last.rows) == 10


def test_an_empty_list_is_one_empty_page(db, things):
    page = keyset(Thing.objects.none(), order=["rank"])
    assert (list(page.rows), page.next, page.previous) == ([], None, None)


def test_a_page_is_one_statement_without_offset_and_count(twenty):
    cursor = keyset(Thing.objects, order=["-rank", "id"], size=5).next
    with CaptureQueriesContext(connection) as statements:
        keyset(Thing.objects, order=["-rank", "id"], cursor=cursor, size=5)
    (statement,) = [query["sql"].upper() for query in statements]
    assert "OFFSET" not in statement and "COUNT(" not in statement


def test_rows_that_come_and_go_between_pages_neither_repeat_nor_hide_others(twenty):
    first = keyset(Thing.objects, order=["-id"], size=5)
    Thing.objects.create(name="newer")
    Thing.objects.filter(pk=first.rows[-1].pk).delete()
    second = keyset(Thing.objects, order=["-id"], cursor=first.next, size=5)
    assert [row.pk for row in second.rows] == [first.rows[-1].pk - n for n in range(1, 6)]


def test_values_and_annotations_can_be_paged_too(twenty):
    queryset = Thing.objects.annotate(known=Coalesce(F("day"), Value(date(1999, 1, 1)))).values("id", "known")
    seen, cursor = [], None
    for _ in range(5):
        page = keyset(queryset, order=["known"], cursor=cursor, size=4)
        seen += [row["id"] for row in page.rows]
        cursor = page.next
    assert cursor is None and len(set(seen)) == 20


def test_sizes_are_held_within_bounds(twenty):
    assert len(keyset(Thing.objects, order=["id"], size=0).rows) == 1
    assert keyset(Thing.objects, order=["id"], size=10_000).size == 100


@pytest.mark.parametrize("values", [("x", 1), (None, 1), (1, None), (1.5, 2), (True, 1)])
def test_a_cursor_with_values_of_another_kind_is_invalid(twenty, values):
    with pytest.raises(Invalid):
        keyset(Thing.objects, order=["rank", "id"], cursor=encode(Cursor(values), ["rank", "id"]))


@pytest.mark.parametrize(("name", "value"), [("at", date(2026, 1, 1)), ("day", START), ("token", "x"), ("day", 5)])
def test_a_cursor_with_a_neighbouring_kind_is_invalid(twenty, name, value):
    with pytest.raises(Invalid):
        keyset(Thing.objects, order=[name, "id"], cursor=encode(Cursor((value, 1)), [name, "id"]))


def test_a_key_beyond_every_integer_column_finds_nothing_and_breaks_nothing(twenty):
    cursor = encode(Cursor((10**30,)), ["id"])
    assert list(keyset(Thing.objects, order=["id"], cursor=cursor).rows) == []


def test_a_cursor_of_another_list_is_invalid(twenty):
    cursor = keyset(Thing.objects, order=["id"], size=2).next
    with pytest.raises(Invalid):
        keyset(Thing.objects, order=["-id"], cursor=cursor, size=2)
