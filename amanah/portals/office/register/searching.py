"""Finding people. What was typed travels in the body of a form, never in an address; it is kept sealed with the session, so that pages can be turned."""
import json
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Invalid, Unavailable
from amanah.foundation.kernel.seal import as_text, from_text
from amanah.portals.office.deeds import staff
from amanah.portals.office.register.places import codes_of, kelurahan_for
from amanah.portals.office.register.purpose import reaches, with_purpose
from amanah.portals.shell.components import Option, Pager
from amanah.registries.people.permissions import READ
from amanah.registries.people.queries import purposes, search
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import age
from amanah.registries.people.services.looking import list_shown

KEPT, MOST_KEPT, LABEL = "pencarian", 10, "search"
FIELDS = ("teks", "wilayah", "rw", "rt", "tahun", "jk", "status")
LIVING = {"": (codes.RESIDENT, codes.DEAD, codes.MOVED), "1": (codes.RESIDENT,), "2": (codes.DEAD,), "3": (codes.MOVED,)}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(READ)
@with_purpose
def index(request: HttpRequest) -> HttpResponse:
    """The box and what was found. A sent search is kept under a number, and the reader led to it."""
    if request.method == "POST":
        asked = {name: request.POST.get(name, "").strip()[:200] for name in FIELDS}
        if request.POST.get("pilih"):  # a suggestion was taken
            asked["teks"] = request.POST["pilih"].strip()[:200]
        return redirect(f"{reverse('office_register')}?{urlencode({'c': _keep(request, asked)})}" if any(asked.values()) else "office_register")
    key = request.GET.get("c", "")
    asked = _kept(request, key) if key else {}
    context: dict[str, Any] = {"asked": asked, "lapsed": bool(key and not asked), **_choices(request.actor, asked)}
    if asked:
        context |= _found(request, key, asked)
    return render(request, "office/register/search.html", context)


@require_POST
@staff(READ)
@with_purpose
def suggest(request: HttpRequest) -> HttpResponse:
    """Names that continue what is being typed. Names only; whom they belong to is found by searching, and then recorded."""
    text = request.POST.get("teks", "").strip()[:100]
    names = search.suggest(request.actor, text, limit=6) if len(text) >= 2 and not any(ch.isdecimal() for ch in text) else []
    return render(request, "office/register/parts/suggestions.html", {"names": names})


def _found(request: HttpRequest, key: str, asked: dict[str, str]) -> dict[str, Any]:
    year, place, sex = asked["tahun"], asked["wilayah"], asked.get("jk")
    if place and not request.actor.may(READ, Scope(office=None, territory=place)):
        place = ""
    try:
        found = search.find(request.actor, asked["teks"], rw=asked["rw"], rt=asked["rt"], place=place, born_year=int(year) if year.isdecimal() else None,
                            status=LIVING.get(asked["status"], LIVING[""]), sex=int(sex) if sex in ("1", "2") else None,
                            cursor=request.GET.get("dari", ""), size=20)
    except Invalid as objection:
        return {"fault": next(iter(objection.details.values()), objection.message)}
    record(request, found.rows, {"by": list(found.by)})

    def address(at: str | None) -> str:
        return "?" + urlencode({"c": key, "dari": at}) if at else ""

    return {"found": found, "rows": [line(request, row, alike=row.id in found.alike) for row in found.rows],
            "pager": Pager(address(found.previous), address(found.next))}


def record(request: HttpRequest, shown: Any, details: dict[str, Any]) -> None:
    """A list is on record before it is shown, an empty one as well."""
    purposes.need(request.actor, READ, request.purpose.code)
    list_shown(request.actor, shown, purpose=request.purpose.code, details=details)


def line(request: HttpRequest, row: Any, *, alike: bool = False) -> dict[str, Any]:
    """A person as a line of a list: without a name where the purpose does not reach them."""
    return {"row": row, "alike": alike, "reached": reaches(request, row.restricted), "age": age(row.born, clock.today()),
            "relation": codes.label("relation", row.relation), "status": codes.label("status", row.status), "sex": codes.label("sex", row.sex)}


def _choices(actor: Actor, asked: dict[str, str]) -> dict[str, Any]:
    def options(name: str, choices: list[tuple[str, str]]) -> list[Option]:
        return [Option(value, label, value == asked.get(name, "")) for value, label in [("", _("Semua")), *choices]]

    groups = kelurahan_for(actor, READ)
    return {"kelurahan": groups, "several": len(codes_of(groups)) > 1, "may_open": actor.holds("people.open_family"),
            "sexes": options("jk", [(str(code), label) for code, label in codes.SEX.items()]),
            "statuses": options("status", [(str(code), codes.STATUS[code]) for code in (codes.RESIDENT, codes.DEAD, codes.MOVED)])}


# ---------------------------------------------------------------- what was asked, kept

def _keep(request: HttpRequest, asked: dict[str, str]) -> str:
    """Keep a search, sealed, among the last ten of this session."""
    kept = dict(list(request.session.get(KEPT, {}).items())[-(MOST_KEPT - 1):])
    key = secrets.token_urlsafe(6)
    request.session[KEPT] = {**kept, key: as_text(settings.SEAL.seal(json.dumps(asked), LABEL))}
    return key


def _kept(request: HttpRequest, key: str) -> dict[str, str]:
    """The search kept under `key`; empty when it was too long ago."""
    sealed = request.session.get(KEPT, {}).get(key)
    try:
        return json.loads(settings.SEAL.open(from_text(sealed), LABEL)) if sealed else {}
    except Unavailable:  # sealed with a key that is gone
        return {}
