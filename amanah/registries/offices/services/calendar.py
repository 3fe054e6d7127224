"""The working calendar comes from the city file; the hours of a single office are set here. Each change makes a new version, none is overwritten."""
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid, NotFound

from .. import queries
from ..models import CalendarVersion, Holiday, HoursGroup, Office, WorkingHours
from ..rules import calendar as rules
from ..rules import calendar_file


def load_calendar_from(actor: Actor, folder: Path) -> list[str]:
    """Load `calendar.yaml` of a city's folder; returns what changed, a line each, nothing when all stood there already.

    Raises ContentError (an Invalid) naming every mistake with file and line, NotFound when there is no such file.
    """
    path = folder / "calendar.yaml"
    if not path.is_file():
        raise NotFound(_("Tidak ada calendar.yaml di folder kota."))
    content = calendar_file.parse(path.name, path.read_text(encoding="utf-8"))
    current = _current()
    if current is not None and _with_own_hours(content, current).version == current.version:
        return []
    return load_calendar(actor, file=path.name, content=content)


@act("offices.load_calendar", title=gettext_lazy("Memuat kalender kerja"),
     says=gettext_lazy("{actor} memuat kalender kerja dari {file}"), emits=("offices.calendar_changed",))
def load_calendar(actor: Actor, *, file: str, content: rules.Calendar) -> list[str]:
    """Make a calendar the current one; returns what changed, a line each. Due dates of open cases change only by acts of their own.

    The hours that single offices set for themselves go along. Raises Invalid when an office keeps hours that the calendar no longer has.
    """
    current = _current(held=True)
    wanted = _with_own_hours(content, current)
    needed = set(Office.objects.exclude(hours_group="").values_list("hours_group", flat=True))
    needed |= {group.base for group in wanted.groups.values() if group.base}
    if lost := sorted(needed - set(wanted.groups)):
        raise Invalid(_("Masih ada kantor dengan kelompok jam yang tidak ada di kalender: {groups}.").format(groups=", ".join(lost)), groups=lost)
    if current is None or current.version != wanted.version:
        _adopt(wanted)
    return rules.changes(current, wanted)


@act("offices.set_hours", title=gettext_lazy("Mengatur jam kerja kantor"),
     says=gettext_lazy("{actor} mengatur jam kerja {subject}"), emits=("offices.calendar_changed", "offices.hours_set"))
def set_hours(actor: Actor, office: Office, *, group: str = "", season: str = "", week: Mapping[int, Sequence[time]] | None = None,
              valid_from: date | None = None, valid_to: date | None = None, source: str = "") -> Office:
    """Put an office in a group of hours, or give it hours of its own.

    Own hours: `week` maps a weekday (0 is Monday) to (opens, closes) or (opens, break from, break to, closes); a weekday left out is closed.
    With `valid_from` the days before keep the hours they had; with `valid_to` the days after return to them. Raises Invalid.
    """
    current = _current(held=True)
    if current is None:
        raise Invalid(group=_("Kalender kerja belum dimuat."))
    seat = Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    if week is None:
        if group not in current.groups or (group.startswith(calendar_file.OWN) and group != f"{calendar_file.OWN}{office.code}"):
            raise Invalid(group=_("Kelompok jam kerja ini tidak ada."))
        seat.hours_group = group
    else:
        if not season.strip() or not source.strip():
            raise Invalid(season=_("Beri nama dan sumber jam ini, misalnya nomor surat edaran."))
        if valid_from and valid_to and valid_to < valid_from:
            raise Invalid(valid_to=_("Hari terakhir lebih awal daripada hari pertama."))
        before = current.groups[seat.hours_group or current.default_group]
        own_code = f"{calendar_file.OWN}{office.code}"
        new = rules.Season(name=season.strip(), days=_days(week), valid_from=valid_from, valid_to=valid_to, source=source.strip())
        kept = [s for s in before.seasons if s.name != new.name and s.valid_from != new.valid_from] if before.code == own_code else []
        own = rules.Group(code=own_code, name=office.name, seasons=calendar_file.in_order([*kept, new]), source=source.strip(),
                          base=before.base if before.code == own_code else before.code, open_on_joint_leave=before.open_on_joint_leave)
        if not any(s.valid_from is None and s.valid_to is None for s in (*own.seasons, *current.groups[own.base].seasons)):
            raise Invalid(valid_from=_("Kantor ini belum punya jam untuk hari-hari biasa. Atur dulu jam tanpa tanggal."))
        _adopt(replace(current, groups={**current.groups, own.code: own}))
        seat.hours_group = own.code
    seat.save(update_fields=["hours_group"])
    emit("offices.hours_set", office=seat.pk)
    return seat


def _days(week: Mapping[int, Sequence[time]]) -> tuple[rules.DayHours, ...]:
    days = []
    for weekday, times in sorted(week.items()):
        if not 0 <= weekday <= 6 or len(times) not in (2, 4) or any(a >= b for a, b in pairwise(times)):
            raise Invalid(week=_("Isi jam buka dan tutup, atau buka, mulai istirahat, selesai istirahat, dan tutup, berurutan."))
        days.append(rules.DayHours(weekday, times[0], times[-1], *(times[1:3] if len(times) == 4 else ())))
    if not days:
        raise Invalid(week=_("Isi jam untuk sedikitnya 1 hari."))
    return tuple(days)


def _with_own_hours(content: rules.Calendar, current: rules.Calendar | None) -> rules.Calendar:
    own = {code: group for code, group in (current.groups if current else {}).items() if code.startswith(calendar_file.OWN)}
    return replace(content, groups={**content.groups, **own})


def _current(held: bool = False) -> rules.Calendar | None:
    """The calendar in force. `held` makes others who change it wait: the first version ever made serves as the token, since it never goes away."""
    if held:
        CalendarVersion.objects.select_for_update().order_by("pk").first()
    return queries.calendar() if CalendarVersion.objects.filter(current=True).exists() else None


def _adopt(calendar: rules.Calendar) -> None:
    """Store a calendar unless that very content is stored already, and make it the current one."""
    CalendarVersion.objects.filter(current=True).update(current=False)
    version = CalendarVersion.objects.filter(label=calendar.version).first()
    if version is None:
        version = CalendarVersion.objects.create(label=calendar.version, joint_leave_counts=calendar.joint_leave_counts,
                                                 default_group=calendar.default_group)
        _store(version, calendar)
    CalendarVersion.objects.filter(pk=version.pk).update(current=True)
    emit("offices.calendar_changed", version=calendar.version)


def _store(version: CalendarVersion, calendar: rules.Calendar) -> None:
    Holiday.objects.bulk_create([
        Holiday(version=version, day=h.day, name=h.name, kind=h.kind, confirmed=h.confirmed, estimated=h.estimated, source=h.source, note=h.note)
        for _day, h in sorted(calendar.holidays.items())])
    for group in calendar.groups.values():
        row = HoursGroup.objects.create(version=version, code=group.code, name=group.name, base=group.base, round_the_clock=group.round_the_clock,
                                        open_on_joint_leave=group.open_on_joint_leave, confirmed=group.confirmed, source=group.source,
                                        note=group.note)
        WorkingHours.objects.bulk_create([
            WorkingHours(group=row, season=s.name, valid_from=s.valid_from, valid_to=s.valid_to, weekday=d.weekday, opens=d.opens, closes=d.closes,
                         break_from=d.break_from, break_to=d.break_to, confirmed=s.confirmed, source=s.source, note=s.note)
            for s in group.seasons for d in s.days])
