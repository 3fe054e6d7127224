"""Reads of the offices. Offices are named by their code; days default to today; rows are what pages show, and nothing else."""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

from .models import Appointment, CalendarVersion, FormerName, HoursGroup, Kind, Office, OfficeLink, Position
from .rules import calendar as rules


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office as pages show it. Blank and None mean "not known"; `confirmed` says whether its existence was seen in a public text."""

    id: int
    code: str
    path: str
    name: str
    abbreviation: str
    kind: str
    kind_label: str
    parent: str  # code, "" for none
    territory: str  # dotted code, "" for none
    function_code: str
    duties: str
    hours_group: str
    address: str
    phone: str
    email: str
    lat: float | None
    lng: float | None
    confirmed: bool
    source: str
    note: str
    valid_from: date | None
    valid_to: date | None

    @property
    def short_name(self) -> str:
        return self.abbreviation or self.name


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who holds or acts in a position on the day that was asked about. `spoken` is how one says it: "Plt. Camat …"."""

    appointment: int
    official: int
    name: str
    kind: str
    kind_label: str
    spoken: str
    since: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A seat with who holds it and who acts in it; `answers` is the one to speak to."""

    id: int
    office: str  # code
    office_name: str
    unit: str  # name, "" for none
    code: str
    title: str
    level: str
    is_head: bool
    confirmed: bool
    holder: HolderRow | None
    acting: HolderRow | None

    @property
    def answers(self) -> HolderRow | None:
        return self.acting or self.holder


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Whether an office is open at a moment, until when, and else from when. `certain`: the hours are confirmed and the year is decreed."""

    open: bool
    until: datetime | None  # None also for round the clock
    opens: datetime | None  # the next opening, while closed
    round_the_clock: bool
    holiday: str
    certain: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of an office's week: the open spans in WIB, the season they come from, the holiday that closes it."""

    day: date
    spans: tuple[tuple[datetime, datetime], ...]
    season: str
    holiday: str
    estimated: bool
    confirmed: bool
    note: str  # what is not sure about these hours


# ---------------------------------------------------------------- offices

def by_code(code: str) -> OfficeRow:
    """One office, standing or dissolved. Raises NotFound."""
    return _one(code=code)


def by_path(path: str) -> OfficeRow:
    """The office at the end of a dotted path. Raises NotFound."""
    return _one(path=path)


def office(code: str) -> Office:
    """The office itself, for an act to work on. Raises NotFound."""
    found = Office.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("Tidak ada kantor dengan kode itu."), code=code)
    return found


def offices(*, kinds: Iterable[str] = (), under: str = "", text: str = "", on: date | None = None, cursor: str | None = None,
            size: int = 50) -> Page[OfficeRow]:
    """The offices that stand on a day, in the order of their paths, a page at a time.

    `kinds` narrows by kind, `under` to a path and all beneath it, `text` to names, abbreviations and duties that contain it.
    """
    found = standing(on)
    if kinds := tuple(kinds):
        found = found.filter(kind__in=kinds)
    if under:
        found = found.filter(Q(path=under) | Q(path__startswith=f"{under}."))
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(abbreviation__icontains=word) | Q(duties__icontains=word))
    found_page = keyset(found.select_related("parent"), order=("path", "id"), cursor=cursor, size=size)
    return replace(found_page, rows=[_row(o) for o in found_page.rows])


def children(code: str, on: date | None = None) -> list[OfficeRow]:
    """The offices directly beneath one, by name."""
    return [_row(o) for o in standing(on).filter(parent__code=code).select_related("parent").order_by("name")]


def ancestors(code: str) -> list[OfficeRow]:
    """From the top down to the office itself; one look-up by path. Raises NotFound."""
    parts = by_code(code).path.split(".")
    paths = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return [_row(o) for o in Office.objects.filter(path__in=paths).select_related("parent").order_by("path")]


def offices_for_territory(code: str, on: date | None = None) -> list[OfficeRow]:
    """The offices that serve a place by law, nearest first: kelurahan, kecamatan, city. `code` may be any depth (RT, RW, kelurahan …).

    Only offices that carry a territory are in the chain; none is guessed from a map.
    """
    parts = code.split(".")
    codes = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    found = standing(on).filter(territory__code__in=codes).exclude(kind=Kind.EXTERNAL).select_related("parent")
    return sorted((_row(o) for o in found), key=lambda row: (codes.index(row.territory), row.path))


def answering(code: str, on: date | None = None) -> list[OfficeRow]:
    """Who answers on a day for what an office did: the office itself while it stands, else its successors, and theirs.

    Several after a split; none when it was dissolved without a successor. Raises NotFound.
    """
    day = on or clock.today()
    by_id = {o.pk: o for o in Office.objects.filter(Q(code=code) | Q(pk__in=OfficeLink.objects.values("successor")) |
                                                    Q(pk__in=OfficeLink.objects.values("predecessor"))).select_related("parent")}
    start = next((o for o in by_id.values() if o.code == code), None)
    if start is None:
        raise NotFound(_("Tidak ada kantor dengan kode itu."), code=code)
    after: dict[int, list[int]] = {}
    for link in OfficeLink.objects.filter(day__lte=day).order_by("day", "id"):
        after.setdefault(link.predecessor_id, []).append(link.successor_id)
    answers, seen, queue = [], {start.pk}, [start]
    while queue:
        here = queue.pop(0)
        if here.stands_on(day):
            answers.append(_row(here))
            continue
        news = [pk for pk in after.get(here.pk, []) if pk not in seen]
        seen.update(news)
        queue += [by_id[pk] for pk in news]
    return answers


def predecessors(code: str) -> list[OfficeRow]:
    """The offices that this one directly followed."""
    return [_row(o) for o in Office.objects.filter(successor_links__successor__code=code).select_related("parent").order_by("path")]


def name_on(code: str, day: date) -> str:
    """What an office was called on a day. Raises NotFound."""
    current = by_code(code)
    former = FormerName.objects.filter(office__code=code, until__gte=day).order_by("until").first()
    return former.name if former else current.name


def standing(on: date | None = None) -> QuerySet[Office]:
    """The offices that stand on a day, for other queries to build on."""
    day = on or clock.today()
    return Office.objects.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


# ---------------------------------------------------------------- positions and who holds them

def heads_of(codes: Iterable[str], on: date | None = None) -> dict[str, PositionRow]:
    """The leading seat of each office by its code, in two statements however many there are; an office without one is left out."""
    return {row.office: row for row in _positions(Position.objects.filter(office__code__in=list(codes), is_head=True), on)}


def head_of(code: str, on: date | None = None) -> HolderRow | None:
    """Who leads an office on a day: the one acting (Plt, Plh) before the holder; None while the seat is empty or not known."""
    seat = heads_of([code], on).get(code)
    return seat.answers if seat else None


def officials_of(code: str, on: date | None = None) -> list[PositionRow]:
    """Every seat of an office with who holds it on a day, the head first; empty seats as well."""
    return _positions(Position.objects.filter(office__code=code), on)


def positions_of_official(official: int, on: date | None = None) -> list[PositionRow]:
    """The seats that somebody holds or acts in on a day."""
    return _positions(Position.objects.filter(pk__in=in_effect(on).filter(official=official).values("position")), on)


def vacancies(*, under: str = "", on: date | None = None, cursor: str | None = None, size: int = 50) -> Page[PositionRow]:
    """Seats in standing offices in which nobody sits or acts on a day, by the path of the office, a page at a time."""
    found = vacant(on)
    if under:
        found = found.filter(Q(office__path=under) | Q(office__path__startswith=f"{under}."))
    found_page = keyset(found.select_related("office", "unit"), order=("office__path", "id"), cursor=cursor, size=size)
    return replace(found_page, rows=[_position(seat, ()) for seat in found_page.rows])


def vacant(on: date | None = None) -> QuerySet[Position]:
    """The empty seats themselves, for other queries to build on."""
    return seats(on).filter(~Exists(in_effect(on).filter(position=OuterRef("pk"))))


def seats(on: date | None = None) -> QuerySet[Position]:
    """All seats of standing offices on a day, held or not."""
    return _existing(Position.objects.filter(office__in=standing(on)), on)


def in_effect(on: date | None = None) -> QuerySet[Appointment]:
    """The appointments in force on a day."""
    day = on or clock.today()
    return Appointment.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


# ---------------------------------------------------------------- calendar and hours

def calendar(version: str = "") -> rules.Calendar:
    """The working calendar: the current version, or the one with that label. Kept in memory by label, since a version never changes.

    Raises NotFound while no calendar is loaded, or for an unknown label.
    """
    label = version or CalendarVersion.objects.filter(current=True).values_list("label", flat=True).first()
    if not label:
        raise NotFound(_("Kalender kerja belum dimuat. Jalankan: ./run manage offices_load_calendar"))
    return _calendar(label)


def open_now(code: str, at: datetime | None = None) -> OpenRow:
    """Whether an office is open at a moment (now, when none is given). Raises NotFound."""
    moment, row, cal = at or clock.now(), by_code(code), calendar()
    return open_row(cal, row.hours_group, moment)


def open_row(cal: rules.Calendar, group: str, moment: datetime) -> OpenRow:
    """The same for a calendar in hand: for lists of many offices."""
    day = moment.astimezone(clock.WIB).date()
    hours, off, is_open = cal.groups[group or cal.default_group], cal.holiday(day), cal.open_at(moment, group)
    season = cal.season(day, group)
    return OpenRow(
        open=is_open, until=cal.closes_at(moment, group), opens=None if is_open else cal.next_opening(moment, group),
        round_the_clock=hours.round_the_clock, holiday=off.name if off else "",
        certain=hours.confirmed and (season is None or season.confirmed) and cal.is_certain(day, day))


def week_hours(code: str, day: date | None = None) -> list[DayRow]:
    """Monday to Sunday of the week of `day` (this week, when none is given) for an office. Raises NotFound."""
    row, cal, some_day = by_code(code), calendar(), day or clock.today()
    group = cal.groups[row.hours_group or cal.default_group]
    days = [some_day + timedelta(days=n - some_day.weekday()) for n in range(7)]
    return [_day(cal, group, each) for each in days]


def holidays(year: int) -> list[rules.Holiday]:
    """The days off of a year in the current calendar, in order."""
    return [off for day, off in sorted(calendar().holidays.items()) if day.year == year]


# ---------------------------------------------------------------- inside

def _one(**where: str) -> OfficeRow:
    found = Office.objects.select_related("parent").filter(**where).first()
    if found is None:
        raise NotFound(_("Tidak ada kantor dengan kode itu."), **where)
    return _row(found)


def _row(o: Office) -> OfficeRow:
    return OfficeRow(
        id=o.pk, code=o.code, path=o.path, name=o.name, abbreviation=o.abbreviation, kind=o.kind, kind_label=str(Kind(o.kind).label),
        parent=o.parent.code if o.parent else "", territory=o.territory_id or "", function_code=o.function_code, duties=o.duties,
        hours_group=o.hours_group, address=o.address, phone=o.phone, email=o.email, lat=o.lat, lng=o.lng, confirmed=o.confirmed,
        source=o.source, note=o.note, valid_from=o.valid_from, valid_to=o.valid_to)


def _existing(found: QuerySet[Position], on: date | None) -> QuerySet[Position]:
    return found.filter(Q(abolished_on=None) | Q(abolished_on__gt=on or clock.today()))


def _positions(found: QuerySet[Position], on: date | None) -> list[PositionRow]:
    rows = list(_existing(found, on).select_related("office", "unit").order_by("office__path", "-is_head", "id"))
    held: dict[int, list[Appointment]] = {}
    for appointment in in_effect(on).filter(position__in=rows).select_related("official").order_by("since"):
        held.setdefault(appointment.position_id, []).append(appointment)
    return [_position(seat, held.get(seat.pk, ())) for seat in rows]


def _position(seat: Position, appointments: Iterable[Appointment]) -> PositionRow:
    by_role = {a.kind in Appointment.ACTING: _holder(seat, a) for a in appointments}
    return PositionRow(
        id=seat.pk, office=seat.office.code, office_name=seat.office.name, unit=seat.unit.name if seat.unit else "", code=seat.code, title=seat.title,
        level=seat.level, is_head=seat.is_head, confirmed=seat.confirmed, holder=by_role.get(False), acting=by_role.get(True))


def _holder(seat: Position, a: Appointment) -> HolderRow:
    label = str(Appointment.Kind(a.kind).label)
    spoken = seat.title if a.kind == Appointment.Kind.DEFINITIVE else f"{label} {seat.title}"
    return HolderRow(appointment=a.pk, official=a.official_id, name=a.official.name, kind=a.kind, kind_label=label, spoken=spoken,
                     since=a.since, until=a.until, reason=a.reason)


def _day(cal: rules.Calendar, group: rules.Group, day: date) -> DayRow:
    off, season = cal.holiday(day), cal.season(day, group.code)
    return DayRow(day=day, spans=cal.spans(day, group.code), season=season.name if season else "", holiday=off.name if off else "",
                  estimated=bool(off and off.estimated), confirmed=group.confirmed and (season is None or season.confirmed),
                  note=(season.note if season else "") or group.note)


@lru_cache(maxsize=8)
def _calendar(label: str) -> rules.Calendar:
    version = CalendarVersion.objects.filter(label=label).first()
    if version is None:
        raise NotFound(_("Tidak ada versi kalender dengan tanda itu."), version=label)
    days = {h.day: rules.Holiday(day=h.day, name=h.name, kind=h.kind, confirmed=h.confirmed, estimated=h.estimated, source=h.source, note=h.note)
            for h in version.holidays.all()}
    groups = {g.code: _group(g) for g in version.groups.prefetch_related("hours")}
    return rules.Calendar(holidays=days, groups=groups, default_group=version.default_group, joint_leave_counts=version.joint_leave_counts)


def _group(g: HoursGroup) -> rules.Group:
    seasons: dict[str, rules.Season] = {}
    for h in sorted(g.hours.all(), key=lambda h: (h.valid_from or date.min, h.season, h.weekday)):
        day = rules.DayHours(weekday=h.weekday, opens=h.opens, closes=h.closes, break_from=h.break_from, break_to=h.break_to)
        before = seasons[h.season].days if h.season in seasons else ()
        seasons[h.season] = rules.Season(name=h.season, days=(*before, day), valid_from=h.valid_from, valid_to=h.valid_to,
                                         confirmed=h.confirmed, source=h.source, note=h.note)
    return rules.Group(code=g.code, name=g.name, seasons=tuple(seasons.values()), base=g.base, round_the_clock=g.round_the_clock,
                       open_on_joint_leave=g.open_on_joint_leave, confirmed=g.confirmed, source=g.source, note=g.note)
