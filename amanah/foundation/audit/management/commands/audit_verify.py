import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from amanah.foundation.audit import verification
from amanah.foundation.kernel.errors import Invalid


class Command(BaseCommand):
    help = "Check that the audit record is as it was written; names the first bad entry of each lane. Exit 1 when something is wrong."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint file from the other custodian; may be repeated")

    def handle(self, *args: Any, **told: Any) -> None:
        try:
            texts = [verification.read_checkpoint(path) for path in told["checkpoint"]]
        except Invalid as error:
            raise CommandError(str(error), returncode=2) from error
        shown = -1

        def progress(count: int) -> None:
            nonlocal shown
            if count // 100_000 != shown:
                shown = count // 100_000
                if shown:
                    self.stderr.write(f"  {count:,} entries …")

        count, faults = verification.verify(checkpoints=texts, progress=progress)
        for fault in faults:
            self.stdout.write(self.style.ERROR(str(fault)))
        if faults:
            self.stdout.write(f"{count} entries checked, {len(faults)} faults")
            sys.exit(1)
        self.stdout.write(f"{count} entries checked, all as written")
