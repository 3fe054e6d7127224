"""How many residents there are: by place, sex, age and any code list, now or on any day, exact to the last event."""
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.registries.territory.rules import codes as territories

from ..rules import codes
from ..rules.counting import GROUPINGS, CountTable, Marks, counted
from . import marks as stored

LEVELS = ("kecamatan", "kelurahan", "rw")
KEPT_CELLS = 6_000_000  # of answers a process keeps: about 25 MB at most


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is kept with its answer."""

    place: str
    by: tuple[str, ...]
    level: str | None
    ages: tuple[int, ...] | None
    on: date

    def counted(self, marks: Marks, places: NDArray[np.int64] | None, keys: list[str]) -> CountTable:
        return counted(marks, places, keys, by=self.by, ages=self.ages, on=self.on)


# Answers of this process, the oldest first, each with the edition of the strips it was made of: what was asked before costs only what changed.
_kept: OrderedDict[Asked, tuple[int, CountTable]] = OrderedDict()
_keeping = threading.Lock()


def table(place_code: str, *, by: str | Sequence[str] | None = None, level: str | None = None, ages: str | Sequence[int] | None = None,
          on: date | None = None, known_at: datetime | None = None) -> CountTable:
    """The residents of a territory by sex and, as asked, by list or lists (`by`), by part of the territory (`level`) and by age (`ages`).

    `level`: kecamatan, kelurahan or rw; somebody whose RW is not known is counted under the kelurahan. `ages`: a name of
    rules.counting.GROUPINGS or the first years of the bands. `on`: the state of that day, as known at `known_at` (None: what is known now).
    Raises Invalid for a day after today, and for lists, levels and groupings that there are not.
    """
    lists = (by,) if isinstance(by, str) else tuple(by or ())
    if set(lists) - set(codes.COUNTED) or level not in (None, *LEVELS) or (isinstance(ages, str) and ages not in GROUPINGS):
        raise Invalid(_("Pembagian ini tidak ada. Pilih dari daftar."))
    today = clock.today()
    if on is not None and on > today:
        raise Invalid(_("Tanggal ini belum datang. Pilih hari ini atau sebelumnya."))
    firsts = GROUPINGS[ages].firsts if isinstance(ages, str) else ages
    if known_at is None and on in (None, today):
        asked = Asked(place_code, lists, level, tuple(firsts) if firsts is not None else None, today)
        edition, kept = _kept.get(asked, (None, None))
        held = stored.held(place_code, edition)
        if not held.stale:
            return _of_strips(asked, held, kept if held.edition == edition else None)
    return _of_register(place_code, lists, level, firsts, on or today, known_at)


def _of_strips(asked: Asked, held: stored.Held, kept: CountTable | None) -> CountTable:
    """The table of the strips, new or as kept, with what happened since added."""
    whole = kept
    if whole is None:
        at = [_part(code, asked.level) for code, _strip in held.strips]
        keys = sorted(set(at))
        number = {code: n for n, code in enumerate(keys)}
        sizes = [len(strip) for _code, strip in held.strips]
        places = np.repeat(np.array([number[code] for code in at], np.int64), sizes) if asked.level else None
        whole = asked.counted(np.concatenate([strip for _code, strip in held.strips] or [np.zeros(0, np.int64)]), places, keys)
        _keep(asked, held.edition, whole)
    if not held.shifts:
        return whole
    return whole.after(np.array([mark for _code, _sign, mark in held.shifts], np.int64), np.array([sign for _code, sign, _mark in held.shifts], np.int64),
                       [_part(code, asked.level) for code, _sign, _mark in held.shifts])


def _keep(asked: Asked, edition: int, whole: CountTable) -> None:
    whole.counts.setflags(write=False)  # many readers share it
    with _keeping:
        _kept[asked] = edition, whole
        _kept.move_to_end(asked)
        while _kept and sum(answer.counts.size for _edition, answer in _kept.values()) > KEPT_CELLS:
            _kept.popitem(last=False)


def _of_register(territory: str, lists: Sequence[str], level: str | None, firsts: Sequence[int] | None, on: date, known_at: datetime | None) -> CountTable:
    """Counted from persons and their past: for days gone by, and when there are no strips to rely on."""
    return arranged(stored.standing(territory, on, known_at, (*(("born",) if firsts is not None else ()), *lists)), level, lists, firsts, on)


def arranged(standing: stored.Standing, level: str | None, lists: Sequence[str], firsts: Sequence[int] | None, on: date) -> CountTable:
    """One table of those who stood in the register."""
    if level is None:
        return counted(standing.marks, None, [], by=lists, ages=firsts, on=on)
    # Territories are numbered from 1.
    parts = {place: _part(standing.code_of[place], level) for place in np.flatnonzero(np.bincount(standing.places)).tolist()}
    keys = sorted(set(parts.values()))
    number = {code: n for n, code in enumerate(keys)}
    position = np.zeros(max(parts, default=0) + 1, np.int64)
    for place, part in parts.items():
        position[place] = number[part]
    return counted(standing.marks, position[standing.places], keys, by=lists, ages=firsts, on=on)


def _part(code: str, level: str | None) -> str:
    """The part of that level in which a place lies; itself when it is wider."""
    if level is None:
        return ""
    return territories.at_level(code, level) or code
