"""What is deleted when: as the processing register of the city says, every night, with the count on record as the proof.

Registered persons, their events and the audit record are never deleted (the register says why).
"""
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.files import services as files
from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict

from ..models import Extract, Request, Sighting
from ..queries.purposes import register

CHUNK = 20_000  # rows of one deed: each is a transaction of its own, so a night that ends early loses nothing


def due(now: datetime | None = None) -> Iterator[tuple[str, datetime, list[int]]]:
    """What is over, a chunk at a time: kind, the moment before which it ended, and the rows. Ask for the next chunk when this one is deleted."""
    for kind, period in register().retention.items():
        before = (now or clock.now()) - timedelta(days=period.days)
        while rows := list(DUE[kind](before).values_list("pk", flat=True)[:CHUNK]):
            yield kind, before, rows


def expire(actor: Actor | None = None) -> dict[str, int]:
    """Delete everything that is over; says how much of each kind. Each chunk leaves an entry with its count."""
    counts = dict.fromkeys(register().retention, 0)
    for kind, before, rows in due():
        counts[kind] += delete_expired(actor or Actor.system("people"), kind=kind, before=before, count=len(rows), rows=rows)
    return counts


@act("people.delete_expired", title=gettext_lazy("Menghapus data yang lewat masa simpan"),
     says=gettext_lazy("{actor} menghapus {count} {kind} yang lewat masa simpan"), secret=("rows",))
def delete_expired(actor: Actor, *, kind: str, before: datetime, count: int, rows: Sequence[int]) -> int:
    """Delete these rows of one kind, all finished before the moment. Raises Conflict, deleting nothing, when one of them is not due (any more)."""
    over = DUE[kind](before).filter(pk__in=rows)
    if over.count() != count:
        raise Conflict()
    AWAY[kind](over)
    return count


# ---------------------------------------------------------------- what is due, and how it goes

def _extracts(name: str) -> Callable[[datetime], QuerySet[Any]]:
    """Extracts whose file is no longer needed: ended, or never begun; those under way keep theirs."""
    def over(before: datetime) -> QuerySet[Any]:
        busy = (Extract.State.RUNNING, Extract.State.STOPPED)
        ended = Extract.objects.annotate(since=Coalesce("ended_at", "at"))
        return ended.filter(since__lt=before, **{f"{name}__isnull": False}).exclude(state__in=busy).order_by("pk")
    return over


def _sightings(before: datetime) -> QuerySet[Any]:
    return Sighting.objects.filter(at__lt=before).order_by("pk")


def _requests(before: datetime) -> QuerySet[Any]:
    return Request.objects.filter(answered_at__lt=before).exclude(state=Request.State.OPEN).order_by("pk")


def _copies(before: datetime) -> QuerySet[Any]:
    return Request.objects.filter(answered_at__lt=before, file__isnull=False).order_by("pk")


def _drop_files(name: str) -> Callable[[QuerySet[Any]], None]:
    def drop(rows: QuerySet[Any]) -> None:
        held = list(rows)
        for file in StoredFile.objects.filter(pk__in=[getattr(row, name) for row in held]):
            files.remove(file)
        type(held[0])._default_manager.filter(pk__in=[row.pk for row in held]).update(**{name: None})
    return drop


def _drop(rows: QuerySet[Any]) -> None:
    rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def _drop_requests(rows: QuerySet[Any]) -> None:
    with transaction.atomic():
        if with_file := rows.filter(Q(file__isnull=False)):
            _drop_files("file")(with_file)
        _drop(rows)


DUE: dict[str, Callable[[datetime], QuerySet[Any]]] = {
    "extract_files": _extracts("file"), "report_files": _extracts("report"), "sightings": _sightings, "requests": _requests, "copies": _copies}
AWAY: dict[str, Callable[[QuerySet[Any]], None]] = {
    "extract_files": _drop_files("file"), "report_files": _drop_files("report"), "sightings": _drop, "requests": _drop_requests, "copies": _drop_files("file")}
