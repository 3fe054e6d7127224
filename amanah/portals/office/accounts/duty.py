"""Duty sessions: begin one with a reason, end it, read the log."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amanah.foundation.access import queries, services
from amanah.foundation.access.models import Account, DutySession, Role
from amanah.foundation.access.permissions import READ
from amanah.foundation.acts.registry import title
from amanah.foundation.kernel import dates
from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.accounts.forms import DutyForm
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.shell.components import Cell, Chip, Column, Pager, Table
from amanah.portals.shell.templatetags.shell import at_moment, at_time


@require_http_methods(["GET", "POST"])
@staff("access.start_duty", READ)
def sessions(request: HttpRequest) -> HttpResponse:
    """The log of duty sessions, and for those who have duties the form that begins one."""
    actor: Actor = request.actor
    form = DutyForm(request.POST or None)
    if request.method == "POST" and (duty := attempt(form, lambda **given: services.start_duty(actor, **given))):
        done(request, "access.start_duty", reason=duty.reason)
        return redirect("office_duty")
    found = queries.duty_sessions(actor, cursor=request.GET.get("dari", "")[:2000], size=25)
    account = Account(pk=actor.account_id, name=actor.name)
    rows = tuple((Cell(at_moment(row.starts_at)), row.name if not actor.holds(READ) else Cell(row.name, href=reverse("office_account", args=[row.account_id])),
                  row.reason, dates.duration(max(int((row.ends_at - row.starts_at).total_seconds() // 60), 0), get_language() or "id"),
                  Cell("", chip=Chip(_("Berjalan sampai %(time)s") % {"time": at_time(row.ends_at)}, "warn", "clock-exclamation") if row.running
                       else Chip(_("Selesai"), "ok", "circle-check"))) for row in found.rows)
    page = Ask(_("Sesi tugas"), _("Mulai sesi tugas"), reverse("office_accounts"), ((_("Akun"), reverse("office_accounts")),),
               _("Wewenang yang berbahaya hanya ada selama sesi tugas: beralasan, paling lama 4 jam, dan semua perbuatannya bertanda."))
    return ask(request, page, form, "office/accounts/duty.html", rows=found.rows, may_start=actor.holds("access.start_duty"), whole=actor.may(READ),
               running=queries.running_duty(account), gains=_gains(actor) if actor.holds("access.start_duty") else [], table=Table(_("Catatan sesi tugas"), (
                   Column(_("Mulai"), head=True), Column(_("Siapa")), Column(_("Untuk apa")), Column(_("Lama")), Column(_("Keadaan"))), rows, hide_caption=True),
               pager=Pager(f"?dari={found.previous}" if found.previous else "", f"?dari={found.next}" if found.next else ""))


def _gains(actor: Actor) -> list[str]:
    """What a duty session of this actor adds, in the words of the acts."""
    codes = {word.removeprefix("role:") for holding in actor.holdings for word in holding.via.split() if word.startswith("role:")}
    return sorted({str(title(name)) for role in Role.objects.filter(code__in=codes, retired=False) for name in role.duty_permissions})


@require_POST
@staff()
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty session before its time."""
    actor: Actor = request.actor
    visible = DutySession.objects.all() if actor.may("access.end_duty") else DutySession.objects.filter(account_id=actor.account_id)
    duty = get_object_or_404(visible, pk=pk)
    services.end_duty(actor, duty)
    done(request, "access.end_duty", subject=_("sesi tugas “%(reason)s”") % {"reason": duty.reason})
    return redirect("office_duty")
