"""Still maps: outlines in degrees become SVG paths on the server. Classes and attributes only, so the strict policy lets them through."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.functional import Promise
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

Text = str | Promise
Degrees = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True, slots=True)
class Area:
    """A territory to draw. `tone`: "" or q1 … q5 (few to many). `label_at`: where its name stands; none given: inside the outline."""

    name: str
    outline: BaseGeometry
    href: str = ""
    tone: str = ""
    label_at: Degrees | None = None
    detail: Text = ""      # said after the name in the hover text, for instance a number
    labelled: bool = True

    @classmethod
    def of(cls, name: str, geojson: dict[str, Any], **more: Any) -> "Area":
        """An area from a GeoJSON geometry (Polygon or MultiPolygon)."""
        return cls(name, shape(geojson), **more)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. `kind` "here" is where somebody asked from, "office" an office."""

    name: str
    at: Degrees
    href: str = ""
    kind: str = "office"


@dataclass(frozen=True, slots=True)
class Shape:
    path: str
    name: str
    detail: Text
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    lines: tuple[tuple[int, str], ...]  # y and words


@dataclass(frozen=True, slots=True)
class Pin:
    x: int
    y: int
    name: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class StillMap:
    """A drawn map, ready for the tag `stillmap`."""

    title: Text
    width: int
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    pins: tuple[Pin, ...]
    approximate: bool
    inner: str = ""  # thin lines inside the areas, without names: the parts of the parts

    @property
    def linked(self) -> bool:
        return any(s.href for s in self.shapes) or any(p.href for p in self.pins)


def still_map(title: Text, areas: Sequence[Area], spots: Iterable[Spot] = (), *, width: int = 470, most_height: int = 640, margin: int = 20,
              label_size: int = 16, approximate: bool = True, inner: Sequence[BaseGeometry] = ()) -> StillMap:
    """Draw `areas` and `spots` on a plane true to angles near the city; nothing is thinner than a pixel, so a page stays light.

    Labels that would overlap are split in two lines or moved; one that fits nowhere is left out (its name stands in the table twin).
    """
    if not areas:
        return StillMap(title, width, width, (), (), (), approximate)
    bounds = [a.outline.bounds for a in areas]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    squeeze = cos(radians((south + north) / 2))
    across, down = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((width - 2 * margin) / across, (most_height - 2 * margin) / down)
    height = round(down * scale + 2 * margin)
    left = (width - across * scale) / 2

    def place(lon: float, lat: float) -> Degrees:
        return left + (lon - west) * squeeze * scale, margin + (north - lat) * scale

    def path(outline: BaseGeometry) -> str:
        thinned = outline.simplify(0.6 / scale)
        polygons = [thinned] if isinstance(thinned, Polygon) else [p for p in getattr(thinned, "geoms", ()) if isinstance(p, Polygon)]
        return "".join(_ring([place(*xy[:2]) for xy in ring.coords]) for p in polygons for ring in (p.exterior, *p.interiors))

    shapes = tuple(Shape(path(a.outline), a.name, a.detail, a.href, a.tone) for a in areas)
    pins = tuple(Pin(round(x), round(y), s.name, s.href, s.kind) for s in spots for x, y in [place(*s.at)])
    named = [(a.name, place(*(a.label_at or _inside(a.outline)))) for a in sorted(areas, key=lambda a: -a.outline.area) if a.labelled]
    return StillMap(title, width, height, shapes, tuple(_labels(named, width, height, label_size, pins)), pins, approximate,
                    "".join(path(outline) for outline in inner))


def _inside(outline: BaseGeometry) -> Degrees:
    middle = outline.centroid
    if not outline.contains(middle):
        middle = outline.representative_point()
    return middle.x, middle.y


def _ring(points: list[Degrees]) -> str:
    dots: list[tuple[int, int]] = []
    for x, y in points:
        dot = (round(x), round(y))
        if not dots or dots[-1] != dot:
            dots.append(dot)
    if len(dots) > 1 and dots[0] == dots[-1]:
        dots.pop()
    return "M" + "L".join(f"{x} {y}" for x, y in dots) + "Z" if len(dots) > 2 else ""


def _labels(named: list[tuple[str, Degrees]], width: int, height: int, size: int, pins: tuple[Pin, ...]) -> Iterable[Label]:
    taken: list[tuple[float, float, float, float]] = [(p.x - 12, p.y - 26, p.x + 12, p.y + 8) for p in pins]
    line = size * 1.15
    for name, (x, y) in named:
        for words, dx, dy in _ways(name, size):
            half = max(len(w) for w in words) * size * .29
            top = y + dy - line * len(words) / 2
            cx = min(max(x + dx, half + 2), width - half - 2)
            box = (cx - half - 3, top, cx + half + 3, top + line * len(words))
            if box[1] < 0 or box[3] > height or any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
                continue
            taken.append(box)
            yield Label(round(cx), tuple((round(top + line * n + size * .92), w) for n, w in enumerate(words)))
            break


def _ways(name: str, size: int) -> Iterable[tuple[list[str], float, float]]:
    """Ways of writing a name, best first: in one line, in two, then moved a little, towards the west (the sea of most of our coast) last."""
    forms = [[name]]
    words = name.split()
    if len(words) > 1:
        cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
        forms.append([" ".join(words[:cut]), " ".join(words[cut:])])
    for dx, dy in ((0, 0), (0, -.6), (0, .6), (0, -1.1), (0, 1.1), (-2, 0), (2, 0), (-3, .5), (-4, 0), (0, 1.8), (0, -1.8), (-5, .5), (-6, 0)):
        for form in forms:
            yield form, dx * size, dy * size
