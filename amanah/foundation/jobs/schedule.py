"""Runs what `@every` put on the schedule: once per due moment, whichever worker sees it first, and made up for once after a standstill."""
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from amanah.foundation.jobs import registry
from amanah.foundation.jobs.models import ScheduledWork
from amanah.foundation.kernel import clock

_STUCK_AFTER = timedelta(days=1)  # a run that never reported back no longer keeps the next one from starting


def tick() -> int:
    """Hand whatever has become due to the queue; says how much. Work that is seen for the first time starts at its next due moment."""
    now = clock.now()
    known = {row.name: row for row in ScheduledWork.objects.all()}
    started = 0
    for name, (rhythm, _) in registry.schedule().items():
        due = rhythm.last_due(now)
        if name not in known:
            ScheduledWork.objects.get_or_create(name=name, defaults={"last_due": due})
        elif known[name].last_due < due:
            with transaction.atomic():  # the update decides between two workers that both see it due
                mine = ScheduledWork.objects.filter(Q(busy=False) | Q(last_due__lt=now - _STUCK_AFTER), name=name, last_due__lt=due)
                if mine.update(last_due=due, busy=True):
                    run_scheduled.enqueue(name)
                    started += 1
    return started


@task()
def run_scheduled(name: str) -> None:
    """The background task: one run of one scheduled function. Its failure is kept and the next due moment tries again."""
    row = ScheduledWork.objects.filter(name=name)
    row.update(started_at=clock.now(), finished_at=None, error="")
    error = ""
    try:
        if name in registry.schedule():
            registry.schedule()[name][1]()
    except Exception as failure:
        error = type(failure).__qualname__[:200]
        raise
    finally:
        row.update(busy=False, finished_at=clock.now(), error=error)


def given_up(name: str, error: str) -> None:
    """The worker died in this work too often: let the next due moment try again."""
    ScheduledWork.objects.filter(name=name).update(busy=False, finished_at=clock.now(), error=error)
