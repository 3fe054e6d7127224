"""./run manage offices_load"""
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.offices import services


class Command(BaseCommand):
    help = "Memuat kantor dari offices.yaml kota; boleh diulang. Wilayah harus sudah dimuat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CITY_DIR, help="folder kota (baku: folder kota yang dipakai)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = services.load_from(Actor.system("offices_load"), options["folder"])
        except AmanahError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Kantor: {done.made} baru, {done.changed} berubah, {done.unchanged} tetap. "
                          f"Jabatan baru: {done.positions}. Hubungan penerus: {done.links}.")
        if done.unmentioned:
            self.stdout.write(f"Tidak lagi disebut dalam berkas, belum ditutup: {', '.join(done.unmentioned)}")
