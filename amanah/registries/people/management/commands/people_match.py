"""./run manage people_match: look for people who stand in the register twice."""
import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.people.services import doubles, weights
from amanah.registries.people.services.sifting import KEYS


class Command(BaseCommand):
    help = "Mencari orang yang tercatat dua kali di seluruh register, lalu menyimpan dugaannya untuk diputuskan petugas. Perlu ./run analytics."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threshold", type=float, default=doubles.THRESHOLD, help=f"peluang terkecil yang disimpan (baku {doubles.THRESHOLD})")
        parser.add_argument("--limit", type=int, help="simpan hanya sekian pasangan yang paling mungkin")
        parser.add_argument("--dry-run", action="store_true", help="hanya laporan, tidak menyimpan apa pun")
        parser.add_argument("--frozen", action="store_true", help="pakai bobot bawaan, tidak belajar dari register ini")
        parser.add_argument("--truth", type=Path, help="berkas kebenaran kota peragaan (first,second,same,why): hitung yang luput dan yang keliru")
        parser.add_argument("--write-weights", type=Path, help="simpan bobot hasil belajar ke berkas ini")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["threshold"] < 1:
            raise CommandError("--threshold adalah peluang antara 0 dan 1.")
        truth = read_truth(options["truth"]) if options["truth"] else None
        actor = Actor.system("people_match")
        try:
            sifted = doubles.sift(actor, threshold=options["threshold"], frozen=options["frozen"])
            found = sorted(sifted.found, key=lambda one: (-one.probability, one.first, one.second))[:options["limit"]]
            self.stdout.write(f"Penduduk: {sifted.people}. Dipertemukan kunci: {sifted.met}. Dibandingkan: {sifted.compared}. Dugaan ganda: {len(sifted.found)}.")
            for bit, name in KEYS.items():
                self.stdout.write(f"  kunci {name}: {sum(1 for one in found if one.keys & bit)}")
            self.stdout.write("Waktu (detik): " + ", ".join(f"{name} {seconds}" for name, seconds in sifted.seconds.items()))
            if not options["dry_run"]:
                kept = doubles.keep(found, complete=options["limit"] is None)
                self.stdout.write(f"Disimpan: {kept.new} baru, {kept.renewed} diperbarui, {kept.reopened} dibuka lagi karena buktinya berubah, "
                                  f"{kept.decided} sudah diputuskan, {kept.gone} tidak berlaku lagi.")
                for said, number in kept.fields.most_common():
                    self.stdout.write(f"  {said}: {number}")
        except AmanahError as error:
            raise CommandError(error.message) from error
        if truth is not None:
            judged = doubles.judge(sifted, truth)
            self.stdout.write(f"Kebenaran: {judged.doubles} ganda, ditemukan {judged.right} ({judged.recall:.2%}), keliru {judged.wrong} "
                              f"(ketepatan {judged.precision:.4%}).")
            for why, number in [*judged.missed.items(), *sorted(judged.by_way.items(), key=lambda item: -item[1])[:20]]:
                self.stdout.write(f"  luput, {why}: {number}")
        if options["write_weights"]:
            weights.write(options["write_weights"], sifted.weights)


def read_truth(path: Path) -> dict[tuple[int, int], str]:
    """The pairs of a demonstration city's truth file that are one person → what differs."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(min(pair), max(pair)): row["why"] for row in csv.DictReader(file) if row["same"] == "1"
                for pair in [(int(row["first"]), int(row["second"]))]}
