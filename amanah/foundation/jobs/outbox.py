"""The outbox: events written with the deed they tell of, handed to handlers after it is committed, each exactly once.

1. `put` writes the events in the caller's transaction: no deed without its event, no event without its deed.
2. `relay_once` turns every new event into one delivery and one background task per handler, and marks it, in one transaction.
3. `deliver` runs the handler and marks the delivery done, again in one transaction.
4. What fails is tried again by `rules.wait_before`; what keeps failing is parked until somebody presses "coba lagi" (`services.retry`).
"""
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import QuerySet
from django_tasks import task
from django_tasks_db import DatabaseBackend

from amanah.foundation.jobs import registry, rules
from amanah.foundation.jobs.models import Delivery, DeliveryState, OutboxEvent
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import AmanahError, Conflict, Unavailable

ROWS_A_STATEMENT = 500  # SQLite takes 32,766 parameters a statement; five a row
_INSERT = "INSERT INTO jobs_outboxevent (name, payload, actor, request_id, created_at) VALUES "
_ROW = "(%s, %s, %s, %s, %s)"
_encode = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class HandlerGone(Unavailable):
    """The handler that this event was meant for is no longer in the program (renamed or removed)."""


def put(events: Sequence[tuple[str, dict[str, Any]]], *, actor: str = "", request_id: str = "") -> None:
    """Write (name, payload) events into the outbox, in the caller's transaction and with one statement.

    Payloads are JSON: keys of rows, codes, dates; no personal data. Raises RuntimeError outside a transaction, where the promise would be empty.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.put needs a transaction: an event belongs to the deed it tells of")
    with connection.cursor() as cursor:
        for start in range(0, len(events), ROWS_A_STATEMENT):
            cursor.execute(*statement(events[start:start + ROWS_A_STATEMENT], actor=actor, request_id=request_id))


def statement(events: Sequence[tuple[str, dict[str, Any]]], *, actor: str = "", request_id: str = "") -> tuple[str, list[Any]]:
    """The INSERT of at most ROWS_A_STATEMENT events with its values, for acts, which send it along with their audit entry."""
    moment = connection.ops.adapt_datetimefield_value(clock.now())
    values = [value for name, payload in events for value in (name, _encode(payload), actor, request_id, moment)]
    return _INSERT + ", ".join([_ROW] * len(events)), values


def relay_once(limit: int = 100) -> int:
    """Hand at most `limit` new events and `limit` deliveries that are due again to the queue; says how many. Two relays share the work."""
    moment = clock.now()
    if not OutboxEvent.objects.filter(dispatched_at=None).exists() and not _due(moment).exists():
        return 0  # looking costs no write lock
    with transaction.atomic():
        moved, wanted = _dispatch_new(moment, limit)
        due = _queue_due(moment, limit)
        if _queue_is_a_table():
            _enqueue(wanted + due)
    if not _queue_is_a_table():
        _enqueue(wanted + due)
    return moved + len(due)


def drain() -> int:
    """Relay until nothing is left; says how many were handed over. For tests, `worker --once` and the demonstration."""
    total = 0
    while moved := relay_once():
        total += moved
    return total


def run(event_id: int, path: str) -> bool:
    """Run one handler on one event; whether it was this call that did the work. Every failure ends in a retry or is parked."""
    queued = Delivery.objects.filter(event_id=event_id, handler=path, state=DeliveryState.QUEUED)
    try:
        if registry.calls_out(path):
            delivery = queued.select_related("event").first()
            return delivery is not None and _handle(delivery)
        with transaction.atomic():
            delivery = queued.select_related("event").select_for_update(of=("self",), skip_locked=True).first()
            return delivery is not None and _handle(delivery)  # None: done, or another worker has it in hand
    except Exception as error:
        failed(event_id, path, error)
        raise


def _handle(delivery: Delivery) -> bool:
    handler = registry.handler(delivery.event.name, delivery.handler)
    if handler is None:
        raise HandlerGone(permanent=True)
    handler(_event(delivery.event))
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DONE, finished_at=clock.now(), error="", attempts=delivery.attempts + 1)
    return True


@task()
def deliver(event_id: int, path: str) -> None:
    """The background task: one handler for one event."""
    run(event_id, path)


def failed(event_id: int, path: str, error: BaseException, *, final: bool = False) -> None:
    """Note a failure: another try later, or parked."""
    delivery = Delivery.objects.filter(event_id=event_id, handler=path, state=DeliveryState.QUEUED).first()
    if delivery is None:
        return
    temporary = isinstance(error, Unavailable | Conflict) and not getattr(error, "permanent", False)
    final = final or (isinstance(error, AmanahError) and not temporary)
    attempts = delivery.attempts + 1
    parked = attempts >= rules.tries_allowed(final=final, temporary=temporary)
    moment = clock.now()
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED).update(
        attempts=attempts, error=type(error).__qualname__[:200],
        state=DeliveryState.PARKED if parked else DeliveryState.WAITING,
        finished_at=moment if parked else None, due_at=moment + rules.wait_before(attempts + 1))


def _dispatch_new(moment: datetime, limit: int) -> tuple[int, list[tuple[int, str]]]:
    events = list(OutboxEvent.objects.select_for_update(skip_locked=True).filter(dispatched_at=None).order_by("id")[:limit])
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=moment)
    wanted = [(event.pk, path) for event in events for path in registry.handlers_of(event.name)]
    Delivery.objects.bulk_create([Delivery(event_id=pk, handler=path, due_at=moment) for pk, path in wanted])
    return len(events), wanted


def _queue_due(moment: datetime, limit: int) -> list[tuple[int, str]]:
    due = list(_due(moment).select_for_update(skip_locked=True).order_by("due_at")[:limit])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in due]).update(state=DeliveryState.QUEUED, due_at=moment)
    return [(delivery.event_id, delivery.handler) for delivery in due]


def _queue_is_a_table() -> bool:
    """Whether a queued job waits in the database. Tests run jobs at once instead: then outside of the relay's transaction."""
    return isinstance(deliver.get_backend(), DatabaseBackend)


def _enqueue(wanted: list[tuple[int, str]]) -> None:
    for event_id, path in wanted:
        deliver.enqueue(event_id, path)


def _due(moment: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=moment)


def _event(row: OutboxEvent) -> registry.Event:
    return registry.Event(row.pk, row.name, json.loads(row.payload), row.actor, row.request_id, row.created_at)

