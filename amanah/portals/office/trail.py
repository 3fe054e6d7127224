"""The trail as auditors read it."""
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from amanah.foundation.acts import queries, services
from amanah.foundation.acts.permissions import READ_TRAIL
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.audit.models import Checkpoint
from amanah.foundation.kernel.errors import NotFound
from amanah.portals.office.naming import names
from amanah.portals.shell.components import Cell, Chip, Column, Filter, Option, Pager, Table
from amanah.portals.shell.templatetags.shell import at_moment

KINDS = {"deed": Chip(lazy("Perbuatan"), "info", "check"), "read": Chip(lazy("Data dibuka"), "pause", "eye"),
         "refusal": Chip(lazy("Ditolak"), "bad", "ban"), "sign_in": Chip(lazy("Masuk"), "", "login")}


@require_http_methods(["GET", "HEAD"])
def trail(request: HttpRequest) -> HttpResponse:
    """Who did or saw what, newest first, narrowed by kind, deed, person or thing."""
    if not request.actor.holds(READ_TRAIL):
        raise NotFound
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("jenis", "perbuatan", "oleh", "tentang", "dari")}
    found = queries.trail(request.actor, kind=asked["jenis"], deed=asked["perbuatan"], by=asked["oleh"], subject=asked["tentang"], cursor=asked["dari"], size=40)
    known = names(ref for row in found.rows for ref in (row.actor, row.subject, *(v for v in row.details.values() if isinstance(v, str))))

    def address(**changed: str | None) -> str:
        return "?" + urlencode({k: v for k, v in {**asked, "dari": "", **changed}.items() if v})

    rows = tuple((
        Cell(at_moment(row.at), note=_("lajur %(lane)d, nomor %(number)d") % {"lane": row.place[0], "number": row.place[1]}),
        Cell("", chip=KINDS[row.kind]),
        Cell(known.get(row.actor, row.actor), href=address(oleh=row.actor), note=row.via if row.via != "system" else ""),
        Cell(row.told(known), note=_("Keperluan: %(purpose)s") % {"purpose": row.purpose} if row.purpose else ""),
        Cell(known.get(row.subject, row.subject), href=address(tentang=row.subject) if row.subject else "")) for row in found.rows)
    last = Checkpoint.objects.order_by("-number").first()
    return render(request, "office/trail.html", {
        "filters": [Filter("jenis", _("Jenis"), (Option("", _("Semua"), not asked["jenis"]), *(Option(k, c.word, k == asked["jenis"]) for k, c in KINDS.items()))),
                    Filter("perbuatan", _("Perbuatan"), (Option("", _("Semua"), not asked["perbuatan"]),
                                                         *(Option(name, str(title), name == asked["perbuatan"])
                                                           for name, title in sorted(PERMISSIONS.items(), key=lambda item: str(item[1]))))),
                    Filter("oleh", _("Oleh (kode)"), value=asked["oleh"]), Filter("tentang", _("Tentang (kode)"), value=asked["tentang"])],
        "table": Table(_("Catatan jejak"), (Column(_("Waktu"), head=True), Column(_("Jenis")), Column(_("Oleh")), Column(_("Yang terjadi")), Column(_("Tentang"))),
                       rows, hide_caption=True),
        "narrowed": any(asked[name] for name in ("jenis", "perbuatan", "oleh", "tentang")), "last": last, "may_sign": request.actor.may("audit.checkpoint"),
        "pager": Pager(address(dari=found.previous) if found.previous else "", address(dari=found.next) if found.next else "")})


@require_POST
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Sign the trail now."""
    path = services.checkpoint(request.actor)
    messages.success(request, _("Titik periksa %(name)s sudah ditandatangani. Serahkan berkasnya kepada penyimpan kedua.") % {"name": path.name})
    return redirect("office_trail")
