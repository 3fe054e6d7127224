"""Real worker processes on PostgreSQL: killed half way, told to stop, and two at once."""
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from amanah.foundation.jobs import outbox, schedule
from amanah.foundation.jobs.models import Delivery, OutboxEvent, ScheduledWork, Worker
from amanah.foundation.jobs.tests.factories import put
from amanah.foundation.kernel import clock

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="several processes on one test database need PostgreSQL"),
]
PROGRAM = """
import sys, django
django.setup()
import amanah.foundation.jobs.tests.victim
from django.core.management import call_command
call_command("worker", "--interval=0.05", "--silence=2", *sys.argv[1:])
"""


@pytest.fixture
def workers(tmp_path):
    """Starts worker processes on the test's own database; whatever is still alive at the end is killed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effects (event bigint NOT NULL)")
    db, started = connection.settings_dict, []
    url = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    environment = {**os.environ, "AMANAH_DATABASE_URL": url, "AMANAH_MODE": "demo", "VICTIM_STARTS": str(tmp_path / "starts"),
                   "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "AMANAH_VAR": str(tmp_path)}

    def start(*arguments, sleep=0):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], env={**environment, "VICTIM_SLEEP": str(sleep)})
        started.append(process)
        return process

    start.begun = lambda: (tmp_path / "starts").read_text().split() if (tmp_path / "starts").exists() else []
    yield start
    for process in started:
        process.kill()
        process.wait()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_effects")


def effects():
    with connection.cursor() as cursor:
        cursor.execute("SELECT event FROM test_effects ORDER BY event")
        return [event for event, in cursor.fetchall()]


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this did not happen in time"
        time.sleep(0.05)


def test_a_worker_killed_in_the_middle_of_a_handler_loses_and_doubles_nothing(workers):
    put("test.slow")
    first = workers(sleep=60)
    wait_until(lambda: workers.begun().count("test.slow") == 1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert effects() == []                                     # its transaction died with it
    second = workers()
    wait_until(lambda: Delivery.objects.filter(state="done").exists())
    wait_until(lambda: DBTaskResult.objects.successful().filter(task_path=outbox.deliver.module_path).exists())
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert workers.begun().count("test.slow") == 2             # begun twice,
    assert effects() == [OutboxEvent.objects.get().pk]         # done once
    assert len(DBTaskResult.objects.get(task_path=outbox.deliver.module_path).worker_ids) == 2


def test_a_worker_told_to_stop_finishes_what_it_has_in_hand_and_begins_nothing_new(workers):
    put("test.slow")
    put("test.slow")
    worker = workers(sleep=2)
    wait_until(lambda: len(workers.begun()) >= 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0
    assert len(effects()) == 1 and not Worker.objects.exists()
    assert Delivery.objects.filter(state="queued").count() == 1


def test_two_workers_share_the_work_and_never_do_a_piece_twice(workers):
    schedule.tick()
    ScheduledWork.objects.update_or_create(name="amanah.foundation.jobs.tests.victim.scheduled",
                                           defaults={"last_due": clock.now() - timedelta(minutes=30)})
    with transaction.atomic():
        outbox.put([("test.quick", {"n": n}) for n in range(300)])
    pair = [workers(), workers()]
    wait_until(lambda: Delivery.objects.filter(state="done").count() == 300, seconds=60)
    for process in pair:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=20) for process in pair] == [0, 0]
    assert effects() == sorted(OutboxEvent.objects.values_list("pk", flat=True))
    begun = workers.begun()
    assert begun.count("test.quick") == 300
    names = {worker for ids in DBTaskResult.objects.values_list("worker_ids", flat=True) for worker in ids}
    assert len(names) == 2
    assert 1 <= begun.count("scheduled") <= 2                  # once; twice only if a minute began meanwhile
