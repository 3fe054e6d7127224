"""Comparing two entries: the same answer both ways, and the answers that an official would give."""
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.names import search_key
from amanah.registries.people.rules.matching import (
    LEVELS,
    MISSING,
    Entry,
    Rarity,
    compare_dates,
    compare_names,
    liken,
    near_dates,
    one_edit,
    reasons,
    shares,
    sound,
    spoken,
)
from amanah.registries.people.services.weights import shipped

RARITY = Rarity({"rina": 8.0, "contoh": 6.0, "rapa": 9.0, "rapi": 9.0, "muhamad": 4.0})
WORDS = st.sampled_from(["rina", "contoh", "rapa", "rapi", "muhamad", "m", "siti", "nurhayati", "nur", "hayati", "rijki", "riski", "yusup", "a"])
NAMES = st.lists(WORDS, min_size=0, max_size=4).map(" ".join)
DAYS = st.dates(date(1930, 1, 1), date(2026, 11, 22))
ENTRIES = st.builds(Entry, NAMES.filter(bool), DAYS, st.sampled_from([1, 2]), NAMES, NAMES, st.sampled_from(["", "padang", "solok", "solk"]),
                    st.sampled_from([None, 1, 2]), st.sampled_from(["", "99.71.01.1001.rw-a.rt-b", "99.71.01.1001.rw-c", "99.71.01.1002.rw-a"]), st.booleans(),
                    st.sampled_from([None, 7, 8]), st.sampled_from([None, 9]))
RINA = Entry("rina contoh", date(1985, 8, 17), 2, "siti aminah", "yusup", "padang", 1, "99.71.01.1001.rw-a.rt-b", True)


@given(NAMES, NAMES)
def test_names_compare_alike_both_ways(a, b):
    assert compare_names(a, b, RARITY) == compare_names(b, a, RARITY)


@given(NAMES.filter(bool))
def test_a_name_is_the_same_as_itself_in_any_order(name):
    turned = " ".join(reversed(name.split()))
    assert compare_names(name, turned, RARITY)[0] == "same"


@given(ENTRIES, ENTRIES)
def test_entries_compare_alike_both_ways(a, b):
    one, other = liken(a, b, shipped()), liken(b, a, shipped())
    assert one.levels == other.levels
    assert one.probability == pytest.approx(other.probability)
    assert 0.0 <= one.probability <= 1.0


@given(ENTRIES, ENTRIES)
def test_nobody_is_more_like_somebody_else_than_themselves(a, b):
    assert liken(a, replace(b, name="xyz", born=date(1900, 1, 31)), shipped()).against_chance <= liken(a, a, shipped()).against_chance


@given(DAYS, DAYS)
def test_dates_compare_alike_both_ways(a, b):
    assert compare_dates(a, b) == compare_dates(b, a)


@given(DAYS)
def test_near_dates_are_those_that_compare_as_near(born):
    near = near_dates(born)
    assert born in near and len(near) < 80
    assert {compare_dates(born, day) for day in near} <= {"same", "swapped", "digit"}


@given(WORDS, WORDS)
def test_what_is_spoken_alike_has_one_sound_or_is_short(a, b):
    assert one_edit(a, b) == one_edit(b, a)
    if spoken(a) == spoken(b) and min(len(a), len(b)) >= 3 and a[0] == b[0]:
        assert sound(a) == sound(b)


@pytest.mark.parametrize(("one", "other", "level"), [
    ("Rina Contoh", "CONTOH, RINA", "same"),
    ("Muhammad Rizki", "M. Rizky", "close"),
    ("Rizki Contoh", "Riski Contoh", "close"),
    ("Nur Hayati", "Nurhayati", "close"),
    ("Yusuf Contoh", "Jusuf Contoh", "same"),
    ("Rina Wahyuni Contoh", "Rina Contoh", "part"),
    ("Rina Wahyuni", "Rina W.", "part"),
    ("Rafa", "Rafi", "near"),
    ("Rina Contoh", "Rina Lain", "some"),
    ("Rina", "Budi", "none"),
    ("", "Rina", MISSING),
])
def test_names_as_people_write_them(one, other, level):
    assert compare_names(search_key(one), search_key(other), RARITY)[0] == level


@pytest.mark.parametrize(("one", "other", "level"), [
    (date(1985, 3, 8), date(1985, 3, 8), "same"), (date(1985, 3, 8), date(1985, 8, 3), "swapped"), (date(1985, 3, 8), date(1986, 3, 8), "digit"),
    (date(1985, 3, 8), date(1985, 3, 18), "digit"), (date(1985, 3, 8), date(1985, 3, 25), "part"), (date(1985, 3, 8), date(1960, 12, 1), "none")])
def test_dates_as_people_write_them(one, other, level):
    assert compare_dates(one, other) == level


def probability(**changes):
    return liken(RINA, replace(RINA, nik=False, **changes), shipped()).probability


def test_the_same_person_elsewhere_without_nik():
    assert probability(family=5, place="99.71.01.1002.rw-z") > 0.99
    assert probability(family=5, place="99.71.01.1002.rw-z", born=date(1985, 8, 18)) > 0.95
    assert probability(family=5, name="rina", mother="") > 0.5


def test_twins_sisters_namesakes_and_father_and_son_are_two_persons():
    twin = replace(RINA, name="rini contoh")
    assert liken(RINA, twin, shipped()).probability < 0.5
    assert liken(RINA, replace(RINA, name="dewi contoh", born=date(1987, 2, 3)), shipped()).probability < 0.01
    assert liken(RINA, replace(RINA, mother="dewi lestari", father="budi", family=9, place="99.71.01.1002.rw-z"), shipped()).probability < 0.5
    son = replace(RINA, sex=1, born=date(2010, 8, 17), mother="rina", father="adi", mother_id=4)
    assert liken(replace(RINA, sex=1), son, shipped()).probability < 0.01


def test_reasons_name_fields_and_levels_never_values():
    said = reasons(liken(RINA, replace(RINA, nik=False), shipped()))
    assert ["name", "same"] in said
    assert all(name in LEVELS and level in LEVELS[name] for name, level in said)


def test_shares_are_never_nought_and_lean_on_what_was_believed():
    seen = shares(["same"] * 100 + [MISSING] * 50, {"same": 0.5, "none": 0.5})
    assert seen["same"] > 0.8 and seen["none"] > 0
    assert shares([], {"same": 0.5, "none": 0.5}) == {"same": 0.5, "none": 0.5}
