"""The pages of a person and of a family: who they are, what happened, and what may be done."""
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from amanah.foundation.acts.permissions import READ_TRAIL
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid, Refused
from amanah.foundation.kernel.names import displayed
from amanah.portals.office.deeds import staff
from amanah.portals.office.naming import names
from amanah.portals.office.register import purpose
from amanah.portals.office.register.deeds import OF_FAMILY, OF_PERSON, UNDO, Deed, fits_family, fits_person
from amanah.portals.office.register.filling import crumbs, head_of, to_family
from amanah.portals.office.register.places import where
from amanah.portals.office.register.purpose import with_purpose
from amanah.portals.shell.components import Pager
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.people.models import Event, Family, Pair, Person
from amanah.registries.people.permissions import MATCH, OPEN_FIELD, READ
from amanah.registries.people.queries import events, register
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import FIELDS, SEALED, age
from amanah.registries.people.services import opening
from amanah.registries.territory.models import Territory

TITLES = {
    "status": gettext_lazy("Status"), "place": gettext_lazy("Tempat tinggal"), "family": gettext_lazy("Keluarga"), "relation": gettext_lazy("Hubungan keluarga"),
    "name": gettext_lazy("Nama"), "sex": gettext_lazy("Jenis kelamin"), "born": gettext_lazy("Tanggal lahir"), "birthplace": gettext_lazy("Tempat lahir"),
    "religion": gettext_lazy("Agama"), "marital": gettext_lazy("Status perkawinan"), "education": gettext_lazy("Pendidikan"),
    "occupation": gettext_lazy("Pekerjaan"), "blood": gettext_lazy("Golongan darah"), "citizenship": gettext_lazy("Kewarganegaraan"),
    "disability": gettext_lazy("Disabilitas"), "nik": gettext_lazy("NIK"), "mother_name": gettext_lazy("Nama ibu kandung"),
    "father_name": gettext_lazy("Nama ayah"), "mother": gettext_lazy("Ibu"), "father": gettext_lazy("Ayah"), "phone": gettext_lazy("Telepon"),
}
ICONS = {"birth": "baby-carriage", "death": "heart-handshake", "move": "home-move", "move_in": "login", "move_out": "arrow-up-right", "undo": "arrow-back-up",
         "correction": "tools", "name": "writing-sign", "marriage": "users", "divorce": "gavel", "confirm": "shield-check", "contradict": "alert-triangle"}
SHORT = 6  # fields of a first event are all of them; more than these are not listed one by one


# ---------------------------------------------------------------- a person

@require_safe
@staff(READ)
@with_purpose
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person. Opening the page is a look that they will see."""
    row = register.person(request.actor, pk)
    try:
        seen = purpose.see(request, row)
    except Refused as refusal:
        if row.restricted and not request.purpose.restricted:
            return purpose.turned_away(request, refusal)
        raise
    return _person(request, row, seen, {})


@require_POST
@staff(READ)
@with_purpose
def open_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one sealed field whole, after it went on record; the rest of the page stays as it was."""
    row, field = register.person(request.actor, pk), request.POST.get("isian", "")
    opened = {field: opening.open_field(request.actor, row, field, purpose=request.purpose.code)}
    return _person(request, row, opening.masked(row), opened)


def _person(request: HttpRequest, row: Person, seen: opening.Seen, opened: dict[str, str]) -> HttpResponse:
    actor: Actor = request.actor
    members = purpose.members_of(request, row.family_id) if row.family_id else []
    kin = list(Person.objects.filter(Q(pk__in=[key for key in (row.mother_id, row.father_id) if key]) | Q(mother=row) | Q(father=row))
               .exclude(status=codes.VOID).select_related("place").order_by("born", "pk")[:52])
    past = _as_of(request, row)
    history = events.of_person(row.pk, cursor=request.GET.get("dari", ""), size=20)
    may = {deed.act: _may(actor, deed, row) for deed in (*OF_PERSON, *OF_FAMILY, UNDO)}
    resident = row.status == codes.RESIDENT
    pairs = list(Pair.objects.filter(Q(first=row) | Q(second=row), state__in=(Pair.State.OPEN, Pair.State.UNSURE)).order_by("-probability", "id")
                 .values_list("pk", flat=True)[:10]) if actor.may(MATCH, row.scope) else []
    with_family = ("record_death", "move_out", "split_family")
    return render(request, "office/register/person.html", {
        "person": row, "name": displayed(row.name), "age": age(row.born, clock.today()), "resident": resident, "status": codes.label("status", row.status),
        "relation": codes.label("relation", row.relation), "where": where([row.place])[row.place_id], "facts": _facts(row), "sealed": _sealed(seen, opened),
        "may_open": purpose.may_open(request, row), "holds_opening": actor.may(OPEN_FIELD, row.scope), "members": members, "family": row.family,
        "parents": [_relative(request, one, _("Ibu") if one.pk == row.mother_id else _("Ayah")) for one in kin if one.pk in (row.mother_id, row.father_id)],
        "children": [_relative(request, one, _("Anak")) for one in kin if row.pk in (one.mother_id, one.father_id)],
        "history": _history(request, history.rows, row, may[UNDO.act]), "pager": _pager(request, history), "past": past, "knows": _knows(actor),
        "deeds": [deed for deed in OF_PERSON if resident and may[deed.act] and fits_person(deed, row, age(row.born, clock.today()))],
        "with_family": [deed for deed in OF_FAMILY if resident and row.family_id and deed.act in with_family and may[deed.act]
                        and fits_family(deed, sum(one.status == codes.RESIDENT for one in members))],
        "pairs": pairs, "may_tie": resident and actor.may("people.tie", row.scope),
        "crumbs": crumbs(*([to_family(row.family_id, head_of(members))] if row.family_id else []))})


def _may(actor: Actor, deed: Deed, thing: Person | Family) -> bool:
    return actor.may(deed.permission, thing.scope)


def _facts(row: Person) -> list[tuple[Any, str]]:
    lists = ("sex", "religion", "marital", "education", "occupation", "blood", "citizenship", "disability")
    told = {name: codes.label(name, getattr(row, name)) for name in lists}
    birth = ", ".join(part for part in (row.birthplace, on_date(row.born)) if part)
    return [(TITLES["sex"], told["sex"]), (_("Lahir"), birth), *((TITLES[name], told[name]) for name in lists[1:]),
            (TITLES["father_name"], displayed(row.father_name))]


def _sealed(seen: opening.Seen, opened: dict[str, str]) -> list[dict[str, Any]]:
    titles = {"nik": TITLES["nik"], "kk": _("Nomor KK"), "mother_name": TITLES["mother_name"], "phone": TITLES["phone"]}
    return [{"field": field, "title": title, "shown": opened.get(field) or getattr(seen, field), "open": field in opened} for field, title in titles.items()]


def _relative(request: HttpRequest, one: Person, how: str) -> dict[str, Any]:
    mine = request.actor.may(READ, one.scope) and purpose.reaches(request, one.restricted)
    return {"id": one.pk, "name": displayed(one.name) if mine else _("Tinggal di luar wilayah Anda"), "how": how, "born": one.born if mine else None, "mine": mine,
            "status": codes.label("status", one.status) if mine and one.status != codes.RESIDENT else ""}


def _history(request: HttpRequest, rows: Any, about: Person | None, may_undo: bool) -> list[dict[str, Any]]:
    known = names(row.actor for row in rows)
    told = []
    for row in rows:
        fields = [str(TITLES[name]) for name in row.changed if name in TITLES]
        told.append({"row": row, "icon": ICONS.get(row.kind, "check"), "who": known.get(row.actor, row.actor),
                     "changed": ", ".join(fields) if len(fields) <= SHORT else _("seluruh data awal"),
                     "undo": may_undo and about is not None and not row.undone and row.kind not in (Event.Kind.UNDO, Event.Kind.CONFIRM, Event.Kind.CONTRADICT)})
    return told


def _pager(request: HttpRequest, page: Any) -> Pager:
    return Pager(f"?dari={page.previous}" if page.previous else "", f"?dari={page.next}" if page.next else "")


# ---------------------------------------------------------------- on another day

def _knows(actor: Actor) -> bool:
    """Who may also ask what was known at a moment: those who correct, and those who audit."""
    return actor.holds("people.correct") or actor.holds(READ_TRAIL)


def _as_of(request: HttpRequest, row: Person) -> dict[str, Any] | None:
    """The state of another day beside the state of now, when one was asked for."""
    asked, known = request.GET.get("per", ""), request.GET.get("diketahui", "") if _knows(request.actor) else ""
    if not asked:
        return None
    on = _date(asked)
    if on is None or on > clock.today():
        return {"on": asked, "fault": _("Tulis tanggal hari ini atau sebelumnya.")}
    until = _date(known)
    moment = datetime.combine(until + timedelta(days=1), time(), clock.WIB) if until else None
    state = register.known_as_of(row.pk, on, moment)
    if state is None:
        return {"on": on, "known": until, "none": True}
    now = {name: getattr(row, {"place": "place_id", "family": "family_id", "mother": "mother_id", "father": "father_id"}.get(name, name)) for name in FIELDS}
    say = _sayer([state, now])
    lines = []
    for name in FIELDS:
        differs = (bytes(state[name] or b"") != bytes(now[name] or b"")) if name in SEALED else (state[name] or None) != (now[name] or None)
        then, today = say(name, state[name]), say(name, now[name])
        if then or today or differs:
            lines.append({"title": TITLES[name], "then": then, "now": today, "differs": differs})
    return {"on": on, "known": until, "lines": lines, "changed": sum(line["differs"] for line in lines)}


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _sayer(states: list[Any]) -> Any:
    places = where(Territory.objects.filter(pk__in={s["place"] for s in states if s["place"]}).select_related("parent"))
    persons = dict(Person.objects.filter(pk__in={s[n] for s in states for n in ("mother", "father") if s[n]}).values_list("pk", "name"))

    def say(name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name in SEALED:
            return _("ada, tersegel")
        if name in codes.LISTS:
            return codes.label(name, value)
        if name == "born":
            return on_date(value)
        if name == "place":
            return places.get(value, "")
        if name in ("mother", "father"):
            return _("tercatat") if value in persons else ""
        if name == "family":
            return _("keluarga nomor urut %(number)d") % {"number": value}
        return displayed(str(value)) if name in ("name", "father_name") else str(value)

    return say


# ---------------------------------------------------------------- a family

@require_safe
@staff(READ)
@with_purpose
def family(request: HttpRequest, pk: int) -> HttpResponse:
    """One family with its members. Opening the page is a look that each member will see."""
    row = register.family(request.actor, pk)
    purpose.see_family(request, row)
    return _family(request, row, "")


@require_POST
@staff(READ)
@with_purpose
def open_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the KK number whole; it is on record as an opening of the head's data, and of the family's."""
    row = register.family(request.actor, pk)
    head = Person.objects.select_related("place", "family").filter(family=row, status=codes.RESIDENT).order_by("relation", "pk").first()
    if head is None:
        raise Invalid(_("Keluarga ini tidak punya anggota lagi."))
    number = opening.open_field(request.actor, head, "kk", purpose=request.purpose.code)
    return _family(request, row, number)


def _family(request: HttpRequest, row: Family, number: str) -> HttpResponse:
    actor, everyone = request.actor, purpose.members_of(request, row.pk)
    history = events.of_family(row.pk, cursor=request.GET.get("dari", ""), size=12)
    living = [one for one in everyone if one.status == codes.RESIDENT]
    named = {one.id: one.name for one in everyone}
    told = _history(request, history.rows, None, False)
    for line in told:
        line["name"] = named.get(line["row"].person, "")
    deeds = [] if row.ended else [deed for deed in OF_FAMILY if _may(actor, deed, row) and fits_family(deed, len(living))]
    return render(request, "office/register/family.html", {
        "family": row, "head": head_of(living or everyone), "headless": bool(living) and living[0].relation != codes.HEAD, "where": where([row.place])[row.place_id],
        "number": number or _kk(row), "opened": bool(number), "may_open": bool(living) and purpose.may_open(request, row),
        "living": [_member(request, one) for one in living], "gone": [_member(request, one) for one in everyone if one.status != codes.RESIDENT],
        "history": told, "pager": _pager(request, history), "often": [deed for deed in deeds if deed.often], "rare": [deed for deed in deeds if not deed.often],
        "crumbs": crumbs()})


def _kk(row: Family) -> str:
    return opening.mask(settings.SEAL.open(row.number, "kk"), "kk") if row.number else ""


def _member(request: HttpRequest, one: Any) -> dict[str, Any]:
    return {"row": one, "name": one.name, "reached": purpose.reaches(request, one.restricted), "sex": codes.label("sex", one.sex),
            "marital": codes.label("marital", one.marital)}
