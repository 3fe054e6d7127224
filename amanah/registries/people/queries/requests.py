"""Requests of data subjects: one's own, and those that wait at the desk."""
from datetime import datetime

from django.db.models import Q, QuerySet

from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

from ..models import Request
from ..permissions import PROTECT
from ..rules.requests import SOON

ANSWER = "people.answer"  # the act, which is also the permission to read them


def mine(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Request]:
    """What this account has asked, newest first."""
    return keyset(Request.objects.filter(account=actor.account_id or -1).select_related("person"), order=("-id",), cursor=cursor, size=size)


def waiting(actor: Actor, *, stage: str = "", cursor: str = "", size: int = 30) -> Page[Request]:
    """What waits at the desk, the one due first on top; `stage`: late, soon, or "" for all that is open."""
    rows = _at_desk(actor).filter(state=Request.State.OPEN)
    now = clock.now()
    if stage == "late":
        rows = rows.filter(due_at__lt=now)
    elif stage == "soon":
        rows = rows.filter(due_at__gte=now, due_at__lte=now + SOON)
    return keyset(rows.select_related("person__place"), order=("due_at", "id"), cursor=cursor, size=size)


def answered(actor: Actor, *, cursor: str = "", size: int = 30) -> Page[Request]:
    """What was answered, newest first."""
    return keyset(_at_desk(actor).exclude(state=Request.State.OPEN).select_related("person__place"), order=("-id",), cursor=cursor, size=size)


def counts(actor: Actor) -> dict[str, int]:
    """How many are open, due within 24 hours, and overdue."""
    now = clock.now()
    dues: list[datetime] = list(_at_desk(actor).filter(state=Request.State.OPEN).order_by("due_at").values_list("due_at", flat=True)[:10_000])
    late = sum(due < now for due in dues)
    return {"open": len(dues), "soon": sum(now <= due <= now + SOON for due in dues), "late": late}


def waiting_count(actor: Actor, most: int = 99) -> int:
    """How many wait at the desk, up to `most`: for the bell of a menu, so a bounded look at the index of open requests."""
    return _at_desk(actor).filter(state=Request.State.OPEN)[:most].count()


def at_desk(actor: Actor, pk: int) -> Request:
    """One request for whoever may answer it. Raises NotFound."""
    found = _at_desk(actor).select_related("person__place", "person__family").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def own(actor: Actor, pk: int) -> Request:
    """One of one's own requests. Raises NotFound."""
    found = Request.objects.filter(account=actor.account_id or -1, pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def _at_desk(actor: Actor) -> QuerySet[Request]:
    """What may be answered here. Questions about somebody's look go to the data-protection officer only: at a kelurahan they could end with the one asked about."""
    rows = Request.objects.filter(covered(actor, ANSWER, territory="person__place__code"), Q(person__isnull=False))
    return rows if actor.may(PROTECT) else rows.exclude(kind=Request.Kind.QUESTION)
