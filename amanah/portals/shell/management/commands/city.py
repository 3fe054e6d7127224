"""`./run city`: the demonstration city, of any size, with invented people. Every room that has something to show adds its line to `invent`."""
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanah.foundation.access.demo import demo_accounts, demo_resident, demo_resident_account
from amanah.foundation.access.models import Grant
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel.actor import Actor
from amanah.registries.offices.services.demonstration import demo_officials
from amanah.registries.people.services import counting, invention, ties

OTHERS = 5  # residents besides the one of the sign-in page who have an account
LEADING = ("lurah", "camat", "kepala_opd")  # roles of those who hold the first seat of their office


def invent(*, residents: int = 0, seed: int = 1, years: int = 10, doubles: float = invention.DOUBLES) -> str:
    """Fill a loaded city with invented people, and say how many. May be called again: a register that holds people is left alone."""
    accounts = demo_accounts(settings.CITY_DIR)
    leads = Grant.objects.filter(account__in=accounts, role__code__in=LEADING, ended_at=None).select_related("account")
    officials = demo_officials(Actor.system("demo"), [(grant.office, grant.account.name, grant.account_id) for grant in leads])
    said = [f"{len(accounts)} demonstration accounts", f"{len(officials)} invented officials"]
    if residents:
        said.append("the register holds people already and was left alone" if invention.anybody() else populate(residents, seed, years, doubles))
    outbox.drain()
    return ", ".join(said)


def populate(residents: int, seed: int, years: int, doubles: float) -> str:
    """The register, and who of it can sign in: the resident of the sign-in page and a few others."""
    actor = Actor.system("demo")
    made = invention.invent(actor, residents=residents, seed=seed, years=years, doubles=doubles)
    counting.recount()
    star = demo_resident_account(settings.CITY_DIR)
    others = [(person, demo_resident(person.name, number)) for number, person in enumerate(invention.neighbours(made.star, OTHERS), 1)]
    for person, account in ([(invention.person(made.star), star)] if made.star and star else []) + others:
        ties.tie(actor, person, account=account, how="demo")
    return f"{made.residents:,} invented residents ({made.doubles} of them entered twice; the truth is in {made.truth})"


class Command(BaseCommand):
    help = "Build the demonstration city: the city's own data, an account for each role, officials, as many residents as you like. May be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--residents", type=int, default=0, metavar="N", help="invented residents in the register (default: %(default)s)")
        parser.add_argument("--years", type=int, default=10, metavar="Y", help="years of births, deaths and moves behind them (default: %(default)s)")
        parser.add_argument("--doubles", type=float, default=invention.DOUBLES, metavar="SHARE", help="share of entries made twice (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed invents the same people (default: %(default)s)")

    def handle(self, *args: Any, residents: int, seed: int, years: int, doubles: float, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This invents people; it never runs where AMANAH_MODE is production. For a real city: ./run manage city_load")
        call_command("city_load", stdout=self.stdout, stderr=self.stderr)
        call_command("territory_model_neighbourhoods", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(invent(residents=residents, seed=seed, years=years, doubles=doubles))
