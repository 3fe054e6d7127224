"""From what somebody typed or pointed at to the offices that serve them. Combines territory and offices; asks no database itself."""
import re
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
from amanah.registries.territory import queries as territory

# Words of an address that name no territory. "Jalan" and "gang" are followed by a street's name, which may be that of a kelurahan elsewhere.
FILLERS = frozenset("jl jln jalan gg gang lorong komplek kompleks perumahan perum blok no nomor rt rw kel kelurahan kec kecamatan kota".split())
LONGEST_NAME = 4  # words
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


def find(text: str, limit: int = 12) -> list[territory.TerritoryRow]:
    """Kelurahan and kecamatan that a name or an address speaks of, best first; [] when it names none.

    The whole text first; else parts of the address from its end, where the kelurahan stands, the longest names before the shorter.
    """
    levels = ("kelurahan", "kecamatan")
    if found := territory.search(text, limit, levels):
        return found
    for part in reversed(re.split(r"[,;/\n]", text)):
        words = [w for w in re.findall(r"[^\W\d_]+", part) if w.lower() not in FILLERS]
        for size in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - size, -1, -1):
                if found := territory.search(" ".join(words[start:start + size]), limit, levels):
                    return found
    return []


def serving(code: str, moment: datetime | None = None) -> list[Desk]:
    """The offices that serve a territory, nearest first, each with its door. The city itself is left out: it has no counter."""
    return desks([row for row in offices.offices_for_territory(code) if row.kind not in ("city", "head")], moment)


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
