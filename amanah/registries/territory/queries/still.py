"""The still map: province to kelurahan with names and boundaries, as one immutable copy per process.

Each change writes a new edition token; a process compares it once a second (setting TERRITORY_CHECK_SECONDS) and after a change of its own,
and builds a new copy when it differs. Shapes and the point index are built when they are first asked for.
"""
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import shapely
from django.conf import settings

from ..models import Boundary, Edition, Level, Territory, TerritoryAlias
from ..rules import codes
from ..rules.places import PointIndex
from .rows import TerritoryRow, rows

IN_MEMORY = (Level.PROVINCE, Level.CITY, Level.KECAMATAN, Level.KELURAHAN)
CHECK_SECONDS = float(getattr(settings, "TERRITORY_CHECK_SECONDS", 1.0))  # how long a process may go without comparing editions
_building = threading.RLock()
_held: "Still | None" = None
_looked = 0.0  # monotonic time of the last comparison of editions


@dataclass(frozen=True, slots=True)
class BoundaryFacts:
    official: bool
    source: str
    loaded_at: datetime
    area_m2: int
    bbox: tuple[float, float, float, float]  # west, south, east, north


class Still:
    """One edition of the map. Immutable: what is computed later is computed once."""

    def __init__(self, edition: str) -> None:
        self.edition = edition
        self.rows: dict[str, TerritoryRow] = {row.code: row for row in rows(Territory.objects.filter(level__in=IN_MEMORY).order_by("code"))}
        self.children: dict[str, list[TerritoryRow]] = {}
        for row in self.rows.values():
            self.children.setdefault(row.parent or "", []).append(row)
        self.made: dict[tuple[object, ...], object] = {}  # products of this edition, such as map files

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Keys under which each territory is found, the name in force first."""
        found = {code: [codes.key(row.name)] for code, row in self.rows.items()}
        for code, key in TerritoryAlias.objects.filter(territory__level__in=IN_MEMORY).order_by("id").values_list("territory__code", "key"):
            if code in found and key not in found[code]:
                found[code].append(key)
        return {code: tuple(keys) for code, keys in found.items()}

    @cached_property
    def _stored(self) -> tuple[dict[str, BoundaryFacts], dict[str, str], dict[str, str]]:
        """What is known of every boundary, the polygons of the kelurahan, and the simplified ones of all; by one statement, so that they agree."""
        facts, shapes, simplified = {}, {}, {}
        fields = ("territory__code", "territory__level", "geometry", "simplified", "official", "source", "loaded_at", "area_m2",
                  "west", "south", "east", "north")
        stored = Boundary.objects.filter(territory__valid_to=None).order_by("territory__code").values_list(*fields)
        for code, level, geometry, thin, official, source, loaded_at, area, west, south, east, north in stored:
            if code in self.rows:
                facts[code] = BoundaryFacts(official, source, loaded_at, area, (west, south, east, north))
                simplified[code] = thin
                if level == Level.KELURAHAN:
                    shapes[code] = geometry
        return facts, shapes, simplified

    @property
    def boundaries(self) -> dict[str, BoundaryFacts]:
        return self._stored[0]

    @property
    def simplified(self) -> dict[str, str]:
        """GeoJSON geometries for screens, from kelurahan to city."""
        return self._stored[2]

    @cached_property
    def index(self) -> PointIndex | None:
        with _building:
            polygons = self._stored[1]
            if not polygons:
                return None
            sides = set(Territory.objects.filter(level=Level.CITY).exclude(sea="").values_list("sea", flat=True))
            shapes = dict(zip(polygons, shapely.from_geojson(list(polygons.values())), strict=True))
            return PointIndex(shapes, sea=sides.pop() if len(sides) == 1 else "")


def current() -> Still:
    """The map in force. Costs nothing but a look at the clock, and once a second one small statement."""
    global _held, _looked
    held, moment = _held, time.monotonic()
    if held is not None and moment - _looked < CHECK_SECONDS:
        return held
    with _building:
        edition = Edition.objects.values_list("token", flat=True).first() or ""
        if _held is None or _held.edition != edition:
            _held = Still(edition)
        _looked = moment
        return _held


def forget() -> None:
    """Take nothing for granted that was read before. Called by every act of this room that changes the map; tests call it too."""
    global _held, _looked
    with _building:
        _held, _looked = None, 0.0
