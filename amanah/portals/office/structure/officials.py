"""Which account an official signs in with."""
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.access import queries as access
from amanah.foundation.access.models import Account, Kind
from amanah.foundation.kernel.actor import EVERYWHERE, Actor
from amanah.foundation.stores.paging import keyset
from amanah.portals.office.deeds import Ask, ask, attempt, must, staff
from amanah.portals.office.structure.forms import LinkForm
from amanah.portals.office.structure.views import crumbs
from amanah.portals.office.upkeep.seats import seats_of
from amanah.portals.shell.components import Cell, Column, Filter, Pager, Table
from amanah.registries.offices import services
from amanah.registries.offices.models import Official

MOST = 12  # accounts offered at once; a name narrows the choice


@require_safe
@staff("offices.link_account")
def officials(request: HttpRequest) -> HttpResponse:
    """Those who hold or held seats, by name, each with the account they sign in with."""
    actor: Actor = request.actor
    must(actor, "offices.link_account", EVERYWHERE)
    search, cursor = (request.GET.get(name, "").strip()[:200] for name in ("cari", "dari"))
    found = Official.objects.all()
    for word in search.split():
        found = found.filter(name__icontains=word)
    page = keyset(found, order=("name", "id"), cursor=cursor, size=30)
    seats, names = seats_of(page.rows), _account_names(official.account_id for official in page.rows)

    def address(at: str | None) -> str:
        return "?" + urlencode({key: value for key, value in (("cari", search), ("dari", at)) if value}) if at else ""

    rows = tuple((Cell(row.name, href=reverse("office_structure_link", args=[row.pk])), seats.get(row.pk, _("tidak ada")),
                  names.get(row.account_id, "") or _("belum ada")) for row in page.rows)
    return render(request, "office/structure/officials.html", {
        "filters": [Filter("cari", _("Nama pejabat"), value=search)], "rows": page.rows, "narrowed": bool(search or cursor), "crumbs": crumbs(),
        "pager": Pager(address(page.previous), address(page.next)),
        "table": Table(_("Pejabat"), (Column(_("Pejabat"), head=True), Column(_("Jabatan sekarang")), Column(_("Akun"))), rows, hide_caption=True)})


@require_http_methods(["GET", "POST"])
@staff("offices.link_account")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which account an official signs in with. Accounts whose name begins alike are offered; `cari` finds others."""
    actor: Actor = request.actor
    must(actor, "offices.link_account", EVERYWHERE)
    official = get_object_or_404(Official, pk=pk)
    search = request.GET.get("cari", "").strip()[:100]
    offered = _offered(actor, official, search)
    form = LinkForm(request.POST or None, accounts=offered, initial={"account_id": str(official.account_id or "")})

    def deed(**given: Any) -> Official:
        return services.link_account(actor, official=official, **given)

    if request.method == "POST" and (linked := attempt(form, deed)):
        # The act's own sentence names nobody, since the trail is read by many; the one who did it may read whom.
        said = _("Anda menghubungkan %(official)s dengan akun %(account)s.") if linked.account_id else _("Anda melepas %(official)s dari akunnya.")
        account = _account_names([linked.account_id]).get(linked.account_id, "")
        messages.success(request, f"{said % {'official': linked.name, 'account': account}} {_('Sudah tercatat dalam jejak.')}")
        return redirect("office_structure_officials")
    back = reverse("office_structure_officials")
    seats = seats_of([official]).get(official.pk)
    page = Ask(_("Akun %(name)s") % {"name": official.name}, _("Simpan"), back, crumbs((_("Pejabat dan akunnya"), back)),
               _("%(seat)s. Akun ini yang akan menandatangani atas namanya.") % {"seat": seats or _("Sekarang tidak memegang jabatan")})
    found = [pk for pk, _words in offered if pk != official.account_id or not search]  # the account of now stands there in any case
    return ask(request, page, form, "office/structure/link.html", search=search, none_found=not found,
               filters=[Filter("cari", _("Awal nama atau nama pengguna"), value=search)])


def _offered(actor: Actor, official: Official, search: str) -> list[tuple[int, str]]:
    """The account linked now and staff accounts by name: those searched for, or those whose name begins with the official's first name."""
    first = next((word for word in official.name.replace(",", " ").split() if not word.endswith(".")), official.name)
    found = [row for row in access.accounts(actor, search=search or first, kind=Kind.STAFF, size=MOST).rows if row.is_active]
    words = {row.id: f"{row.name} ({row.username})" if row.username else row.name for row in found}
    if official.account_id and official.account_id not in words:
        words = {official.account_id: _account_names([official.account_id]).get(official.account_id) or _("akun yang sudah tidak ada")} | words
    taken = Official.objects.filter(~Q(pk=official.pk), account_id__in=words).values_list("account_id", "name")
    for pk, name in taken:
        words[pk] = _("%(account)s, sudah dihubungkan dengan %(official)s") % {"account": words[pk], "official": name}
    return list(words.items())


def _account_names(ids: Any) -> dict[int | None, str]:
    return dict(Account.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "name"))
