"""What this actor may keep in order, one office with its hours and seats, and setting hours."""
from typing import Any

from django.db.models import Case, IntegerField, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.acts import covered
from amanah.foundation.acts.registry import title
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.stores.paging import keyset
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.places import namer
from amanah.portals.office.upkeep.forms import GroupForm, HoursForm
from amanah.portals.shell.components import Column, Filter, Pager, Table
from amanah.portals.shell.templatetags.shell import at_time, on_day
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import Kind, Office
from amanah.registries.offices.rules.calendar_file import OWN
from amanah.registries.territory import queries as territory

OF_OFFICES = ("offices.set_hours", "offices.register_official", "offices.appoint", "offices.end_appointment", "offices.add_position")
OF_TERRITORIES = ("territory.add_rw", "territory.add_rt", "territory.add_neighbourhoods", "territory.close")


@require_safe
@staff(*OF_OFFICES, *OF_TERRITORIES)
def index(request: HttpRequest) -> HttpResponse:
    """What this actor may keep in order and where, in plain words, then the offices and kelurahan themselves."""
    actor: Actor = request.actor
    text, cursor = (request.GET.get(name, "").strip()[:200] for name in ("cari", "dari"))
    found = Office.objects.filter(_any(actor, OF_OFFICES), pk__in=queries.standing().values("pk"))
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(abbreviation__icontains=word))
    # Outside bodies stand at the end: they are kept here only because the city forwards to them.
    outside = Case(When(kind=Kind.EXTERNAL, then=1), default=0, output_field=IntegerField())
    page = keyset(found.annotate(outside=outside), order=("outside", "path", "id"), cursor=cursor, size=30)

    def address(at: str | None) -> str:
        return "?" + urlencode({key: value for key, value in (("cari", text), ("dari", at)) if value}) if at else ""

    kelurahan = [(above, rows) for above in sorted(territory.of_level("kecamatan"), key=lambda row: row.name)
                 if (rows := [row for row in sorted(territory.children(above.code), key=lambda row: row.name)
                              if any(actor.may(name, row.scope) for name in OF_TERRITORIES)])]
    return render(request, "office/upkeep/index.html", {
        "abilities": _abilities(actor), "offices": page.rows, "narrowed": bool(text or cursor), "of_offices": any(actor.holds(name) for name in OF_OFFICES),
        "filters": [Filter("cari", _("Nama kantor"), value=text)], "pager": Pager(address(page.previous), address(page.next)), "kelurahan": kelurahan})


def _any(actor: Actor, permissions: tuple[str, ...]) -> Q:
    where = Q(pk__in=())
    for name in permissions:
        where |= covered(actor, name, office="path", territory="territory__code") if actor.holds(name) else Q(pk__in=())
    return where


def _abilities(actor: Actor) -> list[tuple[str, list[str]]]:
    """Where, and what may be done there; places with the same deeds stand together."""
    name_of, by_place = namer(), dict[str, list[str]]()
    for name in (*OF_OFFICES, *OF_TERRITORIES):
        for where in dict.fromkeys(name_of(scope) for scope in actor.scopes(name)):
            words = str(title(name))
            by_place.setdefault(where, []).append(words if where not in by_place else words[:1].lower() + words[1:])
    return sorted(by_place.items())


# ---------------------------------------------------------------- one office

def office_for(actor: Actor, code: str, *permissions: str) -> Office:
    """The standing office, if the actor holds one of the permissions on it; 404 otherwise, as if there were none."""
    return get_object_or_404(Office.objects.filter(_any(actor, permissions), pk__in=queries.standing().values("pk")), code=code)


def crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((_("Perawatan"), reverse("office_upkeep")), *more)


def to(office: Office) -> tuple[str, str]:
    return office.abbreviation or office.name, reverse("office_upkeep_office", args=[office.code])


@require_safe
@staff(*OF_OFFICES)
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Hours and seats of an office, with the deeds that are open to this actor here."""
    actor, here = request.actor, office_for(request.actor, code, *OF_OFFICES)
    try:
        week = queries.week_hours(here.code)
        group = queries.calendar().groups[here.hours_group or queries.calendar().default_group]
    except NotFound:  # no calendar is loaded yet
        week, group = [], None
    table = Table(_("Minggu ini"), (Column(_("Hari"), head=True), Column(_("Buka")), Column(_("Keterangan"))), tuple(
        (on_day(each.day), ", ".join(f"{at_time(opens)}\u2060–\u2060{at_time(closes)}" for opens, closes in each.spans) or _("Tutup"),
         ", ".join(part for part in (each.holiday, each.season) if part)) for each in week), hide_caption=True)
    may = {name.partition(".")[2]: actor.may(name, here.scope) for name in OF_OFFICES}
    return render(request, "office/upkeep/office.html", {
        "office": here, "may": may, "week": table if week else None, "group": group, "own": bool(group and group.code.startswith(OWN)),
        "seats": queries.officials_of(here.code), "today": clock.today(), "crumbs": crumbs()})


# ---------------------------------------------------------------- hours

@require_http_methods(["GET", "POST"])
@staff("offices.set_hours")
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """Put an office in a group of hours, or give it hours of its own. Two forms on one page; `cara` says which was sent."""
    actor, here = request.actor, office_for(request.actor, code, "offices.set_hours")
    calendar = queries.calendar()
    now = calendar.groups[here.hours_group or calendar.default_group]
    offered = sorted((g for g in calendar.groups.values() if not g.code.startswith(OWN) or g.code == f"{OWN}{here.code}"), key=lambda g: g.name)
    sent = request.POST.get("cara", "") if request.method == "POST" else ""
    season = next((s for s in reversed(now.seasons) if s.holds(clock.today())), None)
    season = season or next((s for s in calendar.groups[now.base].seasons if s.holds(clock.today())), None) if now.base else season
    shared = GroupForm(request.POST if sent == "kelompok" else None, groups=offered, initial={"group": now.code})
    own = HoursForm(request.POST if sent == "sendiri" else None, initial=HoursForm.initial_of(season.days) if season else {})
    form = own if sent == "sendiri" else shared

    def deed(**given: Any) -> Office:
        return services.set_hours(actor, here, **given)

    if sent and attempt(form, deed):
        done(request, "offices.set_hours", subject=here.name)
        return redirect("office_upkeep_office", code=here.code)
    page = Ask(_("Jam kerja %(office)s") % {"office": here.name}, _("Simpan"), to(here)[1], crumbs(to(here)),
               _("Jam ini tampil untuk warga dan dipakai menghitung batas waktu. Jam yang lama tetap tersimpan."))
    return ask(request, page, form, "office/upkeep/hours.html", shared=shared, own=own, now=now, open_own=sent == "sendiri" or now.code.startswith(OWN))
