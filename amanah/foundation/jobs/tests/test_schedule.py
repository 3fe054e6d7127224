from datetime import UTC, datetime, timedelta

import pytest

from amanah.foundation.jobs import queries, schedule
from amanah.foundation.jobs.models import ScheduledWork
from amanah.foundation.jobs.tests.factories import scheduled
from amanah.foundation.kernel import clock

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ran: list[datetime] = []


def note() -> None:
    ran.append(clock.now())


def fail() -> None:
    note()
    raise ValueError("NIK 1371")


@pytest.fixture(autouse=True)
def fresh():
    ran.clear()


def tick_at(moment):
    with clock.fixed(moment):
        return schedule.tick()


@pytest.mark.django_db
def test_work_seen_for_the_first_time_waits_for_its_next_due_moment():
    with scheduled(note, minutes=10) as name:
        tick_at(NOON)
        tick_at(NOON + timedelta(minutes=9))
        assert ran == []
        tick_at(NOON + timedelta(minutes=10))
        tick_at(NOON + timedelta(minutes=11))
        assert ran == [NOON + timedelta(minutes=10)]
        row = ScheduledWork.objects.get(name=name)
        assert (row.busy, row.error, row.last_due) == (False, "", NOON + timedelta(minutes=10))


@pytest.mark.django_db
def test_runs_missed_during_a_standstill_are_made_up_for_once():
    with scheduled(note, daily_at="02:00"):
        tick_at(NOON)
        tick_at(NOON + timedelta(days=9))
        tick_at(NOON + timedelta(days=9, minutes=1))
        assert len(ran) == 1


@pytest.mark.django_db
def test_a_failing_run_is_kept_by_kind_and_does_not_stop_the_next():
    with scheduled(fail, minutes=10) as name:
        for minutes in (0, 10, 20):
            tick_at(NOON + timedelta(minutes=minutes))
        assert len(ran) == 2
        row = next(row for row in queries.schedule() if row.name == name)
        assert (row.error, row.busy) == ("ValueError", False)


@pytest.mark.django_db
def test_a_run_that_is_still_going_keeps_the_next_from_starting_for_a_day_at_most():
    with scheduled(note, minutes=10) as name:
        tick_at(NOON)
        ScheduledWork.objects.filter(name=name).update(busy=True)
        tick_at(NOON + timedelta(minutes=10))
        assert ran == []
        tick_at(NOON + timedelta(days=1, minutes=10))
        assert len(ran) == 1


@pytest.mark.django_db
def test_a_moment_that_another_worker_has_taken_is_not_taken_again(monkeypatch):
    with scheduled(note, minutes=10) as name:
        tick_at(NOON)
        stale = {row.name: row for row in ScheduledWork.objects.all()}
        tick_at(NOON + timedelta(minutes=10))
        monkeypatch.setattr(ScheduledWork.objects, "all", lambda: stale.values())  # what the slower worker read before
        assert tick_at(NOON + timedelta(minutes=10)) == 0
        assert len(ran) == 1 and name in stale


@pytest.mark.django_db
def test_work_that_left_the_program_between_queueing_and_running_ends_quietly():
    ScheduledWork.objects.create(name="gone.away", last_due=NOON, busy=True)
    schedule.run_scheduled.call("gone.away")
    assert not ScheduledWork.objects.get(name="gone.away").busy
