"""`./run city`: the demonstration city, of any size, with invented people. Every room that has something to show adds its line to `invent`."""
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.access.demo import demo_accounts, demo_residents
from amanah.foundation.access.models import Grant
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel.actor import Actor
from amanah.registries.offices.services.demonstration import demo_officials

LEADING = ("lurah", "camat", "kepala_opd")  # roles of those who hold the first seat of their office


def invent(*, residents: int = 0, seed: int = 1) -> str:
    """Fill a loaded city with invented people, and say how many. May be called again."""
    accounts = demo_accounts(settings.CITY_DIR)
    leads = Grant.objects.filter(account__in=accounts, role__code__in=LEADING, ended_at=None).select_related("account")
    officials = demo_officials(Actor.system("demo"), [(grant.office, grant.account.name, grant.account_id) for grant in leads])
    people = demo_residents(residents, seed=seed)
    outbox.drain()
    return f"{len(accounts)} demonstration accounts, {len(officials)} invented officials, {people} new invented residents"


class Command(BaseCommand):
    help = "Build the demonstration city: the city's own data, an account for each role, officials, as many residents as you like. May be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--residents", type=int, default=0, metavar="N", help="invented residents with an account (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed invents the same people (default: %(default)s)")

    def handle(self, *args: Any, residents: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This invents people; it never runs where AMANAH_MODE is production. For a real city: ./run manage city_load")
        call_command("city_load", stdout=self.stdout, stderr=self.stderr)
        call_command("territory_model_neighbourhoods", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(invent(residents=residents, seed=seed))
