"""Where each fact about a person comes from: the event that said so last, and its source."""
from dataclasses import dataclass
from datetime import date, datetime

from ..models import Event
from ..rules.state import timeline
from .events import facts_of


@dataclass(frozen=True, slots=True)
class Origin:
    """The event behind a fact. `provisional`: heard of at a counter, not yet confirmed by SIAK."""

    what: str
    source: str
    since: date
    recorded_at: datetime
    provisional: bool


def origins(person: int) -> dict[str, Origin]:
    """For each field that somebody has told us, who did. Two statements."""
    facts = {fact.id: fact for fact in facts_of(person)}
    events = {event.pk: event for event in Event.objects.filter(person=person).select_related("source")}
    found: dict[str, Origin] = {}
    for version in timeline(facts.values()):
        event = events[version.event]
        origin = Origin(str(Event.Kind(event.kind).label), event.source.name, event.valid_from, event.recorded_at, event.provisional)
        found.update({name: origin for name, value in facts[version.event].changes.items() if value is not None})
    return found
