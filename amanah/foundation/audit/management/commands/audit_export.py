from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from amanah.foundation.audit import verification


class Command(BaseCommand):
    help = "Write the whole audit record into a folder, with the script that checks it without this program."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **told: Any) -> None:
        count = verification.export(told["folder"])
        self.stdout.write(f"{count} entries in {told['folder']}. Check with: python3 {told['folder']}/verify.py {told['folder']} --key-file KEY "
                          f"--public-key {told['folder']}/public-key.pem")
