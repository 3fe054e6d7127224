import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.logs import HIDDEN
from amanah.foundation.wires.rules import BODY_KEPT, PERSONAL, SECRET, Circuit, hide, kept_body, may_repeat, wait_before

SPELLINGS = st.sampled_from([str.lower, str.upper, str.title, lambda name: "_".join(name), lambda name: name[:2] + "-" + name[2:]])
names = st.builds(lambda name, spell: spell(name), st.sampled_from(sorted(PERSONAL | SECRET)), SPELLINGS)
plain = st.recursive(st.none() | st.booleans() | st.integers(-999, 999), lambda inner: st.lists(inner, max_size=3)
                     | st.dictionaries(st.sampled_from(["amount", "status", "items", "made"]), inner, max_size=3), max_leaves=8)
MARK = "Uni Rina Salsabila"
marked = st.sampled_from([MARK, {"first": MARK}, [MARK, 1], {"x": [{"y": MARK}]}])


@given(names, marked, plain)
def test_whatever_stands_under_a_personal_or_secret_name_is_not_kept(name, value, around):
    for body in ({name: value, "rest": around}, [{"deep": [{name: value}]}, around], {"data": {"inner": {name: value}}}):
        kept = kept_body(json.dumps(body).encode(), "application/json; charset=utf-8")
        assert "Rina" not in kept and HIDDEN in kept


@given(plain)
def test_what_is_harmless_is_kept_as_it_is(body):
    assert hide(body, PERSONAL | SECRET) == body


numbers = st.one_of(
    st.from_regex(r"\A13710[1-9][0-7][0-9]0[1-9][0-9]{2}0{3}[1-9]\Z"),
    st.from_regex(r"\A08[1-9][0-9]{8,9}\Z"), st.from_regex(r"\A\+628[1-9][0-9]{8}\Z"),
    st.from_regex(r"\A[a-z]{3,10}@[a-z]{3,10}\.id\Z"))


@given(numbers, st.sampled_from(["remark", "amount", "x"]), st.sampled_from(["", "Nomor: "]))
def test_numbers_of_persons_and_addresses_are_hidden_wherever_they_stand(number, name, before):
    values = [{name: before + number}, [before + number], {before + number: 1}]
    if number.isdecimal() and number[0] != "0":
        values.append({name: int(number)})
    for body in values:
        assert number not in kept_body(json.dumps(body).encode(), "application/json")


@given(st.binary(max_size=300), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/html", "image/png", "", "a" * 500]))
def test_any_bytes_give_a_bounded_text(content, kind):
    assert len(kept_body(content, kind)) <= BODY_KEPT


@given(st.lists(st.text(alphabet="ab ", max_size=500), min_size=30, max_size=60))
def test_long_bodies_are_cut(texts):
    assert len(kept_body(json.dumps({"items": texts}).encode(), "application/json")) <= BODY_KEPT


def test_a_body_that_breaks_off_is_not_kept_because_its_names_cannot_be_known():
    assert kept_body(b'{"nama": "Uni Rina", "amount": 1', "application/json") == "<application/json, 32 bytes>"
    assert kept_body(b'"Uni Rina"', "application/json") == "<application/json, 10 bytes>"
    assert kept_body(b"", "application/json") == ""


def test_deeper_than_twenty_levels_nothing_is_kept():
    body = "amount"
    for _ in range(40):
        body = [body]
    assert "amount" not in kept_body(json.dumps(body).encode(), "application/json")


def test_a_partners_own_personal_field_is_hidden_too():
    assert "Rina" not in kept_body(b'{"Cust-Nm": "Rina"}', "application/json", {"cust_nm"})


@pytest.mark.parametrize(("method", "key", "asked", "arrived", "expected"), [
    ("GET", "", None, True, True), ("PUT", "", None, True, True), ("DELETE", "", None, True, True), ("POST", "", None, True, False),
    ("PATCH", "", None, True, False), ("POST", "k", None, True, True), ("POST", "", None, False, True), ("GET", "", False, False, False),
    ("POST", "", True, True, True)])
def test_what_may_be_sent_again(method, key, asked, arrived, expected):
    assert may_repeat(method, idempotency_key=key, asked=asked, arrived=arrived) is expected


@given(st.integers(2, 10_000), st.floats(0, 1, exclude_max=True))
def test_waits_stay_between_half_and_all_of_the_agreed_time(attempt, chance):
    whole = min(0.5 * 2 ** min(attempt - 2, 16), 8.0)
    assert whole / 2 <= wait_before(attempt, chance) <= whole


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 5))
def test_the_circuit_opens_exactly_after_so_many_failures_in_a_row(ends, limit):
    circuit, row = Circuit(failures_to_open=limit, open_for=10), 0
    for moment, well in enumerate(ends):
        circuit = circuit.after_success() if well else circuit.after_failure(moment)
        row = 0 if well else row + 1
        assert circuit.closed(moment) is (row < limit)
    assert circuit.closed(len(ends) + 10)


def test_when_the_rest_is_over_one_tries_and_the_others_wait():
    circuit = Circuit(failures_to_open=1, open_for=10).after_failure(0)
    assert not circuit.closed(9.9) and circuit.closed(10)
    assert not circuit.after_trial(10).closed(11)
