import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.stores.bulk import load

from .conftest import Colour, Place, Thing

pytestmark = [pytest.mark.usefixtures("things"), pytest.mark.django_db]

FIELDS = ("name", "rank", "weight", "colour", "details", "day", "at", "seal", "kept")
printable = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(st.none() | st.booleans() | st.integers(-(2**31), 2**31) | printable, lambda inner: st.lists(inner, max_size=3)
                           | st.dictionaries(printable, inner, max_size=3), max_leaves=5)
row = st.tuples(
    printable, st.integers(-(2**31), 2**31 - 1),
    st.none() | st.decimals(-(10**8), 10**8, places=3),
    st.sampled_from(Colour), json_values.filter(lambda value: value is not None),
    st.none() | st.dates(), st.none() | st.datetimes(timezones=st.just(UTC)), st.none() | st.binary(max_size=20), st.booleans())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(row, max_size=12), st.integers(1, 5))
def test_what_was_loaded_is_what_save_would_have_stored(rows, batch):
    Thing.objects.all().delete()
    Thing.objects.bulk_create(Thing(**dict(zip(FIELDS, values, strict=True))) for values in rows)
    saved = list(Thing.objects.order_by("pk").values(*FIELDS))
    Thing.objects.all().delete()
    assert load(Thing, FIELDS, iter(rows), batch=batch) == len(rows)
    assert list(Thing.objects.order_by("pk").values(*FIELDS)) == saved


def test_fields_not_named_get_their_defaults():
    load(Thing, ["name"], [["a"]])
    thing = Thing.objects.get()
    assert (thing.rank, thing.colour, thing.details, thing.kept, thing.day, thing.place_id) == (7, "merah", {}, False, None, None)


def test_keys_and_foreign_keys_are_loaded_and_numbering_goes_on_after_them():
    load(Place, ["id", "name"], [(41, "satu"), (42, "dua")])
    load(Thing, ["name", "place_id", "token"], [("x", 42, UUID(int=5))])
    assert Thing.objects.get(place__name="dua").token == UUID(int=5)
    assert Place.objects.create(name="tiga").pk == 43


def test_a_text_that_is_too_long_is_refused_on_both_databases_with_row_and_field():
    with pytest.raises(Invalid) as caught:
        load(Place, ["name"], (["x" * n] for n in (3, 40, 41)))
    assert caught.value.fields == ["name"] and "Baris 3" in caught.value.details["name"]
    assert Place.objects.count() == 0


@pytest.mark.parametrize(("field", "value"), [("day", "kemarin"), ("rank", "tujuh"), ("weight", "berat"), ("at", "x"), ("token", "x")])
def test_a_value_of_the_wrong_kind_is_refused_with_row_and_field(field, value):
    with pytest.raises(Invalid) as caught:
        load(Thing, ["name", field], [("a", None if field != "rank" else 1), ("b", value)])
    assert "Baris 2" in caught.value.details[field] and str(value) not in caught.value.details[field]


def test_the_count_of_rows_goes_on_over_batches_in_the_complaint():
    with pytest.raises(Invalid) as caught:
        load(Thing, ["rank"], ([n if n < 7 else "x"] for n in range(10)), batch=3)
    assert "Baris 8" in caught.value.details["rank"]


def test_a_row_of_the_wrong_width_is_refused():
    with pytest.raises(Invalid) as caught:
        load(Place, ["name"], [("a",), ("b", "c")])
    assert "Baris 2" in caught.value.details["row"]


def test_a_field_that_must_have_a_value_is_asked_for_before_anything_is_read():
    def never():
        raise AssertionError("read")
        yield

    needy = type("Needy", (models.Model,), {"__module__": __name__, "amount": models.IntegerField(), "Meta": type("Meta", (), {
        "app_label": "stores_tests", "apps": Thing._meta.apps})})
    with pytest.raises(ValueError, match="needs a value for: amount"):
        load(needy, [], never())


def test_it_is_all_or_nothing_and_leaves_the_callers_transaction_usable():
    token = UUID(int=1)
    load(Thing, ["name"], [["lebih dulu"]])
    with pytest.raises(IntegrityError), transaction.atomic():
        load(Thing, ["name", "token"], [("a", token), ("b", None), ("c", token)], batch=1)
    assert list(Thing.objects.values_list("name", flat=True)) == ["lebih dulu"]


def test_the_caller_can_take_everything_back():
    class Back(Exception):
        pass

    with pytest.raises(Back), transaction.atomic():
        load(Thing, ["name"], [["a"]])
        raise Back
    assert not Thing.objects.exists()


def test_the_source_may_read_the_same_database():
    load(Place, ["name"], [[f"p{n}"] for n in range(10)])
    source = ((Place.objects.get(name=f"p{n}").name,) for n in range(10))
    assert load(Thing, ["name"], source, batch=3) == 10


def test_memory_stays_within_a_batch():
    def rows():
        for n in range(6_000):
            yield (f"baris {n} " + "x" * 40, n)

    load(Thing, ["name", "rank"], rows(), batch=200)
    tracemalloc.start()
    load(Thing, ["name", "rank"], rows(), batch=200)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 800_000, peak
    assert Thing.objects.count() == 12_000


def test_nothing_is_loaded_from_nothing():
    assert load(Thing, ["name"], []) == 0


def test_dates_and_moments_come_back_with_their_kind():
    moment = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)
    load(Thing, ["name", "day", "at", "weight"], [("a", date(2026, 11, 24), moment, Decimal("1.250"))])
    thing = Thing.objects.get()
    assert (thing.day, thing.at, thing.weight) == (date(2026, 11, 24), moment, Decimal("1.25"))
