"""RW and RT of a kelurahan: adding one, adding many, closing."""
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.upkeep.forms import CloseForm, ManyForm, NumberForm
from amanah.portals.office.upkeep.views import OF_TERRITORIES, crumbs
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.territory import queries, services
from amanah.registries.territory.models import Level, Territory
from amanah.registries.territory.queries import TerritoryRow


def _find(actor: Actor, code: str, level: str, *permissions: str) -> Territory:
    """The territory of that level that stands today, if the actor holds one of the permissions there; 404 otherwise."""
    where = covered(actor, permissions[0], territory="code")
    for name in permissions[1:]:
        where |= covered(actor, name, territory="code")
    return get_object_or_404(Territory.objects.select_related("parent__parent").filter(where, level=level, valid_to=None), code=code)


def _to(kelurahan: Territory) -> tuple[str, str]:
    return str(kelurahan), reverse("office_upkeep_kelurahan", args=[kelurahan.code])


@require_safe
@staff(*OF_TERRITORIES)
def kelurahan(request: HttpRequest, code: str) -> HttpResponse:
    """The RW and RT of a kelurahan, each RW with its RT."""
    actor, here = request.actor, _find(request.actor, code, Level.KELURAHAN, *OF_TERRITORIES)
    rows: dict[str, tuple[TerritoryRow, list[TerritoryRow]]] = {}
    for row in queries.neighbourhoods(here.code):
        if row.level == Level.RW:
            rows[row.code] = (row, [])
        elif row.parent in rows:
            rows[row.parent][1].append(row)
    return render(request, "office/upkeep/kelurahan.html", {
        "kelurahan": here, "title": queries.full_title(queries.by_code(here.code)), "rows": list(rows.values()),
        "count": sum(len(rts) for _rw, rts in rows.values()), "modelled": any(rw.modelled or any(rt.modelled for rt in rts) for rw, rts in rows.values()),
        "may": {name.partition(".")[2]: actor.may(name, here.scope) for name in OF_TERRITORIES}, "crumbs": crumbs()})


@require_http_methods(["GET", "POST"])
@staff("territory.add_rw")
def add_rw(request: HttpRequest, code: str) -> HttpResponse:
    """Add an RW to a kelurahan."""
    actor, here = request.actor, _find(request.actor, code, Level.KELURAHAN, "territory.add_rw")
    page = Ask(_("Tambah RW"), _("Tambah RW"), _to(here)[1], crumbs(_to(here)), _("Di %(place)s. RT ditambah sesudahnya.") % {"place": here})
    return _one(request, page, "territory.add_rw", lambda **given: services.add_rw(actor, here, **given), str(here), _to(here)[1])


@require_http_methods(["GET", "POST"])
@staff("territory.add_rt")
def add_rt(request: HttpRequest, code: str) -> HttpResponse:
    """Add an RT to an RW."""
    actor, rw = request.actor, _find(request.actor, code, Level.RW, "territory.add_rt")
    place, back = _("%(rw)s, %(kelurahan)s") % {"rw": rw, "kelurahan": rw.parent}, _to(rw.parent)
    page = Ask(_("Tambah RT di %(rw)s") % {"rw": rw}, _("Tambah RT"), back[1], crumbs(back), _("Di %(place)s.") % {"place": place})
    return _one(request, page, "territory.add_rt", lambda **given: services.add_rt(actor, rw, **given), place, back[1])


def _one(request: HttpRequest, page: Ask, name: str, deed: Any, place: str, back: str) -> HttpResponse:
    form = NumberForm(request.POST or None)
    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, name, subject=_("%(number)s di %(place)s") % {"number": made, "place": place})
        return redirect(back)
    return ask(request, page, form)


@require_http_methods(["GET", "POST"])
@staff("territory.add_neighbourhoods")
def add_many(request: HttpRequest, code: str) -> HttpResponse:
    """Add many RW with their RT at once, all or none."""
    actor, here = request.actor, _find(request.actor, code, Level.KELURAHAN, "territory.add_neighbourhoods")
    form = ManyForm(request.POST or None)
    if request.method == "POST" and (made := attempt(form, lambda **given: services.add_neighbourhoods(actor, here, **given))):
        done(request, "territory.add_neighbourhoods", subject=_("%(place)s: %(count)d sekaligus") % {"place": here, "count": made})
        return redirect(_to(here)[1])
    page = Ask(_("Tambah banyak RW dan RT"), _("Tambah semuanya"), _to(here)[1], crumbs(_to(here)),
               _("Di %(place)s. Bila 1 baris keliru, tidak ada yang tersimpan.") % {"place": here})
    return ask(request, page, form)


@require_http_methods(["GET", "POST"])
@staff("territory.close")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close an RW or RT, with a reason."""
    actor: Actor = request.actor
    row = _find(actor, code, Level.RT if code.count(".") == 5 else Level.RW, "territory.close")
    above = row.parent.parent if row.level == Level.RT else row.parent
    words = _("%(rt)s di %(rw)s") % {"rt": row, "rw": row.parent} if row.level == Level.RT else str(row)
    form = CloseForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and (ended := attempt(form, lambda **given: services.close(actor, row, **given))):
        done(request, "territory.close", subject=_("%(words)s, %(place)s per %(day)s") % {"words": words, "place": above, "day": on_date(ended.valid_to)},
             reason=form.cleaned_data["reason"])
        return redirect(_to(above)[1])
    page = Ask(_("Tutup %(words)s") % {"words": words}, _("Tutup sekarang"), _to(above)[1], crumbs(_to(above)),
               _("Nomornya boleh dipakai lagi nanti. Riwayatnya tetap ada."), grave=True)
    return ask(request, page, form)
