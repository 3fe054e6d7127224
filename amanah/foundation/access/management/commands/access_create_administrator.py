from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from amanah.foundation.access.models import Role
from amanah.foundation.access.services import Place, grant, invite, open_account
from amanah.foundation.kernel.actor import EVERYWHERE, Actor
from amanah.foundation.kernel.errors import AmanahError


class Command(BaseCommand):
    help = "Open the first administrator's account of a fresh installation and print the link with which they set their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--role", default="pengelola_aplikasi")

    def handle(self, *args: object, username: str, name: str, email: str, role: str, **options: object) -> None:
        role_row = Role.objects.filter(code=role, retired=False).first()
        if role_row is None:
            raise CommandError(f"There is no role {role!r}. Run access_load_roles first.")
        actor = Actor.system("access_create_administrator")
        try:
            account = open_account(actor, Place(EVERYWHERE), name=name, kind=role_row.kind, username=username, email=email)
            grant(actor, Place(EVERYWHERE), account=account, role=role_row, reason="Pengelola pertama")
            link = invite(actor, account)
        except AmanahError as error:
            raise CommandError("; ".join([error.message, *map(str, error.details.values())])) from error
        self.stdout.write(f"Account {username} is open. Within three days, once, set the password here, then a second proof (app or passkey):\n{link}")
