"""Loading the list of territories from the city's tables."""
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext_lazy as _

from amanah.foundation.acts import act
from amanah.foundation.kernel.actor import Actor

from ..models import AliasKind, Boundary, Level, Territory, TerritoryAlias
from ..rules import codes, shapes
from ..rules.tables import Entry, Register
from .edition import new_edition, write_shapes

FIELDS = ("name", "level", "bps_code", "lat", "lng", "sea", "source")
GROWN = "Sel dari titik tengah kelurahan; bukan batas resmi."


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `absent`: codes the database has and the tables have not; they stay as they are."""

    added: int
    changed: int
    same: int
    aliases_added: int
    aliases_changed: int
    absent: tuple[str, ...]
    cells: int  # kelurahan whose approximate boundary was grown anew

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.aliases_added or self.aliases_changed or self.cells)


@act("territory.load", title=_("Memuat daftar wilayah"), says=_("{actor} memuat daftar wilayah ({digest})"))
def load(actor: Actor, *, register: Register, digest: str = "") -> LoadReport:
    """Bring the list of territories in line with the city's tables; twice the same tables change nothing the second time.

    Nothing is deleted. A changed name leaves the former one behind as an alias. Without official boundaries, cells are grown from the centre points.
    """
    known = {t.code: t for t in Territory.objects.exclude(level__in=codes.NEIGHBOURHOODS)}
    added = changed = 0
    for entry in register.entries:  # sorted by code: parents before children
        territory = known.get(entry.code)
        if territory is None:
            parent = known[entry.parent] if entry.parent else None
            known[entry.code] = Territory.objects.create(code=entry.code, parent=parent, **_values(entry))
            added += 1
        elif any(getattr(territory, name) != value for name, value in _values(entry).items()):
            if territory.name != entry.name:
                keep_former_name(territory)
            for name, value in _values(entry).items():
                setattr(territory, name, value)
            territory.save(update_fields=FIELDS)
            changed += 1
    aliases_added, aliases_changed = _load_aliases(register, known)
    absent = tuple(sorted(known.keys() - {entry.code for entry in register.entries}))
    cells = _grow_cells()
    report = LoadReport(added, changed, len(register.entries) - added - changed, aliases_added, aliases_changed, absent, cells)
    if report.anything:
        new_edition()
    return report


def keep_former_name(territory: Territory, **fields: object) -> None:
    """Keep the name a territory is about to lose among its aliases."""
    TerritoryAlias.objects.update_or_create(territory=territory, key=codes.key(territory.name),
                                            defaults={"name": territory.name, "kind": AliasKind.FORMER, "confirmed": True, **fields})


def _values(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in FIELDS}


def _load_aliases(register: Register, territories: dict[str, Territory]) -> tuple[int, int]:
    known = {(a.territory_id, a.key): a for a in TerritoryAlias.objects.all()}
    added = changed = 0
    for alias in register.aliases:
        place = (territories[alias.code].pk, codes.key(alias.name))
        values = {"name": alias.name, "kind": alias.kind, "confirmed": alias.confirmed, "source": alias.source}
        if place not in known:
            TerritoryAlias.objects.create(territory_id=place[0], key=place[1], **values)
            added += 1
        elif known[place].kind != AliasKind.FORMER and any(getattr(known[place], name) != value for name, value in values.items()):
            TerritoryAlias.objects.filter(pk=known[place].pk).update(**values)
            changed += 1
    return added, changed


def _grow_cells() -> int:
    """Grow approximate boundaries unless official ones are loaded or the present ones already come from the same points; returns how many."""
    stored = {b.territory.code: b for b in Boundary.objects.select_related("territory")}
    if any(b.official for b in stored.values()):
        return 0
    centres = {code: (lng, lat) for code, lng, lat in Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).exclude(lat=None)
               .values_list("code", "lng", "lat")}
    grown = shapes.cells(centres)
    if {code for code in stored if codes.level_of(code) == Level.KELURAHAN} == grown.keys() and all(
            shapely.equals_exact(shapely.from_geojson(stored[code].geometry), shape, 1e-6, normalize=True) for code, shape in grown.items()):
        return 0
    write_shapes(grown, official={}, source=GROWN)
    return len(grown)
