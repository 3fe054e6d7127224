"""For what the city uses personal data, for everybody to read (UU 27/2022 arts 5 and 31)."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from amanah.portals.shell.components import STATUS, Cell, Column, Table
from amanah.registries.people.queries.purposes import register

KINDS = {
    "extract_files": gettext_lazy("Berkas dari Dukcapil"), "report_files": gettext_lazy("Laporan baris yang ditolak"),
    "sightings": gettext_lazy("Catatan siapa tampil dalam daftar"), "requests": gettext_lazy("Permintaan pemilik data dan jawabannya"),
    "copies": gettext_lazy("Salinan data yang diminta"), "register": gettext_lazy("Data penduduk dan riwayatnya"), "trail": gettext_lazy("Catatan jejak"),
}


@require_safe
def purposes(request: HttpRequest) -> HttpResponse:
    """Every purpose with its basis, data and recipients; how long things are kept; what one may ask."""
    found = register()
    rows = tuple((str(KINDS[p.kind]), _("%(n)d hari") % {"n": p.days} if p.days else _("tetap"), p.reason,
                  _("pasti") if p.confirmed else Cell("", chip=STATUS["unconfirmed"])) for p in (*found.retention.values(), *found.kept.values()))
    heads = (Column(_("Yang disimpan"), head=True), Column(_("Berapa lama")), Column(_("Alasan")), Column(_("Kepastian")))
    table = Table(_("Berapa lama disimpan"), heads, rows, hide_caption=True)
    return render(request, "public/purposes.html", {"purposes": found.purposes.values(), "controller": found.controller, "table": table})
