"""Ages, marks and tables: what the arithmetic of counting promises."""
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.registries.people.rules import codes, counting
from amanah.registries.people.rules.counting import ELEMENTARY, GROUPINGS, band, counted, latest_birth, mark, pack, unpack
from amanah.registries.people.rules.state import age

DAYS = st.dates(date(1905, 1, 1), date(2035, 12, 31))
STATES = st.fixed_dictionaries({
    "sex": st.sampled_from(list(codes.SEX)), "born": st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    **{name: st.sampled_from([None, *codes.LISTS[name]]) for name in codes.COUNTED}})


@pytest.mark.parametrize("name", GROUPINGS)
def test_every_offered_grouping_is_a_union_of_elementary_bands(name):
    assert set(GROUPINGS[name].firsts) <= set(ELEMENTARY)
    assert GROUPINGS[name].firsts[0] == 0


def test_bands_of_the_regulation():
    school = GROUPINGS["sekolah"]
    assert [band(years, school.firsts) for years in (0, 4, 5, 6, 7, 12, 13, 15, 16, 18, 19)] == [0, 0, 5, 5, 7, 7, 13, 13, 16, 16, 19]
    assert [school.label(first) for first in school.firsts] == ["0–4 (balita)", "5–6 (PAUD)", "7–12 (SD)", "13–15 (SMP)", "16–18 (SMA)", "19+"]
    assert GROUPINGS["anak"].label(18) == "18+" and GROUPINGS["ktp"].label(17) == "17+ (wajib KTP)"


@given(born=DAYS, on=DAYS, years=st.integers(0, 110))
def test_the_latest_birth_day_is_the_calendar_birthday(born, on, years):
    if on.year - years < 1:
        return
    assert (born <= latest_birth(years, on)) == (age(born, on) >= years)


def test_born_on_a_leap_day():
    born = date(2008, 2, 29)
    assert born > latest_birth(17, date(2025, 2, 28)) and born <= latest_birth(17, date(2025, 3, 1))
    assert latest_birth(1, date(2024, 2, 29)) == date(2023, 2, 28)


def test_a_mark_holds_every_code():
    assert sum(counting.BITS.values()) < 64
    for name in codes.COUNTED:
        assert max(codes.LISTS[name]) < 1 << counting.BITS[name]


@given(states=st.lists(STATES, max_size=40), on=DAYS, by=st.sampled_from([None, *codes.COUNTED]), grouping=st.sampled_from([None, *GROUPINGS]))
def test_a_table_counts_as_one_counts_by_hand(states, on, by, grouping):
    marks = unpack(pack(np.array([mark(state) for state in states], np.int64)))
    firsts = GROUPINGS[grouping].firsts if grouping else None
    table = counted(marks, None, [], by=(by,) if by else (), ages=firsts, on=on)
    by_hand: dict[tuple[object, ...], int] = {}
    for state in states:
        key = (state["sex"], *((band(age(state["born"], on), firsts),) if firsts else ()), *((state[by],) if by else ()))
        by_hand[key] = by_hand.get(key, 0) + 1
    names = ("sex", *(("age",) if firsts else ()), *((by,) if by else ()))
    got = table.along(*names)
    assert (got if len(names) > 1 else {(key,): n for key, n in got.items()}) == by_hand
    assert table.total == len(states)


@given(before=st.lists(st.integers(1, 9)), came=st.lists(st.integers(1, 9)), left=st.lists(st.integers(1, 9)))
def test_a_strip_changes_as_a_bag_does(before, came, left):
    there = sorted([*before, *came])
    missing = 0
    for one in left:
        if one in there:
            there.remove(one)
        else:
            missing += 1
    strip, wrong = counting.changed(np.array(before, np.int64), came, left)
    assert strip.tolist() == there and wrong == missing


def test_a_birthday_moves_somebody_without_anybody_writing():
    marks = np.array([mark({"sex": 1, "born": date(2010, 6, 1)})], np.int64)
    on = date(2026, 5, 31)
    assert [counted(marks, None, [], by=(), ages=ELEMENTARY, on=on + timedelta(days=n)).along("age") for n in (0, 1)] == [{15: 1}, {16: 1}]


def test_what_is_too_wide_or_unknown_is_refused():
    none = np.zeros(0, np.int64)
    with pytest.raises(ValueError, match="not counted"):
        counted(none, None, [], by=("name",), ages=None, on=date(2026, 1, 1))
    with pytest.raises(ValueError, match="too wide"):
        counted(none, none, [str(n) for n in range(5000)], by=("occupation", "education"), ages=ELEMENTARY, on=date(2026, 1, 1))


def test_the_same_counts_are_always_the_same_text():
    assert counting.canonical({"b": 1, "a": [1, 2]}) == '{"a":[1,2],"b":1}'
    assert counting.digest("x") == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # pragma: allowlist secret


@given(before=st.lists(STATES, min_size=1, max_size=12), after=st.lists(STATES, max_size=12), on=DAYS)
def test_a_table_after_changes_is_the_table_of_what_is_there_then(before, after, on):
    there, then = (np.array([mark(state) for state in states], np.int64) for states in (before, after))
    asked = {"by": ("religion",), "ages": ELEMENTARY, "on": on}
    table = counted(there, np.zeros(len(there), np.int64), ["a"], **asked)
    changes = np.concatenate([there, then])
    signs = np.concatenate([-np.ones(len(there), np.int64), np.ones(len(then), np.int64)])
    later = table.after(changes, signs, ["a"] * len(there) + ["b"] * len(then))
    fresh = counted(then, np.zeros(len(then), np.int64), ["b"], **asked)
    names = ("place", "sex", "age", "religion")
    assert later.along(*names) == fresh.along(*names) and table.total == len(before)
