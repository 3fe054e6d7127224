"""Seats of an office and who holds them: adding a seat, noting an official, appointing, ending."""
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.upkeep.forms import AppointForm, EndForm, OfficialForm, PositionForm
from amanah.portals.office.upkeep.views import crumbs, office_for, to
from amanah.portals.shell.components import Filter
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import Appointment, Official, Position, Unit

MOST = 12  # officials offered at once; a name narrows the choice


@require_http_methods(["GET", "POST"])
@staff("offices.add_position")
def add_position(request: HttpRequest, code: str) -> HttpResponse:
    """Add a seat to an office."""
    actor, here = request.actor, office_for(request.actor, code, "offices.add_position")
    form = PositionForm(request.POST or None, units=Unit.objects.filter(office=here).order_by("name"))
    if request.method == "POST" and (made := attempt(form, lambda **given: services.add_position(actor, here, **given))):
        done(request, "offices.add_position", title=made.title, subject=here.name)
        return redirect("office_upkeep_office", code=here.code)
    page = Ask(_("Tambah jabatan"), _("Tambah jabatan"), to(here)[1], crumbs(to(here)), _("Di %(office)s. Jabatan baru tampil kosong sampai ada yang diangkat.")
               % {"office": here.name})
    return ask(request, page, form)


@require_http_methods(["GET", "POST"])
@staff("offices.register_official")
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Note somebody who will hold a seat; whoever may appoint is led on to that."""
    actor, here = request.actor, office_for(request.actor, code, "offices.register_official")
    form = OfficialForm(request.POST or None)
    if request.method == "POST" and (made := attempt(form, lambda **given: services.register_official(actor, here, **given))):
        done(request, "offices.register_official")
        seat = request.GET.get("jabatan", "")
        if seat.isdecimal() and actor.may("offices.appoint", here.scope):
            return redirect(f"{reverse('office_upkeep_appoint', args=[seat])}?pejabat={made.pk}")
        return redirect("office_upkeep_office", code=here.code)
    page = Ask(_("Catat pejabat"), _("Catat"), to(here)[1], crumbs(to(here)),
               _("Untuk %(office)s. Sesudah tercatat, namanya bisa dipilih saat pengangkatan.") % {"office": here.name})
    return ask(request, page, form)


@require_http_methods(["GET", "POST"])
@staff("offices.appoint")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an official in a seat. The officials of the office and the newest ones are offered; `cari` finds others by name."""
    actor, seat = request.actor, _seat(request.actor, pk)
    search, wanted = request.GET.get("cari", "").strip()[:100], request.GET.get("pejabat", "")
    officials = _officials(seat, search, wanted, request.POST.get("official", ""))
    form = AppointForm(request.POST or None, officials=officials, notes=seats_of(officials),
                       initial={"since": clock.today(), "official": wanted or (str(officials[0].pk) if search and len(officials) == 1 else None)})
    if request.method == "POST" and (made := attempt(form, lambda **given: services.appoint(actor, seat, **given))):
        done(request, "offices.appoint", official=made.official.name, subject=_("%(kind)s %(seat)s sejak %(day)s") % {
            "kind": "" if made.kind == Appointment.Kind.DEFINITIVE else made.get_kind_display(), "seat": seat.title, "day": on_date(made.since)})
        return redirect("office_upkeep_office", code=seat.office.code)
    page = Ask(_("Angkat %(seat)s") % {"seat": seat.title}, _("Angkat"), to(seat.office)[1], crumbs(to(seat.office)),
               _("Satu jabatan punya satu pemegang dan, bila perlu, satu pelaksana pada satu waktu."))
    may_register = actor.may("offices.register_official", seat.scope)
    return ask(request, page, form, "office/upkeep/appoint.html", officials=officials, search=search, filters=[Filter("cari", _("Nama pejabat"), value=search)],
               register=f"{reverse('office_upkeep_official', args=[seat.office.code])}?jabatan={seat.pk}" if may_register else "")


def _seat(actor: Actor, pk: int) -> Position:
    """The seat, if the actor may appoint there; seats that were abolished and those of dissolved offices are not to be filled."""
    found = Position.objects.select_related("office").filter(covered(actor, "offices.appoint", office="office__path", territory="office__territory__code"),
                                                             office__in=queries.standing(), abolished_on=None)
    return get_object_or_404(found, pk=pk)


def _officials(seat: Position, search: str, *chosen: str) -> list[Official]:
    """Whom the form offers: those chosen already, then those who match the name, or those of this office, then the newest. Two statements at most."""
    first = list(Official.objects.filter(pk__in=[int(pk) for pk in chosen if pk.isdecimal() and len(pk) < 19]))
    others = Official.objects.exclude(pk__in=[official.pk for official in first])
    if search:
        for word in search.split():
            others = others.filter(name__icontains=word)
        others = others.order_by("name", "pk")
    else:
        near = Appointment.objects.filter(position__office=seat.office).values("official")
        fresh = Official.objects.filter(appointments=None).order_by("-pk").values("pk")[:MOST]
        others = others.filter(Q(pk__in=near) | Q(pk__in=list(fresh.values_list("pk", flat=True)))).order_by("name", "pk")
    return [*first, *others[:MOST]]


def seats_of(officials: Iterable[Official]) -> dict[int, str]:
    """What each of them holds today, in one statement."""
    held: dict[int, list[str]] = {}
    for row in queries.in_effect().filter(official__in=list(officials)).select_related("position").order_by("pk"):
        held.setdefault(row.official_id, []).append(row.position.title)
    return {pk: ", ".join(titles) for pk, titles in held.items()}


@require_http_methods(["GET", "POST"])
@staff("offices.end_appointment")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an appointment end on a day, with a reason."""
    actor: Actor = request.actor
    visible = Appointment.objects.select_related("official", "position__office").filter(
        covered(actor, "offices.end_appointment", office="position__office__path", territory="position__office__territory__code"))
    row = get_object_or_404(visible, pk=pk)
    here, form = row.position.office, EndForm(request.POST or None, initial={"last_day": clock.today()})
    words = _("%(name)s sebagai %(seat)s") % {"name": row.official.name, "seat": row.position.title}

    def deed(**given: Any) -> Appointment:
        return services.end_appointment(actor, row, **given)

    if request.method == "POST" and (ended := attempt(form, deed)):
        done(request, "offices.end_appointment", subject=_("pengangkatan %(words)s") % {"words": words}, last_day=on_date(ended.until))
        return redirect("office_upkeep_office", code=here.code)
    page = Ask(_("Akhiri pengangkatan %(words)s") % {"words": words}, _("Akhiri pengangkatan"), to(here)[1], crumbs(to(here)),
               _("Ia mulai pada %(day)s. Sesudah hari terakhir jabatan ini kosong sampai ada yang diangkat.") % {"day": on_date(row.since)}, grave=True)
    return ask(request, page, form)
