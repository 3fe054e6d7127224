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

from amanah.foundation.jobs import registry, rules
from amanah.foundation.jobs.models import Delivery, DeliveryState, OutboxEvent
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import AmanahError, Conflict, Unavailable

_ROWS_A_STATEMENT = 500  # SQLite takes 32,766 parameters a statement; five a row
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
    moment = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        for start in range(0, len(events), _ROWS_A_STATEMENT):
            part = events[start:start + _ROWS_A_STATEMENT]
            values = [value for name, payload in part for value in (name, _encode(payload), actor, request_id, moment)]
            cursor.execute(_INSERT + ", ".join([_ROW] * len(part)), values)


def relay_once(limit: int = 100) -> int:
    """Hand at most `limit` new events and `limit` deliveries that are due again to the queue; says how many. Two relays share the work."""
    moment = clock.now()
    if not OutboxEvent.objects.filter(dispatched_at=None).exists() and not _due(moment).exists():
        return 0  # looking costs no write lock
    with transaction.atomic():
        return _dispatch_new(moment, limit) + _queue_due(moment, limit)


def drain() -> int:
    """Relay until nothing is left; says how many were handed over. For tests, `worker --once` and the demonstration."""
    total = 0
    while moved := relay_once():
        total += moved
    return total


def run(event_id: int, path: str) -> bool:
    """Run one handler on one event; whether it was this call that did the work. Every failure ends in a retry or is parked."""
    try:
        with transaction.atomic():
            delivery = (Delivery.objects.select_for_update(of=("self",), skip_locked=True).select_related("event")
                        .filter(event_id=event_id, handler=path, state=DeliveryState.QUEUED).first())
            if delivery is None:
                return False  # done, or another worker has it in hand
            handler = registry.handler(delivery.event.name, path)
            if handler is None:
                raise HandlerGone(permanent=True)
            handler(_event(delivery.event))
            delivery.state, delivery.finished_at, delivery.error = DeliveryState.DONE, clock.now(), ""
            delivery.attempts += 1
            delivery.save(update_fields=["state", "finished_at", "error", "attempts"])
            return True
    except Exception as error:
        failed(event_id, path, error)
        raise


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


def _dispatch_new(moment: datetime, limit: int) -> int:
    events = list(OutboxEvent.objects.select_for_update(skip_locked=True).filter(dispatched_at=None).order_by("id")[:limit])
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=moment)
    wanted = [(event.pk, path) for event in events for path in registry.handlers_of(event.name)]
    Delivery.objects.bulk_create([Delivery(event_id=pk, handler=path, due_at=moment) for pk, path in wanted])
    for pk, path in wanted:
        deliver.enqueue(pk, path)
    return len(events)


def _queue_due(moment: datetime, limit: int) -> int:
    due = list(_due(moment).select_for_update(skip_locked=True).order_by("due_at")[:limit])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in due]).update(state=DeliveryState.QUEUED)
    for delivery in due:
        deliver.enqueue(delivery.event_id, delivery.handler)
    return len(due)


def _due(moment: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=moment)


def _event(row: OutboxEvent) -> registry.Event:
    return registry.Event(row.pk, row.name, json.loads(row.payload), row.actor, row.request_id, row.created_at)

