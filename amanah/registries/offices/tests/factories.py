"""A small city for the tests of this room: a kecamatan with two kelurahan, a dinas, a calendar of its own."""
from datetime import date, time
from itertools import count

from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Holding, Scope
from amanah.registries.offices.models import Kind, Level, Office, Official, Position
from amanah.registries.offices.rules.calendar import Calendar, DayHours, Group, Holiday, Season, by_day
from amanah.registries.territory.models import Territory

SYSTEM = Actor.system("test")
DEEDS = ("open", "rename", "close", "add_position", "appoint", "end_appointment", "set_hours", "register_official", "link_account", "load",
         "load_calendar")
ALL = frozenset(f"offices.{deed}" for deed in DEEDS)
_numbers = count(1)


def actor(scope: Scope = EVERYWHERE, permissions: frozenset[str] = ALL, ref: str = "account:1") -> Actor:
    return Actor(ref=ref, kind="staff", name="Uji Contoh", account_id=1, holdings=(Holding(permissions, scope, "role:uji"),))


def territory(code: str, level: str, name: str, parent: Territory | None = None) -> Territory:
    return Territory.objects.create(code=code, level=level, name=name, parent=parent)


def office(parent: Office | None = None, *, code: str = "", name: str = "", kind: str = Kind.DINAS, **facts: object) -> Office:
    code = code or f"kantor_{next(_numbers)}"
    path = f"{parent.path}.{code}" if parent else code
    return Office.objects.create(code=code, path=path, parent=parent, name=name or f"Kantor {code}", kind=kind, **facts)


def position(at: Office, *, title: str = "Kepala", level: str = Level.KEPALA, is_head: bool = True, code: str = "kepala") -> Position:
    return Position.objects.create(office=at, code=code, title=title, level=level, is_head=is_head, confirmed=True)


def official(name: str = "Dedi Contoh") -> Official:
    return Official.objects.create(name=name)


def territories() -> dict[str, Territory]:
    """A province, a city, a kecamatan and two kelurahan, by code."""
    province = territory("99", "province", "Provinsi Contoh")
    city = territory("99.71", "city", "Kota Contoh", province)
    kecamatan = territory("99.71.01", "kecamatan", "Hulu Contoh", city)
    below = [territory(f"99.71.01.100{n}", "kelurahan", f"Muara {n}", kecamatan) for n in (1, 2)]
    return {place.code: place for place in (province, city, kecamatan, *below)}


WEEK = (*(DayHours(n, time(7, 30), time(16), time(12), time(13)) for n in range(4)), DayHours(4, time(7, 30), time(16, 30), time(11, 30), time(13)))
FASTING = (*(DayHours(n, time(8), time(15), time(12, 30), time(13)) for n in range(4)), DayHours(4, time(8), time(15, 30), time(12), time(13)))
SIX = tuple(DayHours(n, time(7, 30), time(15)) for n in range(6))


def calendar(*holidays: Holiday, joint_leave_counts: bool = False) -> Calendar:
    """A calendar with ordinary and Ramadan hours, a six-day group and a round-the-clock one."""
    return Calendar(
        holidays=by_day(holidays or (Holiday(date(2026, 1, 1), "Tahun Baru", "national"),)), default_group="lima",
        joint_leave_counts=joint_leave_counts,
        groups={"lima": Group("lima", "Lima hari", (Season("Biasa", WEEK), Season("Ramadan 2026", FASTING, date(2026, 2, 19), date(2026, 3, 20)))),
                "enam": Group("enam", "Enam hari", (Season("Biasa", SIX),), open_on_joint_leave=True),
                "siaga": Group("siaga", "Siaga", round_the_clock=True)})


def off(text: str, kind: str = "national") -> Holiday:
    return Holiday(date.fromisoformat(text), "Libur Contoh", kind)
