"""`./run worker`: background work. See amanah/foundation/jobs/worker.py."""
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from amanah.foundation.jobs.rules import SILENT_AFTER
from amanah.foundation.jobs.worker import Worker


class Command(BaseCommand):
    help = "Runs background work: outbox, schedule, queue. Stops after the current job on SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what can be done now, then exit")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at an empty queue (default: %(default)s)")
        parser.add_argument("--silence", type=float, default=SILENT_AFTER.total_seconds(),
                            help="seconds after which the jobs of a silent worker are taken over (default: %(default)s)")

    def handle(self, *, once: bool, interval: float, silence: float, **options: Any) -> None:
        worker = Worker(interval=interval, silence=timedelta(seconds=silence))
        if once:
            self.stdout.write(f"{worker.once()} pekerjaan selesai.")
        else:
            worker.run()
