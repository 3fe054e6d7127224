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


def new_edition() -> None:
    """Tell every process that its copy of the map is old; this one at once, the others within a second of the commit."""
    Edition.objects.update_or_create(pk=1, defaults={"token": uuid4().hex, "changed_at": clock.now()})
    still.forget()
    transaction.on_commit(still.forget)  # another thread may have read the former map again in the meantime


def write_shapes(kelurahan: Mapping[str, BaseGeometry], *, official: Mapping[str, bool], source: str) -> None:
    """Replace all boundaries by these of the kelurahan and the unions of them for kecamatan and city.

    A union is official when `official` says so for its own code, else when all its parts are.
    """
    territories = {t.code: t for t in Territory.objects.filter(level__in=(Level.CITY, Level.KECAMATAN, Level.KELURAHAN)).select_related("parent")}
    written = dict(kelurahan)
    truth = {code: official.get(code, False) for code in kelurahan}
    below = dict(kelurahan)
    for _level in (Level.KECAMATAN, Level.CITY):
        above = {code: code.rpartition(".")[0] for code in below}
        union = shapes.dissolve(below, above)
        for code in union:
            truth[code] = official.get(code, all(truth[part] for part, whole in above.items() if whole == code))
        written |= union
        below = union
    moment = clock.now()
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create([_boundary(territories[code], shape, truth[code], source, moment) for code, shape in sorted(written.items())])


def _boundary(territory: Territory, shape: BaseGeometry, official: bool, source: str, moment: object) -> Boundary:
    west, south, east, north = shape.bounds
    # Seven decimals are a centimetre; rounding happens once, here, and equal corners of neighbours stay equal.
    text = shapely.to_geojson(shapely.transform(shape, lambda points: points.round(7)))
    return Boundary(territory=territory, geometry=text, west=west, south=south, east=east, north=north, area_m2=shapes.area_m2(shape),
                    official=official, source=source, loaded_at=moment)
