"""Offices with their doors: open or closed now, until or from when. Asked by the public pages and by the staff's home."""
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.errors import NotFound
from amanah.portals.shell.components import STATUS, Chip
from amanah.registries.offices import queries as offices
from amanah.registries.offices.models import Kind

VISITED = (Kind.KELURAHAN, Kind.KECAMATAN, Kind.DINAS, Kind.PUSKESMAS, Kind.RSUD)


@dataclass(frozen=True, slots=True)
class Desk:
    """An office with its door: open or closed now, and from or until when."""

    office: offices.OfficeRow
    chip: Chip
    hours: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Kinds of office (code and name) that keep the same hours, and whether they are open."""

    kinds: tuple[tuple[str, str], ...]
    chip: Chip
    hours: str
    certain: bool


def desks(rows: list[offices.OfficeRow], moment: datetime | None = None) -> list[Desk]:
    """Offices with their doors; one look at the calendar for all of them. Without a calendar: hours not known."""
    try:
        calendar = offices.calendar()
    except NotFound:
        return [Desk(row, STATUS["unconfirmed"], _("Jam kantor belum dicatat."), certain=False) for row in rows]
    now = moment or clock.now()
    states = {group: offices.open_row(calendar, group, now) for group in {row.hours_group for row in rows}}
    return [Desk(row, *door(states[row.hours_group], now)) for row in rows]


def door(state: offices.OpenRow, now: datetime) -> tuple[Chip, str, bool]:
    """How an open or closed door is said, and whether the hours are certain."""
    lang = get_language() or "id"
    if state.round_the_clock:
        return STATUS["open"], _("24 jam, setiap hari"), state.certain
    if state.open and state.until:
        return STATUS["open"], _("sampai %(time)s") % {"time": dates.time_of_day(state.until, lang)}, state.certain
    why = f"{state.holiday}. " if state.holiday else ""
    if not state.opens:
        return STATUS["closed"], why, state.certain
    days = (state.opens.astimezone(clock.WIB).date() - now.astimezone(clock.WIB).date()).days
    when = dates.relative(state.opens, now, lang) if days <= 1 else dates.date_and_time(state.opens, lang)
    return STATUS["closed"], why + _("Buka lagi %(when)s") % {"when": when}, state.certain


def doors_now(moment: datetime | None = None) -> list[Door]:
    """The kinds of office that people visit, those with the same hours together: open or closed now. [] while no calendar is loaded."""
    try:
        calendar = offices.calendar()
    except NotFound:
        return []
    now, together = moment or clock.now(), {}
    counted = Counter(offices.standing().filter(kind__in=VISITED).values_list("kind", "hours_group"))
    for kind in VISITED:
        if groups := [(count, group) for (of_kind, group), count in counted.items() if of_kind == kind]:
            together.setdefault(max(groups)[1], []).append(kind)
    return [Door(tuple((kind.value, str(kind.label)) for kind in kinds), *door(offices.open_row(calendar, group, now), now)) for group, kinds in together.items()]
