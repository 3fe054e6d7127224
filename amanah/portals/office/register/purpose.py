"""For what somebody looks at people's data: chosen once while signed in, shown at the head of every page, recorded with every look."""
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amanah.foundation.acts import look
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Refused
from amanah.foundation.kernel.names import displayed
from amanah.portals.office.deeds import staff
from amanah.registries.people.models import Family, Person
from amanah.registries.people.permissions import EXPORT, OPEN_FIELD, READ, READ_NEIGHBOURHOOD
from amanah.registries.people.queries import purposes, register
from amanah.registries.people.queries.register import MemberRow
from amanah.registries.people.rules.processing import Purpose
from amanah.registries.people.services import opening
from amanah.registries.people.services.opening import Seen

KEPT = "keperluan"
HOME = "office_register"


LOOKS = frozenset((READ, OPEN_FIELD, EXPORT, READ_NEIGHBOURHOOD))


def offered(actor: Actor) -> list[Purpose]:
    """The purposes that are this actor's: those that need more than looks (answering requests, overseeing) only for those who may do that."""
    return [one for one in purposes.purposes(actor, READ) if (more := one.permissions - LOOKS) == set() or any(actor.holds(name) for name in more)]


def chosen(request: HttpRequest) -> Purpose | None:
    """The purpose of this session, if it still may be used by this actor."""
    code = request.session.get(KEPT)
    return next((one for one in offered(request.actor) if one.code == code), None)


def with_purpose(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that shows people: whoever has not said for what is asked first, and led on. The view finds `request.purpose`; no browser keeps the page."""
    @wraps(view)
    def purposeful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = chosen(request)
        if found is None:
            return _ask(request)
        request.purpose = found
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)  # the next who sits here does not find it behind the back button
        return response
    return purposeful


def _ask(request: HttpRequest) -> HttpResponse:
    # Addresses hold ids and codes of places only, so this one may be carried along.
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse(HOME)
    return redirect(f"{reverse('office_register_purpose')}?{urlencode({'lanjut': back})}")


@require_http_methods(["GET", "POST"])
@staff(READ)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the purpose, and go on to where one came from."""
    known = offered(request.actor)
    onward = request.POST.get("lanjut") or request.GET.get("lanjut") or ""
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None) or not onward.startswith(reverse("office_home")):
        onward = reverse(HOME)
    missing = False
    if request.method == "POST":
        if any(one.code == request.POST.get(KEPT) for one in known):
            request.session[KEPT] = request.POST[KEPT]
            return redirect(onward)
        missing = True
    return render(request, "office/register/purpose.html", {"offered": known, "now": request.session.get(KEPT), "onward": onward, "missing": missing},
                  status=422 if missing else 200)


# ---------------------------------------------------------------- looks

def see(request: HttpRequest, person: Person) -> Seen:
    """Record that this person's page is looked at, and give the masked identifiers. Raises Refused."""
    return opening.see(request.actor, person, purpose=request.purpose.code)


def see_family(request: HttpRequest, family: Family) -> None:
    """Record that this family's page is looked at; every member sees it among the looks at their own data. Raises Refused."""
    purposes.need(request.actor, READ, request.purpose.code, family)
    look(request.actor, READ, family, purpose=request.purpose.code)


def may_open(request: HttpRequest, person: Person | Family) -> bool:
    """Whether sealed fields may be opened: the actor may, and for the purpose of now."""
    return OPEN_FIELD in request.purpose.permissions and request.actor.may(OPEN_FIELD, person.scope)


def reaches(request: HttpRequest, restricted: bool) -> bool:
    """Whether the purpose of now reaches somebody; those who asked for restriction are reached by few."""
    return not restricted or request.purpose.restricted


def turned_away(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal for the sake of the purpose: say so, and offer another one. Others stay refusals."""
    messages.warning(request, refusal.message)
    return _ask(request)


def for_export(request: HttpRequest) -> list[tuple[str, str]]:
    """Purposes for which a roster may be downloaded."""
    return purposes.choices(request.actor, EXPORT)


def members_of(request: HttpRequest, family: int, *, residents_only: bool = False) -> list[MemberRow]:
    """The members of a family with their names as they are shown: without one where the purpose does not reach them. One statement."""
    return [replace(one, name=displayed(one.name) if reaches(request, one.restricted) else _("Nama dibatasi pemiliknya"))
            for one in register.members(family, residents_only=residents_only)]
