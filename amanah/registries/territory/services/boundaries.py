"""Loading official boundaries."""
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from amanah.foundation.acts import act
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid

from ..models import Level, Territory
from ..rules import shapes
from ..rules.boundaries import Known
from .edition import new_edition, write_shapes


@dataclass(frozen=True, slots=True)
class BoundaryReport:
    """What was stored. `without`: kelurahan that got no boundary, which happens only when cells are grown inside official kecamatan."""

    kelurahan: int
    kecamatan: int
    area_m2: int
    without: tuple[str, ...]


@act("territory.load_boundaries", title=gettext_lazy("Memuat batas wilayah"),
     says=gettext_lazy("{actor} memuat batas wilayah dari {source} ({digest})"))
def load_boundaries(actor: Actor, *, level: str, polygons: Mapping[str, BaseGeometry], source: str, digest: str = "") -> BoundaryReport:
    """Replace all boundaries by official ones that were examined (`rules.boundaries.examine`) and fit edge to edge.

    Of level kelurahan: kecamatan and city become their unions. Of level kecamatan: kelurahan are grown as cells inside each and stay approximate.
    """
    if not source.strip():
        raise Invalid(source=_("Sebutkan sumber batas ini, misalnya nama dan tanggal keputusannya."))
    expected = set(Territory.objects.filter(level=level, valid_to=None).values_list("code", flat=True))
    if level not in (Level.KELURAHAN, Level.KECAMATAN) or set(polygons) != expected:
        raise Invalid(polygons=_("Batas harus lengkap untuk semua kelurahan atau semua kecamatan."))
    if level == Level.KELURAHAN:
        kelurahan, official, without = dict(polygons), dict.fromkeys(polygons, True), ()
    else:
        kelurahan, official = _cells_inside(polygons), dict.fromkeys(polygons, True)
        without = tuple(sorted(set(Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).values_list("code", flat=True)) - kelurahan.keys()))
    write_shapes(kelurahan, official=official, source=source)
    new_edition()
    kecamatan = {code.rpartition(".")[0] for code in kelurahan}
    return BoundaryReport(len(kelurahan), len(kecamatan), sum(shapes.area_m2(shape) for shape in polygons.values()), without)


def known_territories(level: str) -> dict[str, Known]:
    """What `rules.boundaries.examine` has to know of the territories of one level."""
    rows = Territory.objects.filter(level=level, valid_to=None).values_list("code", "name", "parent__code", "lat", "lng")
    return {code: Known(name, parent or "", lat, lng) for code, name, parent, lat, lng in rows}


def _cells_inside(kecamatan: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    centres: dict[str, dict[str, tuple[float, float]]] = {}
    points = Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).exclude(lat=None).values_list("code", "parent__code", "lng", "lat")
    for code, parent, lng, lat in points:
        centres.setdefault(parent, {})[code] = (lng, lat)
    if bare := sorted(kecamatan.keys() - centres.keys()):
        raise Invalid(polygons=_("Belum ada titik tengah kelurahan di %(codes)s. Lengkapi daftar wilayah dulu.") % {"codes": ", ".join(bare)})
    grown = {code: cell for parent, own in centres.items() for code, cell in shapes.cells(own, within=kecamatan[parent]).items()}
    # Cutting adds corners on kecamatan borders that the neighbour lacks; fitting puts them on both sides.
    return shapes.fit(grown)
