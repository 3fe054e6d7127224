"""Roles given and taken away, and mandates: who stands in for whom."""
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.access import queries, services
from amanah.foundation.access.models import Account, Grant, Mandate, Reach
from amanah.foundation.access.permissions import READ
from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Refused
from amanah.portals.office.accounts.forms import GrantForm, MandateForm, ReasonForm, RoleHere, WhereForm
from amanah.portals.office.accounts.views import mandate_word
from amanah.portals.office.deeds import Ask, ask, attempt, done, staff
from amanah.portals.office.places import namer, offices_for, territories_for
from amanah.portals.shell.components import Cell, Column, Table
from amanah.portals.shell.templatetags.shell import on_date
from amanah.registries.offices import queries as offices
from amanah.registries.offices.models import Office

MOST = 50  # people one may stand in for, in one office


# ---------------------------------------------------------------- what may be handed out, to whom, where

def _handing(request: HttpRequest, permission: str, subject: Account) -> tuple[WhereForm, Office | None, list[RoleHere], list[str]]:
    """The chosen place and the roles that may be handed to `subject` there, with their words."""
    actor: Actor = request.actor
    if not actor.holds(permission):
        raise Refused(needs=permission)
    places, whole = list(offices_for(actor, permission)), any(not scope.office for scope in actor.scopes(permission))
    own = next((office.code for office in places if office.path == subject.office), "" if whole else places[0].code if places else "")
    asked = request.GET if "kantor" in request.GET else {"kantor": own, "wilayah": ""}
    where = WhereForm(asked, offices=places, territories=territories_for(actor, permission), whole_city=whole)
    if not where.is_valid():
        return where, None, [], []
    office, territory = where.cleaned_data["kantor"], where.cleaned_data["wilayah"]
    found, name_of = _roles(actor, permission, subject, office, territory), namer()
    return where, office, found, [_("%(role)s, untuk %(where)s") % {"role": role.name, "where": name_of(scope)} for role, scope in found]


def _roles(actor: Actor, permission: str, subject: Account, office: Office | None, territory: str) -> list[RoleHere]:
    """For each reach the scope that such a role would have here, and the roles that fit it, the person and the actor. At most four statements."""
    territory = territory or (office.territory_id or "" if office else "")
    scopes = {Reach.CITY: Scope("", "")}
    if office:
        scopes[Reach.OFFICE] = Scope(office.path, "")
    if territory:
        scopes[Reach.TERRITORY] = Scope("", territory)
    if office and territory:
        scopes[Reach.BOTH] = Scope(office.path, territory)
    return sorted(((role, scope) for reach, scope in scopes.items() if actor.may(permission, scope) for role in queries.grantable(actor, scope)
                   if role.reach == reach and role.kind == subject.kind), key=lambda pair: pair[0].name)


def _crumbs(subject: Account) -> tuple[tuple[str, str], ...]:
    return (_("Akun"), reverse("office_accounts")), (subject.name, reverse("office_account", args=[subject.pk]))


# ---------------------------------------------------------------- roles

@require_http_methods(["GET", "POST"])
@staff(READ)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role: first where, then which of those the actor may hand out there."""
    actor, subject = request.actor, queries.account(request.actor, pk)
    where, _office, roles, said = _handing(request, "access.grant", subject)
    form = GrantForm(request.POST or None, roles=roles, said=said)

    def deed(role: RoleHere, **given: Any) -> Grant:
        return services.grant(actor, services.Place(role[1]), account=subject, role=role[0], **given)

    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, "access.grant", account=subject.name, role=_("%(role)s untuk %(where)s") % {"role": made.role.name, "where": namer()(made.scope)})
        return redirect("office_account", pk=subject.pk)
    page = Ask(_("Beri peran kepada %(name)s") % {"name": subject.name}, _("Beri peran"), reverse("office_account", args=[subject.pk]), _crumbs(subject),
               _("Anda hanya melihat peran yang boleh Anda berikan di tempat itu."))
    return ask(request, page, form, "office/accounts/handing.html", where=where, roles=roles, pair=("valid_from", "valid_to"))


@require_http_methods(["GET", "POST"])
@staff("access.revoke")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away, with a reason."""
    actor: Actor = request.actor
    row = get_object_or_404(Grant.objects.select_related("account", "role"), covered(actor, "access.revoke", office="office", territory="territory"), pk=pk)
    words = _("peran %(role)s dari %(name)s") % {"role": row.role.name, "name": row.account.name}
    back, form = reverse("office_account", args=[row.account_id]), ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda **given: services.revoke(actor, row, **given)):
        done(request, "access.revoke", subject=words)
        return redirect(back)
    page = Ask(_("Cabut peran %(role)s dari %(name)s") % {"role": row.role.name, "name": row.account.name}, _("Cabut peran"), back, _crumbs(row.account),
               _("Peran untuk %(where)s berhenti sekarang juga. Diberikan karena: %(reason)s") % {"where": namer()(row.scope), "reason": row.reason}, grave=True)
    return ask(request, page, form)


# ---------------------------------------------------------------- mandates

@require_safe
@staff(READ)
def mandates(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom today."""
    actor, name_of = request.actor, namer()
    rows = queries.mandates(actor)

    def end(row: Mandate) -> Cell:
        may = actor.may("access.end_mandate", row.scope) or actor.account_id in (row.holder_id, row.on_behalf_of_id)
        return Cell(_("Akhiri"), href=reverse("office_mandate_end", args=[row.pk])) if may else Cell("")

    table = Table(_("Mandat yang berlaku hari ini"), (
        Column(_("Jabatan"), head=True), Column(_("Dijalankan oleh")), Column(_("Menggantikan")), Column(_("Masa")), Column(_("Dasar")), Column("")), tuple((
            Cell(f"{mandate_word(row)} {row.position}", note=name_of(row.scope)), Cell(row.holder.name, href=reverse("office_account", args=[row.holder_id])),
            row.on_behalf_of.name if row.on_behalf_of else _("jabatan kosong"),
            _("%(start)s sampai %(end)s") % {"start": on_date(row.starts), "end": on_date(row.ends) or _("diakhiri")},
            Cell(row.legal_basis, note=row.reason), end(row)) for row in rows), hide_caption=True)
    return render(request, "office/accounts/mandates.html", {"table": table, "rows": rows, "may_give": actor.holds("access.give_mandate"), "today": clock.today()})


@require_http_methods(["GET", "POST"])
@staff(READ)
def give_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody stand in for an absent or vacant position."""
    actor, subject = request.actor, queries.account(request.actor, pk)
    where, office, roles, said = _handing(request, "access.give_mandate", subject)
    heads = offices.heads_of([office.code]) if office else {}
    form = MandateForm(request.POST or None, roles=roles, said=said, replaceable=_holders(office, subject),
                       initial={"starts": clock.today(), "position": heads[office.code].title if office and office.code in heads else ""})

    def deed(role: RoleHere, **given: Any) -> Mandate:
        return services.give_mandate(actor, services.Place(role[1]), holder=subject, role=role[0], **given)

    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, "access.give_mandate", holder=subject.name, kind=mandate_word(made), position=made.position)
        return redirect("office_account", pk=subject.pk)
    page = Ask(_("Tunjuk %(name)s sebagai pelaksana") % {"name": subject.name}, _("Tunjuk"), reverse("office_account", args=[subject.pk]), _crumbs(subject),
               _("Peran dipinjamkan untuk suatu masa dan berhenti sendiri. Penerimanya tidak bisa meneruskannya."))
    return ask(request, page, form, "office/accounts/handing.html", where=where, roles=roles, pair=("starts", "ends"))


def _holders(office: Office | None, subject: Account) -> list[Account]:
    """Those who hold a role in this very office today: one of them is stood in for."""
    if office is None:
        return []
    today = clock.today()
    current = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), office=office.path, ended_at=None, valid_from__lte=today)
    return list(Account.objects.filter(pk__in=current.values("account")).exclude(pk=subject.pk).order_by("name", "pk")[:MOST])


@require_http_methods(["GET", "POST"])
@staff()
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate early: by its holder, by the one who is back, or by an administrator there."""
    actor: Actor = request.actor
    own = Q(holder=actor.account_id) | Q(on_behalf_of=actor.account_id)
    row = get_object_or_404(Mandate.objects.select_related("holder", "role"),
                            own | covered(actor, "access.end_mandate", office="office", territory="territory"), pk=pk)
    words = f"{mandate_word(row)} {row.position}"
    back = reverse("office_mandates") if actor.holds(READ) else reverse("office_account", args=[actor.account_id])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda **given: services.end_mandate(actor, row, **given)):
        done(request, "access.end_mandate", subject=_("mandat %(words)s (%(name)s)") % {"words": words, "name": row.holder.name})
        return redirect(back)
    crumbs = ((_("Akun"), reverse("office_accounts")), (_("Mandat"), reverse("office_mandates"))) if actor.holds(READ) else ()
    page = Ask(_("Akhiri mandat %(words)s") % {"words": words}, _("Akhiri mandat"), back, crumbs,
               _("%(name)s berhenti menjalankan jabatan ini sekarang juga.") % {"name": row.holder.name}, grave=True)
    return ask(request, page, form)
