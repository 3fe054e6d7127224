"""The worker: one process that relays the outbox, keeps the schedule, runs the queue and takes over the work of workers that died.

Two threads. The pulse (signs of life, relay, schedule, rescue) goes on while the main thread is busy with a long job. Any number of workers
may run side by side. SIGTERM lets the current job end; SIGKILL loses nothing: a job whose worker has been silent for a minute starts again
elsewhere, so jobs must bear being run twice (deliveries of events do by construction).
"""
import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from amanah.foundation.jobs import models, outbox, rules, schedule
from amanah.foundation.kernel import clock

log = logging.getLogger("amanah.jobs")


class WorkerDied(Exception):
    """Every worker that began this job died in it."""


class Worker:
    """One worker process. `silence` is how long another worker may be silent before its jobs are taken over."""

    def __init__(self, *, interval: float = 0.5, silence: timedelta = rules.SILENT_AFTER) -> None:
        self.id = get_random_string(32)
        self.interval = interval
        self.silence = silence
        self._stop = threading.Event()
        self._executor = db_worker.Worker(
            queue_names=["*"], interval=0, batch=True, backend_name=DEFAULT_TASK_BACKEND_ALIAS, startup_delay=False, max_tasks=None,
            worker_id=self.id, excluded_queue_names=[])

    def once(self) -> int:
        """Do everything that can be done now, then return; says how many jobs ran."""
        done = 0
        self.beat()
        try:
            while self.pulse() + (ran := self.work()):
                done += ran
        finally:
            self.leave()
        return done

    def run(self) -> None:
        """Work until told to stop by SIGTERM or SIGINT; a second signal ends at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        self.beat()
        heart = threading.Thread(target=self._keep_pulse, name="pulse", daemon=True)
        heart.start()
        log.info("worker %s starts", self.id)
        try:
            while not self._stop.is_set():
                if not self._guarded(self.work_one):
                    self._stop.wait(self.interval)
        finally:
            self._stop.set()
            heart.join(timeout=10)
            self._guarded(self.leave)
        log.info("worker %s ends", self.id)

    def pulse(self) -> int:
        """One round of relay, schedule and rescue; says how much was moved."""
        return outbox.relay_once() + schedule.tick() + self.rescue()

    def work(self) -> int:
        """Run jobs until none is ready; says how many."""
        count = 0
        while self.work_one():
            count += 1
        return count

    def work_one(self) -> bool:
        """Claim one job and run it; whether there was one."""
        ready = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
        if not ready.exists():
            return False
        with transaction.atomic():
            job = ready.get_locked()
            if job is not None:
                job.claim(self.id)
        if job is not None:
            self._executor.run_task(job)
        return job is not None

    def beat(self) -> None:
        now = clock.now()
        if not models.Worker.objects.filter(pk=self.id).update(seen_at=now):
            models.Worker.objects.create(pk=self.id, started_at=now, seen_at=now)

    def leave(self) -> None:
        models.Worker.objects.filter(pk=self.id).delete()

    def rescue(self) -> int:
        """Put jobs of silent workers back into the queue; give up on a job in which several workers died. Says how many jobs."""
        running = {job.pk: job.worker_ids for job in DBTaskResult.objects.running().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)}
        if not running:
            return 0
        alive = set(models.Worker.objects.filter(seen_at__gt=clock.now() - self.silence).values_list("pk", flat=True))
        orphans = [pk for pk, workers in running.items() if not workers or workers[-1] not in alive]
        for pk in orphans:
            with transaction.atomic():
                job = DBTaskResult.objects.select_for_update(skip_locked=True).filter(pk=pk, status=TaskResultStatus.RUNNING).first()
                if job is not None:
                    self._rescue_one(job)
        return len(orphans)

    def _rescue_one(self, job: DBTaskResult) -> None:
        log.warning("job of a silent worker: %s, begun %d times", job.task_path, len(job.worker_ids))
        if len(job.worker_ids) < rules.MAX_STARTS:
            job.status = TaskResultStatus.READY
            job.save(update_fields=["status"])
            return
        error = WorkerDied()
        job.set_failed(error)
        if job.task_path == outbox.deliver.module_path:
            outbox.failed(*job.args_kwargs["args"], error, final=True)
        elif job.task_path == schedule.run_scheduled.module_path:
            schedule.given_up(job.args_kwargs["args"][0], type(error).__name__)

    def _keep_pulse(self) -> None:
        try:
            last_beat = 0.0
            while not self._stop.wait(self.interval):
                if time.monotonic() - last_beat > self.silence.total_seconds() / 6:
                    self._guarded(self.beat)
                    last_beat = time.monotonic()
                self._guarded(self.pulse)
        finally:
            connection.close()

    def _guarded(self, step: Callable[[], object]) -> bool:
        """Run a step; a database that is away for a moment is waited for, any other fault is logged, and the worker lives on."""
        close_old_connections()
        try:
            return bool(step())
        except OperationalError as error:
            log.warning("database not available (%s)", type(error).__name__)
        except Exception:
            log.exception("worker step failed")
        finally:
            close_old_connections()
        return False

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self._stop.is_set():
            raise SystemExit(1)
        self._stop.set()
