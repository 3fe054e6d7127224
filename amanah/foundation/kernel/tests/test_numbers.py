from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.numbers import number, parse_number, parse_percent, percent, proportion

decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


def test_numbers_are_written_the_indonesian_way():
    assert number(Decimal("1234567.89")) == "1.234.567,89"
    assert [number(n) for n in (0, 947, 1284, -1284, 0.5, Decimal("67.98"))] == ["0", "947", "1.284", "-1.284", "0,5", "67,98"]
    assert [number(2.345, 2), number(2.5, 0), number(1234, 1)] == ["2,35", "3", "1.234,0"]


@pytest.mark.parametrize("endless", [float("nan"), float("inf"), Decimal("NaN")])
def test_only_finite_numbers_can_be_written(endless):
    with pytest.raises(ValueError, match="finite"):
        number(endless)


@given(decimals)
def test_what_is_written_is_read_back(value):
    assert parse_number(number(value, 2)) == value


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_read_back_with_and_without_points(value):
    assert parse_number(number(value)) == parse_number(str(value)) == value


@pytest.mark.parametrize(("text", "value"), [
    ("67,98", "67.98"), ("78.49", "78.49"), ("78.4", "78.4"), ("1.234.567,89", "1234567.89"), ("1,234,567.89", "1234567.89"), ("12.500", "12500"),
    ("12,500", "12.5"), ("0.125", "0.125"), ("0,5", "0.5"), ("1,234,567", "1234567"), (" 1 284 ", "1284"), ("-3,5", "-3.5"), ("−3", "-3"),
    ("+7", "7"),
    ("1.5000", "1.5"), ("100", "100"),
])
def test_both_decimal_styles_are_read(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", ",", ".", "1,", "1.", "1.23.456", "1.234.56", "12a", "1e5", "NaN", "1,2,3", "1.234,5,6", "1,2.345,6", "٣",
                                  "9" * 60,
                                  "1234.567.890", "67,98%"])
def test_anything_else_is_refused_with_the_field_named(text):
    with pytest.raises(Invalid) as caught:
        parse_number(text, field="nilai")
    assert caught.value.fields == ["nilai"]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    try:
        assert parse_number(text).is_finite()
    except Invalid as refusal:
        assert refusal.fields == ["number"]


def test_percentages():
    assert [percent(91), percent(Decimal("67.98"), 2), percent(70.25, 1)] == ["91%", "67,98%", "70,3%"]
    assert parse_percent("91%") == parse_percent(" 91 % ") == 91
    assert parse_percent("67,98 %") == parse_percent("67.98") == Decimal("67.98")


@pytest.mark.parametrize(("part", "whole", "text"), [
    (1168, 1284, "91% (1.168 dari 1.284)"), (0, 0, "0 dari 0"), (0, 9, "0% (0 dari 9)"), (9, 9, "100% (9 dari 9)"),
    (9999, 10000, "99% (9.999 dari 10.000)"), (1, 10000, "1% (1 dari 10.000)"),
])
def test_a_proportion_carries_its_counts_and_never_rounds_a_case_away(part, whole, text):
    assert proportion(part, whole) == text
