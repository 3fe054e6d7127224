"""`./run manage city_load`: everything that cities/<city>/ holds, room by room; for a real city as for the demonstration."""
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from amanah.foundation.kernel.progress import steps

# In the order in which the rooms need one another; a new room with data of the city adds its command here.
LOADS = ("access_load_roles", "territory_load", "offices_load", "offices_load_calendar")


class Command(BaseCommand):
    help = "Load what belongs to the city (cities/<city>/): roles, territories, offices, calendar. May be run again; says what changed."

    def handle(self, *args: Any, **options: Any) -> None:
        for command in steps(LOADS):
            call_command(command, stdout=self.stdout, stderr=self.stderr)
