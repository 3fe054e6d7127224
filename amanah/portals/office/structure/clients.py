"""Other applications that sign people in with their account of the city."""
from typing import Any

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.access import services
from amanah.foundation.kernel.actor import EVERYWHERE, Actor
from amanah.portals.office.accounts.forms import ReasonForm
from amanah.portals.office.deeds import Ask, ask, attempt, done, must, staff
from amanah.portals.office.structure.forms import ClientForm
from amanah.portals.office.structure.views import OF_CLIENTS, crumbs


def _back() -> str:
    return reverse("office_structure_clients")


def _crumbs() -> tuple[tuple[str, str], ...]:
    return crumbs((_("Aplikasi"), _back()))


@require_safe
@staff(*OF_CLIENTS)
def clients(request: HttpRequest) -> HttpResponse:
    """The applications that may sign people in, by name. There are few of them."""
    actor: Actor = request.actor
    return render(request, "office/structure/clients.html", {
        "clients": Client.objects.order_by("name", "pk") if any(actor.may(name) for name in OF_CLIENTS) else (), "crumbs": crumbs(),
        "may_register": actor.may("access.register_client"), "may_remove": actor.may("access.remove_client"), "on": bool(settings.IDP_OIDC_PRIVATE_KEY)})


@require_http_methods(["GET", "POST"])
@never_cache
@staff("access.register_client")
def register(request: HttpRequest) -> HttpResponse:
    """Register an application. Its secret stands on the answer itself and nowhere else: it is not kept, so there is nowhere to redirect to."""
    actor: Actor = request.actor
    must(actor, "access.register_client", EVERYWHERE)
    form = ClientForm(request.POST or None)

    def deed(**given: Any) -> Client:
        return services.register_client(actor, **given)

    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, "access.register_client", name=made.name)
        return render(request, "office/structure/registered.html", {"client": made, "secret": made.plain_secret, "crumbs": _crumbs()})
    page = Ask(_("Daftarkan aplikasi"), _("Daftarkan"), _back(), _crumbs(),
               _("Orang bisa masuk ke aplikasi itu dengan akun kota, sesudah mereka sendiri setuju."))
    return ask(request, page, form)


@require_http_methods(["GET", "POST"])
@staff("access.remove_client")
def remove(request: HttpRequest, pk: str) -> HttpResponse:
    """Take an application's sign-in away, with a reason."""
    actor: Actor = request.actor
    must(actor, "access.remove_client", EVERYWHERE)
    client, form = get_object_or_404(Client, pk=pk), ReasonForm(request.POST or None)
    name = client.name

    def deed(**given: Any) -> bool:
        services.remove_client(actor, client, **given)
        return True

    if request.method == "POST" and attempt(form, deed):
        done(request, "access.remove_client", subject=name)
        return redirect("office_structure_clients")
    page = Ask(_("Hapus %(name)s") % {"name": name}, _("Hapus aplikasi"), _back(), _crumbs(),
               _("Tidak ada lagi yang bisa masuk ke sana dengan akun kota. Yang sedang masuk berakhir saat itu juga."), grave=True)
    return ask(request, page, form)
