"""Who looked at somebody's data or used it: what the person themselves may read. UU 27/2022 arts 5 and 7; nothing is left out, refusals neither.

The traces that lead to a person: entries of the record about them, about what they asked, about their family while they belonged to it, about a pair
that may be one person; lists in which they stood (`Sighting`); exports of an area in which they lived at that time.
"""
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.paging import Cursor, Page, decode, encode, size_within

from ..models import Pair, Past, Person, Request, Sighting
from ..permissions import EXPORT, OPEN_FIELD
from .lookers import Doer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ORDER = ("entry", "sighting")
_END = 2**62  # beyond every number


@dataclass(frozen=True, slots=True)
class Look:
    """One trace. `entry` or `sighting` is its number. `what`: page, field, family, pair, list, export, deed or refusal."""

    entry: int | None
    sighting: int | None
    at: datetime
    what: str
    deed: str
    actor: str
    via: str
    purpose: str
    territory: str
    details: Mapping[str, Any]

    @property
    def key(self) -> str:
        """How a question names it: "e12" or "s7"."""
        return f"s{self.sighting}" if self.sighting is not None else f"e{self.entry}"

    @property
    def doer(self) -> Doer:
        return Doer(self.actor, self.via, self.at)


def looks(person: Person, *, cursor: str = "", size: int = 20, opened_only: bool = False) -> Page[Look]:
    """The traces of one person, newest first. `opened_only`: those in which a sealed number or name was shown whole by somebody else.

    Entries and sightings are two tables; each page remembers how far it got in both. One statement for each source, each walking an index.
    Raises Invalid for a made-up cursor.
    """
    size = size_within(size)
    at = decode(cursor, ORDER) if cursor else None
    entry, sighting = (_whole(value) for value in at.values) if at else (_END, _END)
    older = at is None or not at.backwards
    entries = {row.pk: row for rows in _entries(person, opened_only) for row in _walk(rows, entry, older)[:size + 1]}
    sightings = [] if opened_only else _walk(_sightings(person), sighting, older)[:size + 1]
    found = _merged([_of_entry(entries[pk]) for pk in sorted(entries, reverse=older)], [_of_sighting(row) for row in sightings], older)
    more, rows = len(found) > size, found[:size]
    low, high = _edges(rows, entry, sighting, older)
    if not older:
        rows = rows[::-1]
    has_next, has_previous = (more, at is not None) if older else (True, more)
    return Page(rows=rows, size=size, next=encode(Cursor(low), ORDER) if rows and has_next else None,
                previous=encode(Cursor(high, backwards=True), ORDER) if rows and has_previous else None)


def look_of(person: Person, key: str) -> Look:
    """The trace that a question is about. Raises NotFound when it is not one of this person's."""
    number = int(key[1:]) if key[1:].isascii() and key[1:].isdecimal() and len(key) < 20 else -1
    if key[:1] == "s":
        row = Sighting.objects.filter(person=person, pk=number).first()
        if row is not None:
            return _of_sighting(row)
    elif key[:1] == "e":
        for rows in _entries(person, False):
            if (found := rows.filter(pk=number).first()) is not None:
                return _of_entry(found)
    raise NotFound()


def months(person: Person, *, back: int = 12, mine: str = "") -> list[tuple[date, int]]:
    """How often others looked in each of the last months, oldest first; one's own looks do not count. At most 5,000 traces are counted."""
    first = clock.today().replace(day=1)
    starts = [first]
    for _n in range(back - 1):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    starts.reverse()
    since = dates.start_of_day(starts[0])
    counts = dict.fromkeys(starts, 0)
    entries = (value for rows in _entries(person, False)
               for value in rows.filter(at__gte=_micros(since)).exclude(actor=mine).order_by("-id").values_list("at", flat=True)[:5000])
    moments = [EPOCH + timedelta(microseconds=value) for value in entries]
    moments += _sightings(person).filter(at__gte=since).exclude(actor=mine).values_list("at", flat=True)[:5000]
    for moment in moments:
        counts[moment.astimezone(clock.WIB).date().replace(day=1)] += 1
    return list(counts.items())


# ---------------------------------------------------------------- sources

def _entries(person: Person, opened_only: bool) -> list[QuerySet[Entry]]:
    about = Entry.objects.filter(subject=f"people.person:{person.pk}")
    spans = _lived(person)
    found = [about]
    for family, since, until in _joined((family, since, until) for family, _place, since, until in spans if family):
        found.append(Entry.objects.filter(subject=f"people.family:{family}", **_between(since, until)))
    if opened_only:
        return [rows.filter(deed=OPEN_FIELD) for rows in found]
    asked = Request.objects.filter(person=person).order_by("-id").values_list("id", flat=True)[:100]
    if asked:
        found.append(Entry.objects.filter(subject__in=[f"people.request:{pk}" for pk in asked]))
    pairs = Pair.objects.filter(Q(first=person) | Q(second=person)).values_list("id", flat=True)[:100]
    if pairs:
        found.append(Entry.objects.filter(subject__in=[f"people.pair:{pk}" for pk in pairs]))
    exports = Q(pk__in=())
    for place, since, until in _joined((place, since, until) for _family, place, since, until in spans):
        exports |= Q(territory__in=["", *_above(place)], **_between(since, until))
    found.append(Entry.objects.filter(exports, deed=EXPORT, kind=Entry.Kind.READ))
    return found


def _lived(person: Person) -> list[tuple[int | None, str, date, date | None]]:
    """Family and place from day to day as we know it now: (family, place's code, since, until before)."""
    past = Past.objects.filter(person=person, replaced_at=None).order_by("valid_from", "id").values_list("family_id", "place__code", "valid_from", "valid_until")
    return [*past, (person.family_id, person.place.code, person.valid_from, None)]


def _joined(spans: Iterable[tuple[Any, date, date | None]]) -> list[tuple[Any, date, date | None]]:
    """Neighbouring spans of one thing as one."""
    joined: list[tuple[Any, date, date | None]] = []
    for thing, since, until in spans:
        if joined and joined[-1][0] == thing and joined[-1][2] == since:
            joined[-1] = (thing, joined[-1][1], until)
        else:
            joined.append((thing, since, until))
    return joined


def _above(code: str) -> list[str]:
    """A place and all that it lies in."""
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _between(since: date, until: date | None) -> dict[str, int]:
    span = {"at__gte": _micros(dates.start_of_day(since))}
    return span | ({"at__lt": _micros(dates.start_of_day(until))} if until else {})


def _sightings(person: Person) -> QuerySet[Sighting]:
    """Exports are told by their entry, which says of what area they were."""
    return Sighting.objects.filter(person=person).exclude(deed=EXPORT)


def _walk(rows: QuerySet[Any], bound: int, older: bool) -> QuerySet[Any]:
    return rows.filter(id__lt=bound).order_by("-id") if older else rows.filter(id__gte=bound).order_by("id")


def _merged(entries: list[Look], sightings: list[Look], older: bool) -> list[Look]:
    """Both in the order of their moments, each in the order of its own numbers: entries written at once may stand a moment out of order, none is lost."""
    found, ways = [], [entries[::-1], sightings[::-1]]  # the next one is the last
    while any(ways):
        heads = [way for way in ways if way]
        nearest = (max if older else min)(heads, key=lambda way: way[-1].at)
        found.append(nearest.pop())
    return found


def _of_entry(row: Entry) -> Look:
    told = json.loads(row.body)
    kind, deed, subject = told["kind"], told["deed"], told.get("subject") or ""
    what = ("refusal" if kind == Entry.Kind.REFUSAL else "deed" if kind == Entry.Kind.DEED else "field" if deed == OPEN_FIELD else "export" if deed == EXPORT
            else "family" if subject.startswith("people.family:") else "pair" if subject.startswith("people.pair:") else "page")
    return Look(row.pk, None, EPOCH + timedelta(microseconds=told["at"]), what, deed, told["actor"], told.get("via") or "", told.get("purpose") or "",
                told.get("territory") or "", told.get("details") or {})


def _of_sighting(row: Sighting) -> Look:
    return Look(None, row.pk, row.at, "list", row.deed, row.actor, "", row.purpose, "", {})


def _edges(rows: list[Look], entry: int, sighting: int, older: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """How far a page reaches in both tables: (lowest numbers it used, first numbers above it)."""
    entries, sightings = ([value for value in values if value is not None] for values in (
        [row.entry for row in rows], [row.sighting for row in rows]))
    if older:
        return (min(entries, default=entry), min(sightings, default=sighting)), (entry, sighting)
    return (entry, sighting), (max(entries, default=entry - 1) + 1, max(sightings, default=sighting - 1) + 1)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _END else _END


def _micros(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
