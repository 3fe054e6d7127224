"""How many residents there are: by place, sex, age and any code list, now or on any day, exact to the last event."""
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.registries.territory.rules import codes as territories

from ..rules import codes
from ..rules.counting import GROUPINGS, CountTable, counted
from . import marks as stored

LEVELS = ("kecamatan", "kelurahan", "rw")


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
        held = stored.held(place_code)
        if not held.stale:
            return _of_strips(held, lists, level, firsts, today)
    return _of_register(place_code, lists, level, firsts, on or today, known_at)


def _of_strips(held: stored.Held, lists: Sequence[str], level: str | None, firsts: Sequence[int] | None, today: date) -> CountTable:
    all_marks = [strip for _code, strip in held.strips] + [np.array([mark for _code, _sign, mark in held.shifts], np.int64)]
    signs = None
    if held.shifts:
        signs = np.ones(sum(map(len, all_marks)), np.int64)
        signs[-len(held.shifts):] = [sign for _code, sign, _mark in held.shifts]
    places, keys = None, []
    if level is not None:
        at = [_part(code, level) for code, _strip in held.strips]
        moved = [_part(code, level) for code, _sign, _mark in held.shifts]
        keys = sorted({*at, *moved})
        number = {code: n for n, code in enumerate(keys)}
        places = np.concatenate([np.repeat(np.array([number[code] for code in at], np.int64), [len(strip) for _code, strip in held.strips]),
                                 np.array([number[code] for code in moved], np.int64)])
    return counted(np.concatenate(all_marks), signs, places, keys, by=lists, ages=firsts, on=today)


def _of_register(territory: str, lists: Sequence[str], level: str | None, firsts: Sequence[int] | None, on: date, known_at: datetime | None) -> CountTable:
    """Counted from persons and their past: for days gone by, and when there are no strips to rely on."""
    marks, ids, code_of = stored.standing(territory, on, known_at, (*(("born",) if firsts is not None else ()), *lists))
    places, keys = None, []
    if level is not None:
        known, index = np.unique(ids, return_inverse=True)
        parts = [_part(code_of[place], level) for place in known.tolist()]
        keys = sorted(set(parts))
        number = {code: n for n, code in enumerate(keys)}
        places = np.array([number[part] for part in parts], np.int64)[index]
    return counted(marks, None, places, keys, by=lists, ages=firsts, on=on)


def _part(code: str, level: str) -> str:
    """The part of that level in which a place lies; itself when it is wider."""
    return territories.at_level(code, level) or code
