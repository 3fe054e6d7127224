from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from amanah.foundation.jobs import outbox, queries, rules, tasks
from amanah.foundation.jobs.models import Delivery, OutboxEvent, ScheduledWork, Worker
from amanah.foundation.jobs.tests.factories import handling, only_delivery, put, scheduled
from amanah.foundation.jobs.worker import Worker as Process
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Unavailable

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
notes: list[str] = []


@task()
def write(word: str) -> None:
    notes.append(word)


@task()
def break_down() -> None:
    raise ValueError("rusak")


@pytest.fixture(autouse=True)
def fresh():
    notes.clear()


def handler(event) -> None:
    notes.append(event.name)


def abandoned(workers: int = 1) -> DBTaskResult:
    """A job that a worker had in hand when it was killed."""
    job = DBTaskResult.objects.get()
    job.status, job.worker_ids = TaskResultStatus.RUNNING, [f"dead-{n}" for n in range(workers)]
    job.save()
    return job


def test_worker_once_does_everything_there_is_and_leaves(queue):
    with handling("a", handler):
        put("a")
        write.enqueue("halo")
        out = StringIO()
        call_command("worker", "--once", stdout=out)
    assert sorted(notes) == ["a", "halo"] and "2 pekerjaan selesai" in out.getvalue()
    assert only_delivery().state == "done" and not Worker.objects.exists()


def test_a_job_that_fails_is_kept_as_failed_and_the_next_one_runs(queue):
    break_down.enqueue()
    write.enqueue("sesudahnya")
    Process().once()
    assert notes == ["sesudahnya"] and DBTaskResult.objects.failed().count() == 1


def test_a_job_of_a_silent_worker_starts_again_elsewhere(queue):
    write.enqueue("dua kali")
    abandoned()
    Process().once()
    assert notes == ["dua kali"]
    job = DBTaskResult.objects.get()
    assert job.status == TaskResultStatus.SUCCESSFUL and len(job.worker_ids) == 2


def test_a_job_of_a_living_worker_is_left_alone(queue):
    write.enqueue("milik orang")
    abandoned()
    Worker.objects.create(id="dead-0", started_at=clock.now(), seen_at=clock.now())
    Process().once()
    assert notes == []


def test_a_delivery_in_which_every_worker_dies_is_parked(queue):
    with handling("a", handler):
        put("a")
        outbox.relay_once()
        abandoned(rules.MAX_STARTS)
        Process().once()
    assert notes == [] and DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert (only_delivery().state, only_delivery().error) == ("parked", "WorkerDied")


def test_scheduled_work_in_which_every_worker_dies_is_free_for_its_next_moment(queue):
    with scheduled(lambda: None, minutes=1) as name:
        Process().once()
        ScheduledWork.objects.filter(name=name).update(last_due=NOW - timedelta(days=400))
        from amanah.foundation.jobs import schedule
        schedule.tick()
        abandoned(rules.MAX_STARTS)
        assert ScheduledWork.objects.get(name=name).busy
        Process().rescue()
    row = ScheduledWork.objects.get(name=name)
    assert (row.busy, row.error) == (False, "WorkerDied")


def test_the_state_of_the_queue_counts_what_waits_runs_and_stands_still(queue):
    def breaks(event):
        raise Unavailable(permanent=True)

    with handling("a", breaks):
        put("a")
        Process().once()
        put("a")
    break_down.enqueue()
    Process().work()
    with clock.fixed(NOW):
        put("b")
    write.enqueue("x")
    state = queries.queue_state(clock.now())
    assert (state.new_events, state.waiting, state.running, state.parked, state.failed, state.workers) == (2, 1, 0, 1, 1, 0)
    assert queries.queue_state(NOW + timedelta(hours=1)).oldest >= timedelta(hours=1)


def test_an_empty_queue_has_no_age(queue):
    assert queries.queue_state(NOW).oldest == timedelta(0)


def test_a_delivery_whose_job_was_lost_is_found_and_done(queue):
    with handling("a", handler):
        put("a")
        outbox.relay_once()
        DBTaskResult.objects.all().delete()
        assert tasks.find_lost_deliveries() == 0
        with clock.fixed(clock.now() + timedelta(hours=2)):
            assert tasks.find_lost_deliveries() == 1
            Process().once()
    assert notes == ["a"] and only_delivery().state == "done"


def test_what_is_finished_is_forgotten_and_what_is_parked_is_kept(queue):
    def breaks(event):
        raise Unavailable(permanent=True)

    with handling("a", handler), handling("b", breaks):
        put("a")
        put("b")
        put("nobody.listens")
        Process().once()
    with clock.fixed(clock.now() + timedelta(days=29)):
        tasks.forget_finished()
        assert OutboxEvent.objects.count() == 3 and DBTaskResult.objects.count() == 0
    with clock.fixed(clock.now() + timedelta(days=31)):
        tasks.forget_finished()
    assert list(OutboxEvent.objects.values_list("name", flat=True)) == ["b"]
    assert list(Delivery.objects.values_list("state", flat=True)) == ["parked"]
