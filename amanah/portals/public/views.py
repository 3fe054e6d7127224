"""The public pages."""
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from amanah.foundation.kernel import city as cities
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid, NotFound
from amanah.portals.public import places
from amanah.portals.shell import doors, maps
from amanah.portals.shell.components import STATUS, Cell, Column, Event, Filter, Option, Pager, Table
from amanah.portals.shell.templatetags.shell import at_time, on_day
from amanah.registries.offices import queries as offices
from amanah.registries.offices.models import Kind
from amanah.registries.territory import queries as territory

PLACES_OF_A_POINT = 4  # decimals of a degree, about eleven metres: enough for a kelurahan, too little for a door


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The city's front page: which office serves me, what is open now, the map of the city, emergency."""
    open_now = doors.doors_now()
    return render(request, "public/home.html", {
        "map": maps.city_map(cities.load(settings.CITY_DIR)), "now": clock.now(), "doors": open_now,
        "all_certain": all(door.certain for door in open_now),
        "kecamatan": [(row, len(territory.children(row.code))) for row in sorted(territory.of_level("kecamatan"), key=lambda row: row.name)],
        "kelurahan_count": len(territory.of_level("kelurahan")),
    })


# ---------------------------------------------------------------- which office serves me?

@require_safe
def serving(request: HttpRequest) -> HttpResponse:
    """By name or address (`q`), by kelurahan chosen from the list (`kelurahan`), or by a point (`lat`, `lng`)."""
    asked, code = request.GET.get("q", "").strip()[:200], request.GET.get("kelurahan", "").strip()
    if "lat" in request.GET or "lng" in request.GET:
        return _by_point(request)
    context = {"asked": asked, "choices": _choices(), "chosen": code}
    if not code and not asked:
        return render(request, "public/serving.html", context)
    if not code:
        found = places.find(asked)
        if len(found) != 1 or found[0].level != "kelurahan":
            return render(request, "public/serving.html", {**context, "searched": True, "hits": [_hit(row) for row in found]})
        code = found[0].code
    row = territory.by_code(code)
    if row.level != "kelurahan":
        raise Http404
    return render(request, "public/serving.html", {**context, "chosen": code, **_answer(row)})


def _by_point(request: HttpRequest) -> HttpResponse:
    try:
        lat, lng = (float(request.GET.get(name, "").replace(",", ".")) for name in ("lat", "lng"))
    except ValueError as error:
        raise Invalid(_("Titik ini bukan angka lintang dan bujur.")) from error
    rounded = {"lat": f"{lat:.{PLACES_OF_A_POINT}f}", "lng": f"{lng:.{PLACES_OF_A_POINT}f}"}
    if dict(request.GET.items()) != rounded:
        # Nobody's exact whereabouts stay in an address that a browser keeps.
        return HttpResponseRedirect(f"{reverse('public_serving')}?{urlencode(rounded)}")
    place = territory.locate(lat, lng)
    context = {"choices": _choices(), "point": territory.describe(place)}
    if isinstance(place, territory.Outside):
        return render(request, "public/serving.html", {**context, "outside": place, "nearest": _hit(place.nearest)})
    return render(request, "public/serving.html", {**context, "chosen": place.kelurahan.code, **_answer(place.kelurahan, here=(lng, lat))})


def _answer(row: territory.TerritoryRow, here: tuple[float, float] | None = None) -> dict[str, object]:
    kecamatan = territory.by_code(row.parent or "")
    return {"answer": row, "kecamatan": kecamatan, "desks": places.serving(row.code),
            "map": maps.kecamatan_map(kecamatan.code, kecamatan.name, chosen=row.code, here=here, linked=here is None)}


def _hit(row: territory.TerritoryRow) -> dict[str, object]:
    """A line of the list of hits: a kelurahan answers, a kecamatan leads to its kelurahan."""
    if row.level == "kelurahan":
        return {"row": row, "title": territory.full_title(row), "href": f"{reverse('public_serving')}?{urlencode({'kelurahan': row.code})}", "parts": []}
    return {"row": row, "title": row.title, "href": reverse("public_territory", args=[row.code]), "parts": territory.children(row.code)}


def _choices() -> list[tuple[str, list[territory.TerritoryRow]]]:
    return [(kecamatan.name, sorted(territory.children(kecamatan.code), key=lambda row: row.name))
            for kecamatan in sorted(territory.of_level("kecamatan"), key=lambda row: row.name)]


# ---------------------------------------------------------------- territories

@require_safe
def territories(request: HttpRequest) -> HttpResponse:
    """The kecamatan of the city as a map and as a table."""
    rows = sorted(territory.of_level("kecamatan"), key=lambda row: row.name)
    table = Table(_("Kecamatan"), (Column(_("Kecamatan"), head=True), Column(_("Kelurahan"), "r"), Column(_("Kode Kemendagri")), Column(_("Kode BPS"))), tuple(
        (Cell(row.name, href=reverse("public_territory", args=[row.code])), str(len(territory.children(row.code))), row.code, row.bps_code) for row in rows),
        hide_caption=True)
    return render(request, "public/territories.html", {
        "map": maps.city_map(cities.load(settings.CITY_DIR)), "table": table, "facts": territory.map_facts(),
        "count": len(rows), "kelurahan_count": len(territory.of_level("kelurahan"))})


@require_safe
def territory_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """A kecamatan with its kelurahan, or a kelurahan with its RW and RT. What lies above or beneath leads there."""
    row = territory.by_code(code)
    if row.level in ("province", "city"):
        return redirect("public_territories")
    if row.level in ("rw", "rt"):
        return redirect("public_territory", code=".".join(code.split(".")[:4]))
    kecamatan = row if row.level == "kecamatan" else territory.by_code(row.parent or "")
    beneath = territory.children(row.code) if row.level == "kecamatan" else territory.neighbourhoods(row.code)
    return render(request, "public/territory.html", {
        "row": row, "kecamatan": kecamatan, "table": _kelurahan_table(beneath) if row.level == "kecamatan" else _neighbourhood_table(beneath),
        "modelled": any(part.modelled for part in beneath), "desks": places.serving(row.code), "facts": territory.map_facts(),
        "map": maps.kecamatan_map(kecamatan.code, kecamatan.name, chosen=row.code if row is not kecamatan else "")})


def _kelurahan_table(rows: list[territory.TerritoryRow]) -> Table:
    bps = any(row.bps_code for row in rows)  # a column without a single value says nothing
    return Table(_("Kelurahan"), (Column(_("Kelurahan"), head=True), Column(_("Kode Kemendagri")), *((Column(_("Kode BPS")),) if bps else ())), tuple(
        (Cell(row.name, href=reverse("public_territory", args=[row.code])), row.code, *((row.bps_code,) if bps else ()))
        for row in sorted(rows, key=lambda row: row.name)), hide_caption=True)


def _neighbourhood_table(rows: list[territory.TerritoryRow]) -> Table:
    beneath: dict[str, list[str]] = {}
    for row in rows:
        if row.level == "rt":
            beneath.setdefault(row.parent or "", []).append(row.label)
    return Table(_("RW dan RT"), (Column("RW", head=True), Column("RT")), tuple(
        (f"RW {row.label}", ", ".join(beneath.get(row.code, ())) or _("belum dicatat")) for row in rows if row.level == "rw"),
        hide_caption=True, empty=_("RW dan RT kelurahan ini belum dicatat."))


# ---------------------------------------------------------------- offices

@require_safe
def offices_list(request: HttpRequest) -> HttpResponse:
    """The standing offices, by kind and by words, a page at a time."""
    kind, text, cursor = (request.GET.get(name, "").strip() for name in ("jenis", "cari", "dari"))
    kinds = [choice for choice in Kind.choices if choice[0] not in ("city", "head", "external")]
    found = offices.offices(kinds=[kind] if kind in dict(kinds) else [value for value, _label in kinds], text=text[:100], cursor=cursor, size=30)

    def address(at: str | None) -> str:
        return f"?{urlencode({k: v for k, v in (('jenis', kind), ('cari', text), ('dari', at)) if v})}" if at else ""

    return render(request, "public/offices.html", {
        "filters": [Filter("jenis", _("Jenis kantor"), (Option("", _("Semua jenis"), not kind), *(Option(v, label, v == kind) for v, label in kinds))),
                    Filter("cari", _("Nama atau tugas"), value=text)],
        "desks": doors.desks(list(found.rows)), "pager": Pager(address(found.previous), address(found.next)), "narrowed": bool(kind or text)})


@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    """One office: door, address, week, who answers there, what it followed and what follows it. A dissolved one says who answers now."""
    row = offices.by_code(code)
    standing = row.valid_to is None or row.valid_to >= clock.today()
    before, after = offices.predecessors(code), [] if standing else offices.answering(code)
    try:
        week = offices.week_hours(code) if standing else []
    except NotFound:
        week = []
    return render(request, "public/office.html", {
        "office": row, "desk": doors.desks([row])[0] if standing else None, "standing": standing, "week": _week_table(week),
        "seasons": ", ".join(dict.fromkeys(day.season for day in week if day.season)),
        "week_certain": all(day.confirmed and not day.estimated for day in week), "seats": offices.officials_of(code), "parts": offices.children(code),
        "above": [above for above in offices.ancestors(code)[:-1] if above.kind != "head"], "after": after, "unconfirmed": STATUS["unconfirmed"],
        "history": [Event(past.name, icon="history") for past in before]
                   + [Event(row.name, icon="building-community", state="now" if standing else "done")] + [Event(next_.name, icon="arrow-right") for next_ in after]
                   if before or after else [],
        "place": territory.by_code(row.territory) if row.territory else None})


def _week_table(week: list[offices.DayRow]) -> Table | None:
    if not week:
        return None
    rows = tuple((Cell(on_day(day.day), note=", ".join(part for part in (_("hari ini") if day.day == clock.today() else "", day.holiday) if part)),
                  ", ".join(f"{at_time(opens)}–{at_time(closes)}" for opens, closes in day.spans) or _("Tutup")) for day in week)
    return Table(_("Jam buka minggu ini"), (Column(_("Hari"), head=True), Column(_("Buka"), "r")), rows, hide_caption=True)


# ---------------------------------------------------------------- the map one explores

@require_safe
def city_map(request: HttpRequest) -> HttpResponse:
    """The still map and its table; a script turns it into a map that moves, after a tap."""
    rows = sorted(territory.of_level("kecamatan"), key=lambda row: row.name)
    return render(request, "public/map.html", {
        "map": maps.city_map(cities.load(settings.CITY_DIR)), "box": ",".join(f"{n:.5f}" for n in territory.map_facts().bbox or ()),
        "groups": [(row, sorted(territory.children(row.code), key=lambda part: part.name)) for row in rows]})


def _edition(request: HttpRequest, level: str) -> str:
    return f'"{territory.map_facts().edition}-{level}"'


@require_safe
@condition(etag_func=_edition)
def map_data(request: HttpRequest, level: str) -> HttpResponse:
    """Boundaries as GeoJSON: `kecamatan` or `kelurahan`."""
    if level not in ("kecamatan", "kelurahan"):
        raise Http404
    response = HttpResponse(territory.geojson(level), content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=300"
    return response
