"""Lists of what somebody should look after: events that SIAK has not confirmed, families in which something cannot be right."""
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanah.foundation.acts import look
from amanah.foundation.kernel.actor import Scope
from amanah.portals.office.deeds import staff
from amanah.portals.office.register.places import kelurahan_for, kelurahan_of, where
from amanah.portals.office.register.purpose import reaches, with_purpose
from amanah.portals.office.register.searching import record
from amanah.portals.shell.components import Chip, Filter, Option, Pager
from amanah.registries.people.permissions import READ
from amanah.registries.people.queries import checks
from amanah.registries.people.queries import purposes as processing
from amanah.registries.territory import queries as territory


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody who stands in a list, as the record needs to know them."""

    id: int
    place: str

    @property
    def scope(self) -> Scope:
        return Scope(office=None, territory=self.place)


SOON, LONG = 14, 60  # days after which waiting is remarkable, and after which somebody should ask


@require_safe
@staff(READ)
@with_purpose
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """Events that SIAK has not confirmed, the longest waiting first."""
    here, filters = _place(request)
    context: dict[str, Any] = {"filters": filters, "here": territory.by_code(here) if here else None}
    if here:
        found = checks.unconfirmed(request.actor, here, cursor=request.GET.get("dari", ""))
        shown = {row.person: Shown(row.person, row.place) for row in found.rows if row.person and reaches(request, row.restricted)}
        record(request, list(shown.values()), {"list": "unconfirmed"})
        context |= {"rows": [(row, reaches(request, row.restricted), _waits(row.days)) for row in found.rows], "pager": _pager(found, wilayah=here)}
    return render(request, "office/register/unconfirmed.html", context)


@require_safe
@staff(READ)
@with_purpose
def doubtful(request: HttpRequest) -> HttpResponse:
    """Families in which something cannot be right."""
    here, filters = _place(request)
    problem = request.GET.get("masalah", "")
    filters = [*filters, Filter("masalah", _("Masalah"), (Option("", _("Semua"), not problem), *(
        Option(code, words, code == problem) for code, words in checks.PROBLEMS.items())))]
    context: dict[str, Any] = {"filters": filters, "here": territory.by_code(here) if here else None, "narrowed": bool(problem)}
    if here:
        found = checks.doubtful(request.actor, here, problem=problem, cursor=request.GET.get("dari", ""))
        processing.need(request.actor, READ, request.purpose.code)
        look(request.actor, READ, scope=Scope(office=None, territory=here), purpose=request.purpose.code, details={"list": "doubtful", "rows": len(found.rows)})
        places = where([row.place for row in found.rows])
        context |= {"rows": [(row, places[row.place.pk], [checks.PROBLEMS[code] for code in row.problems]) for row in found.rows],
                    "pager": _pager(found, wilayah=here, masalah=problem)}
    return render(request, "office/register/doubtful.html", context)


def _place(request: HttpRequest) -> tuple[str, list[Filter]]:
    groups = kelurahan_for(request.actor, READ)
    here = kelurahan_of(request.actor, READ, request.GET.get("wilayah", ""), groups)
    options = tuple(Option(code, name, code == here) for _kecamatan, rows in groups for code, name in rows)
    return here, [Filter("wilayah", _("Kelurahan"), (Option("", _("Pilih kelurahan"), not here), *options))] if len(options) > 1 else []


def _waits(days: int) -> Chip:
    tone = "bad" if days > LONG else "warn" if days > SOON else ""
    return Chip(_("hari ini") if days == 0 else _("%(count)d hari") % {"count": days}, tone, "clock-exclamation" if days > LONG else "clock")


def _pager(page: Any, **kept: str) -> Pager:
    query = urlencode({name: value for name, value in kept.items() if value})
    return Pager(*(f"?{query}&dari={at}" if at else "" for at in (page.previous, page.next)))
