"""In which polygon does a point lie? Asked for every complaint, every sensor and every tap on a map: tens of microseconds, in memory.

A grid of square cells lies over the polygons. A cell wholly inside one polygon, farther than `NEAR_M` from any other, answers by itself.
Any other cell keeps the pieces of polygons within reach, cut to the cell, so that one distance call over a few corners tells both who holds
the point (distance nought) and how far the next one is.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .shapes import plane_of

NEAR_M = 100   # a border nearer than this is worth telling
CELL_M = 400.0
MOST_CELLS = 40_000
STRIP_M = 200.0
ISLET_M2 = 1_000_000  # smaller parts are islets: they do not stand between a point and the open sea


@dataclass(frozen=True, slots=True)
class Hit:
    """The point lies in `code`; `neighbour` is the nearest other territory when it is nearer than NEAR_M, at `border_m` metres."""

    code: str
    border_m: int | None = None
    neighbour: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """The point lies in no polygon: the nearest one, how far it is, and whether all land at its height lies on the side away from the sea."""

    nearest: str
    distance_m: int
    at_sea: bool


class PointIndex:
    """Answers `locate` for a fixed set of polygons in degrees. A point on a shared border belongs to the lowest code."""

    def __init__(self, shapes: Mapping[str, BaseGeometry], sea: str = "") -> None:
        if not shapes:
            raise ValueError("an index needs at least one polygon")
        self.codes = sorted(shapes)
        self.sea = sea
        plane = plane_of(shapes)
        self._sx, self._sy = plane.scale
        self._flat = np.array([plane.flat(shapes[code]) for code in self.codes])
        self._lay_grid()
        self._lay_edges()
        self._lay_coast()

    def _lay_grid(self) -> None:
        west, south, east, north = shapely.total_bounds(self._flat)
        self._x0, self._y0, self._x1 = float(west) - NEAR_M, float(south) - NEAR_M, float(east) + NEAR_M
        self._y1 = float(north) + NEAR_M
        width, height = self._x1 - self._x0, self._y1 - self._y0
        self._cell = max(CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
        self._nx, ny = int(width // self._cell) + 1, int(height // self._cell) + 1
        gx, gy = (axis.ravel() for axis in np.meshgrid(np.arange(self._nx), np.arange(ny)))
        left, low = self._x0 + gx * self._cell, self._y0 + gy * self._cell
        reach = shapely.box(left - NEAR_M, low - NEAR_M, left + self._cell + NEAR_M, low + self._cell + NEAR_M)
        boxes = shapely.STRtree(reach)
        shapely.prepare(self._flat)
        inner, sure = boxes.query(self._flat, predicate="contains_properly")
        owner, cell = boxes.query(self._flat, predicate="intersects")
        self._cells: list[Hit | tuple[list[str], Any] | None] = [None] * (self._nx * ny)
        for polygon, place in zip(inner.tolist(), sure.tolist(), strict=True):
            self._cells[place] = Hit(self.codes[polygon])
        mixed = ~np.isin(cell, sure)
        owner, cell = owner[mixed], cell[mixed]
        order = np.lexsort((owner, cell))
        owner, cell = owner[order], cell[order]
        pieces = shapely.intersection(self._flat[owner], reach[cell])
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        for start, stop in zip(starts, [*starts[1:], len(cell)], strict=True):
            self._cells[cell[start]] = ([self.codes[i] for i in owner[start:stop]], pieces[start:stop])

    def locate(self, lat: float, lng: float) -> Hit | Miss:
        """Where the point lies. Degrees WGS84."""
        x, y = lng * self._sx, lat * self._sy
        if self._x0 <= x <= self._x1 and self._y0 <= y <= self._y1:
            found = self._cells[int((y - self._y0) // self._cell) * self._nx + int((x - self._x0) // self._cell)]
            if isinstance(found, Hit):
                return found
            if found is not None:
                codes, pieces = found
                apart = shapely.distance(pieces, shapely.points((x, y))).tolist()
                if 0.0 in apart:
                    mine = apart.index(0.0)
                    rest = [(metres, code) for code, metres in zip(codes, apart, strict=True) if code != codes[mine]]
                    border, neighbour = min(rest) if rest else (NEAR_M, "")
                    return Hit(codes[mine], round(border), neighbour) if border < NEAR_M else Hit(codes[mine])
        return self._miss(x, y)

    def _lay_edges(self) -> None:
        """Every edge as a line of its own: the nearest one to a point outside is found without measuring whole polygons."""
        parts, part_owner = shapely.get_parts(self._flat, return_index=True)
        rings, ring_part = shapely.get_rings(parts, return_index=True)
        points, point_ring = shapely.get_coordinates(rings, return_index=True)
        same = point_ring[1:] == point_ring[:-1]
        starts, ends, owners = points[:-1][same], points[1:][same], part_owner[ring_part[point_ring[:-1][same]]]
        self._edges = shapely.STRtree(shapely.linestrings(np.stack((starts, ends), axis=1)))
        self._edge_owner = owners.tolist()

    def _lay_coast(self) -> None:
        """For each strip across the land, 200 m wide and parallel to the way to the sea: where the land begins on the sea's side.

        We have no coastline: this is all that can be said. Islets are not land here.
        """
        self._coast: dict[int, float] = {}
        if not self.sea:
            return
        land = [part for part in shapely.get_parts(self._flat) if part.area >= ISLET_M2] or list(self._flat)
        points = shapely.get_coordinates(shapely.segmentize(land, STRIP_M / 2))
        for x, y in points.tolist():
            strip, depth = self._towards_sea(x, y)
            self._coast[strip] = max(self._coast.get(strip, depth), depth)

    def _towards_sea(self, x: float, y: float) -> tuple[int, float]:
        """The strip a point lies in, and how far out to sea it lies."""
        across, depth = {"W": (y, -x), "E": (y, x), "S": (x, -y), "N": (x, y)}[self.sea]
        return int(across // STRIP_M), depth

    def _miss(self, x: float, y: float) -> Miss:
        nearest, metres = self._edges.query_nearest(shapely.points((x, y)), return_distance=True)
        owner = min(self._edge_owner[edge] for edge in nearest.tolist())
        return Miss(self.codes[owner], round(float(metres[0])), self._at_sea(x, y))

    def _at_sea(self, x: float, y: float) -> bool:
        if not self.sea:
            return False
        strip, depth = self._towards_sea(x, y)
        return depth > self._coast.get(strip, float("inf"))
