"""The public pages about the number of residents: what is hidden there is decided by people.queries.public, for all pages and files alike."""
import csv
from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.portals.shell import maps
from amanah.portals.shell.charts import Pyramid, decimal
from amanah.portals.shell.components import Cell, Column, Figure, Filter, Option, Table
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.people.queries.flows import Flows
from amanah.registries.people.queries.positions import positions
from amanah.registries.people.queries.public import AGE, ALL, BOTH, SUBJECTS, PublicCounts, public_counts, public_flows
from amanah.registries.territory import queries as territory

MEN, WOMEN = 1, 2
HIDDEN = "•••"  # not "<5": some figures are hidden only because they would open a small one, and which those are is not told
WORKING_AGE = (4, 13)  # places of the five-year groups from 15–19 to 60–64
TINTS = 5


@require_safe
def population(request: HttpRequest, code: str = "") -> HttpResponse:
    """Residents of the city, a kecamatan or a kelurahan, now or on a day (`tanggal`), by age and by a list (`menurut`)."""
    city = territory.city()
    if city is None:
        return render(request, "public/population.html", {"row": None})
    row = territory.by_code(code) if code else city
    if row.level in ("province", "city") and code:
        return redirect("public_population")
    if row.level in ("rw", "rt"):  # nothing below the kelurahan is public
        return redirect("public_population_of", code=".".join(row.code.split(".")[:4]))
    on, subject = _day(request), request.GET.get("menurut", "agama")
    if subject not in SUBJECTS or (SUBJECTS[subject][2] == "kecamatan" and row.level == "kelurahan"):
        subject = "agama"
    ages, listed = public_counts(AGE, on), public_counts(subject, on)
    flow = public_flows(row.code) if on is None else None
    figure = Figure(_("Register penduduk kota"), _("keadaan %(day)s") % {"day": on_date(ages.on)}, csv=_csv(subject, on),
                    notes=(_("Bukan angka BPS; keduanya tidak boleh dicampur dalam satu deret."), *_modelled()))
    return render(request, "public/population.html", {
        "row": row, "city_row": city, "kecamatan": territory.by_code(row.parent or "") if row.level == "kelurahan" else None, "on": on, "day": ages.on,
        "headline": _headline(ages, row.code), "figure": figure, "modelled": settings.DEMO, "anybody": ages.figure(city.code) != 0,
        "pyramid": _pyramid(ages, row), "subject": SUBJECTS[subject][1], "list_table": _list_table(listed, row.code, str(SUBJECTS[subject][1])),
        "filters": _filters(subject, on, row.level), "csv_ages": _csv(AGE, on),
        "hides": any(figure is None for counts in (ages, listed) for (place, _code, _sex), figure in counts.figures.items() if place == row.code),
        **_parts(ages, row, on), "flows": _flow_table(flow) if flow else None, "flow": flow})


def _day(request: HttpRequest) -> date | None:
    """The day asked for; a day typed wins over one chosen from the list of frozen positions. None: now."""
    typed = request.GET.get("pada", "").strip() or request.GET.get("tanggal", "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise Invalid(_("Tulis tanggal seperti 2026-06-30.")) from error
    if day > clock.today():
        raise Invalid(_("Tanggal ini belum datang. Pilih hari ini atau sebelumnya."))
    return day


def _modelled() -> tuple[str, ...]:
    return (_("Penduduk di sini rekaan untuk peragaan."),) if settings.DEMO else ()


def _say(figure: int | None) -> str:
    return HIDDEN if figure is None else decimal(figure)


def _headline(ages: PublicCounts, code: str) -> list[tuple[str, str, str]]:
    """What a visitor wants first: heading, number, what it is made of."""
    men, women, everybody = (ages.figure(code, ALL, sex) for sex in (MEN, WOMEN, BOTH))
    made = _("%(men)s laki-laki, %(women)s perempuan") % {"men": _say(men), "women": _say(women)}
    if men and women:
        made += _(" (%(ratio)s laki-laki per 100 perempuan)") % {"ratio": decimal(100 * men / women, 1)}
    told = [(_("Penduduk"), _say(everybody), made)]
    bands = [ages.figure(code, band) for band in ages.labels]
    if everybody and None not in bands:
        young, old = sum(bands[:WORKING_AGE[0] - 1]), sum(bands[WORKING_AGE[1]:])  # type: ignore[arg-type]
        for title, part in ((_("Di bawah 15 tahun"), young), (_("65 tahun ke atas"), old)):
            told.append((title, f"{decimal(100 * part / everybody, 1)}%", _("%(part)s dari %(whole)s") % {"part": _say(part), "whole": _say(everybody)}))
        if working := everybody - young - old:
            told.append((_("Beban tanggungan"), decimal(100 * (young + old) / working, 1), _("anak dan lansia per 100 orang usia 15–64")))
    return told


def _pyramid(ages: PublicCounts, row: territory.TerritoryRow) -> Pyramid:
    return Pyramid(_("Penduduk %(place)s menurut umur dan jenis kelamin") % {"place": row.title}, _("Laki-laki"), _("Perempuan"),
                   tuple((label, ages.figure(row.code, band, MEN), ages.figure(row.code, band, WOMEN)) for band, label in ages.labels.items()), hidden=HIDDEN)


def _list_table(counts: PublicCounts, code: str, title: str) -> Table:
    rows = tuple((_(label), *(_say(counts.figure(code, key, sex)) for sex in (MEN, WOMEN, BOTH)))
                 for key, label in counts.labels.items() if counts.figure(code, key) != 0)
    return Table(title, (Column(title, head=True), *_by_sex()), rows, hide_caption=True)


def _parts(ages: PublicCounts, row: territory.TerritoryRow, on: date | None) -> dict[str, object]:
    """The parts of the territory as a map and as a table; a kelurahan has none that are public."""
    if row.level == "kelurahan":
        return {"map": None, "parts": None}
    level = "kecamatan" if row.level == "city" else "kelurahan"
    found = sorted(territory.children(row.code), key=lambda part: part.name)
    shown = {part.code: ages.figure(part.code) for part in found}
    ranked = sorted((figure, code) for code, figure in shown.items() if figure)
    tint = {code: f"q{1 + place * TINTS // len(ranked)}" for place, (_figure, code) in enumerate(ranked)}
    told = {code: (tint.get(code, ""), _("%(count)s jiwa") % {"count": _say(figure)}) for code, figure in shown.items()}
    when = f"?{urlencode({'tanggal': on.isoformat()})}" if on else ""
    rows = tuple((Cell(part.name, href=reverse("public_population_of", args=[part.code]) + when),
                  *(_say(ages.figure(part.code, ALL, sex)) for sex in (MEN, WOMEN, BOTH))) for part in found)
    title = _("Kecamatan") if level == "kecamatan" else _("Kelurahan")
    drawing = maps.tinted_map(_("Jumlah penduduk menurut %(level)s") % {"level": title}, level, row.code, told, "public_population_of")
    return {"parts": Table(title, (Column(title, head=True), *_by_sex()), rows, hide_caption=True), "map": drawing, "parts_title": title}


def _by_sex() -> tuple[Column, ...]:
    return Column(_("Laki-laki"), "r"), Column(_("Perempuan"), "r"), Column(_("Jumlah"), "r")


def _flow_table(flow: Flows) -> Table:
    """The equation of the stock, line by line."""
    def change(figure: int) -> str:
        return f"{'−' if figure < 0 else '+'}{decimal(abs(figure))}" if figure else "0"

    lines = ((_("Lahir"), flow.births), (_("Meninggal"), -flow.deaths), (_("Pindah datang"), flow.moved_in), (_("Pindah keluar"), -flow.moved_out),
             (_("Tercatat pertama kali atau dibetulkan, masuk"), flow.other_in), (_("Dibetulkan atau dibatalkan, keluar"), -flow.other_out))
    rows = ((_("Penduduk pada awal masa"), decimal(flow.stock0)), *((title, change(figure)) for title, figure in lines),
            (_("Penduduk pada akhir masa"), decimal(flow.stock1)))
    return Table(_("Yang mengubah jumlah penduduk"), (Column(_("Peristiwa"), head=True), Column(_("Orang"), "r")), rows, hide_caption=True)


def _filters(subject: str, on: date | None, level: str) -> list[Filter]:
    subjects = [(key, label) for key, (_name, label, least) in SUBJECTS.items() if key != AGE and not (least == "kecamatan" and level == "kelurahan")]
    days = sorted({row.day for row in positions()}, reverse=True)[:12]
    options = (Option("", _("Sekarang"), on is None), *(Option(day.isoformat(), _("Posisi %(day)s") % {"day": on_date(day)}, day == on) for day in days))
    return [Filter("menurut", _("Menurut"), tuple(Option(key, label, key == subject) for key, label in subjects)),
            *([Filter("tanggal", _("Posisi"), options)] if days else []),
            Filter("pada", _("Tanggal lain, misalnya 2026-06-30"), value=on.isoformat() if on and on not in days else "")]


def _csv(subject: str, on: date | None) -> str:
    return f"{reverse('public_population_csv')}?{urlencode({'menurut': subject, **({'tanggal': on.isoformat()} if on else {})})}"


class _Line:
    """What csv.writer writes to: it only passes a line on."""

    def write(self, line: str) -> str:
        return line


@require_safe
def population_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One subject for the city, every kecamatan and every kelurahan as CSV, with source and date in every line; hidden figures as "•••"."""
    subject = request.GET.get("menurut", AGE)
    if subject not in SUBJECTS:
        raise Http404
    counts = public_counts(subject, _day(request))
    answer = StreamingHttpResponse(_lines(counts), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="penduduk-menurut-{subject}-{counts.on}.csv"'
    return answer


def _lines(counts: PublicCounts) -> Iterator[str]:
    out = csv.writer(_Line())
    source = " ".join((_("Register penduduk kota."), *_modelled()))
    yield out.writerow(("kode_wilayah", "tingkat", "wilayah", "kode", SUBJECTS[counts.subject][1], "laki_laki", "perempuan", "jumlah", "tanggal", "sumber"))
    levels = ("city", "kecamatan", *(("kelurahan",) if SUBJECTS[counts.subject][2] == "kelurahan" else ()))
    for row in (row for level in levels for row in territory.of_level(level)):
        for code, label in ((ALL, _("Semua")), *counts.labels.items()):
            figures = (counts.figure(row.code, code, sex) for sex in (MEN, WOMEN, BOTH))
            yield out.writerow((row.code, row.level, row.name, code or "", label, *(HIDDEN if figure is None else figure for figure in figures),
                                counts.on.isoformat(), source))
