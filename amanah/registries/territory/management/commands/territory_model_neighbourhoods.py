"""./run manage territory_model_neighbourhoods: invented RW and RT for a demonstration, each marked as modelled."""
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.progress import progress
from amanah.registries.territory import services
from amanah.registries.territory.models import Level, Territory

SOURCE = "Model untuk peragaan; bukan data resmi."


class Command(BaseCommand):
    help = "Buat RW dan RT model untuk peragaan di kelurahan yang belum punya. Ditolak pada pemasangan sungguhan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rw", type=int, default=8, help="RW per kelurahan (bawaan 8)")
        parser.add_argument("--rt", type=int, default=4, help="RT per RW (bawaan 4)")

    def handle(self, *args: Any, rw: int, rt: int, **options: Any) -> None:
        """Give every kelurahan without any RW the same number of them; real numbers are not known and are never guessed in production."""
        if settings.PRODUCTION:
            raise CommandError("RW dan RT model hanya untuk peragaan. Masukkan yang sebenarnya lewat halaman kelurahan.")
        plan = {f"{n:03}": [f"{k:03}" for k in range(1, rt + 1)] for n in range(1, rw + 1)}
        bare = Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).exclude(children__level=Level.RW).order_by("code")
        made = sum(services.add_neighbourhoods(Actor.system("territory"), kelurahan, plan=plan, source=SOURCE, modelled=True)
                   for kelurahan in progress(list(bare), "kelurahan"))
        self.stdout.write(f"{made} RW dan RT model dibuat di {made // (rw * (1 + rt)) if rw else 0} kelurahan.")
