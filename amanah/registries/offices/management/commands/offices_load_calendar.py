"""./run manage offices_load_calendar"""
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.offices import queries, services


class Command(BaseCommand):
    help = "Memuat hari libur dan jam kerja dari calendar.yaml kota; perubahan menjadi versi baru, versi lama tetap ada."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CITY_DIR, help="folder kota (baku: folder kota yang dipakai)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = services.load_calendar_from(Actor.system("offices_load_calendar"), options["folder"])
        except AmanahError as error:
            raise CommandError(error.message) from error
        for line in changes:
            self.stdout.write(line)
        version = queries.calendar().version[:12]
        self.stdout.write(f"Kalender versi {version}: {len(changes)} perubahan." if changes else
                          f"Tidak ada perubahan; kalender versi {version} tetap berlaku.")
