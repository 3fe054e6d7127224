"""Shapes of territories: from degrees to metres and back, cells grown from centre points, and a set of polygons made to fit edge to edge."""
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Shapes = Mapping[str, BaseGeometry]
TOLERANCES = (10, 15, 20, 30, 40, 55, 75, 100, 130, 170, 220, 300, 400)  # metres: from "every bend" to "a sketch"
SLIVER_M = 20.0  # gaps narrower than this are drawing inaccuracies and are closed; wider ones are left and reported


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat map in metres around one latitude (WGS84); over a city's width it is right to about one part in a thousand."""

    lat: float

    @property
    def scale(self) -> tuple[float, float]:
        """Metres per degree of longitude and of latitude."""
        phi = math.radians(self.lat)
        return (111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi),
                111_132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi))

    def flat(self, shapes: Any) -> Any:
        """Geometries in degrees (longitude first), in metres."""
        return shapely.transform(shapes, lambda points: points * self.scale)

    def round(self, shapes: Any) -> Any:
        """The way back: geometries in metres, in degrees."""
        return shapely.transform(shapes, lambda points: points / self.scale)


def plane_of(shapes: Shapes) -> Plane:
    """The plane in the middle of these shapes (degrees)."""
    bounds = shapely.total_bounds(list(shapes.values()))
    return Plane(round(float(bounds[1] + bounds[3]) / 2, 3))


def outline(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    """A plausible outline of the land around centre points in metres: their concave hull, and about each a disc up to its nearest neighbour."""
    dots = shapely.points(points)
    if len(dots) == 1:
        return dots[0].buffer(1000)
    apart = shapely.distance(dots[:, None], dots[None, :])
    np.fill_diagonal(apart, np.inf)
    reach = np.maximum(apart.min(axis=1), 1.0)
    hull = shapely.concave_hull(shapely.multipoints(dots), ratio=0.5)
    return shapely.union_all([hull, *shapely.buffer(dots, reach, quad_segs=16)])


def cells(centres: Mapping[str, tuple[float, float]], within: BaseGeometry | None = None) -> dict[str, BaseGeometry]:
    """A cell for each centre point (code → longitude, latitude in degrees): all that lies nearer to it than to any other, cut at `within`.

    Without `within` the outline is guessed from the points. Where two points are the same the first code has the cell and the other none;
    nor has one whose cell falls wholly outside. The result fits edge to edge.
    """
    codes: dict[tuple[float, float], str] = {}
    for code in sorted(centres):
        codes.setdefault(centres[code], code)
    if not codes:
        return {}
    plane = Plane(round(sum(lat for _, lat in codes) / len(codes), 3))
    places = [(lng * plane.scale[0], lat * plane.scale[1]) for lng, lat in codes]
    land = plane.flat(within) if within is not None else outline(places)
    if len(places) == 1:
        pieces = [land]
    else:
        reach = shapely.box(*shapely.total_bounds([land, shapely.multipoints(places)])).buffer(1000)
        pieces = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=reach, ordered=True))
    cut = {code: polygonal(shapely.intersection(piece, land)) for code, piece in zip(codes.values(), pieces, strict=True)}
    cut = {code: piece for code, piece in cut.items() if not piece.is_empty}
    fitted = shapely.coverage_clean(list(cut.values()))
    return {code: piece for code, piece in zip(cut, plane.round(fitted), strict=True) if not piece.is_empty}


def polygonal(shape: BaseGeometry) -> BaseGeometry:
    """Only the areas of a shape; points and lines that repairs and cuts leave behind are dropped."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def fit(shapes: Shapes, sliver: float = SLIVER_M) -> dict[str, BaseGeometry]:
    """The same shapes edge to edge: no overlaps, gaps narrower than `sliver` metres closed, shared edges vertex for vertex alike (degrees)."""
    plane = plane_of(shapes)
    codes = sorted(shapes)
    # An overlap or gap goes to the neighbour with the longest border; the order of codes makes the result the same every time.
    fitted = shapely.coverage_clean([plane.flat(shapes[code]) for code in codes], gap_width=sliver)
    return {code: polygonal(piece) for code, piece in zip(codes, plane.round(fitted), strict=True)}


def dissolve(shapes: Shapes, group: Mapping[str, str]) -> dict[str, BaseGeometry]:
    """Unions of shapes that fit edge to edge, by the group each belongs to."""
    members: dict[str, list[BaseGeometry]] = {}
    for code in sorted(shapes):
        members.setdefault(group[code], []).append(shapes[code])
    return {name: polygonal(shapely.coverage_union_all(pieces)) for name, pieces in members.items()}


def area_m2(shape: BaseGeometry) -> int:
    """Area in square metres of a shape in degrees."""
    return round(float(Plane(shape.centroid.y).flat(shape).area)) if not shape.is_empty else 0


def simplify(shapes: Shapes, tolerance: float) -> dict[str, BaseGeometry]:
    """Fewer corners (Visvalingam–Whyatt, `tolerance` in metres), coordinates rounded to a metre; neighbours stay gap-free.

    Parts smaller than the square of the tolerance are left out (islets of a few pixels), but never the last part of a territory.
    """
    plane = plane_of(shapes)
    codes = sorted(shapes)
    flat = [_without_specks(plane.flat(shapes[code]), tolerance * tolerance) for code in codes]
    thin = plane.round(shapely.coverage_simplify(flat, tolerance))
    for decimals in (5, 6, 7):  # rounding to a metre can push a corner over a line that runs close by; then a decimal more
        rounded = _rounded(thin, decimals)
        if shapely.coverage_is_valid(rounded):
            break
    return dict(zip(codes, rounded, strict=True))


def for_screen(shapes: Shapes, group: Mapping[str, str], most: int, most_grouped: int) -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """The finest simplification whose GeoJSON takes at most `most` bytes, and its unions by `group` at most `most_grouped`.

    The unions are made of the simplified shapes, so the lines of both lie on one another. The coarsest is taken when none is small enough.
    """
    low, high = 0, len(TOLERANCES) - 1
    while True:
        step = (low + high) // 2
        thin = simplify(shapes, TOLERANCES[step])
        grouped = dissolve(thin, group)
        fits = _size(thin) <= most and _size(grouped) <= most_grouped
        if low >= high:
            return thin, grouped
        low, high = (low, step) if fits else (step + 1, high)


def _size(shapes: Shapes) -> int:
    return sum(len(text) for text in shapely.to_geojson(list(shapes.values())))


def _rounded(shapes: Any, decimals: int) -> Any:
    return shapely.transform(shapes, lambda points: np.round(points, decimals))


def _without_specks(shape: BaseGeometry, smallest: float) -> BaseGeometry:
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = [part for part in parts if part.area >= smallest] or parts[:1]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
