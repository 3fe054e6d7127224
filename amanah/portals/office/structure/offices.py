"""Offices that open, get another name, or close; and the page of one office with what came before it and what follows."""
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import EVERYWHERE, Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.places import offices_for, territories_for
from amanah.portals.office.structure.forms import CloseForm, OpenForm, RenameForm
from amanah.portals.office.structure.views import OF_OFFICES, crumbs, over_offices, to
from amanah.portals.office.upkeep.views import office_for
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import FormerName, Kind, Office, OfficeLink
from amanah.registries.offices.rules.calendar import Group
from amanah.registries.offices.rules.calendar_file import OWN
from amanah.registries.territory import queries as territory


@require_safe
@staff(*OF_OFFICES)
def office(request: HttpRequest, code: str) -> HttpResponse:
    """One office, standing or closed: where it hangs, its names, who went before, and who answers after it."""
    actor: Actor = request.actor
    here = get_object_or_404(Office.objects.select_related("parent", "territory").filter(over_offices(actor)), code=code)
    standing, after = here.stands_on(clock.today()) or here.valid_to is None, None
    if here.valid_to:
        after = max(clock.today(), here.valid_to + timedelta(days=1))
    may = {name.partition(".")[2]: standing and actor.may(name, here.scope) for name in OF_OFFICES}
    links = OfficeLink.objects.filter(predecessor=here).select_related("successor").order_by("successor__name") if after else ()
    return render(request, "office/structure/office.html", {
        "office": here, "place": territory.by_code(here.territory_id).title if here.territory_id else "", "crumbs": crumbs(),
        "may": {**may, "close": may["close"] and here.valid_to is None}, "after": after, "answering": queries.answering(code, after) if after else [],
        "links": [(link.successor.name, link.get_kind_display(), link.day, link.legal_basis, link.note) for link in links],
        "former": [(row.name, row.until) for row in FormerName.objects.filter(office=here).order_by("-until")], "before": queries.predecessors(code),
        "beneath": queries.children(code)})


# ---------------------------------------------------------------- opening

@require_http_methods(["GET", "POST"])
@staff("offices.open")
def open_office(request: HttpRequest) -> HttpResponse:
    """Open an office; `di` names the office beneath which it will hang."""
    actor: Actor = request.actor
    form = OpenForm(request.POST or None, parents=offices_for(actor, "offices.open"), top=actor.may("offices.open", EVERYWHERE),
                    territories=territories_for(actor, "offices.open"), groups=_groups(),
                    initial={"parent": request.GET.get("di", ""), "valid_from": clock.today()})

    def deed(parent: Office | None, **given: Any) -> Office:
        return services.open_(actor, parent, **given)

    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, "offices.open", name=made.name)
        return redirect("office_structure_office", code=made.code)
    page = Ask(_("Buka kantor"), _("Buka kantor"), reverse("office_structure"), crumbs(),
               _("Kantor baru tampil untuk warga sejak hari pertamanya. Jabatannya ditambah sesudahnya, di Perawatan."))
    return ask(request, page, form, "office/structure/open.html")


def _groups() -> list[Group]:
    """The groups of hours that offices share; none while no calendar is loaded."""
    try:
        groups = queries.calendar().groups.values()
    except NotFound:
        return []
    return sorted((group for group in groups if not group.code.startswith(OWN)), key=lambda group: group.name)


# ---------------------------------------------------------------- another name

@require_http_methods(["GET", "POST"])
@staff("offices.rename")
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give an office another name from a day on. The former names stand beneath the form."""
    actor, here = request.actor, office_for(request.actor, code, "offices.rename")
    form = RenameForm(request.POST or None, initial={"name": here.name, "since": clock.today()})

    def deed(**given: Any) -> Office:
        return services.rename(actor, here, **given)

    if request.method == "POST" and (renamed := attempt(form, deed)):
        done(request, "offices.rename", subject=here.name, name=renamed.name)
        return redirect("office_structure_office", code=here.code)
    page = Ask(_("Ganti nama %(name)s") % {"name": here.name}, _("Ganti nama"), to(here)[1], crumbs(to(here)),
               _("Kode, pejabat, dan riwayatnya tetap. Nama lama tetap tersimpan."))
    former = FormerName.objects.filter(office=here).order_by("-until")
    return ask(request, page, form, "office/structure/rename.html", former=[(row.name, row.until) for row in former])


# ---------------------------------------------------------------- the end

@require_http_methods(["GET", "POST"])
@staff("offices.close")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close an office and say who goes on; the page of the office then shows who answers."""
    actor, here = request.actor, office_for(request.actor, code, "offices.close")
    form = CloseForm(request.POST or None, successors=_successors(here), initial={"last_day": clock.today()})

    def deed(**given: Any) -> Office:
        return services.close(actor, here, **given)

    if request.method == "POST" and (closed := attempt(form, deed)):
        done(request, "offices.close", subject=here.name, last_day=on_date(closed.valid_to))
        return redirect("office_structure_office", code=here.code)
    page = Ask(_("Tutup %(name)s") % {"name": here.name}, _("Tutup kantor"), to(here)[1], crumbs(to(here)),
               _("Kantor ini tidak hilang: riwayatnya tetap terbaca, dan halamannya menunjuk kantor yang menjawab sesudahnya."), grave=True)
    return ask(request, page, form, "office/structure/close.html", beneath=queries.children(code),
               seated=[seat for seat in queries.officials_of(code) if seat.answers])


def _successors(office: Office) -> list[Office]:
    """Offices that may follow one: of the city, not yet ended, also those that only begin the day after; not what hangs beneath it."""
    others = Office.objects.filter(Q(valid_to=None) | Q(valid_to__gt=clock.today())).exclude(kind=Kind.EXTERNAL)
    return list(others.exclude(pk=office.pk).exclude(path__startswith=f"{office.path}.").order_by("path"))
