"""RW in numbers, for their heads, lurah and camat: families, people, ages and what happened in a month. Nobody is named."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.deeds import staff
from amanah.portals.office.register.places import Groups, codes_of, kelurahan_for, kelurahan_of
from amanah.portals.shell.charts import decimal
from amanah.portals.shell.components import Cell, Column, Filter, Option, Table
from amanah.registries.people.permissions import READ_NEIGHBOURHOOD
from amanah.registries.people.queries import counts
from amanah.registries.people.queries.neighbourhood import families, happened
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.counting import GROUPINGS
from amanah.registries.territory import queries as territory
from amanah.registries.territory.models import Level, Territory

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
KINDS = {"birth": gettext_lazy("Kelahiran"), "death": gettext_lazy("Kematian"), "move_in": gettext_lazy("Datang dari luar kota"),
         "move": gettext_lazy("Pindah dalam kota ke sini"), "move_out": gettext_lazy("Pindah keluar kota"), "marriage": gettext_lazy("Menikah"),
         "divorce": gettext_lazy("Bercerai")}
BACK = 12  # months that may be looked at


@require_safe
@staff(READ_NEIGHBOURHOOD)
def index(request: HttpRequest) -> HttpResponse:
    """The RW of one kelurahan, with families and people. Whoever holds one RW only is led to it."""
    actor: Actor = request.actor
    groups = kelurahan_for(actor, READ_NEIGHBOURHOOD)
    if not groups:
        own = Territory.objects.filter(covered(actor, READ_NEIGHBOURHOOD, territory="code"), level=Level.RW, valid_to=None).order_by("code")[:2]
        if len(own) == 1:
            return neighbourhood(request, pk=own[0].pk)
    here = kelurahan_of(actor, READ_NEIGHBOURHOOD, request.GET.get("wilayah", ""), groups)
    options = tuple(Option(code, name, code == here) for _kecamatan, rows in groups for code, name in rows)
    context: dict[str, Any] = {"filters": [Filter("wilayah", _("Kelurahan"), (Option("", _("Pilih kelurahan"), not here), *options))] if len(options) > 1 else [],
                               "here": territory.by_code(here) if here else None, "several": len(codes_of(groups)) > 1}
    context |= _of_kelurahan(here) if here else {"parts": _parts(groups)}
    return render(request, "office/register/neighbourhoods.html", context)


def _parts(groups: Groups) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Kelurahan by kecamatan with their people: two counts at most, whatever their number."""
    kecamatan = {code.rpartition(".")[0] for code in codes_of(groups)}
    city = territory.city()
    above = kecamatan.pop() if len(kecamatan) == 1 else city.code if city else ""
    people = counts.table(above, level="kelurahan").along("place") if above else {}
    named = territory.by_codes(codes_of(groups))
    return [(title, [(code, named[code].name, people.get(code, 0)) for code, _name in rows]) for title, rows in groups]


def _of_kelurahan(here: str) -> dict[str, Any]:
    people, cards = counts.table(here, level="rw").along("place", "sex"), families(here)
    rows = [row for row in territory.children(here) if row.level == Level.RW]
    lines = tuple((Cell(row.title, href=f"{row.id}/"), decimal(cards.get(row.code, 0)), *(decimal(people.get((row.code, sex), 0)) for sex in codes.SEX),
                   decimal(sum(people.get((row.code, sex), 0) for sex in codes.SEX))) for row in rows)
    unknown = sum(people.get((here, sex), 0) for sex in codes.SEX)
    columns = (Column(_("RW"), head=True), Column(_("Keluarga"), "r"), Column(_("Laki-laki"), "r"), Column(_("Perempuan"), "r"), Column(_("Penduduk"), "r"))
    return {"table": Table(_("RW di kelurahan ini"), columns, lines, hide_caption=True), "count": len(rows), "unknown": unknown,
            "people": sum(people.values()), "cards": sum(cards.values())}


# ---------------------------------------------------------------- one RW

@dataclass(frozen=True, slots=True)
class Band:
    """One age group of the pyramid: people by sex, and how long their bars are, in units of the drawing."""

    label: str
    men: int
    women: int
    men_wide: int
    women_wide: int
    y: int

    @property
    def men_x(self) -> int:
        return Pyramid.MIDDLE - Pyramid.GAP - self.men_wide

    @property
    def men_text(self) -> int:
        return self.men_x - 6

    @property
    def women_text(self) -> int:
        return Pyramid.MIDDLE + Pyramid.GAP + self.women_wide + 6

    @property
    def text_y(self) -> int:
        return self.y + 15


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Ages by sex: men to the left, women to the right, the oldest on top."""

    bands: tuple[Band, ...]
    height: int

    WIDE, MIDDLE, GAP, STEP, BAR = 640, 320, 34, 22, 235


def pyramid(people: dict[tuple[int, int], int], firsts: tuple[int, ...], label: Any) -> Pyramid:
    most = max([*people.values(), 1])
    bands = []
    for place, first in enumerate(reversed(firsts)):
        men, women = people.get((1, first), 0), people.get((2, first), 0)
        bands.append(Band(label(first), men, women, round(men / most * Pyramid.BAR), round(women / most * Pyramid.BAR), place * Pyramid.STEP + 24))
    return Pyramid(tuple(bands), len(firsts) * Pyramid.STEP + 32)


@require_safe
@staff(READ_NEIGHBOURHOOD)
def neighbourhood(request: HttpRequest, pk: int) -> HttpResponse:
    """One RW in numbers."""
    actor: Actor = request.actor
    row = get_object_or_404(Territory.objects.filter(covered(actor, READ_NEIGHBOURHOOD, territory="code"), level=Level.RW).select_related("parent"), pk=pk)
    grouping = GROUPINGS["lima"]
    table = counts.table(row.code, ages="lima")
    people = table.along("sex", "age") if table.total else {}
    month = _month(request.GET.get("bulan", ""))
    told = happened(row.code, month)
    ages = [(name, sum(value for (_sex, first), value in people.items() if low <= first < high)) for name, low, high in (
        (_("Balita, 0–4 tahun"), 0, 5), (_("5–14 tahun"), 5, 15), (_("15–59 tahun"), 15, 60), (_("60 tahun ke atas"), 60, 200))]
    drawn = pyramid(people, grouping.firsts, grouping.label)
    columns = (Column(_("Umur"), head=True), Column(_("Laki-laki"), "r"), Column(_("Perempuan"), "r"))
    return render(request, "office/register/neighbourhood.html", {
        "rw": row, "kelurahan": row.parent, "cards": families(row.code).get(row.code, 0), "total": table.total,
        "men": sum(value for (sex, _first), value in people.items() if sex == codes.MALE),
        "women": sum(value for (sex, _first), value in people.items() if sex == codes.FEMALE),
        "ages": [(name, value, round(100 * value / table.total) if table.total else 0) for name, value in ages], "pyramid": drawn,
        "twin": Table(_("Penduduk menurut umur dan jenis kelamin"), columns, tuple(
            (band.label, decimal(band.men), decimal(band.women)) for band in reversed(drawn.bands)), hide_caption=True),
        "events": [(KINDS[kind], count) for kind, count in told.items() if kind in KINDS], "month": f"{MONTHS[month.month - 1]} {month.year}",
        "filters": [Filter("bulan", _("Bulan"), tuple(Option(f"{m:%Y-%m}", f"{MONTHS[m.month - 1]} {m.year}", m == month) for m in _months()))],
        "several": bool(kelurahan_for(actor, READ_NEIGHBOURHOOD)), "now": clock.now()})


def _months() -> list[date]:
    found = [clock.today().replace(day=1)]
    while len(found) < BACK:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _month(text: str) -> date:
    return next((month for month in _months() if f"{month:%Y-%m}" == text), _months()[0])
