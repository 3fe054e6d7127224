"""Where is this point: the index in memory against a bare STRtree query over the same polygons, which names no neighbour and no distance.

Cells grown from the city's centre points; AMANAH_BENCH_BOUNDARIES names a GeoJSON of official kelurahan to measure those as well.
"""
import os
import random
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import shapely

from amanah.registries.territory.rules.boundaries import Known, examine, read_features
from amanah.registries.territory.rules.places import Hit, PointIndex
from amanah.registries.territory.rules.shapes import cells
from amanah.registries.territory.rules.tables import read_register
from benchmarks.harness import Figure, compare, rate_of, say

ROOT = Path(__file__).resolve().parent.parent
POINTS = 20_000
SLOWEST = 50.0  # microseconds a point


def run(*, seconds: float) -> list[Figure]:
    entries = [entry for entry in read_register(("territory.csv", (ROOT / "cities/padang/territory.csv").read_text(encoding="utf-8"))).entries
               if entry.level == "kelurahan" and entry.lat is not None and entry.lng is not None]
    figures = measure("grown cells", cells({entry.code: (entry.lng, entry.lat) for entry in entries}), seconds)  # type: ignore[misc]
    if official := os.environ.get("AMANAH_BENCH_BOUNDARIES"):
        known = {entry.code: Known(entry.name, entry.parent or "", entry.lat, entry.lng) for entry in entries}
        figures += measure("official polygons", examine(read_features(Path(official).read_text(encoding="utf-8")), known).shapes, seconds)
    return figures


def measure(name: str, shapes: Mapping[str, Any], seconds: float) -> list[Figure]:
    index, codes = PointIndex(shapes), sorted(shapes)
    tree = shapely.STRtree([shapes[code] for code in codes])
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    chance = random.Random(1)
    points = [(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(POINTS)]
    inside = []
    for lat, lng in points:  # the answer first
        truth = [codes[place] for place in sorted(tree.query(shapely.points((lng, lat)), predicate="intersects"))]
        found = index.locate(lat, lng)
        if (found.code if isinstance(found, Hit) else None) not in (truth or [None]):
            raise SystemExit(f"wrong answer: {lat}, {lng} lies in {truth}, found {found}")
        if truth:
            inside.append((lat, lng))
    figures = []
    for title, chosen in (("inside", inside), ("anywhere in the box, sea included", points)):
        ours, theirs = cycle(chosen), cycle(chosen)
        figure = compare(f"where is this point, {title}", f"{len(shapes)} {name}",
                         lambda ours=ours: rate_of(lambda: index.locate(*next(ours)), seconds=seconds, batch=1000),
                         lambda theirs=theirs: rate_of(lambda: bare(tree, theirs), seconds=seconds, batch=1000),
                         limit_name="STRtree.query of one point in the same polygons")
        micros = 1e6 / figure.rate
        say(f"    {micros:.1f} microseconds a point, asked: under {SLOWEST:.0f}{'' if micros < SLOWEST else ': MISSED'}")
        figures.append(figure)
    return figures


def bare(tree: shapely.STRtree, points: Iterator[tuple[float, float]]) -> Any:
    lat, lng = next(points)
    return tree.query(shapely.points((lng, lat)), predicate="intersects")
