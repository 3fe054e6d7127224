"""The counts follow the register. Readers do not wait for it: what is not folded yet they add themselves."""
from amanah.foundation.jobs import every
from amanah.registries.people.services import counting


@every(minutes=1)
def fold() -> None:
    """Bring the strips of counted residents up to date; count anew after an import."""
    counting.fold()
