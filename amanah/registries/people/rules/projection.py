"""From events to rows: which states the register holds as present and past, so that any day and any moment can be read without folding events. Pure.

A row is a state from `valid_from` on. While `closed_at` is None it is the present one. Closing it says until when it held and since when we know
that. A row that turns out never to have been so is replaced: it stays, for whoever asks what we believed then.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .state import State, Version


@dataclass(slots=True, eq=False)
class Row:
    """One state with its four times; see the module. `origin` is the stored row it stands for, if any."""

    valid_from: date
    event: int
    state: State
    recorded_at: datetime
    valid_until: date | None = None
    closed_at: datetime | None = None
    replaced_at: datetime | None = None
    origin: Any = None

    def visible(self, on: date, known_at: datetime) -> bool:
        """Whether this is the state of the day `on` as known at `known_at`."""
        if not (self.recorded_at <= known_at and self.valid_from <= on) or (self.replaced_at is not None and self.replaced_at <= known_at):
            return False
        if self.closed_at is None or known_at < self.closed_at:
            return True
        return self.valid_until is not None and on < self.valid_until


@dataclass(slots=True)
class Step:
    """What one moment does to the rows: `added` are new, `changed` were there."""

    added: list[Row]
    changed: list[Row]


def absorb(rows: Iterable[Row], versions: list[Version], now: datetime, same: Callable[[State, State], bool] = lambda a, b: a == b) -> Step:
    """Bring `rows` to the timeline `versions`, as of the moment `now`. The last version becomes the present row; without versions there is none.

    Rows that agree with the timeline stay untouched. `same` compares two states as far as rows hold them.
    """
    alive = [row for row in rows if row.replaced_at is None]
    added: list[Row] = []
    changed: list[Row] = []
    kept: set[int] = set()
    for version in versions:
        row = next((row for n, row in enumerate(alive) if n not in kept and row.event == version.event and row.valid_from == version.valid_from
                    and row.closed_at is not None and row.valid_until == version.valid_until and same(row.state, version.state)), None)
        present = next((row for n, row in enumerate(alive) if n not in kept and row.closed_at is None and row.event == version.event
                        and row.valid_from == version.valid_from and same(row.state, version.state)), None)
        if row is not None and version.valid_until is not None:
            kept.add(alive.index(row))
        elif present is not None:
            kept.add(alive.index(present))
            if version.valid_until is not None:  # it held until a day that we learn now
                present.valid_until, present.closed_at = version.valid_until, now
                changed.append(present)
        else:
            closed = None if version.valid_until is None else now
            added.append(Row(version.valid_from, version.event, version.state, now, version.valid_until, closed))
    for n, row in enumerate(alive):
        if n not in kept:
            row.replaced_at = now
            if row.closed_at is None:
                row.valid_until, row.closed_at = row.valid_from, now
            changed.append(row)
    return Step(added, changed)
