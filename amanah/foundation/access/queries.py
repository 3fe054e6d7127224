"""Reads for the pages of administrators and of everybody about themselves."""
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanah.foundation.access import rules
from amanah.foundation.access.models import Account, DutySession, Grant, Mandate, Role
from amanah.foundation.access.permissions import READ
from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

NameOf = Callable[[Scope], str]  # from a scope to words ("Kelurahan Contoh"): offices and territories know them, this room does not


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A line of the list of accounts."""

    id: int
    name: str
    username: str
    kind: str
    kind_label: str
    office: str
    is_active: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """Something an account holds, held or will hold, in one sentence. `state`: active, waiting or ended."""

    id: int
    what: str  # grant or mandate
    role: str
    sentence: str
    state: str
    since: date
    until: date | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A line of the log of duty sessions."""

    id: int
    account_id: int
    name: str
    reason: str
    starts_at: datetime
    ends_at: datetime  # when it ended, or will
    running: bool


def _visible(actor: Actor) -> Q:
    return covered(actor, READ, office="office")


def accounts(actor: Actor, *, search: str = "", kind: str = "", cursor: str = "", size: int = 50) -> Page[AccountRow]:
    """The accounts this administrator looks after, by name; `search` finds the beginning of a name or username. One statement."""
    found = Account.objects.filter(_visible(actor))
    if search:
        found = found.filter(Q(name__istartswith=search.strip()) | Q(username__istartswith=search.strip()))
    if kind:
        found = found.filter(kind=kind)
    page = keyset(found, order=("name", "id"), cursor=cursor, size=size)
    return replace(page, rows=[AccountRow(row.pk, row.name, row.get_username(), row.kind, row.get_kind_display(), row.office, row.is_active, row.last_login)
                               for row in page.rows])


def account(actor: Actor, pk: int) -> Account:
    """One account this administrator looks after, or one's own; NotFound otherwise, as if there were none."""
    mine = Q(pk=actor.account_id) if actor.account_id else Q(pk__in=())
    found = Account.objects.filter(_visible(actor) | mine, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def held_by(account: Account, *, name_of: NameOf) -> list[Held]:
    """All grants and mandates of an account, newest first, each as people would say it. Two statements."""
    today = clock.today()
    grants = Grant.objects.filter(account=account).select_related("role")
    mandates = Mandate.objects.filter(holder=account).select_related("role", "on_behalf_of")
    rows = [_held(grant, grant.role.name, grant.valid_from, grant.valid_to, today, name_of) for grant in grants]
    rows += [_held(m, f"{m.get_kind_display().partition(' ')[0]} {m.position}", m.starts, m.ends, today, name_of, basis=m.legal_basis) for m in mandates]
    return sorted(rows, key=lambda row: (row.since, row.id), reverse=True)


def mandates(actor: Actor, *, on: date | None = None) -> list[Mandate]:
    """Mandates in force on a day (today) within the actor's reach: who stands in for whom. One statement."""
    day = on or clock.today()
    current = Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day)) & Q(ended_at=None)
    return list(Mandate.objects.filter(covered(actor, READ, office="office", territory="territory"), current)
                .select_related("holder", "on_behalf_of", "role").order_by("position", "pk")[:200])


def duty_sessions(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[DutyRow]:
    """The log of duty sessions, newest first, for whoever may read it over the whole city; others see their own. One statement."""
    found = DutySession.objects.select_related("account")
    if not actor.may(READ):
        found = found.filter(account_id=actor.account_id) if actor.account_id else found.none()
    now, page = clock.now(), keyset(found, order=("-starts_at", "-id"), cursor=cursor, size=size)
    return replace(page, rows=[DutyRow(row.pk, row.account_id, row.account.name, row.reason, row.starts_at, row.ended_at or row.ends_at,
                                       row.ended_at is None and now < row.ends_at) for row in page.rows])


def running_duty(account: Account) -> DutyRow | None:
    """The duty session that runs now, for the bar on top of every page of its holder."""
    duty = DutySession.objects.filter(account=account, ended_at=None, ends_at__gt=clock.now()).first()
    return DutyRow(duty.pk, account.pk, account.name, duty.reason, duty.starts_at, duty.ends_at, True) if duty else None


def grantable(actor: Actor, scope: Scope) -> list[Role]:
    """The roles this actor may hand out within `scope`: what the form of a grant offers."""
    roles = Role.objects.filter(retired=False).order_by("name")
    return [role for role in roles if actor.kind == "system" or rules.may_give(actor.holdings, role.facts, scope)]


def _held(row: Grant | Mandate, what: str, since: date, until: date | None, today: date, name_of: NameOf, basis: str = "") -> Held:
    lang = get_language() or "id"
    where = name_of(row.scope)
    words = what if where in ("", what) or where in what else _("%(what)s di %(where)s") % {"what": what, "where": where}
    if row.ended_at is not None:
        state, span = "ended", _("berakhir %(day)s (%(reason)s)") % {"day": dates.short_date(row.ended_at, lang), "reason": row.ended_reason}
    elif until is not None and until < today:
        state, span = "ended", _("berakhir %(day)s") % {"day": dates.short_date(until, lang)}
    elif since > today:
        state, span = "waiting", _("mulai %(day)s") % {"day": dates.short_date(since, lang)}
    else:
        state, span = "active", _("sampai %(day)s") % {"day": dates.short_date(until, lang)} if until else _("tanpa batas waktu")
    reason = f"{row.reason} ({basis})" if basis else row.reason
    sentence = _("%(words)s, %(span)s. Alasan: %(reason)s") % {"words": words, "span": span, "reason": reason}
    return Held(row.pk, "mandate" if basis else "grant", row.role.code, sentence, state, since, until, row.scope)
