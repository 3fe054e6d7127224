"""What made the number of residents change: births, deaths, moves, and what is none of these, between two days.

A version of a person's state begins on a day, by an event. Who is counted in a territory after it and was not before came; who was and is not left;
the kind of the event says how. Because versions follow one another without a gap, what stood at first, what came and what left always add up to what
stood in the end: stock(t1) = stock(t0) + births − deaths + moved in − moved out + other. Regulations §6.4.
"""
# ruff: noqa: S608 - statements are put together from names of our own columns only
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.registries.territory.models import Territory
from amanah.registries.territory.rules import codes as territories

from ..models import Event
from ..rules import codes
from .counts import LEVELS, table
from .marks import day_number, stream

K = Event.Kind
OTHER, BIRTH, DEATH, MOVE = range(4)
# With these somebody comes, goes or may come to live elsewhere. What remains (first registrations, corrections, undone events …) is "other".
WAYS = {BIRTH: (K.BIRTH,), DEATH: (K.DEATH,),
        MOVE: (K.MOVE, K.MOVE_IN, K.MOVE_OUT, K.MARRIAGE, K.DIVORCE, K.ADOPTION, K.RECOGNITION, K.NEW_FAMILY, K.SPLIT, K.MERGE)}


@dataclass(frozen=True, slots=True)
class Flows:
    """How a number of residents became another: from the end of the day `since` to the end of the day `until`.

    `other_in`, `other_out`: first registrations, corrections, undone events, entries declared to be the same person.
    """

    since: date
    until: date
    stock0: int
    births: int
    deaths: int
    moved_in: int
    moved_out: int
    other_in: int
    other_out: int
    stock1: int

    @property
    def balanced(self) -> bool:
        """Whether the equation holds; stocks are counted by themselves, not computed from the flows."""
        return self.stock0 + self.births - self.deaths + self.moved_in - self.moved_out + self.other_in - self.other_out == self.stock1


def flows(place_code: str, since: date, until: date, known_at: datetime | None = None) -> Flows:
    """The flows of one territory after the day `since` until the day `until`, as known at `known_at` (None: now). Raises Invalid for days in wrong order."""
    return flows_by(place_code, None, since, until, known_at)[place_code]


def flows_by(place_code: str, level: str | None, since: date, until: date, known_at: datetime | None = None) -> dict[str, Flows]:
    """The flows of every part of a territory (`level`: kecamatan, kelurahan, rw; None: of it as a whole), by code. Moves between parts count in both."""
    if until < since or until > clock.today() or level not in (None, *LEVELS):
        raise Invalid(_("Masa ini tidak bisa dihitung. Pilih hari awal sebelum hari akhir, paling lambat hari ini."))
    moment = known_at or clock.now()

    def part(code: str) -> str:
        """Where that is among the parts asked for; "" outside."""
        if code != place_code and not code.startswith(f"{place_code}."):
            return ""
        return place_code if level is None else territories.at_level(code, level) or code

    with transaction.atomic():
        was, now, way = _passages(since, until, moment)
        code_of = dict(Territory.objects.values_list("id", "code"))
        stocks = [_stock(place_code, level, day, moment) for day in (since, until)]
    parts = sorted({"", place_code, *map(part, code_of.values())})
    number = np.zeros(max(code_of, default=0) + 1, np.int64)  # 0: outside, and nowhere
    for place, code in code_of.items():
        number[place] = bisect_left(parts, part(code))
    old, new = number[was], number[now]
    came, left = (np.bincount((side * 4 + way)[old != new], minlength=4 * len(parts)).reshape(-1, 4).tolist() for side in (new, old))
    return {code: Flows(since, until, stocks[0].get(code, 0), births=into[BIRTH], deaths=out[DEATH], moved_in=into[MOVE], moved_out=out[MOVE],
                        other_in=into[OTHER] + into[DEATH], other_out=out[OTHER] + out[BIRTH], stock1=stocks[1].get(code, 0))
            for code, into, out in zip(parts, came, left, strict=True)
            if code and (level is None or any(into) or any(out) or code in stocks[0] or code in stocks[1])}


def _stock(place_code: str, level: str | None, day: date, moment: datetime) -> dict[str, int]:
    counted = table(place_code, level=level, on=day, known_at=moment)
    return counted.along("place") if level else {place_code: counted.total}


def _passages(since: date, until: date, moment: datetime) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For every step of a life in that time: place before, place after (keys of territories; 0: no resident), and way.

    A version that begins follows one that ended, unless it is the first of a life. So the beginnings and endings of one person, each in the order of
    days and events, belong together from the last one backwards; also those of versions that lasted less than a day, so that a child who died on
    the day of its birth counts as born and as dead.
    """
    def place(of: str) -> str:
        return f"CASE WHEN {of}.status = {codes.RESIDENT} THEN {of}.place_id ELSE 0 END"

    kinds = " ".join(f"WHEN e.kind IN ({', '.join(repr(str(kind)) for kind in kinds)}) THEN {way}" for way, kinds in WAYS.items())
    known = "v.recorded_at <= %s AND (v.replaced_at IS NULL OR v.replaced_at > %s)"
    began = stream(f"""
        SELECT s.person, s.day, s.event, s.place, CASE {kinds} ELSE {OTHER} END FROM (
            SELECT p.id AS person, {day_number('p.valid_from')} AS day, p.event, {place('p')} AS place FROM people_person p
                WHERE p.valid_from > %s AND p.valid_from <= %s AND p.recorded_at <= %s
            UNION ALL SELECT v.person_id, {day_number('v.valid_from')}, v.event, {place('v')} FROM people_past v
                WHERE v.valid_from > %s AND v.valid_from <= %s AND {known}) s JOIN people_event e ON e.id = s.event""",
                   [since, until, moment, since, until, moment, moment], width=5)
    ended = stream(f"""
        SELECT v.person_id, {day_number('v.valid_until')}, v.event, {place('v')} FROM people_past v
            WHERE v.valid_until > %s AND v.valid_until <= %s AND v.closed_at <= %s AND {known}""", [since, until, moment, moment, moment], width=4)
    began, ended = (lines[np.lexsort((-lines[:, 2], -lines[:, 1], lines[:, 0]))] for lines in (began, ended))  # of each person the last first
    person, persons_ended = began[:, 0], ended[:, 0]
    turn = np.arange(len(began)) - np.searchsorted(person, person)
    follows = np.searchsorted(persons_ended, person) + turn
    known_before = follows < np.searchsorted(persons_ended, person, side="right")
    was = np.zeros(len(began), np.int64)
    was[known_before] = ended[follows[known_before], 3]
    now, way = began[:, 3], began[:, 4]
    moved = was != now
    return was[moved], now[moved], way[moved]
