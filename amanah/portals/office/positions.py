"""Freezing the counts of a day, and the list of what is frozen."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amanah.portals.office.deeds import Ask, DeedForm, ask, attempt, day, done, reason, staff
from amanah.portals.shell.charts import decimal
from amanah.portals.shell.components import Cell, Column, Table
from amanah.portals.shell.templatetags.shell import at_moment, on_date
from amanah.registries.people.queries.positions import positions, suggested
from amanah.registries.people.services.positions import freeze_position


class FreezeForm(DeedForm):
    day = day(gettext_lazy("Hari posisi"), hint=gettext_lazy("Biasanya 30 Juni atau 31 Desember."))
    note = reason(gettext_lazy("Catatan"), required=False)


@require_http_methods(["GET", "POST"])
@never_cache
@staff("people.freeze_position")
def frozen(request: HttpRequest) -> HttpResponse:
    """The frozen positions, and the form that freezes one more."""
    form = FreezeForm(request.POST or None, initial={"day": suggested()})
    if request.method == "POST" and (position := attempt(form, lambda **given: freeze_position(request.actor, **given))):
        done(request, "people.freeze_position", subject=on_date(position.day))
        return redirect("office_positions")
    rows = tuple((Cell(on_date(row.day), note=row.note), str(row.edition), decimal(row.people), at_moment(row.at), Cell(row.digest[:16], note=row.digest[16:32]))
                 for row in positions())
    table = Table(_("Posisi beku"), (Column(_("Hari"), head=True), Column(_("Edisi"), "r"), Column(_("Penduduk"), "r"), Column(_("Dibekukan")), Column(_("Sidik"))),
                  rows, empty=_("Belum ada posisi yang dibekukan."))
    page = Ask(_("Bekukan posisi penduduk"), _("Bekukan"), reverse("office_home"), ((_("Beranda"), reverse("office_home")),),
               _("Angka hari itu disimpan untuk selamanya, dengan sidik. Kabar yang datang kemudian menjadi edisi berikutnya."))
    return ask(request, page, form, "office/positions.html", table=table)
