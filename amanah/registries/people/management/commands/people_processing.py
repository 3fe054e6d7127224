"""./run manage people_processing"""
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.people.queries.purposes import FILE, register


class Command(BaseCommand):
    help = f"Memeriksa daftar pemrosesan kota ({FILE}): tujuan, dasar hukum, wewenang, dan masa simpan."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = register()
        except AmanahError as error:
            raise CommandError(error.message) from error
        for one in found.purposes.values():
            self.stdout.write(f"{one.code}: {one.title}. Dasar: {one.ground}, {one.law}{'' if one.confirmed else ' (belum dipastikan)'}")
        for period in found.retention.values():
            self.stdout.write(f"simpan {period.kind}: {period.days} hari{'' if period.confirmed else ' (belum dipastikan)'}")
        self.stdout.write(f"{len(found.purposes)} tujuan, {sum(not one.confirmed for one in found.purposes.values())} belum dipastikan.")
