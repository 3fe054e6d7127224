from collections import defaultdict
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.outlets.rules import Period, hidden_cells

counts = st.lists(st.integers(0, 30), max_size=12)


def everything(cells):
    return [["all"] * len(cells)]


@given(counts, st.integers(5, 12))
def test_no_small_cell_is_shown_and_without_totals_nothing_else_is_hidden(cells, below):
    assert hidden_cells(cells, below=below) == {n for n, cell in enumerate(cells) if 0 < cell < below}


@given(counts)
def test_a_table_without_small_cells_is_published_whole(cells):
    assert hidden_cells([0 if cell < 5 else cell for cell in cells], everything(cells)) == frozenset()


@given(counts)
def test_subtraction_from_the_total_leaves_every_small_cell_in_its_whole_range(cells):
    hidden = hidden_cells(cells, everything(cells))
    inside = [cells[n] for n in hidden if cells[n]]
    total = sum(inside)
    shown_something = any(cell for n, cell in enumerate(cells) if n not in hidden)
    if inside and sum(cells) >= 5 and shown_something:
        assert len(inside) >= 2
        assert total - len(inside) + 1 >= 4  # the upper end of what any one of them can be
        assert max(inside) >= 5 or total - (len(inside) - 1) * 4 <= 1  # and the lower


@pytest.mark.parametrize(("length", "most"), [(2, 14), (3, 11), (4, 7)])
def test_not_even_a_reader_who_knows_the_rule_and_tries_every_table_learns_a_hidden_cell(length, most):
    possible = defaultdict(list)
    for cells in product(range(most + 1), repeat=length):
        hidden = hidden_cells(cells, everything(cells))
        if hidden and sum(cells) >= 5:
            possible[hidden, tuple(cell for n, cell in enumerate(cells) if n not in hidden), sum(cells)].append(cells)
    for (hidden, *_), tables in possible.items():
        assert all(len({table[n] for table in tables}) > 1 for n in hidden), tables


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 3), st.integers(0, 2)), max_size=14))
def test_with_crossed_totals_every_row_and_every_column_is_safe_or_hidden_whole(cells):
    numbers, rows, columns = [cell[0] for cell in cells], [cell[1] for cell in cells], [cell[2] for cell in cells]
    hidden = hidden_cells(numbers, [rows, columns])
    for grouping in (rows, columns):
        for name in set(grouping):
            group = [n for n in range(len(cells)) if grouping[n] == name]
            inside = [numbers[n] for n in group if n in hidden and numbers[n]]
            if inside and sum(numbers[n] for n in group) >= 5 and not hidden >= set(group):
                assert len(inside) >= 2 and sum(inside) - len(inside) + 1 >= 4


@given(counts, st.sets(st.integers(0, 11)))
def test_what_is_hidden_already_stays_hidden(cells, already):
    already = {n for n in already if n < len(cells)}
    assert hidden_cells(cells, everything(cells), hidden_already=already) >= already


@pytest.mark.parametrize(("cells", "hidden"), [
    ([3, 20, 7], {0, 2}), ([3, 20, 7, 7], {0, 2, 3}), ([20, 30, 0], set()), ([2, 0, 0], {0}), ([1, 4, 50], {0, 1}), ([4, 4, 50], {0, 1, 2}), ([], set()),
])
def test_the_smallest_other_cell_is_hidden_beside_a_small_one(cells, hidden):
    assert hidden_cells(cells, everything(cells)) == hidden


@pytest.mark.parametrize(("cells", "groupings", "complaint"), [([-1], [], "negative"), ([1, 2], [["a"]], "shorter")])
def test_nonsense_is_refused(cells, groupings, complaint):
    with pytest.raises(ValueError, match=complaint):
        hidden_cells(cells, groupings)


def test_periods():
    assert Period.month(2028, 2).last == date(2028, 2, 29)
    assert date(2026, 12, 31) in Period.year(2026) and date(2027, 1, 1) not in Period.year(2026)
    with pytest.raises(ValueError, match="ends"):
        Period(date(2026, 2, 1), date(2026, 1, 1))
