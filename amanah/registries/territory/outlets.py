"""What this room offers the city: the list of territories, their maps, and how far official boundaries are known."""
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.outlets import Dataset, MapLayer, Measure, Period, Reading, column, offer

from . import queries
from .models import Level

PUBLISHED = (Level.PROVINCE, Level.CITY, Level.KECAMATAN, Level.KELURAHAN)


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A line of the public list of territories."""

    code: str = column(_("Kode Kemendagri"), personal=False, key=True)
    level: str = column(_("Tingkat"), personal=False, key=True)
    name: str = column(_("Nama"), personal=False, key=True)
    parent: str = column(_("Kode induk"), personal=False, key=True)
    bps_code: str = column(_("Kode BPS"), personal=False, key=True, description=_("Urutan kode BPS lain dari Kemendagri. Kosong bila belum ada."))


def public_rows() -> list[PublicRow]:
    """Every territory from province to kelurahan that exists today."""
    return [PublicRow(row.code, row.level, row.name, row.parent or "", row.bps_code) for level in PUBLISHED for row in queries.of_level(level)]


def with_official_boundary(period: Period, by: str | None) -> list[Reading]:
    """The share of kelurahan with an official boundary at the end of the period, in percent."""
    known = queries.official_boundaries(period.last)
    groups = known if by == "kecamatan" else {"": tuple(map(sum, zip(*known.values(), strict=True)))} if known else {}
    return [Reading(round(100 * official / whole, 1), code, official, whole) for code, (official, whole) in groups.items()]


def features(level: str, actor: Actor, bounds: tuple[float, float, float, float] | None) -> Iterator[Mapping[str, Any]]:
    """The territories of one level whose box touches `bounds`, simplified for screens; each says whether its boundary is approximate."""
    whole = json.loads(queries.geojson(level))
    for feature in whole["features"]:
        if bounds is None or queries.touches(feature["properties"]["code"], bounds):
            yield {**feature, "properties": {**feature["properties"], "approximate": whole["approximate"], "source": whole["source"]}}


offer(Dataset(slug="wilayah", title=_("Wilayah kota: kode, nama, tingkat"), columns=PublicRow, rows=public_rows, refresh="yearly", counts=(), totals=(),
              description=_("Provinsi, kota, kecamatan dan kelurahan dengan kode Kemendagri dan BPS.")))
offer(Measure(name="territory.kelurahan_with_official_boundary", title=_("Kelurahan dengan batas resmi"), unit="%", per=("kecamatan",),
              compute=with_official_boundary,
              definition=_("Kelurahan yang batas resminya sudah dimuat, dibagi semua kelurahan, pada akhir masa.")))
for _level, _title in ((Level.KECAMATAN, _("Kecamatan")), (Level.KELURAHAN, _("Kelurahan"))):
    offer(MapLayer(name=f"wilayah-{_level}", title=_title, features=partial(features, str(_level))))
