"""Where is this point?"""
import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanah.foundation.kernel.errors import Invalid, Unavailable

from ..rules.places import Hit
from .rows import TerritoryRow
from .still import current


@dataclass(frozen=True, slots=True)
class Inside:
    """The point lies in this kelurahan, and therefore in its kecamatan. `approximate`: by a guessed boundary, to be said wherever it is shown.

    `near_border_m`: metres to the nearest other kelurahan (`neighbour`) when they are fewer than a hundred, else None.
    """

    kelurahan: TerritoryRow
    kecamatan: TerritoryRow
    approximate: bool
    near_border_m: int | None
    neighbour: TerritoryRow | None


@dataclass(frozen=True, slots=True)
class Outside:
    """The point lies in no kelurahan. `at_sea`: all land at that height lies away from the sea, so it is at sea or beyond the city."""

    nearest: TerritoryRow
    distance_m: int
    at_sea: bool
    approximate: bool


def locate(lat: float, lng: float) -> Inside | Outside:
    """The kelurahan and kecamatan a point lies in; tens of microseconds, no statement.

    Degrees WGS84. Raises Invalid when these are no degrees, Unavailable when no map is loaded. A point on a border belongs to the lower code.
    """
    if not (math.isfinite(lat) and math.isfinite(lng)):
        raise Invalid(_("Titik ini bukan angka lintang dan bujur."), lat=_("Isi dengan angka, misalnya -0,9471."))
    if abs(lat) > 90 or abs(lng) > 180:
        if abs(lat) <= 180 and abs(lng) <= 90:
            raise Invalid(_("Lintang dan bujur tampaknya tertukar. Tulis lintang dulu."), lat=_("Lintang antara -90 dan 90."))
        raise Invalid(_("Titik ini tidak ada di bumi. Periksa angkanya."), lat=_("Lintang antara -90 dan 90."))
    still = current()
    index = still.index
    if index is None:
        raise Unavailable(_("Peta wilayah belum dimuat."), permanent=True)
    found = index.locate(lat, lng)
    if type(found) is Hit:
        kelurahan = still.rows[found.code]
        return Inside(kelurahan, still.rows[kelurahan.parent or ""], not still.boundaries[found.code].official,
                      found.border_m, still.rows[found.neighbour] if found.neighbour else None)
    return Outside(still.rows[found.nearest], found.distance_m, found.at_sea, not still.boundaries[found.nearest].official)


def describe(place: Inside | Outside) -> str:
    """The answer as sentences for people."""
    if isinstance(place, Inside):
        said = [_("%(kelurahan)s, %(kecamatan)s.") % {"kelurahan": place.kelurahan.title, "kecamatan": place.kecamatan.title}]
        if place.neighbour is not None:
            far = distance_text(place.near_border_m or 0)
            said.append(_("Titik ini %(distance)s dari %(neighbour)s.") % {"distance": far, "neighbour": place.neighbour.title})
    else:
        where = _("Titik ini di laut atau di luar kota.") if place.at_sea else _("Titik ini di luar wilayah kota.")
        far = distance_text(place.distance_m)
        said = [where, _("Terdekat: %(kelurahan)s, %(distance)s.") % {"kelurahan": place.nearest.title, "distance": far}]
    return " ".join([*said, _("Batas perkiraan.")] if place.approximate else said)


def distance_text(metres: int) -> str:
    """A distance as people say it: "120 meter", "1,2 km"."""
    if metres < 1000:
        return ngettext("%(count)d meter", "%(count)d meter", metres) % {"count": metres}
    km = f"{metres / 1000:.1f}" if metres < 10_000 else f"{metres / 1000:.0f}"
    return _("%(number)s km") % {"number": km.replace(".", ",")}
