"""The counts follow the register. Readers do not wait for it: what is not folded yet they add themselves."""
from amanah.foundation.jobs import every
from amanah.registries.people.queries.public import public_flows
from amanah.registries.people.services import counting
from amanah.registries.territory import queries as territory


@every(minutes=1)
def fold() -> None:
    """Bring the strips of counted residents up to date; count anew after an import."""
    counting.fold()


@every(minutes=60)
def renew_flows() -> None:
    """Count the flows of the last year before a visitor asks for them."""
    if (city := territory.city()) is not None:
        public_flows(city.code, renew=True)
