"""The pages of the desk. A request is opened on record: it holds what somebody said about their own data."""
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.acts import look
from amanah.foundation.acts.registry import PERMISSIONS, title
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.names import displayed
from amanah.portals.office.deeds import attempt, done, staff
from amanah.portals.office.naming import names
from amanah.portals.office.privacy.forms import AnswerForm
from amanah.portals.shell.charts import Bar, Bars
from amanah.portals.shell.components import STATUS, Cell, Chip, Column, Figure, Pager, Table
from amanah.portals.shell.hours import clock_in_hours
from amanah.portals.shell.templatetags.shell import at_moment, on_day
from amanah.registries.people.models import Person, Request
from amanah.registries.people.permissions import PROTECT
from amanah.registries.people.queries import lookers, looks, oversight, purposes
from amanah.registries.people.queries import requests as queries
from amanah.registries.people.rules.processing import Processing
from amanah.registries.people.services import opening, requests, retention
from amanah.registries.territory import queries as territory

PURPOSE = "permintaan_pemilik"


@require_safe
@staff(queries.ANSWER)
def index(request: HttpRequest) -> HttpResponse:
    """What waits, the one due first on top; `?tahap=soon` or `late` narrows."""
    actor: Actor = request.actor
    stage = request.GET.get("tahap", "")
    stage = stage if stage in ("soon", "late") else ""
    page = queries.waiting(actor, stage=stage, cursor=request.GET.get("dari", ""))
    counts = queries.counts(actor)
    tabs = [{"label": label, "href": f"?tahap={key}" if key else reverse("office_privacy"), "here": key == stage, "count": counts[name]}
            for key, name, label in (("", "open", _("Semua yang menunggu")), ("soon", "soon", _("Jatuh tempo 24 jam")), ("late", "late", _("Lewat batas")))]
    return render(request, "office/privacy/index.html", {"tabs": tabs, "rows": _rows(page.rows), "stage": stage, "pager": _pager(page, tahap=stage),
                                                         "counts": counts, "protects": actor.holds(PROTECT)})


@require_safe
@staff(queries.ANSWER)
def answered(request: HttpRequest) -> HttpResponse:
    """What was answered, newest first, with how long it took."""
    page = queries.answered(request.actor, cursor=request.GET.get("dari", ""))
    return render(request, "office/privacy/answered.html", {"rows": _rows(page.rows), "pager": _pager(page), "protects": request.actor.holds(PROTECT)})


@require_http_methods(["GET", "POST"])
@never_cache
@staff(queries.ANSWER)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: who asks, what about, the trace that is questioned, and the answer. Reading it is on record, where the person sees it."""
    actor: Actor = request.actor
    row = queries.at_desk(actor, pk)
    person = row.person
    if person is None:
        raise NotFound
    form = AnswerForm(request.POST or None, kind=row.kind) if row.state == Request.State.OPEN else None
    if request.method == "POST" and form is not None and attempt(form, lambda **given: requests.answer(actor, row, **given)):
        done(request, "people.answer", subject="")
        return redirect("office_privacy")
    look(actor, queries.ANSWER, person, purpose=PURPOSE, details={"request": row.pk})
    status = 200 if form is None or not form.errors else 409 if form.conflict else 422
    return render(request, "office/privacy/request.html", {
        "row": row, "name": displayed(person.name), "form": form, "clock": _clock(row), "about": _about(row), "questioned": _questioned(row, person),
        "now": _present(row, person), "wanted": requests.correction_value(row.field, requests.wanted(row)), "place": _place(person),
        "needs_correct": row.kind == "correction" and not actor.may("people.correct", person.scope)}, status=status)


@require_safe
@staff(PROTECT)
def openings(request: HttpRequest) -> HttpResponse:
    """How many sealed fields each office opened in thirty days, and who opened unusually many on one day."""
    offices = oversight.opened_by_office(request.actor)
    total = sum(row.fields for row in offices)
    bars = tuple(Bar(row.office, row.fields, _("%(n)d, oleh %(who)d akun") % {"n": row.fields, "who": row.accounts}) for row in offices)
    found = oversight.unusual(request.actor)
    known = names(row.account for row in found)
    rows = tuple((on_day(row.day), Cell(known.get(row.account, row.account), note=row.role,
                                        href=f"{reverse('office_trail')}?{urlencode({'oleh': row.account, 'perbuatan': 'people.open_field'})}"),
                  row.office, str(row.fields)) for row in found)
    return render(request, "office/privacy/openings.html", {
        "bars": Bars(_("Nomor dan nama tersegel yang dibuka, menurut kantor"), bars, most=max([row.fields for row in offices], default=1), unit=""), "total": total,
        "figure": Figure(_("Catatan jejak"), dated=_("30 hari sampai %(day)s") % {"day": on_day(clock.today())},
                         method=_("Banyaknya pembukaan yang tercatat; kantor menurut peran pemegang akun")),
        "usual": purposes.register().unusual_openings_a_day,
        "table": Table(_("Akun yang membuka lebih dari biasa dalam sehari"), (Column(_("Hari"), head=True), Column(_("Akun")), Column(_("Kantor")),
                                                                             Column(_("Dibuka"), "r")), rows, hide_caption=True)})


@require_safe
@staff(queries.ANSWER, PROTECT)
def processing(request: HttpRequest) -> HttpResponse:
    """The register of processing as the city wrote it, with the permissions behind each purpose."""
    found = purposes.register()
    rows = tuple((Cell(one.title, note=one.code), Cell(one.ground, note=one.law, chip=None if one.confirmed else STATUS["unconfirmed"]), ", ".join(one.data),
                  ", ".join(one.recipients), one.retention, ", ".join(sorted(str(PERMISSIONS.get(name, title(name))) for name in one.permissions)),
                  _("ya") if one.dpia else _("tidak"), _("ya") if one.restricted else _("tidak")) for one in found.purposes.values())
    heads = (Column(_("Tujuan"), head=True), Column(_("Dasar")), Column(_("Data")), Column(_("Penerima")), Column(_("Disimpan")), Column(_("Wewenang")),
             Column(_("DPIA")), Column(_("Saat dibatasi")))
    return render(request, "office/privacy/processing.html", {"table": Table(_("Daftar pemrosesan"), heads, rows, hide_caption=True), "controller": found.controller,
                                                              "periods": _periods(found), "protects": request.actor.holds(PROTECT),
                                                              "may_delete": request.actor.may("people.delete_expired"),
                                                              "trail": f"{reverse('office_trail')}?perbuatan=people.delete_expired"})


@require_POST
@staff("people.delete_expired")
def delete_expired(request: HttpRequest) -> HttpResponse:
    """Do now what is done every night: delete what the register says is over. Each kind leaves an entry with its count."""
    total = 0
    for kind, before, rows in retention.due():
        total += retention.delete_expired(request.actor, kind=kind, before=before, count=len(rows), rows=rows)
    messages.success(request, _("%(n)d baris dihapus. Jumlahnya tercatat dalam jejak.") % {"n": total} if total else _("Tidak ada yang lewat masa simpan."))
    return redirect("office_privacy_processing")


# ---------------------------------------------------------------- what the pages share

def _periods(found: Processing) -> Table:
    """How long each kind is kept, and how much of it is over at this moment."""
    over = dict.fromkeys(found.retention, 0)
    for kind, period in found.retention.items():
        over[kind] = retention.DUE[kind](clock.now() - timedelta(days=period.days)).count()
    rows = tuple((kind, _("%(n)d hari") % {"n": period.days}, period.reason, str(over[kind])) for kind, period in found.retention.items())
    heads = (Column(_("Jenis"), head=True), Column(_("Lama")), Column(_("Alasan")), Column(_("Menunggu dihapus"), "r"))
    return Table(_("Masa simpan"), heads, rows, hide_caption=True)


def _rows(rows: list[Request]) -> list[dict[str, object]]:
    return [{"row": row, "clock": _clock(row), "about": _about(row), "place": _place(row.person) if row.person else "",
             "chip": None if row.state == "open" else Chip(row.get_state_display(), "ok" if row.state == "done" else "bad",
                                                           "circle-check" if row.state == "done" else "circle-x")} for row in rows]


def _clock(row: Request) -> object:
    return clock_in_hours(row.at, row.due_at, row.answered_at, clock.now())


def _about(row: Request) -> str:
    return str(requests.FIELD_NAMES.get(row.field, "")) if row.kind == "correction" else ""


def _present(row: Request, person: Person) -> str:
    """What stands in the register now: sealed fields behind their mask, so that the officer opens them where that is on record."""
    if row.kind != "correction":
        return ""
    if row.field in opening.FIELDS:
        return opening.mask(opening.clear(person, row.field), row.field)
    return requests.correction_value(row.field, str(getattr(person, row.field) or ""))


def _questioned(row: Request, person: Person) -> dict[str, object] | None:
    """The trace that a question is about: by name, since the officer has to ask the one who did it."""
    if row.kind != "question":
        return None
    try:
        found = looks.look_of(person, row.field if row.entry is None else f"e{row.entry}")
    except NotFound:
        return {"gone": True}
    who = lookers.named([found.doer])[found.doer]
    deed = _("Ditolak: %(deed)s") % {"deed": title(found.deed)} if found.what == "refusal" else str(title(found.deed))
    return {"at": at_moment(found.at), "who": names([found.actor]).get(found.actor, found.actor), "office": who.office, "role": who.role,
            "deed": deed, "field": str(opening.FIELDS.get(str(found.details.get("field")), "")), "list": found.sighting is not None,
            "purpose": purposes.said(found.purpose) if found.purpose else "", "trail": f"{reverse('office_trail')}?{urlencode({'oleh': found.actor})}"}


def _place(person: Person) -> str:
    code = ".".join(person.place.code.split(".")[:4])
    found = territory.by_codes([code])
    return territory.full_title(found[code]) if code in found else ""


def _pager(page: object, **kept: str) -> Pager:
    return Pager(*("?" + urlencode({**{k: v for k, v in kept.items() if v}, "dari": cursor}) if cursor else "" for cursor in (page.previous, page.next)))
