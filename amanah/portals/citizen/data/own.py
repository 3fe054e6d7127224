"""What the city holds about a resident, where each fact came from, and their own numbers behind a button."""
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.names import displayed
from amanah.portals.citizen.data.door import resident, tied
from amanah.portals.citizen.data.forms import PhoneForm
from amanah.portals.shell.components import Chip
from amanah.registries.people.models import Person
from amanah.registries.people.queries import origins as facts
from amanah.registries.people.queries.purposes import register
from amanah.registries.people.queries.register import members, place_name
from amanah.registries.people.queries.ties import children_of, person_of
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.requests import CORRECTABLE
from amanah.registries.people.rules.state import age
from amanah.registries.people.services import opening
from amanah.registries.people.services.requests import FIELD_NAMES
from amanah.registries.territory import queries as territory

LABELS = {
    **FIELD_NAMES, "kk": gettext_lazy("Nomor KK"), "sex": gettext_lazy("Jenis kelamin"), "citizenship": gettext_lazy("Kewarganegaraan"),
    "place": gettext_lazy("Tempat tinggal"), "address": gettext_lazy("Alamat"), "status": gettext_lazy("Status"),
}
PLAIN = ("name", "birthplace", "born", "sex", "religion", "marital", "education", "occupation", "blood", "citizenship", "disability", "father_name")
SEALED = ("nik", "kk", "phone", "mother_name")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the page. `closed`: behind a mask, with a button; `wrong`: it can be corrected from here; `chip`: what is not sure about it."""

    name: str
    label: str
    value: str
    origin: str
    wrong: bool
    closed: bool = False
    chip: Chip | None = None


@require_safe
@resident
def mine(request: HttpRequest) -> HttpResponse:
    """What we hold; for an account that is not tied yet, how to tie it."""
    person = person_of(request.actor)
    return _page(request, person) if person is not None else render(request, "citizen/data/untied.html", {"controller": register().controller})


@require_POST
@tied
def open_field(request: HttpRequest, person: Person) -> HttpResponse:
    """Show one of one's own numbers, once: it stands on this answer and is kept nowhere, so there is nothing to lead to."""
    field = request.POST.get("bagian", "")
    return _page(request, person, opened=(field, opening.open_own(request.actor, person, field=field)))


def _page(request: HttpRequest, person: Person, *, opened: tuple[str, str] = ("", "")) -> HttpResponse:
    known, masks = facts.origins(person.pk), opening.masked(person)
    rows = [_fact(name, _said(person, name), known) for name in PLAIN]
    sealed = [_fact(name, opened[1] if name == opened[0] else getattr(masks, name), known, closed=name != opened[0]) for name in SEALED]
    home = [Fact("address", str(LABELS["address"]), person.family.address if person.family else "", "", False),
            _fact("place", _place(person), known), _fact("status", codes.label("status", person.status), known)]
    relatives = [row for row in members(person.family) if row.status == codes.RESIDENT] if person.family else []
    return render(request, "citizen/data/own.html", {
        "person": person, "facts": [row for row in rows if row.value], "sealed": sealed, "home": [row for row in home if row.value],
        "members": [(displayed(row.name), row.relation_name) for row in relatives], "opened": opened[0], "age": age(person.born, clock.today()),
        "children": [(child.pk, displayed(child.name)) for child in children_of(person)], "controller": register().controller})


def _fact(name: str, value: str, known: dict[str, facts.Origin], *, closed: bool = False) -> Fact:
    origin = known.get(name)
    said = _("Dari %(source)s, berlaku sejak %(day)s") % {
        "source": origin.source, "day": dates.short_date(origin.since, get_language() or "id")} if origin else ""
    chip = Chip(_("Belum dipastikan SIAK"), "warn", "help-circle") if origin and origin.provisional else None
    return Fact(name, str(LABELS[name]), value, said, name in CORRECTABLE, closed and bool(value), chip)


def _said(person: Person, name: str) -> str:
    value = getattr(person, name)
    if name == "born":
        return dates.long_date(value, get_language() or "id")
    if name in codes.LISTS:
        return codes.label(name, value)
    return displayed(value) if name in ("name", "father_name", "birthplace") and value else str(value or "")


def _place(person: Person) -> str:
    near = place_name(person.place)
    code = person.place.code
    while code and (row := territory.by_codes([code]).get(code)) is not None and row.level in ("rt", "rw"):
        code = row.parent or ""
    found = territory.by_codes([code]).get(code) if code else None
    return ", ".join(filter(None, (near, territory.full_title(found) if found else "")))


@require_http_methods(["GET", "POST"])
@resident
def phone(request: HttpRequest) -> HttpResponse:
    """Set or remove the telephone of one's account."""
    account = Account.objects.get(pk=request.actor.account_id)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.attempt(lambda phone: phones.set_phone(request.actor, account, phone=phone)):
        return redirect("citizen_phone")
    number = phones.phone_of(account)
    return render(request, "citizen/data/phone.html", {"form": form, "number": str(number) if number else ""}, status=422 if form.errors else 200)
