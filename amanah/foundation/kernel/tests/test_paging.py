import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.paging import Cursor, decode, encode, size_within

keys = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), st.uuids(), st.dates(),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60),
    st.decimals(allow_nan=False, allow_infinity=False), st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(keys, min_size=1, max_size=4), st.booleans())
def test_a_cursor_comes_back_as_it_was_made(values, backwards):
    order = [f"c{n}" for n in range(len(values))]
    back = decode(encode(Cursor(tuple(values), backwards), order), order)
    assert back == Cursor(tuple(values), backwards)
    assert [type(v) for v in back.values] == [type(v) for v in values]


@given(st.text(max_size=200))
def test_rubbish_is_invalid_and_nothing_else(text):
    with pytest.raises(Invalid) as caught:
        decode(text, ["id"])
    assert caught.value.fields == ["cursor"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
    st.sampled_from(["t", "d", "n", "u", "x"]), inner, max_size=2), max_leaves=8))
def test_well_formed_json_that_is_no_cursor_is_invalid(body):
    text = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    with pytest.raises(Invalid):
        decode(text, ["id"])


def forged(value: object, order: list[str]) -> str:
    honest = json.loads(base64.urlsafe_b64decode(encode(Cursor((1,)), order) + "=="))
    return base64.urlsafe_b64encode(json.dumps([*honest[:2], value]).encode()).decode().rstrip("=")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"n": "NaN"}, {"t": "2026-11-24T09:40:00"}, {"d": "kemarin"}, {"u": "x"}, {"x": "1"},
                                   [1], {"t": "2026-11-24T09:40:00+00:00", "d": "2026-11-24"}, "a\x00b", "\ud800", {}])
def test_forged_values_are_invalid(value):
    with pytest.raises(Invalid):
        decode(forged(value, ["id"]), ["id"])


def test_a_cursor_fits_only_the_order_it_was_made_for():
    cursor = encode(Cursor((1, 2)), ["-created_at", "id"])
    with pytest.raises(Invalid):
        decode(cursor, ["created_at", "id"])


def test_a_cursor_is_safe_in_an_address():
    moment = datetime(2026, 11, 24, tzinfo=timezone(timedelta(hours=7)))
    cursor = encode(Cursor((moment, date(2026, 1, 1), Decimal("1.5"), UUID(int=1), "é/+?&=")), list("abcde"))
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), float("nan")])
def test_a_key_that_cannot_be_compared_is_refused_when_the_cursor_is_made(value):
    with pytest.raises(ValueError, match=r"zone|finite"):
        encode(Cursor((value,)), ["x"])


def test_a_page_holds_between_one_and_a_hundred_rows():
    assert [size_within(n) for n in (-5, 0, 1, 50, 100, 10**6)] == [1, 1, 1, 50, 100, 100]
