"""Extracts are loaded in the background; a worker that dies is followed by one that goes on where it stopped."""
from amanah.foundation.jobs import Event, on
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import AmanahError
from amanah.registries.people.models import Extract
from amanah.registries.people.rules.extract import BadFile
from amanah.registries.people.services.importing import deeds


@on("people.load_begun", calls_out=True)  # commits its steps itself
def load(event: Event) -> None:
    """Carry a load out that somebody began. What stops it stands in the extract, where its page shows it."""
    extract = Extract.objects.select_related("source").get(pk=event.payload["extract"])
    if extract.state != Extract.State.RUNNING:
        return
    try:
        deeds.carry_out(extract, Actor(ref=event.payload["by"], kind="system", name="people"))
    except (BadFile, AmanahError):
        return
