"""./run manage territory_load: the city's tables of territories into the database."""
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.territory import services
from amanah.registries.territory.rules.tables import read_register

FILES = ("territory.csv", "territory_aliases.csv", "territory_bps.csv")


class Command(BaseCommand):
    help = "Muat daftar wilayah kota dari territory.csv, territory_aliases.csv dan territory_bps.csv. Aman diulang."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CITY_DIR, help="folder kota (bawaan: folder kota dalam pengaturan)")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Load the tables as the program itself; a mistake in them ends with exit code 1 and names file and line."""
        present = {name: folder / name for name in FILES if (folder / name).is_file()}
        if FILES[0] not in present:
            raise CommandError(f"Tidak ada {FILES[0]} di {folder}. Buat dulu, atau sebutkan foldernya dengan --folder.")
        try:
            texts = {name: path.read_text(encoding="utf-8") for name, path in present.items()}
            tables = [(name, texts[name]) if name in texts else None for name in FILES]
            register = read_register(tables[0] or ("", ""), tables[1], tables[2])
            digest = sha256("".join(texts.values()).encode()).hexdigest()[:16]
            report = services.load(Actor.system("territory"), register=register, digest=digest)
        except UnicodeDecodeError as problem:
            raise CommandError("Tabel harus berupa teks UTF-8. Simpan ulang berkasnya sebagai UTF-8.") from problem
        except AmanahError as problem:
            raise CommandError(problem.message) from problem
        self.stdout.write(f"Wilayah: {report.added} ditambah, {report.changed} berubah, {report.same} tetap. "
                          f"Nama lain: {report.aliases_added} ditambah, {report.aliases_changed} berubah.")
        if report.cells:
            self.stdout.write(f"Batas perkiraan dibuat untuk {report.cells} kelurahan. "
                              "Batas resmi: ./run manage territory_load_boundaries BERKAS.geojson")
        if report.absent:
            self.stdout.write(f"Ada di basis data tetapi tidak di tabel, dibiarkan: {', '.join(report.absent[:10])}"
                              + (f" dan {len(report.absent) - 10} lagi" if len(report.absent) > 10 else ""))
