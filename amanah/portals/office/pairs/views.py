"""Lists of pairs, one pair side by side, and what is decided about it."""
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Refused
from amanah.foundation.kernel.names import displayed
from amanah.foundation.kernel.paging import Page
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.pairs.forms import DecisionForm, UndoForm
from amanah.portals.office.pairs.words import FIELDS, STATES, VERDICTS
from amanah.portals.shell.components import Chip, Pager
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.people.models import Pair, Person
from amanah.registries.people.permissions import MATCH
from amanah.registries.people.queries import pairs, purposes
from amanah.registries.people.queries.rows import PersonRow, rows
from amanah.registries.people.services import deciding, doubles
from amanah.registries.people.services.doubles import PURPOSE
from amanah.registries.people.services.looking import list_shown, person_shown

DECIDE, UNDO, FIND = "people.decide_pair", "people.undo_pair", "people.find_pairs"
LISTS = {"menunggu": (lazy("Perlu diperiksa"), pairs.open_pairs), "belum-pasti": (lazy("Belum pasti"), pairs.unsure_pairs),
         "diputuskan": (lazy("Sudah diputuskan"), pairs.decided_pairs)}


@require_safe
@staff(MATCH)
def index(request: HttpRequest) -> HttpResponse:
    """Pairs that wait, that cannot be told yet, or that were decided."""
    actor: Actor = request.actor
    which = request.GET.get("daftar", "")
    which = which if which in LISTS else "menunggu"
    page: Page[pairs.PairRow] = LISTS[which][1](actor, cursor=request.GET.get("dari", ""))
    _record(actor, [one for row in page.rows for one in row.shown], {"list": which})

    def address(at: str | None) -> str:
        return f"?daftar={which}&dari={at}" if at else ""

    return render(request, "office/pairs/index.html", {
        "lines": [_line(row) for row in page.rows], "pager": Pager(address(page.previous), address(page.next)), "which": which, "may_find": actor.may(FIND),
        "tabs": [(name, label, name == which) for name, (label, _query) in LISTS.items()]})


@require_POST
@staff(FIND)
def find(request: HttpRequest) -> HttpResponse:
    """Have the whole register searched; the worker does it."""
    doubles.find_pairs(request.actor)
    done(request, FIND)
    messages.info(request, _("Hasilnya tampil di sini begitu selesai, biasanya dalam beberapa menit."))
    return redirect("office_pairs")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(MATCH)
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Two entries side by side, and the decision. Afterwards the next pair."""
    actor: Actor = request.actor
    here = pairs.pair(actor, pk)
    both = all(actor.may(DECIDE, one.scope) for one in (here.first, here.second))
    decision = request.POST.get("decision", "")
    form = DecisionForm(request.POST or None, pair=here, yielding=deciding.yields(here.first, here.second), decision=decision)
    if request.method == "POST":
        if not both:
            raise Refused(needs=DECIDE)

        def deed(**given: Any) -> Pair:
            return deciding.decide_pair(actor, here, **given)

        if decided := attempt(form, deed):
            done(request, DECIDE, subject=_("nomor %(number)d") % {"number": here.pk}, decision=STATES[decided.state].word)
            onward = pairs.next_open(actor, here)
            if onward is None:
                messages.info(request, _("Tidak ada lagi yang menunggu."))
                return redirect("office_pairs")
            return redirect("office_pair", onward)
    shown = {row.id: row for row in rows(Person.objects.filter(pk__in=(here.first_id, here.second_id)))}
    sides = [_side(request, shown[one.pk], one, deciding.yields(here.first, here.second)) for one in (here.first, here.second)]
    closed = here.state in (Pair.State.SAME, Pair.State.DIFFERENT)
    return render(request, "office/pairs/pair.html", {
        "pair": here, "sides": sides, "form": form, "may_decide": both and not closed, "both": both, "closed": closed, "chance": _chance(here.probability),
        "state": STATES[here.state], "may_undo": both and here.state != Pair.State.OPEN and actor.may(UNDO, here.scope),
        "fields": [_field(row, [side["visible"] for side in sides], sides) for row in pairs.side_by_side(here.first, here.second)]},
        status=409 if form.conflict else 422 if form.is_bound and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(UNDO)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    actor: Actor = request.actor
    here = pairs.pair(actor, pk)
    if here.state == Pair.State.OPEN:
        raise Conflict(_("Dugaan ini belum diputuskan, atau keputusannya sudah dibatalkan."))
    if not all(actor.may(UNDO, one.scope) for one in (here.first, here.second)):
        raise Refused(needs=UNDO)
    form = UndoForm(request.POST or None)

    def deed(**given: Any) -> Pair:
        return deciding.undo_pair(actor, here, **given)

    if request.method == "POST" and attempt(form, deed):
        done(request, UNDO, subject=_("nomor %(number)d") % {"number": here.pk})
        return redirect("office_pair", here.pk)
    back = reverse("office_pair", args=[here.pk])
    crumbs = ((_("Data ganda"), reverse("office_pairs")), (_("Dugaan nomor %(number)d") % {"number": here.pk}, back))
    return ask(request, Ask(_("Batalkan keputusan"), _("Batalkan keputusan"), back, crumbs,
                            _("Dugaan ini kembali menunggu. Data yang tadinya dibatalkan berlaku lagi seperti semula.")), form)


# ---------------------------------------------------------------- what is shown

def _record(actor: Actor, shown: list[PersonRow], details: dict[str, Any]) -> None:
    """A list is on record before it is shown."""
    purposes.need(actor, MATCH, PURPOSE)
    list_shown(actor, shown, purpose=PURPOSE, deed=MATCH, details=details)


def _side(request: HttpRequest, row: PersonRow, person: Person, yielding: Person) -> dict[str, Any]:
    """One of the two entries; the look is recorded. An entry outside the actor's territories stays without values."""
    visible = request.actor.may(MATCH, row.scope)
    if visible:
        purposes.need(request.actor, MATCH, PURPOSE, person)
        person_shown(request.actor, row, purpose=PURPOSE, deed=MATCH)
    return {"row": row, "visible": visible, "yields": person.pk == yielding.pk, "provisional": person.provisional}


def _field(row: pairs.FieldRow, visible: list[bool], sides: list[dict[str, Any]]) -> dict[str, Any]:
    values = [_said(row.field, value, side) if seen else _("di luar wilayah Anda") for value, seen, side in zip((row.first, row.second), visible, sides, strict=True)]
    if row.sealed:
        values = [_("tersegel"), _("tersegel")]
    return {"label": FIELDS[row.field], "values": values, "verdict": VERDICTS[row.verdict], "sealed": row.sealed}


def _said(field: str, value: Any, side: dict[str, Any]) -> str:
    if field == "home":
        return str(side["row"].where)
    if field in ("born", "since"):
        return str(on_date(value))
    if field in ("name", "father", "birthplace", "address"):
        return displayed(value) or "–"
    return str(value) or "–"


def _line(row: pairs.PairRow) -> dict[str, Any]:
    def said(names: tuple[str, ...]) -> str:
        return ", ".join(str(FIELDS[name]).lower() if name != "nik" else "NIK" for name in names if name in FIELDS)

    return {"row": row, "chance": _chance(row.probability), "state": STATES[row.state], "agree": said(row.agree), "differ": said(row.differ),
            "people": [one or None for one in (row.first, row.second)]}


def _chance(probability: float) -> Chip:
    """How likely, in words: a number of many nines would promise more than anybody knows."""
    if probability >= 0.99:
        return Chip(_("Hampir pasti"), "bad", "alert-triangle")
    return Chip(_("Sangat mungkin"), "warn", "help-circle") if probability >= 0.95 else Chip(_("Mungkin"), "info", "help-circle")
