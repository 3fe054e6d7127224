"""Asking what was offered: a measure's value, a dataset as the public may see it."""
import logging
import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction

from amanah.foundation.kernel import clock
from amanah.foundation.outlets.offers import Column, Dataset, Kind, Measure, measure
from amanah.foundation.outlets.rules import Period, Reading, hidden_cells

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Value:
    """What came of asking a measure. "failed" has no readings and is never shown as zero; "empty" means that there was nothing to measure."""

    measure: Measure
    period: Period
    by: str | None
    status: Literal["ok", "empty", "failed"]
    readings: tuple[Reading, ...]
    at: datetime

    @property
    def city(self) -> Reading | None:
        """The reading for the whole city, if this is what was asked and it came."""
        return next((reading for reading in self.readings if reading.of == ""), None)


def read(what: Measure | str, period: Period, by: str | None = None) -> Value:
    """Ask a measure for a period, for the whole city or `by` one of its groups.

    Whatever goes wrong inside the measure is logged and comes back as "failed": one broken figure must not take the page with it, nor pass
    for a zero. What it did to the database is undone. Raises NotFound for an unknown name, ValueError for a group it does not know.
    """
    asked = measure(what) if isinstance(what, str) else what
    if by is not None and by not in asked.per:
        raise ValueError(f"{asked.name} is not measured per {by}; it knows {asked.per}")
    try:
        with transaction.atomic():
            readings = tuple(asked.compute(period, by))
        for reading in readings:
            _refuse_nonsense(reading)
    except Exception:  # a room's own mistake, of any kind
        log.exception("measure %s failed", asked.name)
        return Value(asked, period, by, "failed", (), clock.now())
    known = any(reading.value is not None for reading in readings)
    return Value(asked, period, by, "ok" if known else "empty", readings, clock.now())


def _refuse_nonsense(reading: Reading) -> None:
    if not isinstance(reading, Reading):
        raise TypeError(f"a measure yields readings, not {type(reading).__name__}")
    if isinstance(reading.value, float | Decimal) and not math.isfinite(reading.value):
        raise ValueError(f"the reading of {reading.of!r} is not a finite number")


@dataclass(frozen=True, slots=True)
class PublicColumn:
    name: str
    kind: Kind
    described: Column


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A dataset as it may leave the house. A hidden figure is None; which of the hidden ones were the small ones is not told."""

    columns: tuple[PublicColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    rows_hidden: int
    at: datetime


def published(dataset: Dataset) -> PublicTable:
    """The rows of a dataset with the figures hidden that could point to somebody.

    If one count of a row is hidden, all its figures are: a share or a second count would give it away. Rows are held in memory: these are tables
    of groups, not of cases. What the room's own `rows` raises is passed on, so that nothing half is published.
    """
    columns = tuple(PublicColumn(name, dataset.kind(name), described) for name, described in dataset.described().items())
    rows = list(dataset.rows())
    groupings = [[tuple(getattr(row, key) for key in total) for row in rows] for total in dataset.totals]
    hidden: frozenset[int] = frozenset()
    while True:
        more = hidden
        for count in dataset.counts:
            numbers = [getattr(row, count) or 0 for row in rows]
            more = hidden_cells(numbers, groupings, below=dataset.suppress_below, hidden_already=more)
        if more == hidden:
            break
        hidden = more
    public = tuple(
        tuple(None if position in hidden and each.kind != "key" else getattr(row, each.name) for each in columns)
        for position, row in enumerate(rows))
    return PublicTable(columns, public, len(hidden), clock.now())
