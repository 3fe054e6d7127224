"""The register as marks (rules.counting): by one statement each, so that what belongs together is of one moment."""
# ruff: noqa: S608 - statements are put together from names of our own columns only
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from amanah.registries.territory.models import Territory

from ..rules import codes
from ..rules.counting import EPOCH, SHIFT, Marks, unpack

# The place where somebody is counted: the RW of their RT, else the narrowest place that is known.
_COUNTED_AT = "CASE WHEN t.level = 'rt' THEN t.parent_id ELSE t.id END"
_CHUNK = 20_000


def day_number(column: str) -> str:
    """SQL for the days since the epoch of rules.counting."""
    return {"postgresql": f"({column} - DATE '{EPOCH}')", "sqlite": f"CAST(julianday({column}) - julianday('{EPOCH}') AS INTEGER)"}[connection.vendor]


def _mark(of: str, names: Sequence[str] = ("born", *codes.COUNTED)) -> str:
    """SQL for the mark of a row of the table alias `of`; sex always, the others as named."""
    values = {name: day_number(f"{of}.born") if name == "born" else f"COALESCE({of}.{name}, 0)" for name in names}
    return "(" + " + ".join([f"{of}.sex", *(f"CAST({value} AS bigint) * {1 << SHIFT[name]}" for name, value in values.items())]) + ")"


@dataclass(frozen=True, slots=True)
class Held:
    """The strips of a territory and what is to be added to them. `stale`: they are not to be relied on."""

    edition: int
    stale: bool
    strips: list[tuple[str, Marks]]          # code of the place, marks
    shifts: list[tuple[str, int, int]]       # code of the place, sign, mark


@dataclass(frozen=True, slots=True)
class Standing:
    """Residents of some day: their marks, the keys of their places, and the codes of territories by key."""

    marks: Marks
    places: NDArray[np.int64]
    code_of: dict[int, str]


def held(territory: str, known: int | None = None) -> Held:
    """Strips and shifts of everything within the territory of this code, in one state. The strips are left out if they are still of the edition `known`."""
    inside, told = _within("t", territory)
    found = rows(f"""
        SELECT 0, edition, CAST(stale AS integer), NULL, NULL FROM people_counting
        UNION ALL SELECT 1, 0, 0, t.code, s.marks FROM people_strip s JOIN territory_territory t ON t.id = s.place_id
            WHERE {inside} AND (SELECT edition FROM people_counting) <> %s
        UNION ALL SELECT 2, {_mark('h')}, h.sign, t.code, NULL FROM people_shift h JOIN territory_territory t ON t.id = h.place_id WHERE {inside}""",
                 [*told, -1 if known is None else known, *told])
    edition, stale = next(((row[1], bool(row[2])) for row in found if row[0] == 0), (0, True))
    return Held(edition, stale, [(row[3], unpack(row[4])) for row in found if row[0] == 1], [(row[3], row[2], row[1]) for row in found if row[0] == 2])


def pending(limit: int) -> list[tuple[int, int, int, int]]:
    """The shifts that are not folded yet: key, counted place, sign, mark."""
    return rows(f"SELECT h.id, {_COUNTED_AT}, h.sign, {_mark('h')} FROM people_shift h JOIN territory_territory t ON t.id = h.place_id"
                 " ORDER BY h.id LIMIT %s", [limit])


def everybody() -> tuple[dict[int, Marks], list[int]]:
    """The marks of all residents by counted place, and the keys of the shifts that are therefore already in them."""
    kinds, marks = stream(f"""
        SELECT p.place_id, {_mark('p')} FROM people_person p WHERE p.status = {codes.RESIDENT}
        UNION ALL SELECT -1, h.id FROM people_shift h""", []).T
    shifts = marks[kinds < 0].tolist()
    places, marks = kinds[kinds >= 0], marks[kinds >= 0]
    known = dict(Territory.objects.filter(level="rt").values_list("id", "parent_id"))
    return _split(places, marks, known), shifts


def standing(territory: str, on: date, known_at: datetime | None, names: Sequence[str]) -> Standing:
    """The residents of a territory on a day as known at a moment (None: now), with what is named in their marks."""
    inside, told = ("1 = 1", []) if territory.count(".") < 2 else _within("t", territory)  # the city itself: nobody lives elsewhere
    code_of = dict(rows(f"SELECT t.id, t.code FROM territory_territory t WHERE {inside}", told))
    here = f" AND {{of}}.place_id IN (SELECT t.id FROM territory_territory t WHERE {inside})" if told else ""
    if known_at is None:
        person, past = "p.valid_from <= %s", "v.replaced_at IS NULL AND v.valid_from <= %s AND v.valid_until > %s"
        with_person, with_past = [on], [on, on]
    else:
        person = "p.valid_from <= %s AND p.recorded_at <= %s"
        past = ("v.recorded_at <= %s AND (v.replaced_at IS NULL OR v.replaced_at > %s) AND v.valid_from <= %s"
                " AND (v.closed_at > %s OR v.valid_until > %s)")
        with_person, with_past = [on, known_at], [known_at, known_at, on, known_at, on]
    places, marks = stream(f"""
        SELECT p.place_id, {_mark('p', names)} FROM people_person p WHERE p.status = {codes.RESIDENT} AND {person}{here.format(of='p')}
        UNION ALL
        SELECT v.place_id, {_mark('v', names)} FROM people_past v WHERE v.status = {codes.RESIDENT} AND {past}{here.format(of='v')}""",
                            [*with_person, *told, *with_past, *told]).T
    return Standing(marks, places, code_of)


def _within(table: str, code: str) -> tuple[str, list[str]]:
    return f"({table}.code = %s OR {table}.code LIKE %s)", [code, f"{code}.%"]


def _split(places: NDArray[np.int64], marks: Marks, widened: dict[int, int | None]) -> dict[int, Marks]:
    """The marks by place, places widened first."""
    if not len(places):
        return {}
    values, index = np.unique(places, return_inverse=True)
    at = np.array([widened.get(place) or place for place in values.tolist()], np.int64)[index]
    order = np.argsort(at, kind="stable")
    at, marks = at[order], marks[order]
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    return dict(zip(at[starts].tolist(), np.split(marks, starts[1:]), strict=True))


def rows(statement: str, told: Sequence[Any]) -> list[Any]:
    """All rows of a statement; dates and moments are given as Python has them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _prepared(told))
        return list(cursor.fetchall())


def stream(statement: str, told: Sequence[Any], width: int = 2) -> NDArray[np.int64]:
    """All rows of a statement of `width` columns of whole numbers as an array; a million rows are not held as objects."""
    parts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, _prepared(told))
        while some := cursor.fetchmany(_CHUNK):
            parts.append(np.fromiter(chain.from_iterable(some), np.int64, width * len(some)))
    return np.concatenate(parts).reshape(-1, width)


def _prepared(told: Sequence[Any]) -> list[Any]:
    adapt = connection.ops
    return [adapt.adapt_datetimefield_value(value) if isinstance(value, datetime) else adapt.adapt_datefield_value(value) if isinstance(value, date)
            else value for value in told]
