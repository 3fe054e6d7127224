"""./run manage people_import FILE --source CODE"""
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.foundation.kernel.numbers import number
from amanah.registries.people.models import Extract
from amanah.registries.people.rules.extract import PROBLEMS, BadFile
from amanah.registries.people.services.importing import deeds
from amanah.registries.people.services.importing.files import survey
from amanah.registries.people.services.importing.loading import Progress

TITLES = {"new": "orang baru", "changed": "orang berubah", "unchanged": "tidak berubah", "rejected": "ditolak", "families": "keluarga baru",
          "missing": "tidak ada di berkas", "linked": "orang tua dihubungkan"}


class Command(BaseCommand):
    help = "Muat ekstrak kependudukan (CSV atau XLSX). Aman diulang: berkas yang sama dua kali tidak mengubah apa pun."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="berkas CSV atau XLSX")
        parser.add_argument("--source", help="kode sumber, misalnya siak")
        parser.add_argument("--name", default="", help="nama sumber, bila baru")
        parser.add_argument("--position", type=date.fromisoformat, help="tanggal data diambil, 2026-06-30 (bawaan: hari ini)")
        parser.add_argument("--local", action="store_true", help="sumber ini bukan register nasional; isinya sementara sampai dipastikan")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, tidak mengubah apa pun")
        parser.add_argument("--resume", action="store_true", help="lanjutkan pemuatan berkas ini yang terhenti")
        parser.add_argument("--complete", action="store_true", help="berkas memuat semua penduduk: yang tidak ada dicatat pindah, sementara")
        parser.add_argument("--report", type=Path, help="tempat menulis baris yang ditolak (CSV)")
        parser.add_argument("--undo", type=int, metavar="ID", help="batalkan seluruh ekstrak dengan nomor ini")
        parser.add_argument("--reason", default="", help="alasan pembatalan")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        actor = Actor.system("people_import")
        try:
            if options["undo"]:
                self._undo(actor, options["undo"], options["reason"])
            elif file is None or not options["source"]:
                raise CommandError("Sebutkan berkas dan --source, atau --undo.")
            elif not file.is_file():
                raise CommandError(f"Berkas {file} tidak ada.")
            else:
                self._load(actor, file, options)
        except BadFile as problem:
            raise CommandError(f"{problem.problem.code}: {problem.sentence}") from problem
        except AmanahError as problem:
            raise CommandError("; ".join([problem.message, *map(str, problem.details.values())])) from problem

    def _undo(self, actor: Actor, number_of: int, reason: str) -> None:
        extract = Extract.objects.select_related("source").filter(pk=number_of).first()
        if extract is None:
            raise CommandError(f"Ekstrak nomor {number_of} tidak ada.")
        done = deeds.undo_extract(actor, extract, reason=reason or "dibatalkan lewat perintah").counts["undone"]
        self.stdout.write(f"Ekstrak {extract.pk} dibatalkan: {number(done['void'])} orang tidak berlaku, {number(done['restored'])} kembali ke keadaan sebelumnya.")

    def _load(self, actor: Actor, file: Path, options: dict[str, Any]) -> None:
        source = deeds.source_of(options["source"], options["name"], master=not options["local"])
        begun = time.monotonic()
        survey_of = survey(file)
        extract = None
        if options["resume"]:
            extract = Extract.objects.select_related("source").filter(
                source=source, digest=survey_of.digest, state__in=(Extract.State.STOPPED, Extract.State.RUNNING)).order_by("-pk").first()
            if extract is None:
                raise CommandError("Tidak ada pemuatan berkas ini yang terhenti.")
        if extract is None:
            extract = deeds.bring(actor, source, path=file, name=file.name, position=options["position"] or clock.today(), complete=options["complete"],
                                  store=False)
        if options["dry_run"]:
            extract = deeds.check(actor, extract, path=file)
        else:
            deeds.load_extract(actor, extract, background=False)
            with self._shown() as told:
                extract = deeds.carry_out(extract, actor, path=file, told=told)
        self._table(extract, time.monotonic() - begun, dry=options["dry_run"])
        if options["report"] and extract.report:
            self._write_report(extract, options["report"])

    @contextmanager
    def _shown(self) -> Iterator[Any]:
        """A line that moves on a terminal, a line every ten seconds in a log."""
        terminal, begun = sys.stderr.isatty(), time.monotonic()
        due = begun + (0.25 if terminal else 10)

        def told(progress: Progress) -> None:
            nonlocal due
            if time.monotonic() >= due:
                share = min(progress.rows / max(progress.total, 1), 1)
                text = f"  [{'#' * round(30 * share):.<30}] {progress.rows:,} of {progress.total:,} rows, {time.monotonic() - begun:.0f} s"
                sys.stderr.write(f"\r\x1b[K{text}" if terminal else f"{text}\n")
                sys.stderr.flush()
                due = time.monotonic() + (0.25 if terminal else 10)

        yield told
        if terminal:
            sys.stderr.write("\r\x1b[K")

    def _table(self, extract: Extract, seconds: float, *, dry: bool) -> None:
        counts = extract.counts
        self.stdout.write(f"Ekstrak {extract.pk} {'diperiksa' if dry else 'dimuat'}: {number(extract.rows)} baris dalam {number(seconds, 1)} detik.")
        for key, title in TITLES.items():
            if counts["counts"].get(key):
                self.stdout.write(f"  {title:<24}{number(counts['counts'][key]):>12}")
        for heading, key in (("Ditolak karena", "rejected"), ("Diperingatkan", "warned")):
            for code, count in sorted(counts[key].items(), key=lambda item: -item[1]):
                self.stdout.write(f"  {heading} {code:<30}{number(count):>8}  {PROBLEMS[code].remedy}")

    def _write_report(self, extract: Extract, path: Path) -> None:
        from amanah.foundation.files.models import StoredFile
        from amanah.foundation.files.queries import open_for

        with open_for(Actor.system("people_import"), StoredFile.objects.get(pk=extract.report)) as content:
            path.write_bytes(content.read())
        path.chmod(0o600)
        self.stdout.write(f"Baris yang ditolak: {path}")
