"""./run manage people_invent_extract: an extract of invented people as the national register exports it, to try and to measure imports with."""
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.people.invention.extract import Order
from amanah.registries.people.services import invention


class Command(BaseCommand):
    help = "Karang ekstrak penduduk (CSV, judul kolom seperti SIAK) dengan baris cacat yang diketahui. Ditolak pada pemasangan sungguhan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--residents", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="benih yang sama mengarang orang yang sama (bawaan 1)")
        parser.add_argument("--years", type=int, default=10)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--dirty", type=float, default=0.0, metavar="SHARE", help="bagian baris yang dirusak, misalnya 0.01")
        parser.add_argument("--truth", type=Path, help="tempat menulis baris mana yang dirusak atau berubah, dan apa yang seharusnya terjadi")
        parser.add_argument("--changes", type=float, default=0.0, metavar="SHARE", help="bagian penduduk yang berubah pada ekstrak kedua")
        parser.add_argument("--after", type=Path, help="tempat menulis ekstrak kedua")

    def handle(self, *args: Any, residents: int, seed: int, years: int, out: Path, dirty: float, truth: Path | None, changes: float, after: Path | None,
               **options: Any) -> None:
        if bool(changes) != bool(after):
            raise CommandError("--changes dan --after dipakai bersama.")
        try:
            what = invention.parts(residents, seed=seed, years=years)
            invention.write_extracts(Order(dirty, changes), what, out, after=after, truth=truth, tell=self.stdout.write)
        except AmanahError as problem:
            raise CommandError(str(problem.message)) from problem
