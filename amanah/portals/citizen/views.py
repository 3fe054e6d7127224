"""The pages of a resident."""
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.acts import queries as acts
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.messages import queries as inbox
from amanah.foundation.messages import services as mail
from amanah.portals.shell.components import Event, Pager
from amanah.portals.shell.templatetags.shell import at_moment


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where sign-in leads: to the home of whoever signed in."""
    if request.actor.account_id is None:
        return redirect_to_login(reverse("citizen_mine"))
    return redirect("citizen_home" if request.actor.kind == "resident" else "office_home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A resident's first page: news for them, the safety of their account, the way to their office."""
    if (sent := _elsewhere(request)) is not None:
        return sent
    actor: Actor = request.actor
    page = inbox.inbox(actor.account_id, request.GET.get("dari"), size=20)
    return render(request, "citizen/home.html", {
        "now": clock.now(), "telephone": _telephone(actor), "news": page.rows, "unread": inbox.unread_count(actor.account_id),
        "protected": Authenticator.objects.filter(user_id=actor.account_id).exists(), "pager": Pager(_at(page.previous), _at(page.next))})


@require_POST
def read(request: HttpRequest, message: UUID) -> HttpResponse:
    """Mark a message as read."""
    if (sent := _elsewhere(request)) is not None:
        return sent
    mail.mark_read(request.actor.account_id, message)
    return redirect("citizen_home")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the whole inbox as read."""
    if (sent := _elsewhere(request)) is not None:
        return sent
    mail.mark_all_read(request.actor.account_id)
    return redirect("citizen_home")


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Who did or saw what with this account, newest first. What concerns their entry in the register stands on a page of its own (data/looked.py)."""
    if (sent := _elsewhere(request)) is not None:
        return sent
    page = acts.about_account(request.actor.account_id, cursor=request.GET.get("dari", ""))
    return render(request, "citizen/trail.html", {
        "events": [Event(row.says, when=at_moment(row.at), who=_who(request.actor, row.actor),
                         icon={"read": "eye", "refusal": "ban", "sign_in": "login"}.get(row.kind, "check"),
                         text=_("Keperluan: %(purpose)s") % {"purpose": row.purpose} if row.purpose else "") for row in page.rows],
        "pager": Pager(_at(page.previous), _at(page.next))})


def _telephone(actor: Actor) -> str:
    """Their own number behind its mask. One statement."""
    number = phones.phone_of(Account.objects.only("pk", "phone").get(pk=actor.account_id))
    return str(number) if number else ""


def _who(actor: Actor, ref: str) -> str:
    """A resident is told that it was themselves, the program, or somebody of the city; which office it was stands in the sentence."""
    if ref == actor.ref:
        return _("Anda sendiri")
    return _("Sistem") if ref.startswith("system:") else _("Seseorang yang belum masuk") if ref == "public" else _("Petugas kota")


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Visitors sign in first; those who work for the city have their own desk."""
    if request.actor.account_id is None:
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("citizen_home"))
    return None if request.actor.kind == "resident" else redirect("office_home")


def _at(cursor: str | None) -> str:
    return f"?dari={cursor}" if cursor else ""
