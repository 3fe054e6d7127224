"""The working calendar: which days count, when an office is open, and how a deadline walks over both.

Every answer is a pure function of (calendar version, question), so a due date of last year can be computed again. Two kinds of clock:
working *days* use the five-day calendar (Monday to Friday minus national holidays, local days off and joint leave) unless a group is named;
working *hours* use the hours of a group of offices, with breaks, Friday prayer, Ramadan and round-the-clock units.
Sources: SKB 3 Menteri of each year; Perpres 21/2023 and the city's circulars for hours. Moments carry a zone; answers are in WIB.
"""
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from amanah.foundation.kernel.clock import WIB

HORIZON = 3660  # days: whoever walks further has asked about a group that never opens
MEMORY = 20_000  # days × groups kept in memory by one calendar
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off. `kind` is national, joint_leave or local; `estimated` means that no decree has named the day yet."""

    day: date
    name: str
    kind: str
    confirmed: bool = True
    estimated: bool = False
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening on one weekday (0 is Monday): open at `opens`, closed at `closes`, closed in between during the break."""

    weekday: int
    opens: time
    closes: time
    break_from: time | None = None
    break_to: time | None = None

    def spans(self) -> tuple[tuple[time, time], ...]:
        if self.break_from is None or self.break_to is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.break_from), (self.break_to, self.closes))


@dataclass(frozen=True, slots=True)
class Season:
    """The hours of a week, from one day to another; where two seasons hold at once the one that began later counts (Ramadan over the rest)."""

    name: str
    days: tuple[DayHours, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    confirmed: bool = True
    source: str = ""
    note: str = ""

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Group:
    """Offices that keep the same hours. Round the clock knows neither nights nor holidays.

    A group with a `base` has the seasons of that group as well; where both begin on the same day its own counts.
    """

    code: str
    name: str
    seasons: tuple[Season, ...] = ()
    base: str = ""
    round_the_clock: bool = False
    open_on_joint_leave: bool = False
    confirmed: bool = True
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Calendar:
    """One version of the working calendar. Two calendars of the same content have the same `version` and give the same answers."""

    holidays: Mapping[date, Holiday] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    default_group: str = ""
    joint_leave_counts: bool = False  # True would make joint leave a working day; statutory clocks say no

    @cached_property
    def version(self) -> str:
        """The hash of everything the calendar says."""
        said: dict[str, Any] = {
            "holidays": [asdict(self.holidays[day]) for day in sorted(self.holidays)],
            "groups": [asdict(self.groups[code]) for code in sorted(self.groups)],
            "default_group": self.default_group, "joint_leave_counts": self.joint_leave_counts}
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()

    # ------------------------------------------------------------ days

    def holiday(self, day: date) -> Holiday | None:
        return self.holidays.get(day)

    def is_working_day(self, day: date, group: str = "") -> bool:
        """Whether `day` counts. Without a group: the five-day calendar of the statutes. With one: the days on which that group opens."""
        if group:
            return bool(self.spans(day, group))
        off = self.holidays.get(day)
        return day.weekday() < 5 and (off is None or (off.kind == "joint_leave" and self.joint_leave_counts))

    def next_working_day(self, day: date, group: str = "") -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1, group)

    def add_working_days(self, start: date, n: int, group: str = "") -> date:
        """The n-th working day after `start`, which itself does not count; `start` when n is 0. Raises ValueError below 0."""
        if n < 0:
            raise ValueError("working days are counted forward")
        day, left = start, n
        for _step in range(HORIZON + 2 * n):
            if not left:
                return day
            day += DAY
            left -= self.is_working_day(day, group)
        raise ValueError(f"the group {group!r} has no working days")

    def working_days_between(self, start: date, end: date, group: str = "") -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start, group)
        return sum(self.is_working_day(start + n * DAY, group) for n in range(1, (end - start).days + 1))

    @cached_property
    def decreed_years(self) -> frozenset[int]:
        """Years of which every holiday comes from a confirmed decree."""
        named = {day.year for day in self.holidays}
        return frozenset(named - {h.day.year for h in self.holidays.values() if h.estimated or not h.confirmed})

    def is_certain(self, start: date, end: date) -> bool:
        """Whether the days from `start` to `end` rest on confirmed decrees; if not, what is computed from them is an estimate ("perkiraan")."""
        return all(year in self.decreed_years for year in range(start.year, end.year + 1))

    # ------------------------------------------------------------ hours

    def season(self, day: date, group: str = "") -> Season | None:
        """Which hours a group keeps on `day`; None when none are known. Raises KeyError for an unknown group."""
        own = self.groups[group or self.default_group]
        known = (*own.seasons, *(self.groups[own.base].seasons if own.base else ()))
        return max((s for s in known if s.holds(day)), key=lambda s: s.valid_from or date.min, default=None)  # of equals, max takes the first

    def spans(self, day: date, group: str = "") -> tuple[tuple[datetime, datetime], ...]:
        """When the group is open on `day`: from (included) to (not included); () on a day off. Raises KeyError for an unknown group."""
        found = self._spans.get((day, group))
        if found is None:
            if len(self._spans) > MEMORY:
                self._spans.clear()
            found = self._spans[day, group] = self._spans_of(day, group)
        return found

    @cached_property
    def _spans(self) -> dict[tuple[date, str], tuple[tuple[datetime, datetime], ...]]:
        return {}  # days worked out before: a list of a thousand due dates asks for the same few weeks

    def _spans_of(self, day: date, group: str) -> tuple[tuple[datetime, datetime], ...]:
        office = self.groups[group or self.default_group]
        if office.round_the_clock:
            return ((_at(day, time()), _at(day + DAY, time())),)
        season = None if self._closed_by_holiday(day, office) else self.season(day, group)
        hours = next((h for h in season.days if h.weekday == day.weekday()), None) if season else None
        return tuple((_at(day, opens), _at(day, closes)) for opens, closes in hours.spans()) if hours else ()

    def open_at(self, moment: datetime, group: str = "") -> bool:
        """Whether the group is open at `moment`; at the very minute of closing it is not."""
        local = _local(moment)
        return any(opens <= local < closes for opens, closes in self.spans(local.date(), group))

    def closes_at(self, moment: datetime, group: str = "") -> datetime | None:
        """Until when the group stays open; None while it is closed, and for round-the-clock groups, which never close."""
        local = _local(moment)
        if self.groups[group or self.default_group].round_the_clock:
            return None
        return next((closes for opens, closes in self.spans(local.date(), group) if opens <= local < closes), None)

    def next_opening(self, moment: datetime, group: str = "") -> datetime:
        """The first moment from `moment` on at which the group is open; `moment` itself when it is."""
        local = _local(moment)
        opens, _closes = next(self._open_from(local, group))
        return max(local, opens)

    def counts_from(self, moment: datetime, group: str = "") -> datetime:
        """From when a file that arrives at `moment` is counted as received.

        During the working day, break included, at once; before opening, from that day's opening; after closing, on a holiday or in a
        weekend, from the opening of the next working day.
        """
        local = _local(moment)
        today = self.spans(local.date(), group)
        if today and local < today[-1][1]:
            return max(local, today[0][0])
        return self.next_opening(local, group)

    def working_time(self, start: datetime, end: datetime, group: str = "") -> timedelta:
        """How long the group was open between two moments; nothing when `end` lies before `start`."""
        begin, stop = _local(start), _local(end)
        total, day = timedelta(), begin.date()
        while day <= stop.date():
            for opens, closes in self.spans(day, group):
                total += max(timedelta(), min(closes, stop) - max(opens, begin))
            day += DAY
        return total

    def working_minutes(self, start: datetime, end: datetime, group: str = "") -> int:
        """Whole minutes that the group was open between two moments."""
        return int(self.working_time(start, end, group) // timedelta(minutes=1))

    def add_working_minutes(self, moment: datetime, minutes: int, group: str = "") -> datetime:
        """The earliest moment by which the group has been open for `minutes` since `moment`; `moment` itself for 0."""
        if minutes < 0:
            raise ValueError("working minutes are counted forward")
        local, left = _local(moment), timedelta(minutes=minutes)
        if not left:
            return local
        for opens, closes in self._open_from(local, group):
            begin = max(opens, local)
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        raise AssertionError("_open_from never ends quietly")

    def _open_from(self, local: datetime, group: str) -> Iterator[tuple[datetime, datetime]]:
        """Spans that end after `local`, in order, without end; ValueError when the group stays closed for ten years."""
        day, empty = local.date(), 0
        while empty < HORIZON:
            spans = self.spans(day, group)
            empty = 0 if spans else empty + 1
            yield from (span for span in spans if span[1] > local)
            day += DAY
        raise ValueError(f"the group {group or self.default_group!r} never opens")

    def _closed_by_holiday(self, day: date, office: Group) -> bool:
        off = self.holidays.get(day)
        return off is not None and not (off.kind == "joint_leave" and (self.joint_leave_counts or office.open_on_joint_leave))


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(WIB)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, WIB)


# ---------------------------------------------------------------- making and comparing calendars

def by_day(rows: Iterable[Holiday]) -> dict[date, Holiday]:
    """One entry a day. Where two fall together (it happens) both names stand, and the stronger kind counts: national, local, joint leave."""
    strength = ("national", "local", "joint_leave")
    days: dict[date, Holiday] = {}
    for row in sorted(rows, key=lambda h: (h.day, strength.index(h.kind))):
        first = days.get(row.day)
        days[row.day] = replace(first, name=f"{first.name}; {row.name}", confirmed=first.confirmed and row.confirmed) if first else row
    return days


def estimates(years: Iterable[int]) -> list[Holiday]:
    """Computed holidays for years without a decree. Religious days may be off by one, joint leave is unknown: never a promise to a citizen."""
    import holidays  # read from disk only when somebody asks for estimates

    found = holidays.country_holidays("ID", years=list(years), categories=("public", "government"), language="id")
    return [Holiday(day=day, name=name.replace(" (perkiraan)", ""), kind="national", confirmed=False, estimated=True,
                    source="perhitungan paket holidays; belum ada SKB 3 Menteri") for day, name in sorted(found.items())]


def changes(old: Calendar | None, new: Calendar) -> list[str]:
    """What differs between two calendars, a line each in Indonesian, for the person who loads the new one."""
    before = old or Calendar()
    lines = [f"+ {_say(new.holidays[day])}" for day in sorted(new.holidays.keys() - before.holidays.keys())]
    lines += [f"- {_say(before.holidays[day])}" for day in sorted(before.holidays.keys() - new.holidays.keys())]
    lines += [f"~ {_say(new.holidays[day])} (dulu: {_say(before.holidays[day])})" for day in sorted(new.holidays.keys() & before.holidays.keys())
              if new.holidays[day] != before.holidays[day]]
    lines += [f"+ jam kerja {code}" for code in sorted(new.groups.keys() - before.groups.keys())]
    lines += [f"- jam kerja {code}" for code in sorted(before.groups.keys() - new.groups.keys())]
    lines += [f"~ jam kerja {code}" for code in sorted(new.groups.keys() & before.groups.keys()) if new.groups[code] != before.groups[code]]
    if old and old.joint_leave_counts != new.joint_leave_counts:
        lines.append(f"~ cuti bersama dihitung hari kerja: {'ya' if new.joint_leave_counts else 'tidak'}")
    if old and old.default_group != new.default_group:
        lines.append(f"~ kelompok jam baku: {new.default_group}")
    return lines


def _say(day: Holiday) -> str:
    kind = {"national": "libur nasional", "joint_leave": "cuti bersama", "local": "libur daerah"}[day.kind]
    mark = ", perkiraan" if day.estimated else "" if day.confirmed else ", belum dipastikan"
    return f"{day.day:%Y-%m-%d} {day.name} ({kind}{mark})"
