"""The search of the whole register for doubles, when an official asked for it."""
from amanah.foundation.jobs import Event, on
from amanah.foundation.kernel.actor import Actor
from amanah.registries.people.services import doubles


@on("people.pairs_wanted")
def find(event: Event) -> None:
    """Search, and keep what is to be decided. Done twice it finds the same."""
    sifted = doubles.sift(Actor.system("people"))
    doubles.keep(sifted.found)
