"""What the offices offer the city: how many there are, how many seats have nobody on record, and the public list.

No map layer: the register holds no coordinates of offices yet, and none are guessed.
"""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from amanah.foundation.outlets import Dataset, Measure, Period, Reading, column, offer

from . import queries
from .models import Kind


def offices_count(period: Period, by: str | None) -> Iterator[Reading]:
    """The city's own offices on the last day of a period, outside bodies not counted."""
    found = queries.standing(period.last).exclude(kind=Kind.EXTERNAL)
    if by is None:
        yield Reading(found.count())
    else:
        for row in found.order_by("kind").values("kind").annotate(n=Count("id")):
            yield Reading(row["n"], of=row["kind"])


def positions_vacant(period: Period, by: str | None) -> Iterator[Reading]:
    """Seats in which nobody sits or acts on the last day of a period, beside all seats."""
    vacant = Q(pk__in=queries.vacant(period.last).values("pk"))
    seats = queries.seats(period.last)
    if by is None:
        yield _reading(seats.aggregate(part=Count("id", filter=vacant), whole=Count("id")), "")
    else:
        field = {"office": "office__path", "kind": "office__kind"}[by]
        for row in seats.order_by(field).values(field).annotate(part=Count("id", filter=vacant), whole=Count("id")):
            yield _reading(row, row[field])


def _reading(row: dict[str, int], of: str) -> Reading:
    return Reading(row["part"] if row["whole"] else None, of=of, part=row["part"], whole=row["whole"])


@dataclass(frozen=True, slots=True)
class PublicOffice:
    """An office as open data: what it is and where it hangs; no person, no private number."""

    code: str = column(_("Kode"), personal=False, description=_("Tetap, walau namanya berganti"))
    name: str = column(_("Nama"), personal=False)
    abbreviation: str = column(_("Singkatan"), personal=False)
    kind: str = column(_("Jenis"), personal=False)
    parent: str = column(_("Kode induk"), personal=False)
    territory: str = column(_("Kode wilayah Kemendagri"), personal=False)
    function_code: str = column(_("Kode urusan"), personal=False)
    duties: str = column(_("Tugas"), personal=False)
    confirmed: bool = column(_("Sudah dipastikan"), personal=False)
    source: str = column(_("Sumber"), personal=False)
    valid_from: date | None = column(_("Berlaku sejak"), personal=False)
    valid_to: date | None = column(_("Berlaku sampai"), personal=False)


def public_offices() -> Iterable[PublicOffice]:
    """The standing offices in the order of their paths."""
    for o in queries.standing().select_related("parent").order_by("path"):
        yield PublicOffice(code=o.code, name=o.name, abbreviation=o.abbreviation, kind=o.kind, parent=o.parent.code if o.parent else "",
                           territory=o.territory_id or "", function_code=o.function_code, duties=o.duties, confirmed=o.confirmed, source=o.source,
                           valid_from=o.valid_from, valid_to=o.valid_to)


offer(Measure(name="offices.count", title=_("Perangkat daerah"), unit=_("kantor"), compute=offices_count, per=("kind",), direction="none",
              definition=_("Kantor kota yang berdiri pada hari terakhir masa itu, tanpa instansi luar.")))
offer(Measure(name="offices.positions_vacant", title=_("Jabatan tanpa pejabat tercatat"), unit=_("jabatan"), compute=positions_vacant,
              per=("kind", "office"), direction="down",
              definition=_("Jabatan di kantor yang berdiri, yang pada hari terakhir masa itu tidak ada pemegang, Pj., Plt., atau Plh. yang tercatat.")))
offer(Dataset(slug="perangkat-daerah", title=_("Perangkat daerah"), columns=PublicOffice, rows=public_offices, refresh="daily", counts=(),
              description=_("Kantor kota dan instansi luar yang menerima pengaduan yang diteruskan; tanpa nama orang. "
                            "Yang belum dipastikan ditandai.")))
