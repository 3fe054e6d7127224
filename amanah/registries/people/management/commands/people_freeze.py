"""./run manage people_freeze: freeze the position of a day, or prove that frozen positions still agree with the register."""
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.people.models import Position
from amanah.registries.people.queries.positions import differences, suggested
from amanah.registries.people.services.positions import freeze_position

SHOWN = 20  # differences of one position


class Command(BaseCommand):
    help = "Bekukan posisi penduduk suatu hari (bawaan: akhir semester yang lalu), atau periksa posisi beku dengan --verify."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="hari posisi, TTTT-BB-HH")
        parser.add_argument("--note", default="", help="catatan")
        parser.add_argument("--verify", action="store_true", help="hitung ulang dan bandingkan; selisih membuat kode keluar 1")

    def handle(self, *args: Any, day: date | None, note: str, verify: bool, **options: Any) -> None:
        """Freeze as the program itself, or verify all positions (with --day: those of the day)."""
        if verify:
            return self._verify(day)
        try:
            position = freeze_position(Actor.system("people"), day=day or suggested(), note=note)
        except AmanahError as problem:
            raise CommandError(problem.message) from problem
        self.stdout.write(f"Posisi {position.day} edisi {position.edition}: {position.people} jiwa, sidik {position.digest}.")
        return None

    def _verify(self, day: date | None) -> None:
        wrong = 0
        for position in Position.objects.filter(**({"day": day} if day else {})).order_by("day", "edition"):
            found = differences(position)
            wrong += bool(found)
            self.stdout.write(f"Posisi {position.day} edisi {position.edition}: {'cocok' if not found else f'{len(found)} selisih'}.")
            for line in found[:SHOWN]:
                self.stdout.write(f"  {line}")
        if wrong:
            raise CommandError(f"{wrong} posisi tidak cocok dengan register.")
