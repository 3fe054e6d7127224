"""Extracts: those that came in, a new one, and for each its columns, its trial, its load and what came of it."""
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import AmanahError, Conflict, Invalid
from amanah.foundation.stores.paging import keyset
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.register_import.forms import BringForm, ColumnsForm, UndoForm
from amanah.portals.shell.components import Column, Pager, Table
from amanah.registries.people.models import Extract, Source
from amanah.registries.people.rules.extract import PROBLEMS, TITLES, guess
from amanah.registries.people.services.importing import deeds
from amanah.registries.people.services.importing.files import rows

NEEDS = "people.bring"
TRIED_AT_ONCE = 20_000  # rows that are tried while the page waits
SHOWN = 5               # rows of the preview
PURPOSE = "pencatatan_peristiwa"  # of the city's processing register
State = Extract.State
COUNTS = {
    "new": gettext_lazy("Orang baru"), "changed": gettext_lazy("Orang berubah"), "unchanged": gettext_lazy("Tidak berubah"),
    "rejected": gettext_lazy("Ditolak"), "families": gettext_lazy("Keluarga baru"), "linked": gettext_lazy("Orang tua dihubungkan"),
    "missing": gettext_lazy("Tidak ada di berkas"), "confirm": gettext_lazy("Dipastikan"), "contradict": gettext_lazy("Disangkal"),
}


def crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((_("Ekstrak"), reverse("office_extracts")), *more)


@require_http_methods(["GET", "POST"])
@staff(NEEDS)
def index(request: HttpRequest) -> HttpResponse:
    """The extracts, newest first, and the form for a new one."""
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        found = attempt(form, lambda **given: _bring(request, **given))
        if found is not None:
            return redirect("office_extract", pk=found.pk)
    page = keyset(Extract.objects.select_related("source"), order=("-id",), cursor=request.GET.get("dari", "")[:200], size=20)
    return render(request, "office/register_import/index.html", {
        "form": form, "extracts": page.rows, "pager": Pager(*(f"?dari={at}" if at else "" for at in (page.previous, page.next)))},
        status=422 if form.is_bound and form.errors else 200)


def _bring(request: HttpRequest, *, source: str, file: Any, position: Any, complete: bool) -> Extract:
    known = Source.objects.filter(code=source).first() or deeds.source_of(source, "SIAK")
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        return deeds.bring(request.actor, known, path=Path(copy.name), name=Path(file.name).name, position=position, complete=complete)


@require_safe
@staff(NEEDS)
def extract(request: HttpRequest, pk: int) -> HttpResponse:
    """One extract: how far it is, what came of it, and what may be done with it now. While it runs the page asks again by itself."""
    one = get_object_or_404(Extract.objects.select_related("source"), pk=pk)
    form, preview = None, None
    if one.state in (State.UPLOADED, State.CHECKED):
        form, preview = _columns_of(one)
    counts = one.counts or {}
    return render(request, "office/register_import/extract.html", {
        "extract": one, "running": one.state == State.RUNNING, "percent": min(100, 100 * one.reached // max(one.rows, 1)), "form": form, "preview": preview,
        "summary": [(title, counts["counts"][key]) for key, title in COUNTS.items() if counts.get("counts", {}).get(key)] if counts.get("counts") else [],
        "rejected": _reasons(counts.get("rejected", {})), "warned": _reasons(counts.get("warned", {})), "stopped": counts.get("stopped", ""),
        "undone": counts.get("undone"), "purpose": PURPOSE,
        "may": {"check": one.state in (State.UPLOADED, State.CHECKED) and one.rows <= TRIED_AT_ONCE and request.actor.may("people.check"),
                "load": one.state in (State.UPLOADED, State.CHECKED, State.STOPPED) and request.actor.may("people.load_extract"),
                "undo": one.state in (State.DONE, State.STOPPED) and request.actor.may("people.undo_extract")},
        "crumbs": crumbs()})


def _reasons(counts: dict[str, int]) -> list[tuple[str, int, str, str]]:
    return [(code, count, PROBLEMS[code].says, PROBLEMS[code].remedy) for code, count in sorted(counts.items(), key=lambda item: -item[1])]


def _columns_of(one: Extract, data: Any = None) -> tuple[ColumnsForm | None, Table | None]:
    """The columns as guessed, and the first rows with everything masked but their first and last letters."""
    try:
        with deeds.opened(one) as form:
            columns = guess(form.headings, one.source.columns)
            places = [(TITLES[field], form.headings.index(heading)) for field, heading in columns.items()]
            first = [row for row in islice(rows(form), SHOWN) if len(row) >= len(form.headings)]
            table = Table(_("Baris pertama, tersamar"), tuple(Column(title) for title, _at in places),
                          tuple(tuple(masked(row[at]) for _title, at in places) for row in first))
            return ColumnsForm(data, headings=form.headings, saved=one.source.columns), table
    except (Conflict, Invalid):
        return None, None


def masked(text: str) -> str:
    """"RINA CONTOH" → "R•••••••••H": enough to see whether a column holds names or numbers."""
    text = text.strip()
    return text if len(text) < 3 else f"{text[0]}{'•' * min(len(text) - 2, 12)}{text[-1]}"


@require_POST
@staff(NEEDS)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column is what, for this file and the next ones of its source."""
    one = get_object_or_404(Extract.objects.select_related("source"), pk=pk)
    form, _preview = _columns_of(one, request.POST)
    if form is None or not form.is_valid():
        messages.error(request, _("Pilih kolom yang wajib, lalu simpan lagi."))
        return redirect("office_extract", pk=pk)
    deeds.map_columns(request.actor, one.source, columns=form.chosen())
    done(request, "people.map_columns", subject=one.source)
    return redirect("office_extract", pk=pk)


@require_POST
@staff("people.check")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the file out; the register stays as it is."""
    return _told(request, pk, "people.check", lambda one: deeds.check(request.actor, one))


@require_POST
@staff("people.load_extract")
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to load; the worker does it, the page returns at once."""
    return _told(request, pk, "people.load_extract", lambda one: deeds.load_extract(request.actor, one))


def _told(request: HttpRequest, pk: int, deed: str, do: Any) -> HttpResponse:
    one = get_object_or_404(Extract.objects.select_related("source"), pk=pk)
    try:
        do(one)
        done(request, deed, subject=one.name)
    except (Conflict, Invalid) as objection:
        messages.error(request, _sentence(objection))
    return redirect("office_extract", pk=pk)


def _sentence(objection: AmanahError) -> str:
    return " ".join(map(str, objection.details.values())) or objection.message


@require_http_methods(["GET", "POST"])
@staff("people.undo_extract")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a loaded extract back as a whole, after asking why."""
    one = get_object_or_404(Extract.objects.select_related("source"), pk=pk)
    if one.state not in (State.DONE, State.STOPPED):
        return redirect("office_extract", pk=pk)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda **given: deeds.undo_extract(request.actor, one, **given)):
        done(request, "people.undo_extract", subject=one.name)
        return redirect("office_extract", pk=pk)
    back = reverse("office_extract", args=[pk])
    page = Ask(_("Batalkan ekstrak %(name)s") % {"name": one.name}, _("Batalkan seluruhnya"), back, crumbs((one.name, back)),
               _("Semua peristiwa dari ekstrak ini tidak lagi berlaku. Register kembali seperti sebelumnya; catatannya tetap dapat dibaca."), grave=True)
    return ask(request, page, form, today=clock.today())
