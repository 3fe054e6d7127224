"""A fresh edition of the map, and how shapes are written down; shared by the acts of this room."""
from collections.abc import Mapping
from uuid import uuid4

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from amanah.foundation.kernel import clock

from ..models import Boundary, Edition, Level, Territory
from ..queries import still
from ..rules import shapes

# A map file may take 60 kB of kelurahan and 15 kB of kecamatan; this is what is left for corners after codes and names.
SCREEN_BYTES, SCREEN_BYTES_KECAMATAN = 42_000, 12_500


def new_edition() -> None:
    """Tell every process that its copy of the map is old; this one at once, the others within a second of the commit."""
    Edition.objects.update_or_create(pk=1, defaults={"token": uuid4().hex, "changed_at": clock.now()})
    still.forget()
    transaction.on_commit(still.forget)  # another thread may have read the former map again in the meantime


def write_shapes(kelurahan: Mapping[str, BaseGeometry], *, official: Mapping[str, bool], source: str) -> None:
    """Replace all boundaries by these of the kelurahan and the unions of them for kecamatan and city.

    A union is official when `official` says so for its own code, else when all its parts are.
    """
    territories = {t.code: t for t in Territory.objects.filter(level__in=(Level.CITY, Level.KECAMATAN, Level.KELURAHAN))}
    above = {code: code.rpartition(".")[0] for code in kelurahan}
    kecamatan = shapes.dissolve(kelurahan, above)
    city = shapes.dissolve(kecamatan, {code: code.rpartition(".")[0] for code in kecamatan})
    thin, thin_kecamatan = shapes.for_screen(kelurahan, above, SCREEN_BYTES, SCREEN_BYTES_KECAMATAN)
    thin_city = shapes.dissolve(thin_kecamatan, {code: code.rpartition(".")[0] for code in thin_kecamatan})
    whole, simplified = {**kelurahan, **kecamatan, **city}, {**thin, **thin_kecamatan, **thin_city}
    truth = {code: official.get(code, False) for code in kelurahan}
    for code in (*kecamatan, *city):
        truth[code] = official.get(code, all(true for part, true in truth.items() if part.rpartition(".")[0] == code))
    moment = clock.now()
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create([
        _boundary(territories[code], shape, simplified[code], truth[code], source, moment) for code, shape in sorted(whole.items())])


def _boundary(territory: Territory, shape: BaseGeometry, thin: BaseGeometry, official: bool, source: str, moment: object) -> Boundary:
    west, south, east, north = shape.bounds
    # Seven decimals are a centimetre; rounding happens once, here, and equal corners of neighbours stay equal.
    text = shapely.to_geojson(shapely.transform(shape, lambda points: points.round(7)))
    return Boundary(territory=territory, geometry=text, simplified=shapely.to_geojson(thin), west=west, south=south, east=east, north=north,
                    area_m2=shapes.area_m2(shape), official=official, source=source, loaded_at=moment)
