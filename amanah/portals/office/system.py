"""The program itself, for those who keep it running: background work, messages that left, calls to partners."""
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from amanah.foundation.acts import services
from amanah.foundation.jobs import queries as jobs
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid, NotFound
from amanah.foundation.kernel.paging import Page
from amanah.foundation.messages import queries as mail
from amanah.foundation.messages.models import Channel, State
from amanah.foundation.wires import queries as wires
from amanah.foundation.wires.models import Call
from amanah.portals.office.permissions import READ_JOBS, READ_OUTBOX, READ_WIRES
from amanah.portals.shell.charts import Bar, Bars, decimal
from amanah.portals.shell.components import Cell, Chip, Column, Filter, Option, Pager, Table
from amanah.portals.shell.templatetags.shell import at_moment

PAGES = (("office_queue", lazy("Antrean"), READ_JOBS), ("office_outbox", lazy("Pesan"), READ_OUTBOX), ("office_calls", lazy("Panggilan"), READ_WIRES))
SINCE = timedelta(hours=24)

SENT = {  # how a delivery stands; what a sandbox twin took has its own chip, since nobody got it
    State.CREATED: Chip(lazy("Menunggu dikirim"), "", "clock"), State.SENDING: Chip(lazy("Sedang dikirim"), "info", "progress"),
    State.DELIVERED: Chip(lazy("Sudah sampai"), "ok", "circle-check"), State.TEMPORARY: Chip(lazy("Belum sampai"), "warn", "alert-triangle"),
    State.PERMANENT: Chip(lazy("Alamat tidak dapat dicapai"), "bad", "circle-x"), State.TECHNICAL: Chip(lazy("Gangguan di pihak kami"), "bad", "alert-triangle"),
}
SIMULATED = Chip(lazy("Disimulasikan"), "pause", "player-pause")
ANSWERS = {Call.Outcome.ANSWERED: Chip(lazy("Dijawab"), "ok", "circle-check"), Call.Outcome.REFUSED: Chip(lazy("Ditolak"), "bad", "circle-x"),
           Call.Outcome.TEMPORARY: Chip(lazy("Gagal sementara"), "warn", "alert-triangle")}
CONNECTED = {"configured": Chip(lazy("Tersambung"), "ok", "circle-check"), "sandbox": Chip(lazy("Mitra tiruan"), "pause", "player-pause"),
             "missing": Chip(lazy("Belum diatur"), "bad", "ban")}


# ---------------------------------------------------------------- background work

@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, runs, failed and is scheduled in the background."""
    _must(request, READ_JOBS)
    state, stuck = jobs.queue_state(clock.now()), jobs.parked(cursor=request.GET.get("dari"), size=25)
    table = Table(_("Jadwal"), (Column(_("Pekerjaan"), head=True), Column(_("Terakhir mulai")), Column(_("Terakhir selesai")), Column(_("Keadaan"))), tuple(
        (row.name.removeprefix("amanah."), at_moment(row.started_at), at_moment(row.finished_at),
         Cell("", chip=Chip(_("Gagal"), "bad", "circle-x") if row.error else Chip(_("Berjalan"), "info", "progress") if row.busy
              else Chip(_("Belum waktunya"), "", "clock") if row.started_at is None
              else Chip(_("Baik"), "ok", "circle-check"))) for row in jobs.schedule()), empty=_("Belum ada pekerjaan terjadwal yang dijalankan."), hide_caption=True)
    return render(request, "office/queue.html", {
        "state": state, "minutes": int(state.oldest.total_seconds() // 60), "table": table, "stuck": stuck.rows, "may_retry": request.actor.may("jobs.retry"),
        "pager": _pager(stuck)})


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try a parked piece of work again."""
    text = request.POST.get("pekerjaan", "")
    if not text.isdecimal():
        raise Invalid(_("Pilih dulu pekerjaan yang dicoba lagi."))
    services.retry(request.actor, delivery=int(text))
    messages.success(request, _("Pekerjaan %(number)s dicoba lagi pada putaran berikutnya.") % {"number": text})
    return redirect("office_queue")


# ---------------------------------------------------------------- messages that left, or would have left

@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages by e-mail, SMS and WhatsApp, newest first. Addresses are masked; words are shown only of what a sandbox twin took: nobody got those."""
    _must(request, READ_OUTBOX)
    chosen = request.GET.get("saluran", "")
    chosen = chosen if chosen in Channel.values else ""
    found = mail.outbox(request.GET.get("dari"), channel=chosen, size=40)
    rows = tuple((
        Cell(at_moment(row.created_at)), Cell(Channel(row.channel).label, note=row.address or _("alamat sudah dihapus")),
        Cell(row.subject or row.template if row.simulated else row.template, note=row.text if row.simulated else ""),
        Cell("", chip=SENT[State(row.state)], note=_tries(row.attempts, row.error)),
        Cell("", chip=SIMULATED) if row.simulated else Cell("")) for row in found.rows)
    return render(request, "office/outbox.html", {
        "bars": _channel_bars(), "narrowed": bool(chosen), "pager": _pager(found, saluran=chosen),
        "filters": [Filter("saluran", _("Saluran"), (Option("", _("Semua"), not chosen), *(Option(c.value, c.label, c == chosen) for c in Channel)))],
        "table": Table(_("Pesan keluar"), (Column(_("Dibuat"), head=True), Column(_("Saluran")), Column(_("Pesan")), Column(_("Keadaan")), Column(_("Catatan"))),
                       rows, hide_caption=True)})


def _channel_bars() -> Bars | None:
    """How many of a day's messages arrived, by channel; None when there were none."""
    seen = [(row, row.waiting + row.sending + row.delivered + row.failed) for row in mail.channels(clock.now() - SINCE)]
    bars = tuple(Bar(Channel(row.channel).label, row.delivered,
                     _("%(delivered)s sampai dari %(all)s") % {"delivered": decimal(row.delivered), "all": decimal(total)},
                     verdict=", ".join(words % decimal(count) for words, count in (
                         (_("%s gagal"), row.failed), (_("%s menunggu"), row.waiting + row.sending)) if count))
                 for row, total in seen if total)
    return Bars(_("Pesan 24 jam terakhir menurut saluran"), bars, most=max(total for _row, total in seen), unit="") if bars else None


# ---------------------------------------------------------------- partners

@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Each partner with how it is connected, then the journal of calls, newest first. Bodies are not shown."""
    _must(request, READ_WIRES)
    partners = wires.wires(clock.now() - SINCE)
    known = {row.name: row.says for row in partners}
    chosen = request.GET.get("mitra", "")
    chosen = chosen if chosen in known else ""
    found = wires.calls(chosen, cursor=request.GET.get("dari"), size=40)
    state = Table(_("Mitra"), (Column(_("Mitra"), head=True), Column(_("Sambungan")), Column(_("Panggilan"), "r"), Column(_("Gagal"), "r"),
                               Column(_("Rata-rata"), "r"), Column(_("Terakhir"))), tuple(
        (Cell(row.says[:1].upper() + row.says[1:], note=row.name),
         Cell("", chip=CONNECTED[row.state], note=_("sedang diistirahatkan karena terus gagal") if row.resting else ""), decimal(row.calls),
         decimal(row.failures), _("%(ms)s md") % {"ms": decimal(row.mean_milliseconds)} if row.calls else "", at_moment(row.last_at))
        for row in partners), empty=_("Belum ada mitra."), hide_caption=True)
    rows = tuple((
        Cell(at_moment(row.at)), Cell(known.get(row.wire, row.wire)), Cell(f"{row.method} {row.path}"),
        Cell("", chip=ANSWERS[Call.Outcome(row.outcome)], note=row.error or str(row.status or "")),
        _("%(ms)s md") % {"ms": decimal(row.milliseconds)}, str(row.attempt), Cell("", chip=SIMULATED) if row.simulated else Cell("")) for row in found.rows)
    return render(request, "office/calls.html", {
        "partners": state, "narrowed": bool(chosen), "pager": _pager(found, mitra=chosen),
        "filters": [Filter("mitra", _("Mitra"), (Option("", _("Semua"), not chosen), *(Option(name, says, name == chosen) for name, says in known.items())))],
        "table": Table(_("Panggilan"), (Column(_("Waktu"), head=True), Column(_("Mitra")), Column(_("Yang dipanggil")), Column(_("Keadaan")),
                                        Column(_("Lama"), "r"), Column(_("Percobaan"), "r"), Column(_("Catatan"))), rows, hide_caption=True)})


# ---------------------------------------------------------------- what the pages share

def _must(request: HttpRequest, permission: str) -> None:
    if not request.actor.holds(permission):
        raise NotFound


def _tries(attempts: int, error: str) -> str:
    """How often it was tried and what went wrong last; a refused address is said by the state already."""
    return _("%(count)d kali dicoba, terakhir: %(error)s") % {"count": attempts, "error": error} if error not in ("", "address") else ""


def _pager(page: Page[object], **kept: str) -> Pager:
    def address(cursor: str | None) -> str:
        return "?" + urlencode({name: value for name, value in {**kept, "dari": cursor}.items() if value}) if cursor else ""
    return Pager(address(page.previous), address(page.next))
