"""What this actor may change in the city's structure, and the names of territories."""
from functools import reduce
from operator import or_
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
from amanah.portals.office.menu import STRUCTURE
from amanah.portals.office.structure.forms import TerritoryForm
from amanah.portals.shell.components import Filter, Pager
from amanah.registries.offices import queries as offices
from amanah.registries.offices.models import Kind, Office
from amanah.registries.territory import queries, services
from amanah.registries.territory.models import AliasKind, Level, Territory

OF_OFFICES = ("offices.open", "offices.rename", "offices.close")
OF_CLIENTS = ("access.register_client", "access.remove_client")
NAMED = (Level.CITY, Level.KECAMATAN, Level.KELURAHAN)


@require_safe
@staff(*STRUCTURE, "access.start_duty")
def index(request: HttpRequest) -> HttpResponse:
    """The offices and the ways to everything else. Without a duty session: what one would bring, and where it begins."""
    actor: Actor = request.actor
    if not any(actor.holds(name) for name in STRUCTURE):
        if on_duty(actor):  # the session that runs brings none of this
            raise NotFound
        return render(request, "office/structure/closed.html", {"deeds": [str(title(name)) for name in STRUCTURE]})
    text, cursor = (request.GET.get(name, "").strip()[:200] for name in ("cari", "dari"))
    found = offices.standing().filter(over_offices(actor))
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(abbreviation__icontains=word))
    # Outside bodies stand at the end: they are kept here only because the city forwards to them.
    outside = Case(When(kind=Kind.EXTERNAL, then=1), default=0, output_field=IntegerField())
    page = keyset(found.annotate(outside=outside), order=("outside", "path", "id"), cursor=cursor, size=30)

    def address(at: str | None) -> str:
        return "?" + urlencode({key: value for key, value in (("cari", text), ("dari", at)) if value}) if at else ""

    others = ((("offices.link_account",), _("Pejabat dan akunnya"), "office_structure_officials", "user-check"),
              (("territory.rename",), _("Nama wilayah"), "office_structure_territories", "map-2"),
              (OF_CLIENTS, _("Aplikasi yang masuk dengan akun kota"), "office_structure_clients", "key"))
    return render(request, "office/structure/index.html", {
        "of_offices": any(actor.holds(name) for name in OF_OFFICES), "offices": page.rows, "narrowed": bool(text or cursor),
        "filters": [Filter("cari", _("Nama kantor"), value=text)], "pager": Pager(address(page.previous), address(page.next)),
        "others": [(label, reverse(name), icon) for needs, label, name, icon in others if any(actor.holds(need) for need in needs)],
        "may_open": actor.holds("offices.open")})


def on_duty(actor: Actor) -> bool:
    return any("duty:" in holding.via for holding in actor.holdings)


def over_offices(actor: Actor) -> Q:
    """The offices on which this actor may do one of the deeds of this place."""
    return reduce(or_, (covered(actor, name, office="path", territory="territory__code") for name in OF_OFFICES))


def crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((_("Susunan"), reverse("office_structure")), *more)


def to(office: Office) -> tuple[str, str]:
    return office.abbreviation or office.name, reverse("office_structure_office", args=[office.code])


# ---------------------------------------------------------------- names of territories

@require_safe
@staff("territory.rename")
def territories(request: HttpRequest) -> HttpResponse:
    """The territories whose names this actor may change: kecamatan, each with its kelurahan."""
    actor: Actor = request.actor
    groups = [(above, [row for row in (above, *sorted(queries.children(above.code), key=lambda row: row.name)) if actor.may("territory.rename", row.scope)])
              for above in sorted(queries.of_level(Level.KECAMATAN), key=lambda row: row.name)]
    return render(request, "office/structure/territories.html", {
        "groups": [(above, rows) for above, rows in groups if rows], "crumbs": crumbs(),
        "cities": [row for row in queries.of_level(Level.CITY) if actor.may("territory.rename", row.scope)]})


@require_http_methods(["GET", "POST"])
@staff("territory.rename")
def rename_territory(request: HttpRequest, code: str) -> HttpResponse:
    """Give a kecamatan, a kelurahan or the city another name from a day on. The former names stand beneath the form."""
    actor: Actor = request.actor
    here = get_object_or_404(Territory.objects.filter(covered(actor, "territory.rename", territory="code"), level__in=NAMED, valid_to=None), code=code)
    called, back = queries.by_code(here.code).title, reverse("office_structure_territories")
    form = TerritoryForm(request.POST or None, initial={"name": here.name, "since": clock.today()})

    def deed(**given: Any) -> Territory:
        return services.rename(actor, here, **given)

    if request.method == "POST" and (renamed := attempt(form, deed)):
        done(request, "territory.rename", subject=called, name=renamed.name)
        return redirect(back)
    page = Ask(_("Ganti nama %(name)s") % {"name": called}, _("Ganti nama"), back, crumbs((_("Nama wilayah"), back)),
               _("Kodenya tetap. Nama lama tetap bisa dicari."))
    former = here.aliases.filter(kind=AliasKind.FORMER).order_by("-until", "name")
    return ask(request, page, form, "office/structure/rename.html", former=[(row.name, row.until) for row in former])
