"""How residents are counted: age bands, one number that holds all that is counted of a resident, and tables made of such numbers. Pure.

A *mark* is sex, birth day and the code of every list, packed into one integer. The marks of the residents of one place make a *strip*. Every
table, for any lists and any grouping of ages on any day, is computed from strips; so nothing moves at midnight when somebody has a birthday.
"""
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import codes

Marks = NDArray[np.int64]
Key = str | int | None
MOST_CELLS = 20_000_000  # of one table: the widest of interest, RW × sex × age × occupation, has five million in a large city

# ---------------------------------------------------------------- ages

# First years of the elementary bands: five-year groups and the bands of regulations §8.3, each of which is a union of these. 17: identity card (KTP).
ELEMENTARY = (0, 1, 5, 7, 10, 13, 15, 16, 17, 18, 19, *range(20, 85, 5))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Ages cut into bands: `firsts` are their first years, the last one is open. `names` says what a band is called besides its years."""

    title: str
    firsts: tuple[int, ...]
    names: Mapping[int, str]

    def label(self, first: int) -> str:
        """"5–9", "75+", "5–6 (PAUD)"."""
        years = f"{first}+" if first == self.firsts[-1] else _years(first, self.firsts[self.firsts.index(first) + 1] - 1)
        return f"{years} ({self.names[first]})" if first in self.names else years


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


GROUPINGS: Mapping[str, Grouping] = {
    "lima": Grouping("Lima tahunan", tuple(range(0, 80, 5)), {}),
    "lima-80": Grouping("Lima tahunan sampai 80+", tuple(range(0, 85, 5)), {}),
    "sekolah": Grouping("Balita dan usia sekolah", (0, 5, 7, 13, 16, 19), {0: "balita", 5: "PAUD", 7: "SD", 13: "SMP", 16: "SMA"}),
    "anak": Grouping("Anak di bawah 18 tahun", (0, 18), {0: "anak"}),
    "anak-sekolah": Grouping("Anak menurut jenjang", (0, 5, 7, 13, 16, 18), {0: "balita", 5: "PAUD", 7: "SD", 13: "SMP", 16: "SMA"}),
    "ktp": Grouping("Usia wajib KTP", (0, 17), {17: "wajib KTP"}),
    "kerja": Grouping("Usia kerja", (0, 15, 65), {15: "usia kerja"}),
    "lansia": Grouping("Lanjut usia", (0, 60), {60: "lansia"}),
    "terinci": Grouping("Semua batas umur", ELEMENTARY, {}),
}


def band(age: int, firsts: Sequence[int] = ELEMENTARY) -> int:
    """The first year of the band that an age falls into."""
    return max(first for first in firsts if first <= max(age, 0))


def latest_birth(age: int, on: date) -> date:
    """The last day on which somebody was born who has completed `age` years on the day `on`; the same calendar as `state.age`."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, and that year had none
        return date(on.year - age, 2, 28)


# ---------------------------------------------------------------- marks

EPOCH = date(1800, 1, 1)
# From the lowest bit: name and bits. The birth day stands highest, so that a sorted strip is sorted by age.
LAYOUT = (("sex", 2), ("religion", 5), ("marital", 4), ("education", 5), ("occupation", 8), ("relation", 5), ("blood", 5), ("citizenship", 4),
          ("disability", 4), ("born", 17))
BITS = dict(LAYOUT)
SHIFT = {name: sum(bits for _name, bits in LAYOUT[:place]) for place, (name, _bits) in enumerate(LAYOUT)}
_DAYS = 1 << BITS["born"]


def day_number(day: date) -> int:
    """Days since the epoch, kept within what a mark can hold (to the year 2158)."""
    return min(max((day - EPOCH).days, 0), _DAYS - 1)


def mark(state: Mapping[str, Any]) -> int:
    """The mark of a state: keys sex, born and the counted lists; a code that is not known counts as 0."""
    return sum((day_number(state["born"]) if name == "born" else state.get(name) or 0) << SHIFT[name] for name, _bits in LAYOUT)


def unpack(strip: bytes | memoryview) -> Marks:
    return np.frombuffer(strip, "<i8").astype(np.int64, copy=False)


def pack(marks: Marks) -> bytes:
    return np.sort(marks).astype("<i8", copy=False).tobytes()


def changed(strip: Marks, came: Iterable[int], left: Iterable[int]) -> tuple[Marks, int]:
    """A strip after some came and some left, and how many of those who left were not in it (there should be none)."""
    arrived, gone = np.fromiter(came, np.int64), np.fromiter(left, np.int64)
    values, place = np.unique(np.concatenate([strip, arrived, gone]), return_inverse=True)
    ours = len(strip) + len(arrived)
    counts = np.bincount(place[:ours], minlength=len(values)) - np.bincount(place[ours:], minlength=len(values))
    return np.repeat(values, np.maximum(counts, 0)), int(-counts[counts < 0].sum())


# ---------------------------------------------------------------- tables

@dataclass(frozen=True, slots=True)
class CountTable:
    """Residents by place (if asked), sex, age (if asked) and lists. `axes` names each side of `counts` and the keys along it.

    Keys: codes of territories, 1 and 2 for sex, first years of bands, codes of lists with None for "not stated".
    """

    axes: Mapping[str, tuple[Key, ...]]
    counts: NDArray[np.int32]
    on: date

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def after(self, marks: Marks, signs: NDArray[np.int64], places: Sequence[Key]) -> "CountTable":
        """This table after some came (+1) and some left (-1), with their places one by one (as along the axis; not looked at without one).

        Places that the table does not have yet are added. Costs a copy of the table, however many there are in it.
        """
        axes, counts = dict(self.axes), self.counts
        at: NDArray[np.int64] | None = None
        if "place" in axes:
            if new := set(places) - set(axes["place"]):
                axes["place"] = (*axes["place"], *sorted(new, key=str))
                counts = np.concatenate([counts, np.zeros((len(new), *counts.shape[1:]), counts.dtype)])
            number = {key: n for n, key in enumerate(axes["place"])}
            at = np.array([number[place] for place in places], np.int64)
        counts = counts.copy()
        np.add.at(counts.reshape(-1), _positions(marks, at, axes, self.on), signs.astype(counts.dtype))
        return CountTable(axes, counts, self.on)

    def along(self, *names: str) -> dict[Any, int]:
        """The counts along some axes, summed over the others, without zeros: keys as they are for one axis, tuples of keys for several."""
        order = list(self.axes)
        summed = self.counts.sum(axis=tuple(n for n, name in enumerate(order) if name not in names))
        kept = [name for name in order if name in names]
        summed = summed.transpose([kept.index(name) for name in names])
        keys = [self.axes[name] for name in names]
        found = np.nonzero(summed)
        values = summed[found].tolist()
        if len(names) == 1:
            return {keys[0][n]: value for n, value in zip(found[0].tolist(), values, strict=True)}
        rows = zip(*(dim.tolist() for dim in found), strict=True)
        return {tuple(keys[n][i] for n, i in enumerate(row)): value for row, value in zip(rows, values, strict=True)}


def counted(marks: Marks, places: NDArray[np.int64] | None, place_keys: Sequence[Key], *, by: Sequence[str], ages: Sequence[int] | None,
            on: date) -> CountTable:
    """A table of marks. `places` gives for each mark the position of its place in `place_keys`; None: no places are told apart.

    Raises ValueError for an unknown list and for a table of more than `MOST_CELLS` cells.
    """
    if unknown := [name for name in by if name not in codes.COUNTED]:
        raise ValueError(f"not counted: {unknown}")
    axes: dict[str, tuple[Key, ...]] = {} if places is None else {"place": tuple(place_keys)}
    axes["sex"] = tuple(codes.SEX)
    if ages is not None:
        axes["age"] = tuple(ages)
    axes |= {name: (None, *codes.LISTS[name]) for name in by}
    shape = tuple(len(keys) for keys in axes.values())
    if prod(shape) > MOST_CELLS:
        raise ValueError(f"a table of {shape} is too wide")
    counts = np.bincount(_positions(marks, places, axes, on), minlength=prod(shape)).astype(np.int32)
    return CountTable(axes, counts.reshape(shape), on)


def _positions(marks: Marks, places: NDArray[np.int64] | None, axes: Mapping[str, tuple[Key, ...]], on: date) -> NDArray[np.int64]:
    """Where each mark is counted in the flat table of these axes."""
    index = np.zeros(len(marks), np.int64) if places is None else places.astype(np.int64, copy=False)
    for name, keys in axes.items():
        if name == "place":
            continue
        if name == "sex":
            part = ((marks >> SHIFT["sex"]) & 3) - 1
        elif name == "age":
            part = _bands([int(first) for first in keys if first is not None], on)[marks >> SHIFT["born"]]
        else:
            part = _place_of(name)[(marks >> SHIFT[name]) & ((1 << BITS[name]) - 1)]
        index = index * len(keys) + part
    return index


def _bands(firsts: Sequence[int], on: date) -> NDArray[np.int64]:
    """For every birth day the position of its band."""
    found = np.zeros(_DAYS, np.int64)
    for position, first in enumerate(firsts):
        if position:
            found[:day_number(latest_birth(first, on)) + 1] = position
    return found


def _place_of(name: str) -> NDArray[np.int64]:
    """For every code of a list its position along the axis; 0 for "not stated"."""
    found = np.zeros(1 << BITS[name], np.int64)
    for position, code in enumerate(codes.LISTS[name], 1):
        found[code] = position
    return found


# ---------------------------------------------------------------- frozen positions

def canonical(body: Mapping[str, Any]) -> str:
    """The one way in which a position is written: JSON with sorted keys and no spaces."""
    return json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
