"""What the register offers the city: how many live where, how old they are, what changed; open data and a map. Nothing here names or numbers a person.

The source is the city's register, whose master is SIAK. Figures of BPS (census, projection) are counted otherwise and stand in no series with these.
"""
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.outlets import Dataset, MapLayer, Measure, Period, Reading, column, offer
from amanah.registries.territory import queries as territory

from .models import Family
from .queries.counts import LEVELS, table
from .queries.flows import Flows, flows_by
from .queries.public import AGE, ALL, BOTH, SUBJECTS, public_counts
from .rules import codes
from .rules.counting import CountTable

SOURCE = _("Register penduduk kota (induk: SIAK). Bukan angka BPS; jangan dicampur dalam satu deret.")


# ---------------------------------------------------------------- measures

def _city() -> str:
    found = territory.city()
    return found.code if found else ""


def _standing(period: Period, by: str | None, ages: tuple[int, ...] | None = None) -> CountTable:
    """The table of the last day of a period, or of today while it runs."""
    return table(_city(), level=by, ages=ages, on=min(period.last, clock.today()))


def _split(counted: CountTable, axis: str, by: str | None) -> dict[str, dict[Any, int]]:
    """Place ("" the city) → key of the axis → people."""
    if by is None:
        return {"": counted.along(axis)}
    found: dict[str, dict[Any, int]] = {}
    for (place, key), people in counted.along("place", axis).items():
        found.setdefault(place, {})[key] = people
    return found


def residents(period: Period, by: str | None) -> Iterator[Reading]:
    """Residents on the last day of a period."""
    for place, sexes in _split(_standing(period, by), "sex", by).items():
        yield Reading(sum(sexes.values()), place)


def sex_ratio(period: Period, by: str | None) -> Iterator[Reading]:
    """Men per hundred women on the last day of a period."""
    for place, sexes in _split(_standing(period, by), "sex", by).items():
        men, women = sexes.get(codes.MALE, 0), sexes.get(codes.FEMALE, 0)
        yield Reading(round(100 * men / women, 1) if women else None, place, men, women)


def aged(first: int, after: int | None, period: Period, by: str | None) -> Iterator[Reading]:
    """Residents from the age `first` until before `after` on the last day of a period, beside all residents."""
    cuts = tuple(sorted({0, first, *([after] if after else [])}))
    for place, bands in _split(_standing(period, by, cuts), "age", by).items():
        yield Reading(bands.get(first, 0), place, bands.get(first, 0), sum(bands.values()))


def dependency(period: Period, by: str | None) -> Iterator[Reading]:
    """Those under 15 and from 65 per hundred of those between, on the last day of a period."""
    for place, bands in _split(_standing(period, by, (0, 15, 65)), "age", by).items():
        others, working = bands.get(0, 0) + bands.get(65, 0), bands.get(15, 0)
        yield Reading(round(100 * others / working, 1) if working else None, place, others, working)


def families(period: Period, by: str | None) -> Iterator[Reading]:
    """Families that have members today; of the past only what held then is known of persons, so for other days there is no reading."""
    if clock.today() not in period:
        yield Reading(None)
        return
    found = Family.objects.filter(ended=False)
    if by is None:
        yield Reading(found.count())
        return
    groups: dict[str, int] = {}
    for code, count in found.values_list("place__code").annotate(n=Count("id")).order_by():
        part = ".".join(code.split(".")[:LEVELS.index(by) + 3])
        groups[part] = groups.get(part, 0) + count
    yield from (Reading(count, part) for part, count in sorted(groups.items()))


def flow(of: Callable[[Flows], int], period: Period, by: str | None) -> Iterator[Reading]:
    """One kind of flow from the first to the last day of a period."""
    city, until = _city(), min(period.last, clock.today())
    if city and period.first <= until:
        for place, found in flows_by(city, by, period.first - timedelta(days=1), until).items():
            yield Reading(of(found), "" if by is None else place)


_PER = ("kecamatan", "kelurahan")
_SOULS = _("jiwa")
for _name, _title, _unit, _compute, _definition in (
    ("residents", _("Penduduk"), _SOULS, residents, _("Penduduk pada hari terakhir masa itu, menurut tempat tinggal.")),
    ("families", _("Keluarga"), _("keluarga"), families, _("Keluarga yang masih punya anggota, hari ini saja.")),
    ("sex_ratio", _("Rasio jenis kelamin"), _("laki-laki per 100 perempuan"), sex_ratio, _("Laki-laki dibagi perempuan, kali 100.")),
    ("dependency_ratio", _("Rasio ketergantungan"), _("per 100 usia 15–64"), dependency, _("Umur 0–14 dan 65+ dibagi umur 15–64, kali 100.")),
    ("under_five", _("Balita"), _SOULS, partial(aged, 0, 5), _("Umur 0–4 tahun pada hari terakhir masa itu.")),
    ("children", _("Anak"), _SOULS, partial(aged, 0, 18), _("Umur di bawah 18 tahun pada hari terakhir masa itu.")),
    ("working_age", _("Usia kerja"), _SOULS, partial(aged, 15, 65), _("Umur 15–64 tahun pada hari terakhir masa itu.")),
    ("elderly", _("Lanjut usia"), _SOULS, partial(aged, 60, None), _("Umur 60 tahun ke atas pada hari terakhir masa itu.")),
    ("births", _("Kelahiran"), _SOULS, partial(flow, lambda found: found.births), _("Lahir dalam masa itu dan menjadi penduduk.")),
    ("deaths", _("Kematian"), _SOULS, partial(flow, lambda found: found.deaths), _("Penduduk yang meninggal dalam masa itu.")),
    ("moved_in", _("Pindah datang"), _SOULS, partial(flow, lambda found: found.moved_in),
     _("Datang dalam masa itu; antarwilayah dalam kota ikut dihitung per wilayah.")),
    ("moved_out", _("Pindah keluar"), _SOULS, partial(flow, lambda found: found.moved_out),
     _("Pergi dalam masa itu; antarwilayah dalam kota ikut dihitung per wilayah.")),
):
    offer(Measure(name=f"people.{_name}", title=_title, unit=_unit, compute=_compute, per=_PER, direction="none", definition=_definition,
                  legal_basis="UU 23/2006 jo. UU 24/2013"))


# ---------------------------------------------------------------- open data

@dataclass(frozen=True, slots=True)
class PublicCount:
    """How many of one sex and one group live in a kelurahan (or kecamatan)."""

    territory: str = column(_("Kode wilayah Kemendagri"), personal=False, key=True)
    name: str = column(_("Wilayah"), personal=False, key=True)
    group: str = column(_("Kelompok"), personal=False, key=True)
    sex: str = column(_("Jenis kelamin"), personal=False, key=True)
    day: str = column(_("Keadaan tanggal"), personal=False, key=True)
    n: int | None = column(_("Jumlah"), personal=False, unit=_("jiwa"), description=_("Kosong bila disamarkan karena terlalu kecil."))


def public_rows(subject: str) -> Iterator[PublicCount]:
    """The figures of a subject at its finest published level. Those that people.queries.public hides are left out here as well, so that this file
    cannot be subtracted from the city's pages.
    """
    counts = public_counts(subject)
    for row in territory.of_level(SUBJECTS[subject][2]):
        for code, label in counts.labels.items():
            if None in [counts.figure(row.code, code, sex) for sex in (*codes.SEX, BOTH)]:
                continue
            for sex, name in codes.SEX.items():
                yield PublicCount(row.code, row.name, str(label), name, counts.on.isoformat(), counts.figure(row.code, code, sex))


for _subject, _title in ((AGE, _("Penduduk menurut umur dan jenis kelamin")), ("agama", _("Penduduk menurut agama")),
                         ("pendidikan", _("Penduduk menurut pendidikan")), ("pekerjaan", _("Penduduk menurut pekerjaan")),
                         ("perkawinan", _("Penduduk menurut status perkawinan"))):
    _slug = "umur-dan-jenis-kelamin" if _subject == AGE else "status-perkawinan" if _subject == "perkawinan" else _subject
    offer(Dataset(slug=f"penduduk-menurut-{_slug}", title=_title, columns=PublicCount, rows=partial(public_rows, _subject), refresh="daily",
                  counts=("n",), totals=(("territory",), ("group", "sex")), description=SOURCE))


# ---------------------------------------------------------------- map

def features(level: str, actor: Actor, bounds: tuple[float, float, float, float] | None) -> Iterator[Mapping[str, Any]]:
    """The territories of one level with the number of their residents, None where it is hidden."""
    whole = json.loads(territory.geojson(level))
    counts = public_counts(AGE)
    for feature in whole["features"]:
        code = feature["properties"]["code"]
        if bounds is None or territory.touches(code, bounds):
            yield {**feature, "properties": {**feature["properties"], "residents": counts.figure(code, ALL), "day": counts.on.isoformat(),
                                             "approximate": whole["approximate"]}}


for _level, _title in (("kecamatan", _("Penduduk per kecamatan")), ("kelurahan", _("Penduduk per kelurahan"))):
    offer(MapLayer(name=f"penduduk-{_level}", title=_title, features=partial(features, _level)))
