"""Accounts: who there is, one of them, and opening, inviting, closing, reopening."""
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanah.foundation.access import queries, services
from amanah.foundation.access.models import Account, DutySession, Grant, Kind, Mandate
from amanah.foundation.access.permissions import READ
from amanah.foundation.acts.permissions import READ_TRAIL
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.portals.office.accounts.forms import OpenForm, ReasonForm
from amanah.portals.office.deeds import Ask, ask, attempt, done, must, staff
from amanah.portals.office.places import namer, office_names, offices_for
from amanah.portals.shell.components import Cell, Chip, Column, Filter, Option, Pager, Person, Table
from amanah.portals.shell.templatetags.shell import on_date

SHOWN = 10  # duty sessions on the page of one account


# ---------------------------------------------------------------- who there is

@require_safe
@staff(READ)
def index(request: HttpRequest) -> HttpResponse:
    """The accounts this administrator looks after, by name, a page at a time."""
    actor: Actor = request.actor
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("cari", "jenis", "dari")}
    kind = asked["jenis"] if asked["jenis"] in Kind.values else ""
    found = queries.accounts(actor, search=asked["cari"], kind=kind, cursor=asked["dari"], size=30)
    roles, names = _roles_now([row.id for row in found.rows]), office_names(row.office for row in found.rows)

    def address(cursor: str | None) -> str:
        return "?" + urlencode({key: value for key, value in {**asked, "dari": cursor}.items() if value}) if cursor else ""

    rows = tuple((Cell(row.name, href=reverse("office_account", args=[row.id]), note=row.username), ", ".join(roles.get(row.id, ())) or _("belum ada"),
                  names.get(row.office, _("Kota")), row.kind_label, on_date(row.last_login) or _("belum pernah"), Cell("", chip=_state(row.is_active)))
                 for row in found.rows)
    return render(request, "office/accounts/index.html", {
        "filters": [Filter("cari", _("Awal nama atau nama pengguna"), value=asked["cari"]),
                    Filter("jenis", _("Jenis"), (Option("", _("Semua jenis"), not kind), *(Option(value, label, value == kind) for value, label in Kind.choices)))],
        "table": Table(_("Akun"), (Column(_("Nama"), head=True), Column(_("Peran sekarang")), Column(_("Unit kerja")), Column(_("Jenis")),
                                   Column(_("Terakhir masuk")), Column(_("Keadaan"))), rows, hide_caption=True),
        "rows": found.rows, "narrowed": bool(asked["cari"] or kind or asked["dari"]), "pager": Pager(address(found.previous), address(found.next)),
        "may_open": actor.holds("access.open_account"), "where": _reach(actor)})


def _roles_now(ids: list[int]) -> dict[int, list[str]]:
    """Names of the roles and mandates each account holds today. Two statements, however many accounts."""
    today, held = clock.today(), dict[int, list[str]]()
    for grant in Grant.objects.filter(account__in=ids, ended_at=None).select_related("role").order_by("pk"):
        if grant.span.holds_on(today):
            held.setdefault(grant.account_id, []).append(grant.role.name)
    for mandate in Mandate.objects.filter(holder__in=ids, ended_at=None).select_related("role").order_by("pk"):
        if mandate.span.holds_on(today):
            held.setdefault(mandate.holder_id, []).append(f"{mandate_word(mandate)} {mandate.position}")
    return held


def _reach(actor: Actor) -> str:
    """Where this actor sees accounts, in words."""
    name = namer()
    scopes = actor.scopes(READ)
    return _("seluruh kota") if any(not scope.office for scope in scopes) else ", ".join(dict.fromkeys(name(scope) for scope in scopes))


def _state(is_active: bool) -> Chip:
    return Chip(_("Aktif"), "ok", "circle-check") if is_active else Chip(_("Ditutup"), "", "lock")


def mandate_word(mandate: Mandate) -> str:
    """"Plt.", "Plh." or "Pj."."""
    return str(mandate.get_kind_display()).partition(" ")[0]


# ---------------------------------------------------------------- one account

@require_safe
@never_cache
@staff()
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one account: who, what they hold and why, how they sign in, when they were on duty. Everybody may see their own."""
    return _account_page(request, queries.account(request.actor, pk))


def _account_page(request: HttpRequest, subject: Account, **more: Any) -> HttpResponse:
    actor: Actor = request.actor
    name_of = namer()
    held = queries.held_by(subject, name_of=name_of)
    mine = actor.account_id == subject.pk
    language = get_language() or "id"

    def end_of(row: queries.Held) -> str:
        """The address of the page that takes this away, if the actor may."""
        if row.state == "ended":
            return ""
        if row.what == "grant":
            return reverse("office_grant_revoke", args=[row.id]) if not mine and actor.may("access.revoke", row.scope) else ""
        return reverse("office_mandate_end", args=[row.id]) if mine or actor.may("access.end_mandate", row.scope) else ""

    duties = DutySession.objects.filter(account=subject).order_by("-starts_at", "-id")[:SHOWN]
    kinds = Authenticator.objects.filter(user=subject).values_list("type", flat=True)
    proofs = {"totp": _("aplikasi kode"), "webauthn": _("kunci sandi"), "recovery_codes": _("kode cadangan")}
    return render(request, "office/accounts/account.html", {
        "account": subject, "person": Person(subject.name, subject.get_kind_display()), "mine": mine, "state": _state(subject.is_active),
        "office": name_of(Scope(office=subject.office)) if subject.office else _("Kota, tanpa unit kerja"),
        "held": [(row, end_of(row)) for row in held if row.state != "ended"], "past": [row for row in held if row.state == "ended"][:50],
        "waiting": Chip(_("Belum mulai"), "info", "calendar"),
        "proofs": ", ".join(dict.fromkeys(proofs.get(kind, kind) for kind in kinds)) or _("belum dipasang"),
        "duties": [(dates.date_and_time(duty.starts_at, language), dates.time_of_day(duty.ended_at or duty.ends_at, language), duty.reason) for duty in duties],
        "unused": subject.last_login is None and not subject.has_usable_password() and subject.is_active,
        "deeds": [] if mine else _deeds(actor, subject), "needs_duty": actor.holds("access.start_duty") and not any("duty:" in h.via for h in actor.holdings),
        "may_trail": actor.holds(READ_TRAIL), "list": actor.holds(READ), **more})


def _deeds(actor: Actor, subject: Account) -> list[tuple[str, str, str, bool]]:
    """The deeds open to this actor on this account: (label, address, icon, posts at once)."""
    open_, fresh = subject.is_active, subject.last_login is None and not subject.has_usable_password()
    every = [
        (open_ and actor.holds("access.grant"), _("Beri peran"), "office_account_grant", "plus", False),
        (open_ and actor.holds("access.give_mandate"), _("Tunjuk sebagai Plt., Plh., atau Pj."), "office_account_mandate", "writing-sign", False),
        (open_ and fresh and actor.may("access.invite", subject.scope), _("Buat tautan kata sandi pertama"), "office_account_invite", "key", True),
        (open_ and actor.may("access.reset_proofs", subject.scope), _("Hapus bukti kedua yang hilang"), "office_account_proofs", "fingerprint", False),
        (open_ and actor.may("access.close_account", subject.scope), _("Tutup akun"), "office_account_close", "lock", False),
        (not open_ and actor.may("access.reopen_account", subject.scope), _("Buka kembali akun"), "office_account_reopen", "refresh", False)]
    return [(label, reverse(page, args=[subject.pk]), icon, posts) for may, label, page, icon, posts in every if may]


# ---------------------------------------------------------------- opening and inviting

@require_http_methods(["GET", "POST"])
@staff("access.open_account")
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account for somebody, in an office where the actor may."""
    actor: Actor = request.actor
    form = OpenForm(request.POST or None, offices=offices_for(actor, "access.open_account"), whole_city=actor.may("access.open_account", Scope(office="")))

    def deed(office: Any, **given: Any) -> Account:
        return services.open_account(actor, services.Place(Scope(office=office.path if office else "")), **given)

    if request.method == "POST" and (made := attempt(form, deed)):
        done(request, "access.open_account", subject=made.name)
        return redirect("office_account", pk=made.pk)
    page = Ask(_("Buka akun"), _("Buka akun"), reverse("office_accounts"), ((_("Akun"), reverse("office_accounts")),),
               _("Akun baru belum punya kata sandi dan belum punya peran. Keduanya diberikan sesudah ini."))
    return ask(request, page, form, "office/accounts/open.html")


@require_POST
@never_cache
@staff(READ)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link for the first password and show it.

    The one page that answers a button without leading elsewhere: the link is shown here and kept nowhere, so there is nothing to lead to.
    """
    subject = queries.account(request.actor, pk)
    link = services.invite(request.actor, subject)
    done(request, "access.invite", subject=subject.name)
    return _account_page(request, subject, link=link)


# ---------------------------------------------------------------- closing, reopening, lost proofs

def _with_reason(request: HttpRequest, pk: int, deed: str, act: Any, *, title: str, button: str, lead: str, grave: bool = True) -> HttpResponse:
    """A page that asks why and then does it."""
    subject = queries.account(request.actor, pk)
    if request.method == "GET":
        must(request.actor, deed, subject.scope)
    form, here = ReasonForm(request.POST or None), reverse("office_account", args=[subject.pk])
    if request.method == "POST" and attempt(form, lambda **given: act(request.actor, subject, **given)):
        done(request, deed, subject=subject.name)
        return redirect(here)
    crumbs = ((_("Akun"), reverse("office_accounts")), (subject.name, here))
    return ask(request, Ask(title % {"name": subject.name}, button, here, crumbs, lead, grave), form)


@require_http_methods(["GET", "POST"])
@staff(READ)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, with a reason."""
    return _with_reason(request, pk, "access.close_account", services.close_account, title=_("Tutup akun %(name)s"), button=_("Tutup akun"),
                        lead=_("Ia langsung keluar dan tidak bisa masuk lagi. Peran dan mandatnya berakhir. Yang pernah ia kerjakan tetap tercatat."))


@require_http_methods(["GET", "POST"])
@staff(READ)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a closed account in again, with a reason."""
    return _with_reason(request, pk, "access.reopen_account", services.reopen_account, title=_("Buka kembali akun %(name)s"), button=_("Buka kembali"),
                        lead=_("Ia bisa masuk lagi. Peran yang dulu tidak kembali sendiri."), grave=False)


@require_http_methods(["GET", "POST"])
@staff(READ)
def reset_proofs(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second proofs of somebody who lost them, with a reason."""
    return _with_reason(request, pk, "access.reset_proofs", services.reset_proofs, title=_("Hapus bukti kedua %(name)s"), button=_("Hapus bukti kedua"),
                        lead=_("Pastikan dulu bahwa ia benar orangnya. Sesudah ini ia masuk dengan kata sandi dan memasang bukti baru saat itu juga."))
