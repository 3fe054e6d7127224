from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amanah.foundation.access.roles import load_roles
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid


class Command(BaseCommand):
    help = "Load the roles of the city (cities/<city>/roles.yaml). Safe to run again; nothing is loaded at start-up by itself."

    def handle(self, *args: object, **options: object) -> None:
        try:
            counts = load_roles(Actor.system("access_load_roles"), folder=settings.CITY_DIR)
        except Invalid as mistakes:
            raise CommandError(mistakes.message) from mistakes
        self.stdout.write("Roles: " + ", ".join(f"{number} {word}" for word, number in counts.items()))
