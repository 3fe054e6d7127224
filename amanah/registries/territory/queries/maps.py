"""The map of the city for pages: a small GeoJSON for maps one explores, and outlines for the still map that the server draws."""
import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..models import Level
from ..rules import shapes
from .still import Still, current


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What has to stand beside every map. `approximate`: say "batas perkiraan"."""

    approximate: bool
    source: str
    loaded_at: datetime | None
    edition: str                                     # changes with every change of the map; good as an ETag
    bbox: tuple[float, float, float, float] | None   # west, south, east, north


@dataclass(frozen=True, slots=True)
class SvgShape:
    """One territory of a still map: `path` for <path d=…>, and the point at which its label stands."""

    code: str
    name: str
    parent: str | None
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SvgMap:
    width: int
    height: int
    shapes: tuple[SvgShape, ...]
    facts: MapFacts


def map_facts(level: str = Level.KELURAHAN) -> MapFacts:
    """Source, date and whether the boundaries of this level are approximate, for the map as a whole."""
    still = current()
    known = [facts for code, facts in still.boundaries.items() if code in still.rows and still.rows[code].level == level]
    if not known:
        return MapFacts(True, "", None, still.edition, None)
    west, south, east, north = zip(*(facts.bbox for facts in known), strict=True)
    latest = max(known, key=lambda facts: facts.loaded_at)
    return MapFacts(approximate=not all(facts.official for facts in known), source=latest.source, loaded_at=latest.loaded_at, edition=still.edition,
                    bbox=(min(west), min(south), max(east), max(north)))


def geojson(level: str = Level.KELURAHAN) -> bytes:
    """The kelurahan, kecamatan or city as a GeoJSON FeatureCollection; made once per edition.

    At most 60 kB for a hundred kelurahan and 15 kB for a dozen kecamatan. All levels come from the same simplified edges, so a line of one lies
    on the line of the other. Properties: code, name, parent, lat and lng of a point inside for the label; beside the features: approximate,
    source, edition. Empty when no map is loaded. Raises ValueError for another level.
    """
    still = current()
    return _made(still, ("geojson", level), lambda: _as_bytes(still, level))


def touches(code: str, bounds: tuple[float, float, float, float]) -> bool:
    """Whether the box around a territory touches `bounds` (west, south, east, north in degrees); False without a boundary."""
    facts = current().boundaries.get(code)
    if facts is None:
        return False
    west, south, east, north = facts.bbox
    return west <= bounds[2] and bounds[0] <= east and south <= bounds[3] and bounds[1] <= north


def svg_map(level: str = Level.KECAMATAN, width: int = 400) -> SvgMap:
    """The kelurahan, kecamatan or city as SVG paths `width` units wide, for a map without script; made once per edition and width."""
    still = current()
    return _made(still, ("svg", level, width), lambda: _drawn(still, level, width))


def _made(still: Still, key: tuple[object, ...], make: Any) -> Any:
    if key not in still.made:
        still.made[key] = make()
    return still.made[key]


def _shapes(still: Still, level: str) -> dict[str, str]:
    if level not in (Level.CITY, Level.KECAMATAN, Level.KELURAHAN):
        raise ValueError(f"there is no map of level {level!r}")
    return {code: text for code, text in still.simplified.items() if still.rows[code].level == level}


def _as_bytes(still: Still, level: str) -> bytes:
    facts = map_facts(level)
    features = []
    for code, text in _shapes(still, level).items():
        row, label = still.rows[code], shapely.point_on_surface(shapely.from_geojson(text))
        features.append({
            "type": "Feature", "id": int(code.replace(".", "")),
            "properties": {"code": code, "name": row.name, "parent": row.parent, "lat": round(label.y, 5), "lng": round(label.x, 5)},
            "geometry": json.loads(text),
        })
    whole = {"type": "FeatureCollection", "approximate": facts.approximate, "source": facts.source, "edition": facts.edition, "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _drawn(still: Still, level: str, width: int) -> SvgMap:
    thin = {code: shapely.from_geojson(text) for code, text in _shapes(still, level).items()}
    if not thin:
        return SvgMap(width, width, (), map_facts(level))
    plane = shapes.plane_of(thin)
    flat = {code: plane.flat(shape) for code, shape in thin.items()}
    west, south, east, north = shapely.total_bounds(list(flat.values()))
    scale = width / (east - west)

    def place(points: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        return np.column_stack(((points[:, 0] - west) * scale, (north - points[:, 1]) * scale)).round(1)

    drawn = []
    for code, shape in sorted(flat.items()):
        on_page = shapely.transform(shape, place)
        label = shapely.point_on_surface(on_page)
        drawn.append(SvgShape(code, still.rows[code].name, still.rows[code].parent, _path(on_page), round(label.x, 1), round(label.y, 1)))
    return SvgMap(width, math.ceil((north - south) * scale), tuple(drawn), map_facts(level))


def _path(shape: BaseGeometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring.coords[:-1]) + "Z" for ring in rings)
