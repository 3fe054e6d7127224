"""Examines a file of official boundaries before anything is believed: right place on earth, right codes, sound shapes that fit one another."""
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from amanah.foundation.kernel.errors import Invalid

from . import codes
from .shapes import SLIVER_M, dissolve, fit, plane_of, polygonal

OVERLAP_M2 = 1000  # overlaps of two neighbours and gaps larger than this are named one by one
FAR_DEGREES = 2.0  # a file whose middle is farther than this from the centre points is about another place
MOST_NAMED = 10
LATITUDE_LONGITUDE = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4979")


@dataclass(frozen=True, slots=True)
class Known:
    """What the list of territories says of a code."""

    name: str
    parent: str
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A file fit to be loaded: polygons in degrees that fit edge to edge, and what is worth knowing about how they came to fit."""

    shapes: dict[str, BaseGeometry]
    warnings: tuple[str, ...]
    moved_m2: int        # area that changed hands or was added when overlaps and slivers were closed
    property_used: str


def read_features(text: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON text. Raises Invalid when it is none, or is not in degrees by its own word."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as problem:
        where = f"baris {problem.lineno}, kolom {problem.colno}"
        raise Invalid(f"Bukan GeoJSON: {where}. Ekspor ulang berkasnya sebagai GeoJSON.", file="bukan JSON") from problem
    features = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features or not all(isinstance(feature, dict) for feature in features):
        raise Invalid("Berkas ini bukan FeatureCollection yang berisi. Ekspor ulang batasnya sebagai GeoJSON.", file="bukan FeatureCollection")
    declared = str((((whole.get("crs") or {}).get("properties")) or {}).get("name", ""))
    if declared and not any(declared.endswith(name) for name in LATITUDE_LONGITUDE):
        raise Invalid(f"Berkas ini memakai sistem koordinat {declared}. Ubah dulu ke WGS84 (EPSG:4326) dalam derajat.", file="sistem koordinat")
    return features


def examine(features: Sequence[Mapping[str, Any]], known: Mapping[str, Known], code_property: str = "") -> Examined:
    """Check features against the territories of one level (`known`) and make them fit.

    Raises Invalid when the file is about another place, has latitude and longitude swapped or in metres, lacks territories or has unknown ones
    inside the same city. Warns, with areas, of everything a person should look at.
    """
    name = code_property or _code_property(features, known)
    given, warnings = _by_code(features, known, name)
    raw = _shapes(given, known, warnings)
    _check_place(raw, known)
    _warn_names(given, known, warnings)
    sound = _repair(raw, warnings)
    _warn_overlaps_and_gaps(sound, warnings)
    fitted = fit(sound)
    if collapsed := [code for code, shape in fitted.items() if shape.is_empty]:
        raise Invalid(f"Tertutup seluruhnya oleh tetangganya: {_some(collapsed)}. Periksa poligonnya.", file="bertindih")
    moved = plane_of(sound)
    change = sum(float(shapely.area(moved.flat(shapely.symmetric_difference(fitted[code], sound[code])))) for code in sound)
    _warn_centres(fitted, known, warnings)
    _warn_strays(fitted, known, warnings)
    return Examined(fitted, tuple(warnings), round(change), name)


def _digits(text: object) -> str:
    return str(text).replace(".", "").strip()


def _code_property(features: Sequence[Mapping[str, Any]], known: Mapping[str, Known]) -> str:
    """The property that holds the codes: the one whose values match most territories, with dots or without."""
    accepted = set(known) | {_digits(code) for code in known}
    hits = Counter(name for feature in features for name, value in (feature.get("properties") or {}).items() if str(value).strip() in accepted)
    if not hits:
        names = sorted({name for feature in features for name in (feature.get("properties") or {})})
        raise Invalid(f"Tidak ada isian yang cocok dengan kode wilayah. Isian dalam berkas: {_some(names)}. "
                      "Sebutkan dengan --code-property.", file="tanpa kode")
    return str(hits.most_common(1)[0][0])


def _by_code(features: Sequence[Mapping[str, Any]], known: Mapping[str, Known], name: str) -> tuple[dict[str, list[Mapping[str, Any]]], list[str]]:
    dotted = {_digits(code): code for code in known}
    cities = {codes.at_level(code, "city") for code in known}
    found: dict[str, list[Mapping[str, Any]]] = {}
    elsewhere, strange, without = 0, [], 0
    for number, feature in enumerate(features, 1):
        value = str((feature.get("properties") or {}).get(name, "") or "").strip()
        code = value if value in known else dotted.get(value)
        if code:
            found.setdefault(code, []).append(feature)
        elif not value:
            without += 1
        elif any(city and _digits(value).startswith(_digits(city)) for city in cities):
            strange.append(f"{value} (fitur {number})")
        else:
            elsewhere += 1
    if strange:
        raise Invalid(f"Kode ini tidak ada di daftar wilayah: {_some(strange)}. Perbarui daftar wilayah atau berkas batasnya.",
                      file="kode tidak dikenal")
    if missing := sorted(known.keys() - found.keys()):
        named = _some([f"{code} {known[code].name}" for code in missing])
        raise Invalid(f"{len(missing)} dari {len(known)} wilayah tidak ada di berkas: {named}. Lengkapi berkasnya.", file="belum lengkap")
    warnings = [f"{elsewhere} fitur di luar kota ini dilewati."] if elsewhere else []
    if without:
        warnings.append(f"{without} fitur tanpa kode dilewati.")
    warnings += [f"{code} {known[code].name} terdiri dari {len(several)} fitur; digabung." for code, several in found.items() if len(several) > 1]
    return found, warnings


def _shapes(given: Mapping[str, list[Mapping[str, Any]]], known: Mapping[str, Known], warnings: list[str]) -> dict[str, BaseGeometry]:
    found = {}
    for code, features in sorted(given.items()):
        pieces = []
        for feature in features:
            try:
                piece = shapely.from_geojson(json.dumps(feature.get("geometry")))
            except shapely.errors.GEOSException as problem:
                raise Invalid(f"Geometri {code} {known[code].name} tidak terbaca. Periksa fiturnya.", file="geometri") from problem
            if piece is None or piece.is_empty or piece.geom_type not in ("Polygon", "MultiPolygon"):
                raise Invalid(f"{code} {known[code].name} bukan poligon. Batas wilayah harus Polygon atau MultiPolygon.", file="geometri")
            pieces.append(shapely.force_2d(piece))
        found[code] = pieces[0] if len(pieces) == 1 else shapely.multipolygons([part for piece in pieces for part in shapely.get_parts(piece)])
    return found


def _check_place(shapes: Mapping[str, BaseGeometry], known: Mapping[str, Known]) -> None:
    """Degrees, longitude first, and about this city. Each of the three mistakes has its own sentence."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    x, y = (west + east) / 2, (south + north) / 2
    centres = [(place.lng, place.lat) for place in known.values() if place.lng is not None and place.lat is not None]
    if centres:
        lng, lat = np.mean(centres, axis=0)
        if max(abs(y - lng), abs(x - lat)) < FAR_DEGREES < max(abs(x - lng), abs(y - lat)):
            raise Invalid("Lintang dan bujur tertukar: GeoJSON menulis bujur dulu. Tukar urutannya, lalu muat lagi.",
                          file="lintang dan bujur tertukar")
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Invalid("Koordinat bukan derajat (mungkin meter, misalnya UTM). Ubah dulu ke WGS84 (EPSG:4326).", file="sistem koordinat")
    if centres and max(abs(x - lng), abs(y - lat)) > FAR_DEGREES:
        raise Invalid(f"Batas ini terletak di sekitar {y:.2f}, {x:.2f}, jauh dari wilayah kota ({lat:.2f}, {lng:.2f}). Periksa berkasnya.",
                      file="tempat lain")


def _warn_names(given: Mapping[str, list[Mapping[str, Any]]], known: Mapping[str, Known], warnings: list[str]) -> None:
    """Names that differ by more than letter case; a property is taken for the name when it agrees for most territories."""
    hits = Counter(name for code, features in given.items() for name, value in (features[0].get("properties") or {}).items()
                   if codes.key(str(value)) == codes.key(known[code].name))
    if hits and hits.most_common(1)[0][1] * 2 > len(given):
        name = hits.most_common(1)[0][0]
        other = [(code, str((features[0].get("properties") or {}).get(name, ""))) for code, features in sorted(given.items())]
        differ = [f"{code} {known[code].name} ({value})" for code, value in other if codes.key(value) != codes.key(known[code].name)]
        if differ:
            warnings.append(f"{len(differ)} nama berbeda dari daftar wilayah: {_some(differ)}.")


def _repair(shapes: Mapping[str, BaseGeometry], warnings: list[str]) -> dict[str, BaseGeometry]:
    sound = {}
    for code, shape in shapes.items():
        if not shape.is_valid:
            whole = polygonal(shapely.make_valid(shape))
            if whole.is_empty:
                raise Invalid(f"Poligon {code} tidak punya luas. Periksa fiturnya.", file="geometri")
            plane = plane_of({code: whole})
            warnings.append(f"{code}: poligon tidak sah ({shapely.is_valid_reason(shape).partition('[')[0]}), diperbaiki; luas kini "
                            f"{plane.flat(whole).area / 1e6:.3f} km2.")
            shape = whole
        sound[code] = shape
    return sound


def _warn_overlaps_and_gaps(shapes: Mapping[str, BaseGeometry], warnings: list[str]) -> None:
    order = sorted(shapes)
    plane = plane_of(shapes)
    flat = np.array([plane.flat(shapes[code]) for code in order])
    left, right = shapely.STRtree(flat).query(flat, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    areas = shapely.area(shapely.intersection(flat[left], flat[right]))
    if areas.sum() >= 1:
        large = [f"{order[left[i]]} dan {order[right[i]]} ({areas[i]:,.0f} m2)" for i in np.argsort(-areas) if areas[i] >= OVERLAP_M2]
        warnings.append(f"Bertindih: {areas.sum():,.0f} m2 di {int((areas > 0).sum())} pasang tetangga; "
                        "diberikan kepada tetangga dengan batas terpanjang." + (f" Terbesar: {_some(large)}." if large else ""))
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(shapely.union_all(flat)) for ring in part.interiors]
    if holes and sum(hole.area for hole in holes) >= 1:
        wide = sorted((hole for hole in holes if not hole.buffer(-SLIVER_M / 2).is_empty), key=lambda hole: -hole.area)
        named = [f"{hole.area:,.0f} m2 di {y:.5f}, {x:.5f}" for hole in wide for x, y in [plane.round(shapely.point_on_surface(hole)).coords[0]]]
        warnings.append(f"Celah: {sum(hole.area for hole in holes):,.0f} m2 di {len(holes)} tempat; yang sempit (di bawah {SLIVER_M:.0f} m) ditutup."
                        + (f" Yang lebar dibiarkan: {_some(named)}." if named else ""))


def _warn_centres(shapes: Mapping[str, BaseGeometry], known: Mapping[str, Known], warnings: list[str]) -> None:
    """Centre points outside their own polygon: usual for a crescent, suspicious when they lie in another territory."""
    plane = plane_of(shapes)
    outside = []
    for code, place in sorted(known.items()):
        if place.lat is None or place.lng is None:
            continue
        point = shapely.points(place.lng, place.lat)
        if not shapes[code].intersects(point):
            where = next((other for other in sorted(shapes) if shapes[other].intersects(point)), "")
            outside.append(f"{code} {place.name} ({plane.flat(shapes[code]).distance(plane.flat(point)):,.0f} m{', di ' + where if where else ''})")
    if outside:
        warnings.append(f"{len(outside)} titik tengah di luar poligonnya sendiri: {_some(outside)}.")


def _warn_strays(shapes: Mapping[str, BaseGeometry], known: Mapping[str, Known], warnings: list[str]) -> None:
    """Territories that touch others but none of their own parent: mostly a code on the wrong polygon."""
    whole = dissolve(shapes, {code: known[code].parent for code in shapes})
    strays = []
    for code, shape in sorted(shapes.items()):
        siblings = [other for other in shapes if other != code and known[other].parent == known[code].parent]
        if siblings and not any(shape.intersects(shapes[other]) for other in siblings):
            beside = [known_parent for known_parent, area in whole.items() if known_parent != known[code].parent and area.intersects(shape)]
            if beside:
                strays.append(f"{code} {known[code].name} (berbatasan dengan {_some(beside)})")
    if strays:
        warnings.append(f"{len(strays)} wilayah tidak menyentuh wilayah lain dari kecamatannya sendiri: {_some(strays)}.")


def _some(things: Sequence[str]) -> str:
    return ", ".join(things[:MOST_NAMED]) + (f" dan {len(things) - MOST_NAMED} lagi" if len(things) > MOST_NAMED else "")
