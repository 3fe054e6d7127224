"""./run manage territory_load_boundaries FILE.geojson: official boundaries into the database."""
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.territory import services
from amanah.registries.territory.rules.boundaries import examine, read_features


class Command(BaseCommand):
    help = "Muat batas resmi dari berkas GeoJSON (WGS84). Kecamatan dan kota menjadi gabungan kelurahannya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="berkas GeoJSON")
        parser.add_argument("--level", choices=("kelurahan", "kecamatan"), default="kelurahan", help="tingkat wilayah dalam berkas")
        parser.add_argument("--source", default="", help="asal batas, misalnya nama dan tanggal keputusan (bawaan: nama berkas)")
        parser.add_argument("--code-property", default="", help="isian yang memuat kode Kemendagri (bawaan: dicari sendiri)")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, jangan simpan")

    def handle(self, *args: Any, file: Path, level: str, source: str, code_property: str, dry_run: bool, **options: Any) -> None:
        """Examine the file, tell what is odd about it, and store it as the program itself unless it is a dry run."""
        try:
            raw = file.read_bytes()
        except OSError as problem:
            raise CommandError(f"Berkas {file} tidak bisa dibaca. Periksa nama dan izinnya.") from problem
        try:
            known = services.known_territories(level)
            if not known:
                raise CommandError("Daftar wilayah masih kosong. Jalankan dulu: ./run manage territory_load")
            self._step(f"Membaca {file.name} ({len(raw) / 1e6:.1f} MB)")
            features = read_features(raw.decode("utf-8-sig"))
            self._step(f"Memeriksa {len(features)} fitur terhadap {len(known)} {level}")
            examined = examine(features, known, code_property)
            for warning in examined.warnings:
                self.stderr.write(f"Perhatikan: {warning}")
            self._step(f"Kode dari isian {examined.property_used!r}. Disesuaikan agar pas satu sama lain: {examined.moved_m2:,} m2.")
            if dry_run:
                self.stdout.write("Berkas bisa dimuat. Tidak ada yang disimpan (--dry-run).")
                return
            self._step("Menyimpan")
            report = services.load_boundaries(Actor.system("territory"), level=level, polygons=examined.shapes, source=source or file.name,
                                              digest=sha256(raw).hexdigest()[:16])
        except UnicodeDecodeError as problem:
            raise CommandError("GeoJSON harus berupa teks UTF-8.") from problem
        except AmanahError as problem:
            more = [str(text) for text in problem.details.values()] if problem.message == problem.default else []
            raise CommandError("\n".join([problem.message, *more])) from problem
        self.stdout.write(f"Batas {report.kelurahan} kelurahan dan {report.kecamatan} kecamatan disimpan, {report.area_m2 / 1e6:.2f} km2.")
        if report.without:
            self.stdout.write(f"Tanpa batas: {', '.join(report.without)}. Titik tengahnya di luar kecamatannya.")

    def _step(self, text: str) -> None:
        self.stderr.write(f"» {text}")
