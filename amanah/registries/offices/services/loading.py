"""Offices come from the city's file, with one for every kecamatan and kelurahan of the territory table. All of it or nothing."""
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid, NotFound
from amanah.registries.territory.models import Territory

from ..models import CalendarVersion, HoursGroup, Office, OfficeLink, Position, Unit
from ..rules import content as rules

FACTS = ("name", "kind", "abbreviation", "function_code", "duties", "hours_group", "address", "phone", "email", "lat", "lng", "confirmed", "source",
         "note", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `unmentioned` are codes of offices that the file no longer names: they stay until somebody closes them."""

    made: int
    changed: int
    unchanged: int
    positions: int
    links: int
    unmentioned: tuple[str, ...]


def load_from(actor: Actor, folder: Path) -> Loaded:
    """Load `offices.yaml` of a city's folder. Territories come first, the calendar may come before or after.

    Raises ContentError (an Invalid) naming every mistake with file and line, NotFound when there is no such file.
    """
    path = folder / "offices.yaml"
    if not path.is_file():
        raise NotFound(_("Tidak ada offices.yaml di folder kota."))
    return load(actor, file=path.name, content=rules.parse(path.name, path.read_text(encoding="utf-8"), places()))


def places() -> list[rules.Place]:
    """The territories that can have an office, widest first."""
    found = Territory.objects.filter(level__in=("province", "city", "kecamatan", "kelurahan"), valid_to=None).select_related("parent")
    return sorted((rules.Place(code=t.code, level=t.level, name=t.name, parent=t.parent.code if t.parent else "") for t in found),
                  key=lambda place: (place.code.count("."), place.code))


@act("offices.load", title=gettext_lazy("Memuat daftar kantor"),
     says=gettext_lazy("{actor} memuat daftar kantor dari {file}"), emits=("offices.loaded",))
def load(actor: Actor, *, file: str, content: rules.Content) -> Loaded:
    """Bring the offices to what the file says. Loading the same file again changes nothing.

    An office that was edited in the program keeps the edit until the file itself says something new about it. Raises Invalid.
    """
    _hours_exist(content)
    before = {office.code: office for office in Office.objects.select_for_update(of=("self",))}
    stale = [entry for entry in content.entries if entry.code not in before or before[entry.code].stated != entry.stated]
    made, changed, reseated = 0, 0, set[str]()
    offices = dict(before)
    for entry in stale:  # parents come first
        office = offices.get(entry.code) or Office(code=entry.code)
        made, changed = made + (office.pk is None), changed + (office.pk is not None)
        reseated = reseated | {entry.code} if office.stated.get("seats") != entry.stated["seats"] else reseated
        _write(office, entry, offices)
        offices[entry.code] = office
    seats = _seats([entry for entry in stale if entry.code in reseated], offices)
    links = _links(content, offices)
    if stale or links:
        emit("offices.loaded", made=made, changed=changed)
    named = {entry.code for entry in content.entries}
    return Loaded(made, changed, len(content.entries) - len(stale), seats, links,
                  tuple(sorted(code for code, o in before.items() if code not in named and o.stated and o.stands_on(clock.today()))))


def _hours_exist(content: rules.Content) -> None:
    version = CalendarVersion.objects.filter(current=True).first()
    if version is None:
        return  # the calendar checks the other way round when it is loaded
    known = set(HoursGroup.objects.filter(version=version).values_list("code", flat=True))
    wrong = [f"{entry.code}: {entry.hours_group}" for entry in content.entries if entry.hours_group and entry.hours_group not in known]
    if wrong:
        raise Invalid(_("Kelompok jam kerja ini tidak ada di kalender: {groups}.").format(groups=", ".join(wrong)), hours_group=wrong)


def _write(office: Office, entry: rules.Entry, offices: dict[str, Office]) -> None:
    """Write the facts that are new in the file; what was edited in the program since and is no news in the file stays."""
    news = {key for key, value in entry.stated.items() if key not in office.stated or office.stated[key] != value}
    for fact in FACTS:
        if fact in news:
            setattr(office, fact, getattr(entry, fact))
    if "territory" in news:
        office.territory_id = entry.territory or None
    office.stated = entry.stated
    old = office.path
    if "parent" in news:
        office.parent = offices[entry.parent] if entry.parent else None
        office.path = f"{office.parent.path}.{entry.code}" if office.parent else entry.code
    office.save()
    if old and old != office.path:  # the office hangs elsewhere now, and all beneath it moves along
        for below in [o for o in offices.values() if o.path.startswith(f"{old}.")]:
            below.path = office.path + below.path[len(old):]
            Office.objects.filter(pk=below.pk).update(path=below.path)


def _seats(stale: list[rules.Entry], offices: dict[str, Office]) -> int:
    """Units and positions of the offices that changed: new ones made, titles brought up to date, none removed."""
    ids = [offices[entry.code].pk for entry in stale]
    units = {(u.office_id, u.code): u for u in Unit.objects.filter(office__in=ids)}
    wanted_units = {(offices[e.code].pk, s.code): Unit(office=offices[e.code], code=s.code, name=s.unit, confirmed=s.confirmed)
                    for e in stale for s in e.seats if s.unit}
    _upsert(Unit, units, wanted_units, ("name", "confirmed"))
    units = {(u.office_id, u.code): u for u in Unit.objects.filter(office__in=ids)}
    there = {(p.office_id, p.code): p for p in Position.objects.filter(office__in=ids)}
    wanted = {(offices[e.code].pk, s.code): Position(
        office=offices[e.code], code=s.code, title=s.title, level=s.level, is_head=s.head, confirmed=s.confirmed,
        unit=units.get((offices[e.code].pk, s.code)) if s.unit else None) for e in stale for s in e.seats}
    _upsert(Position, there, wanted, ("title", "level", "is_head", "confirmed", "unit"))
    return len(wanted.keys() - there.keys())


def _upsert(model: type[models.Model], there: dict[tuple[int, str], models.Model], wanted: dict[tuple[int, str], models.Model],
            fields: tuple[str, ...]) -> None:
    manager = model._default_manager
    manager.bulk_create([row for key, row in wanted.items() if key not in there])
    known = [(there[key], row) for key, row in wanted.items() if key in there]
    for old, new in known:
        for field in fields:
            setattr(old, field, getattr(new, field))
    manager.bulk_update([old for old, _new in known], fields)


def _links(content: rules.Content, offices: dict[str, Office]) -> int:
    there = {(link.predecessor_id, link.successor_id): link for link in OfficeLink.objects.all()}
    count = 0
    for link in content.links:
        key = offices[link.predecessor].pk, offices[link.successor].pk
        facts = {"kind": link.kind, "day": link.day, "legal_basis": link.legal_basis, "note": link.note}
        old = there.get(key)
        if old is None or any(getattr(old, name) != value for name, value in facts.items()):
            OfficeLink.objects.update_or_create(predecessor_id=key[0], successor_id=key[1], defaults=facts)
            count += 1
    return count
