"""What a resident may ask of us about their data: a copy, a correction, a restriction; and how far each request is."""
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.errors import Conflict
from amanah.portals.citizen.data.door import resident, tied
from amanah.portals.citizen.data.forms import CorrectionForm, ReasonForm
from amanah.portals.citizen.data.own import LABELS
from amanah.portals.shell.components import Chip, Clock, Pager
from amanah.portals.shell.hours import clock_in_hours
from amanah.registries.people.models import Person, Request
from amanah.registries.people.queries import requests as queries
from amanah.registries.people.queries.purposes import register
from amanah.registries.people.queries.ties import person_of
from amanah.registries.people.rules.requests import CORRECTABLE
from amanah.registries.people.services import requests

ICONS = {"copy": "download", "access": "eye", "correction": "edit", "restriction": "player-pause", "lifting": "refresh", "question": "message-question"}


@dataclass(frozen=True, slots=True)
class Row:
    """One request as its owner sees it."""

    id: int
    title: str
    icon: str
    asked: str
    text: str
    about: str
    clock: Clock
    chip: Chip | None
    answer: str
    file: str


@require_safe
@resident
def mine(request: HttpRequest) -> HttpResponse:
    """One's own requests with their clocks and answers, newest first, and the doors to new ones."""
    page = queries.mine(request.actor, cursor=request.GET.get("dari", ""))
    person = person_of(request.actor)
    return render(request, "citizen/data/requests.html", {
        "rows": [_row(row) for row in page.rows], "person": person, "days": register().retention["copies"].days,
        "pager": Pager(*(f"?dari={cursor}" if cursor else "" for cursor in (page.previous, page.next)))})


@require_POST
@tied
def copy(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for a copy of everything; the program makes it in the background."""
    return _asked(request, person, "copy", _("Salinan sedang dibuat. Kami kabari begitu siap diunduh."))


@require_http_methods(["GET", "POST"])
@tied
def restrict(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask that one's data be used for less, or for everything again."""
    kind = "lifting" if person.restricted else "restriction"
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.attempt(lambda text: requests.ask(request.actor, person, kind=kind, text=text)):
        messages.success(request, _("Permintaan Anda sudah kami terima."))
        return redirect("citizen_requests")
    purposes = register().purposes.values()
    return render(request, "citizen/data/restrict.html", {
        "form": form, "lifting": person.restricted, "still": [one.title for one in purposes if one.restricted],
        "stops": [one.title for one in purposes if not one.restricted]}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@tied
def correct(request: HttpRequest, person: Person) -> HttpResponse:
    """First which part is wrong, then what it should be."""
    field = request.GET.get("bagian", "")
    if field not in CORRECTABLE:
        return render(request, "citizen/data/correct.html", {"parts": [(name, LABELS[name]) for name in CORRECTABLE]})
    label = str(LABELS[field])
    form = CorrectionForm(request.POST or None, field=field, label=label)
    if request.method == "POST" and form.attempt(lambda wanted, text: requests.ask(request.actor, person, kind="correction", field=field, wanted=wanted, text=text)):
        messages.success(request, _("Permintaan pembetulan sudah kami terima. Jawabannya datang paling lambat 3 × 24 jam lagi."))
        return redirect("citizen_requests")
    return render(request, "citizen/data/correct.html", {"form": form, "label": label, "back": reverse("citizen_data")}, status=422 if form.errors else 200)


def _row(row: Request) -> Row:
    lang = get_language() or "id"
    chip = None if row.state == "open" else Chip(_("Dipenuhi"), "ok", "circle-check") if row.state == "done" else Chip(_("Ditolak, dengan alasan"), "bad", "circle-x")
    about = str(LABELS[row.field]) if row.kind == "correction" and row.field in LABELS else ""
    file = reverse("shell_file", args=[row.file]) if row.file else ""
    left = clock_in_hours(row.at, row.due_at, row.answered_at, clock.now())
    return Row(row.pk, row.get_kind_display(), ICONS[row.kind], dates.date_and_time(row.at, lang), row.text, about, left, chip, row.answer, file)


def _asked(request: HttpRequest, person: Person, kind: str, sentence: str) -> HttpResponse:
    try:
        requests.ask(request.actor, person, kind=kind)
    except Conflict as objection:
        messages.warning(request, objection.message)
    else:
        messages.success(request, sentence)
    return redirect("citizen_requests")
