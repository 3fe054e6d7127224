"""Keeping the strips true: counting anew, and folding in what changed since. Readers never wait for it: they add what is not folded yet."""
import time
from collections import defaultdict

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from amanah.foundation.kernel import clock

from ..models import Counting, Shift, Strip
from ..queries import marks
from ..rules import counting as rules

CHANGES = 50_000  # more shifts than this are not folded: counting anew is cheaper
STEP = 500        # rows a statement


def mark_stale() -> None:
    """Say, within the transaction of a large write, that no shifts were written for it. Until somebody counts anew, readers count for themselves."""
    if not Counting.objects.filter(pk=1).update(stale=True, edition=F("edition") + 1):
        Counting.objects.get_or_create(pk=1, defaults={"stale": True})


def recount() -> int:
    """Count the whole register anew by one statement; says how many residents there are, or -1 when writers overtook it (then just try again).

    The statement sees one state of the register, shifts included. Writers are not held up while it runs: only the result is written in a
    transaction, and only if nobody changed the strips or made them stale meanwhile.
    """
    edition = Counting.objects.get_or_create(pk=1)[0].edition
    found, shifts = marks.everybody()
    strips = {place: rules.pack(strip) for place, strip in found.items()}
    with transaction.atomic():
        if not _mine(edition):
            return -1
        there = dict(Strip.objects.values_list("place_id", "marks"))
        Strip.objects.filter(pk__in=there.keys() - strips.keys()).delete()
        _put({place: body for place, body in strips.items() if place not in there or bytes(there[place]) != body})
        _forget(shifts)
        # Never a number that was given before, not even in another database: by it processes know their kept answers.
        Counting.objects.filter(pk=1).update(stale=False, edition=max(edition + 1, time.time_ns()), counted_at=clock.now())
    return sum(map(len, found.values()))


def fold() -> int:
    """Bring the strips up to date with what was written since; says with how many shifts. Each shift is taken exactly once, also beside other folders.

    Counts anew instead when the strips are stale, when too much happened, or when somebody left who was never counted.
    """
    state = Counting.objects.filter(pk=1).first()
    if state is None or state.stale:
        return max(recount(), 0)
    with transaction.atomic():
        if not _mine(state.edition):
            return 0
        shifts = marks.pending(CHANGES + 1)
        if not shifts:
            return 0
        wrong = 0
        if len(shifts) <= CHANGES:
            came, left = defaultdict(list), defaultdict(list)
            for _pk, place, sign, mark in shifts:
                (came if sign > 0 else left)[place].append(mark)
            there = {}
            places = sorted({*came, *left})
            for start in range(0, len(places), STEP):
                there |= dict(Strip.objects.filter(pk__in=places[start:start + STEP]).values_list("place_id", "marks"))
            fresh = {}
            for place in places:
                strip, missing = rules.changed(rules.unpack(there[place]) if place in there else np.zeros(0, np.int64), came[place], left[place])
                fresh[place], wrong = rules.pack(strip), wrong + missing
            if not wrong:
                _put(fresh)
                _forget([shift[0] for shift in shifts])
        Counting.objects.filter(pk=1).update(stale=bool(wrong) or len(shifts) > CHANGES, edition=F("edition") + 1, counted_at=clock.now())
    return len(shifts)


def _mine(edition: int) -> bool:
    """Hold the counting row until the end of the transaction; False when somebody else counts, or counted since `edition`."""
    rows = Counting.objects.filter(pk=1, edition=edition)
    return (rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows).first() is not None


def _put(strips: dict[int, bytes]) -> None:
    Strip.objects.bulk_create([Strip(place_id=place, marks=body) for place, body in strips.items()], batch_size=STEP,
                              update_conflicts=True, unique_fields=["place"], update_fields=["marks"])


def _forget(shifts: list[int]) -> None:
    for start in range(0, len(shifts), STEP):
        Shift.objects.filter(pk__in=shifts[start:start + STEP]).delete()
