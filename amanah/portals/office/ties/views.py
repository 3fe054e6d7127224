"""Two steps: find the account by exactly what its owner says, then confirm that card, person and account belong together.

Nothing that identifies an account stands in an address; what is typed travels in the body only.
"""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.names import displayed
from amanah.foundation.messages.rules import masked
from amanah.portals.office.deeds import Ask, ask, attempt, done, must, staff
from amanah.portals.office.ties.forms import CheckedForm, UntieForm, WhoForm
from amanah.registries.people.models import Person
from amanah.registries.people.queries.register import person as find
from amanah.registries.people.queries.ties import tie_of
from amanah.registries.people.services import opening
from amanah.registries.people.services import ties as acts

PURPOSE = "pelayanan_penduduk"


@require_http_methods(["GET", "POST"])
@never_cache
@staff("people.tie", "people.untie")
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie an account to this person, or see that one is tied."""
    actor: Actor = request.actor
    person = find(actor, pk)
    must(actor, "people.tie", person.scope)
    if tie_of(person) is not None:
        opening.see(actor, person, purpose=PURPOSE)
        return render(request, "office/ties/tied.html", {
            "name": displayed(person.name), "person": person, "tie": tie_of(person), "may_untie": actor.may("people.untie", person.scope)})
    if "account" in request.POST:
        return _confirm(request, person)
    form = WhoForm(request.POST or None)
    found = attempt(form, lambda who: acts.account_for_tie(who)) if request.method == "POST" else None
    if found is not None:
        return _show(request, person, found, CheckedForm(initial={"account": found.pk}))
    opening.see(actor, person, purpose=PURPOSE)
    page = Ask(_("Hubungkan akun"), _("Cari akun"), _back(person), _crumbs(person), _("Minta KTP-nya. Cocokkan wajah, nama, dan tanggal lahir dengan data ini."))
    return ask(request, page, form, "office/ties/tie.html", person=person, name=displayed(person.name))


def _confirm(request: HttpRequest, person: Person) -> HttpResponse:
    form = CheckedForm(request.POST)
    account = Account.objects.filter(pk=request.POST["account"] if request.POST["account"].isdecimal() else 0, kind="resident", is_active=True).first()
    if account is None:
        raise NotFound
    if attempt(form, lambda account, checked: acts.tie(request.actor, person, account=Account.objects.get(pk=account))):
        done(request, "people.tie", subject=displayed(person.name), account=account.name)
        return redirect("office_tie", pk=person.pk)
    return _show(request, person, account, form)


def _show(request: HttpRequest, person: Person, account: Account, form: CheckedForm) -> HttpResponse:
    number = phones.phone_of(account)
    ways = ", ".join(filter(None, (masked(account.email) if account.email else "", str(number) if number else "")))
    page = Ask(_("Hubungkan akun"), _("Hubungkan"), _back(person), _crumbs(person))
    return ask(request, page, form, "office/ties/confirm.html", person=person, name=displayed(person.name), account=account, ways=ways)


@require_http_methods(["GET", "POST"])
@never_cache
@staff("people.untie")
def untie(request: HttpRequest, pk: int) -> HttpResponse:
    """End the tie, with a reason; the owner is told."""
    person = find(request.actor, pk)
    must(request.actor, "people.untie", person.scope)
    form = UntieForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda **given: acts.untie(request.actor, person, **given) or True):
        done(request, "people.untie", subject=displayed(person.name))
        return redirect("office_tie", pk=person.pk)
    page = Ask(_("Lepas hubungan akun"), _("Lepas hubungan"), reverse("office_tie", args=[person.pk]), _crumbs(person),
               _("Pemiliknya tidak bisa lagi melihat data ini sampai dihubungkan kembali. Ia diberi tahu."), grave=True)
    return ask(request, page, form)


def _back(person: Person) -> str:
    return reverse("office_register_person", args=[person.pk])


def _crumbs(person: Person) -> tuple[tuple[str, str], ...]:
    return ((displayed(person.name), _back(person)),)
