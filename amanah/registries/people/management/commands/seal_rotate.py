"""./run manage seal_rotate [--check] [--lookup]"""
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.kernel.progress import progress
from amanah.registries.people.services import keys


class Command(BaseCommand):
    help = "Seal every identifier of the register again with the key in force. May be stopped and run again, and beside the work of the city."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say how much still waits for the key in force, the history included")
        parser.add_argument("--lookup", action="store_true",
                            help="instead compute every lookup anew, after a change of AMANAH_LOOKUP_KEY; stop the services first")

    def handle(self, *args: Any, check: bool, lookup: bool, **options: Any) -> None:
        if check:
            self._check()
            return
        try:
            done = (keys.rehash if lookup else keys.reseal)(watch=self._watch)
        except Unavailable as error:
            raise CommandError(error.message) from error
        for title, count in done.items():
            self.stdout.write(f"{title}: {count:,} {'lookups computed anew' if lookup else 'sealed again'}")
        if not lookup:
            self._check()

    def _check(self) -> None:
        left = 0
        for held in keys.check():
            left += held.waiting
            self.stdout.write(f"{held.title}: {held.all:,} values, {held.waiting:,} still under a former key")
        history = keys.history()
        self.stdout.write(f"{history.title}: {history.all:,} events hold sealed values, {history.waiting:,} under a former key; these stay as they were written")
        if history.waiting:
            self.stdout.write("Keep the former keys in AMANAH_SEAL_OLD_KEYS: the history needs them.")
        elif not left:
            self.stdout.write("Nothing needs a former key: AMANAH_SEAL_OLD_KEYS may be emptied, as far as backups need not be read.")

    def _watch(self, things: Iterator[int], what: str, total: int) -> Iterator[int]:
        return progress(things, what, total=total, out=self.stderr._out)
