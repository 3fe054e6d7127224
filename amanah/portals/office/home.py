"""The first page of everybody who works for the city: what they hold, where, and how that stands today."""
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanah.foundation.access import queries as access
from amanah.foundation.access.models import Account
from amanah.foundation.access.permissions import READ as READ_ACCESS
from amanah.foundation.acts import queries as acts
from amanah.foundation.acts.permissions import READ_TRAIL
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.audit.models import Checkpoint
from amanah.foundation.jobs import queries as jobs
from amanah.foundation.kernel import city as cities
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import NotFound
from amanah.portals.office import menu
from amanah.portals.office.naming import own_places
from amanah.portals.office.permissions import READ_JOBS
from amanah.portals.office.places import namer
from amanah.portals.office.trail import KINDS
from amanah.portals.shell import doors, maps
from amanah.portals.shell.charts import Bar, Bars
from amanah.portals.shell.drawing import StillMap
from amanah.registries.offices import queries as offices
from amanah.registries.territory import queries as territory


@dataclass(frozen=True, slots=True)
class Workplace:
    """One place somebody works for: its office with the door, who leads it, how many seats are empty, and its territory."""

    name: str
    desk: doors.Desk | None
    head: offices.HolderRow | None
    vacant: int
    seats: int
    place: territory.TerritoryRow | None
    map: StillMap | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home of staff, evaluators and partners. Residents have their own, visitors sign in first."""
    actor: Actor = request.actor
    if actor.account_id is None:
        return redirect_to_login(request.path)
    if actor.kind == "resident":
        return redirect("citizen_home")
    account = Account.objects.get(pk=actor.account_id)
    name_of = namer()
    held = [row for row in access.held_by(account, name_of=name_of) if row.state != "ended"]
    places = own_places(actor)
    return render(request, "office/home.html", {
        "now": clock.now(), "held": held, "duty": access.running_duty(account), "workplaces": [_workplace(scope, name_of(scope)) for scope in places[:3]],
        "whole": _city(actor) if actor.holdings and not places else None, "holidays": _next_holidays(), "may": may(actor),
        "mandates": access.mandates(actor)[:8] if actor.holds(READ_ACCESS) else None, "trail": _trail(actor), "jobs": _jobs(actor), "upkeep": menu.may_upkeep(actor)})


def may(actor: Actor) -> list[str]:
    """What the actor may do, in words; for the card that answers "apa yang boleh saya lakukan?"."""
    return sorted({str(PERMISSIONS[name]) for holding in actor.holdings for name in holding.permissions if name in PERMISSIONS})


def _workplace(scope: Scope, name: str) -> Workplace:
    row = place = None
    if scope.office:
        try:
            row = offices.by_path(scope.office)
        except NotFound:
            row = None
    if scope.territory:
        try:
            place = territory.by_code(scope.territory)
        except NotFound:
            place = None
    seats = offices.officials_of(row.code) if row else []
    drawing = None
    if place and place.level in ("kecamatan", "kelurahan"):
        kecamatan = place if place.level == "kecamatan" else territory.by_code(place.parent or "")
        drawing = maps.kecamatan_map(kecamatan.code, kecamatan.name, chosen="" if place is kecamatan else place.code)
    return Workplace(name, doors.desks([row])[0] if row else None, next((s.answers for s in seats if s.is_head), None),
                     sum(s.answers is None for s in seats), len(seats), place, drawing)


def _city(actor: Actor) -> dict[str, object]:
    """The whole city, for those who work for all of it: its map, its doors, its empty seats."""
    official, parts = territory.parts_with_official_boundary()
    return {"map": maps.city_map(cities.load(settings.CITY_DIR)), "doors": doors.doors_now(), "offices": offices.standing().count(),
            "vacant": offices.vacant().count(), "kelurahan": len(territory.of_level("kelurahan")), "official": official, "parts": parts}


def _next_holidays() -> list[object]:
    today = clock.today()
    try:
        coming = [h for year in (today.year, today.year + 1) for h in offices.holidays(year) if h.day >= today]
    except NotFound:
        return []
    return coming[:3]


def _trail(actor: Actor) -> dict[str, object] | None:
    if not actor.holds(READ_TRAIL):
        return None
    counts = acts.recent_kinds(actor)
    total = sum(counts.values())
    bars = tuple(Bar(chip.word, counts.get(kind, 0), _("%(count)d dari %(total)d") % {"count": counts.get(kind, 0), "total": total})
                 for kind, chip in KINDS.items())
    return {"bars": Bars(_("Catatan terakhir menurut jenis"), bars, most=max(total, 1), unit=""), "total": total,
            "last": Checkpoint.objects.order_by("-number").first(), "rows": acts.trail(actor, kind="refusal", size=5).rows}


def _jobs(actor: Actor) -> jobs.QueueState | None:
    return jobs.queue_state(clock.now()) if actor.holds(READ_JOBS) else None
