"""The upkeep of the queue itself."""
from datetime import timedelta

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from amanah.foundation.jobs import every
from amanah.foundation.jobs.models import Delivery, DeliveryState, OutboxEvent, Worker
from amanah.foundation.kernel import clock

KEEP_EVENTS = timedelta(days=30)
KEEP_SUCCESSES = timedelta(days=2)
KEEP_FAILURES = timedelta(days=14)
LOST_AFTER = timedelta(hours=1)


@every(minutes=15)
def find_lost_deliveries() -> int:
    """Queue again what has been queued for over an hour; says how many.

    The database may have gone away just when a failure was to be noted. Queueing twice is harmless: the second run finds the work done.
    """
    now = clock.now()
    return Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lt=now - LOST_AFTER).update(state=DeliveryState.WAITING, due_at=now)


@every(daily_at="02:30")
def forget_finished() -> None:
    """Delete what is finished and of no more use; parked deliveries and their events stay until somebody deals with them."""
    now = clock.now()
    DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_SUCCESSES).delete()
    DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILURES).delete()
    Delivery.objects.filter(state=DeliveryState.DONE, finished_at__lt=now - KEEP_EVENTS).delete()
    OutboxEvent.objects.filter(dispatched_at__lt=now - KEEP_EVENTS, deliveries=None).delete()
    Worker.objects.filter(seen_at__lt=now - KEEP_SUCCESSES).delete()
