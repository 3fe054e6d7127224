"""Filling in a deed's form: on a family, on a person, on a new family's place, on an event."""
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Refused
from amanah.foundation.kernel.names import displayed
from amanah.portals.office.deeds import Ask, ask, attempt, done, must, staff
from amanah.portals.office.register import purpose
from amanah.portals.office.register.choosing import PersonField
from amanah.portals.office.register.deeds import OPEN_FAMILY, UNDO, Deed
from amanah.portals.office.register.forms import RegisterForm, look_for, searched
from amanah.portals.office.register.purpose import with_purpose
from amanah.portals.office.register.searching import record
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.people.models import Event, Family, Person
from amanah.registries.people.permissions import READ
from amanah.registries.people.queries import register
from amanah.registries.territory.models import Territory

TEMPLATE = "office/register/deed.html"
GET_OR_POST = ["GET", "POST"]


def crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((_("Penduduk"), reverse("office_register")), *more)


def head_of(members: list[Any]) -> str:
    """The name a family goes by: its head's, else its first member's."""
    return members[0].name if members else _("tanpa anggota")


def to_family(family: int, name: str) -> tuple[str, str]:
    return _("Keluarga %(name)s") % {"name": name}, reverse("office_register_family", args=[family])


def to_person(person: Person) -> tuple[str, str]:
    return displayed(person.name), reverse("office_register_person", args=[person.pk])


# ---------------------------------------------------------------- a family

def of_family(deed: Deed) -> Callable[..., HttpResponse]:
    """The page of a deed on a family; `orang` names the member it begins with."""
    @require_http_methods(GET_OR_POST)
    @staff(READ)
    @with_purpose
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        actor, family = request.actor, register.family(request.actor, pk)
        must(actor, deed.permission, family.scope)
        members = purpose.members_of(request, family.pk, residents_only=True)
        name, back = head_of(members), to_family(family.pk, head_of(members))
        given = {"person": request.GET.get("orang", ""), f"m_{request.GET.get('orang', '')}": True} if "orang" in request.GET else {}
        form = _form(request, deed, subject=family, members=members, initial=given)
        if isinstance(form, HttpResponse):
            return form
        if form.is_bound and (made := attempt(form, lambda **told: deed.call(actor, family, told))) is not None:
            words = form.cleaned_data
            died = words.get("person")
            done(request, deed.permission, family=name, subject=displayed(died.name) if died else name, place=str(words.get("place") or ""),
                 into=_("keluarga yang dituju"))
            return redirect("office_register_family", pk=_family_of(made, family))
        return _show(request, deed, form, lambda: purpose.see_family(request, family), back, (back,), _("%(deed)s, keluarga %(name)s") % {
            "deed": deed.label, "name": name}, members=members, family=family)
    return page


def _family_of(made: Any, family: Family) -> int:
    return made.pk if isinstance(made, Family) else family.pk


# ---------------------------------------------------------------- a person

def of_person(deed: Deed) -> Callable[..., HttpResponse]:
    """The page of a deed on one person."""
    @require_http_methods(GET_OR_POST)
    @staff(READ)
    @with_purpose
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        actor, person = request.actor, register.person(request.actor, pk)
        must(actor, deed.permission, person.scope)
        members = purpose.members_of(request, person.family_id, residents_only=True) if person.family_id else []
        form = _form(request, deed, subject=person, members=members)
        if isinstance(form, HttpResponse):
            return form
        if form.is_bound and attempt(form, lambda **told: deed.call(actor, person, told)) is not None:
            spouse = form.cleaned_data.get("spouse")
            kind = form.cleaned_data.get("kind", "")
            done(request, deed.permission, subject=displayed(person.name), spouse=displayed(spouse.name) if spouse else "",
                 kind=str(Event.Kind(kind).label).lower() if kind else "")
            return redirect("office_register_person", pk=person.pk)
        return _show(request, deed, form, lambda: purpose.see(request, person), to_person(person), (to_person(person),),
                     f"{deed.label}: {displayed(person.name)}", members=members, person=person)
    return page


@require_http_methods(GET_OR_POST)
@staff(READ)
@with_purpose
def undo(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Take an event of a person back, with the reason."""
    actor, person = request.actor, register.person(request.actor, pk)
    must(actor, UNDO.permission, person.scope)
    wrong = get_object_or_404(Event.objects.exclude(kind=Event.Kind.UNDO), pk=event, person=person)
    form = UNDO.form(request.POST if request.method == "POST" else None, actor=actor, subject=person)
    words = _("%(event)s %(day)s") % {"event": Event.Kind(wrong.kind).label, "day": on_date(wrong.valid_from)}
    if form.is_bound and attempt(form, lambda **told: UNDO.call(actor, person, {**told, "event": wrong})) is not None:
        done(request, UNDO.permission, event=words, subject=displayed(person.name))
        return redirect("office_register_person", pk=person.pk)
    return _show(request, UNDO, form, lambda: purpose.see(request, person), to_person(person), (to_person(person),),
                 _("Batalkan %(words)s") % {"words": words}, person=person)


# ---------------------------------------------------------------- a new family

@require_http_methods(GET_OR_POST)
@staff(OPEN_FAMILY.permission)
@with_purpose
def open_family(request: HttpRequest) -> HttpResponse:
    """Open a card for a family that comes to the city."""
    actor: Actor = request.actor
    form = OPEN_FAMILY.form(request.POST if request.method == "POST" else None, actor=actor)

    def deed(place: Territory, **told: Any) -> Family:
        return OPEN_FAMILY.call(actor, place, told)

    if form.is_bound and (made := attempt(form, deed)) is not None:
        done(request, OPEN_FAMILY.permission, place=str(made.place))
        return redirect("office_register_family", pk=made.pk)
    return ask(request, _page(OPEN_FAMILY, str(OPEN_FAMILY.label), ("", reverse("office_register")), crumbs()), form, TEMPLATE)


# ---------------------------------------------------------------- the form itself

def _form(request: HttpRequest, deed: Deed, **about: Any) -> RegisterForm | HttpResponse:
    """The form as sent, as new, or with what a search within it found; then it is not checked, and the search is on record."""
    initial = about.pop("initial", {})
    if request.method != "POST":
        return deed.form(actor=request.actor, initial=initial, **about)
    if (sought := searched(request, deed.form)) is None:
        return deed.form(request.POST, actor=request.actor, **about)
    field, typed = sought
    found = look_for(request.actor, typed, field, about["subject"])
    shown = [row for row in found if purpose.reaches(request, row.restricted)]
    record(request, shown, {"by": ["form"], "form": deed.act})
    form = deed.form(actor=request.actor, initial=deed.form.kept(request.POST), found={field: shown}, **about)
    form.sought = {field: {"text": typed, "none": not shown}}
    return form


def _show(request: HttpRequest, deed: Deed, form: RegisterForm, look: Callable[[], Any], back: tuple[str, str], trail: tuple[tuple[str, str], ...], title: str,
          **context: Any) -> HttpResponse:
    """The page, after the look that it is went on record."""
    try:
        look()
    except Refused as refusal:
        person = context.get("person")
        if person is not None and person.restricted and not request.purpose.restricted:
            return purpose.turned_away(request, refusal)
        raise
    return ask(request, _page(deed, title, back, crumbs(*trail)), form, TEMPLATE, deed=deed,
               seeks=any(isinstance(field, PersonField) and field.sought for field in form.fields.values()), **context)


def _page(deed: Deed, title: str, back: tuple[str, str], trail: tuple[tuple[str, str], ...]) -> Ask:
    return Ask(title, str(deed.button), back[1], trail, str(deed.lead), grave=deed.grave)


