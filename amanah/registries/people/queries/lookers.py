"""Who stands behind an entry of the record, as the person it is about may know it: the office and the role, the name only if the city says so."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amanah.foundation.access.models import Account, Grant, Mandate
from amanah.foundation.kernel.actor import Scope
from amanah.foundation.kernel.clock import WIB
from amanah.registries.offices.models import Office
from amanah.registries.territory import queries as territory

from .purposes import register

OWN, SYSTEM, STAFF, RESIDENT, PUBLIC = "own", "system", "staff", "resident", "public"


@dataclass(frozen=True, slots=True)
class Doer:
    """What an entry says of who did it: `ref` ("account:12"), by which holding ("role:lurah", "mandate:3"; "" when it does not say), and when."""

    ref: str
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Looker:
    """Who it was, in words. `office` is what a page shows first; `kind` is own, system, staff, resident or public."""

    kind: str
    office: str
    role: str = ""
    name: str = ""


def named(doers: Iterable[Doer], *, mine: str = "") -> dict[Doer, Looker]:
    """A Looker for each; `mine` is the reader's own reference. Four statements, however many."""
    wanted = set(doers)
    keys = {int(d.ref.partition(":")[2]) for d in wanted if d.ref.startswith("account:") and d.ref.partition(":")[2].isdecimal() and d.ref != mine}
    accounts = Account.objects.in_bulk(keys)
    grants: dict[int, list[Grant]] = {}
    mandates: dict[int, Mandate] = {}
    if accounts:
        for grant in Grant.objects.filter(account__in=accounts).select_related("role").order_by("valid_from", "pk"):
            grants.setdefault(grant.account_id, []).append(grant)
        mandates = Mandate.objects.filter(holder__in=accounts).select_related("role").in_bulk()
    paths = {g.office for held in grants.values() for g in held} | {m.office for m in mandates.values()} | {a.office for a in accounts.values()}
    offices = dict(Office.objects.filter(path__in=paths - {""}).values_list("path", "name")) if paths - {""} else {}
    with_names = bool(accounts) and register().official_names

    def place(scope: Scope, account: Account) -> str:
        if scope.office or account.office:
            return offices.get(scope.office or "", "") or offices.get(account.office, "") or _("Pemerintah kota")
        if scope.territory and (found := territory.by_codes([scope.territory])):
            return territory.full_title(found[scope.territory])
        return _("Pemerintah kota")

    def one(doer: Doer) -> Looker:
        if mine and doer.ref == mine:
            return Looker(OWN, _("Anda sendiri"))
        if doer.ref.startswith("system:"):
            return Looker(SYSTEM, _("Sistem, tanpa petugas"))
        kind, _colon, key = doer.ref.partition(":")
        account = accounts.get(int(key)) if kind == "account" and key.isdecimal() else None
        if account is None:
            return Looker(PUBLIC, _("Seseorang yang belum masuk"))
        if account.kind == "resident":
            return Looker(RESIDENT, _("Seorang warga"))
        name = account.name if with_names else ""
        how, _colon, which = doer.via.partition(":")
        mandate = mandates.get(int(which)) if how == "mandate" and which.isdecimal() else None
        if mandate is not None:
            short = str(mandate.get_kind_display()).partition(" ")[0]
            return Looker(STAFF, place(mandate.scope, account), f"{short} {mandate.position}", name)
        held = _held(grants.get(account.pk, []), which if how == "role" else "", doer.at)
        return Looker(STAFF, place(held.scope if held else Scope(), account), held.role.name if held else "", name)

    return {doer: one(doer) for doer in wanted}


def _held(grants: list[Grant], role: str, at: datetime) -> Grant | None:
    """The grant by which somebody acted: of that role, in force on that day; without a role, the last one in force."""
    day = at.astimezone(WIB).date()
    found = [g for g in grants if (not role or g.role.code == role) and g.valid_from <= day and (g.valid_to is None or day <= g.valid_to)
             and (g.ended_at is None or at <= g.ended_at)]
    return found[-1] if found else None
