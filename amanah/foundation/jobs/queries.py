"""What an operations page shows of the background work."""
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from amanah.foundation.jobs.models import Delivery, DeliveryState, OutboxEvent, ScheduledWork, Worker
from amanah.foundation.jobs.rules import SILENT_AFTER
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the background stands. `oldest` is the age of the oldest piece of work that nobody has started."""

    new_events: int
    waiting: int        # in the queue or waiting for another try
    running: int
    parked: int         # events that somebody has to look at
    failed: int         # other jobs that ended with a failure (kept for some days)
    oldest: timedelta
    workers: int        # alive


@dataclass(frozen=True, slots=True)
class ParkedRow:
    id: int
    event_id: int
    event: str
    handler: str
    attempts: int
    error: str
    created_at: datetime
    parked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    name: str
    last_due: datetime
    started_at: datetime | None
    finished_at: datetime | None
    busy: bool
    error: str


def queue_state(now: datetime) -> QueueState:
    """Counts of everything that waits, runs or stands still, in four statements."""
    events = OutboxEvent.objects.filter(dispatched_at=None).aggregate(n=Count("id"), oldest=Min("created_at"))
    tasks = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exclude(task_path="amanah.foundation.jobs.outbox.deliver",
                                                                                    status=TaskResultStatus.FAILED).aggregate(
        ready=Count("id", filter=Q(status=TaskResultStatus.READY)),
        running=Count("id", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("id", filter=Q(status=TaskResultStatus.FAILED)),
        oldest=Min("enqueued_at", filter=Q(status=TaskResultStatus.READY)))
    deliveries = Delivery.objects.filter(state__in=(DeliveryState.WAITING, DeliveryState.PARKED)).aggregate(
        waiting=Count("id", filter=Q(state=DeliveryState.WAITING)), parked=Count("id", filter=Q(state=DeliveryState.PARKED)))
    begun = min((moment for moment in (events["oldest"], tasks["oldest"]) if moment), default=now)
    return QueueState(new_events=events["n"], waiting=tasks["ready"] + deliveries["waiting"], running=tasks["running"], parked=deliveries["parked"],
                      failed=tasks["failed"], oldest=max(now - begun, timedelta(0)),
                      workers=Worker.objects.filter(seen_at__gt=now - SILENT_AFTER).count())


def parked(*, cursor: str | None = None, size: int = 50) -> Page[ParkedRow]:
    """Deliveries that failed for good, newest first. `services.retry(row.id)` tries one again."""
    page = keyset(Delivery.objects.filter(state=DeliveryState.PARKED).select_related("event"), order=("-id",), cursor=cursor, size=size)
    return replace(page, rows=[
        ParkedRow(row.pk, row.event_id, row.event.name, row.handler, row.attempts, row.error, row.event.created_at, row.finished_at)
        for row in page.rows])


def schedule() -> list[ScheduleRow]:
    """The scheduled work that has been seen at least once, and how its last run ended."""
    return [ScheduleRow(*row) for row in ScheduledWork.objects.order_by(F("name")).values_list(
        "name", "last_due", "started_at", "finished_at", "busy", "error")]
