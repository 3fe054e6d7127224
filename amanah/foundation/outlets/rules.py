"""Periods and readings of measures, and which cells of a published table must be hidden so that nobody can be singled out. Pure."""
import calendar
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

LEAST = 5  # persons or cases that a published cell must count (regulations: aggregate data, open data)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both counted. Raises ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after its first day")

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure. `of` names its group (a territory's code, an office's path, "2026-11"), "" the whole city.

    `value` is None where there is nothing to measure, which is not zero. `part` and `whole` are the counts behind a proportion: a page that
    shows the figure shows them too.
    """

    value: int | float | Decimal | None
    of: str = ""
    part: int | None = None
    whole: int | None = None


def hidden_cells(counts: Sequence[int], groupings: Iterable[Sequence[Hashable]] = (), *, below: int = LEAST,
                 hidden_already: Iterable[int] = ()) -> frozenset[int]:
    """The positions of the cells that must be hidden, those `hidden_already` for other reasons included.

    1. Every cell from 1 to `below` - 1 is hidden. A zero tells of nobody and stays.
    2. `groupings` says which totals are public besides: each names, cell by cell, the group whose sum is known; `["all"] * n` means the
       grand total. In every group more cells are hidden, the smallest first and equal ones together, until subtraction tells no more about
       a hidden cell than "under `below`". With m cells hidden that sum up to s, one of them is at most s - m + 1: that must reach
       `below` - 1. If all of them are small, one is at least s - (m - 1) x (`below` - 1): that must not exceed 1. Zeros go last.
    3. A group that sums up to less than `below` needs nothing of this: its total is itself a cell that is hidden wherever it stands.
    4. Hiding a cell for one group may undo another, so this repeats until every group is safe or hidden whole.

    Protects against subtraction within each grouping, but does not solve the equations of crossed totals together: so publish few totals,
    and never mark which of the hidden cells were the small ones.
    Raises ValueError for negative counts and groupings of another length.
    """
    if any(count < 0 for count in counts):
        raise ValueError("counts are not negative")
    groups: list[list[int]] = []
    for grouping in groupings:
        members: dict[Hashable, list[int]] = defaultdict(list)
        for position, name in zip(range(len(counts)), grouping, strict=True):
            members[name].append(position)
        groups += members.values()
    hidden = {*hidden_already, *(position for position, count in enumerate(counts) if 0 < count < below)}
    changed = True
    while changed:
        changed = False
        for group in groups:
            while more := _next_to_hide(counts, group, hidden, below):
                hidden.update(more)
                changed = True
    return frozenset(hidden)


def _next_to_hide(counts: Sequence[int], group: Sequence[int], hidden: set[int], below: int) -> list[int]:
    """The cells that must be hidden next in this group; empty when it is safe or nothing is left."""
    inside = [counts[position] for position in group if position in hidden and counts[position]]
    if not inside or sum(counts[position] for position in group) < below or _safe(inside, below):
        return []
    rest = [position for position in group if position not in hidden]
    nonzero = [position for position in rest if counts[position]]
    smallest = min((counts[position] for position in nonzero), default=0)
    return [position for position in nonzero if counts[position] == smallest] or rest[:1]


def _safe(inside: Sequence[int], below: int) -> bool:
    """Whether the sum of these hidden cells narrows none of them down further than to the range of small ones."""
    total, others, largest = sum(inside), len(inside) - 1, below - 1
    return others > 0 and total - others >= largest and (max(inside) >= below or total - others * largest <= 1)
