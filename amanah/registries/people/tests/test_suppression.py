"""Small figures stay hidden, also from those who can subtract."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanah.registries.people.rules.suppression import hidden

CODES, SEXES, PARTS = ("a", "b", "c"), (1, 2), {"kota": ("barat", "timur"), "barat": ("b1", "b2"), "timur": ("t1", "t2", "t3")}
LEAVES = [(part, code, sex) for part in ("b1", "b2", "t1", "t2", "t3") for code in CODES for sex in SEXES]


def system(counts):
    """All totals of a small city: by sex, by code, by territory; and the sums that join them."""
    counts, sums = dict(counts), []

    def total(key, parts):
        counts[key] = sum(counts[part] for part in parts)
        sums.append((key, parts))

    for whole in ("barat", "timur", "kota"):
        for code in CODES:
            for sex in SEXES:
                total((whole, code, sex), [(part, code, sex) for part in PARTS[whole]])
    places = [*PARTS, *(part for parts in PARTS.values() for part in parts if part not in PARTS)]
    for place in places:
        for sex in SEXES:
            total((place, "", sex), [(place, code, sex) for code in CODES])
        for code in CODES:
            total((place, code, 0), [(place, code, sex) for sex in SEXES])
        total((place, "", 0), [(place, code, 0) for code in CODES])
        sums.append(((place, "", 0), [(place, "", sex) for sex in SEXES]))
    for whole, parts in PARTS.items():
        sums += [((whole, code, sex), [(part, code, sex) for part in parts]) for code in ("", *CODES) for sex in (0, *SEXES) if sex == 0 or code == ""]
    return counts, sums


FIGURES = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 300)), min_size=len(LEAVES), max_size=len(LEAVES))


@settings(max_examples=150, deadline=None)
@given(figures=FIGURES)
def test_no_hidden_figure_can_be_computed_sum_by_sum(figures):
    counts, sums = system(zip(LEAVES, figures, strict=True))
    unknown = hidden(counts, sums)
    assert {key for key, count in counts.items() if 0 < count < 5} <= unknown
    told = set(unknown)
    again = True
    while again:  # whoever subtracts, in whatever order
        again = False
        for total, parts in sums:
            missing = [key for key in (total, *parts) if key in told]
            if len(missing) == 1:
                told.discard(missing[0])
                again = True
    assert told == unknown


@settings(max_examples=100, deadline=None)
@given(figures=st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_the_sum_of_the_hidden_narrows_none_down(figures):
    counts = dict(enumerate(figures)) | {"all": sum(figures)}
    unknown = hidden(counts, [("all", range(len(figures)))])
    inside = [figures[n] for n in range(len(figures)) if n in unknown]
    if inside and "all" not in unknown and any(0 < figure < 5 for figure in figures):
        assert len(inside) > 1
        ours = [figure for figure in inside if figure]
        if len(ours) == len(inside):  # without a zero for cover
            assert sum(ours) - (len(ours) - 1) >= 4


def test_large_tables_stay_whole_and_wrong_ones_are_refused():
    counts, sums = system(dict.fromkeys(LEAVES, 100))
    assert hidden(counts, sums) == set()
    with pytest.raises(ValueError, match="not the sum"):
        hidden({1: 2, 2: 3}, [(1, [2])])


def test_a_small_cell_takes_another_with_it():
    assert hidden({"a": 2, "b": 60, "c": 80, "all": 142}, [("all", ("a", "b", "c"))]) == {"a", "b"}
    assert hidden({"a": 2, "b": 0, "all": 2}, [("all", ("a", "b"))]) >= {"a", "all"}
