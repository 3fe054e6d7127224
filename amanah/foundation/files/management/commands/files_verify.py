"""`./run manage files_verify`: every stored file against its row. Ends with 1 when anything is missing or changed."""
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from amanah.foundation.files import upkeep
from amanah.foundation.files.models import StoredFile


class Command(BaseCommand):
    help = "Reads every stored file and compares it with what was stored; names what is missing, changed, or without a row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sweep", action="store_true", help="delete files without a row that are older than a day")

    def handle(self, *, sweep: bool, **options: Any) -> None:
        found: Counter[str] = Counter()
        for finding in upkeep.verify():
            found[finding.what] += 1
            self.stdout.write(f"{finding.what}: {finding.path} {finding.file_id}".rstrip())
        if sweep:
            self.stdout.write(f"swept: {upkeep.sweep_orphans()}")
        total = StoredFile.objects.count()
        summary = f"{total} files, {found['missing']} missing, {found['changed']} changed, {found['orphan']} without a row"
        if found["missing"] or found["changed"]:
            raise CommandError(summary)
        self.stdout.write(summary)
