"""What happened to somebody, as the fold needs it and as people read it."""
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

from ..models import Event
from ..rules.state import Fact, from_text


def facts_of(person: int) -> list[Fact]:
    """Everything that was ever recorded of a person, undone or not, in the order of recording. One statement."""
    rows = list(Event.objects.filter(person=person).order_by("id")
                .values_list("id", "valid_from", "recorded_at", "changes", "kind", "about_id", "extract__undone_at"))
    undone: dict[int, datetime] = {}
    for _id, _day, at, _changes, kind, about, _extract in rows:
        if kind == Event.Kind.UNDO and about is not None:
            undone.setdefault(about, at)
    return [Fact(id, day, at, from_text(changes), min(filter(None, (undone.get(id), extract)), default=None))
            for id, day, at, changes, kind, _about, extract in rows if kind != Event.Kind.UNDO]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event for a reader. `changed` names the fields, without their values; `undone` says that it no longer counts."""

    id: int
    kind: str
    title: str
    valid_from: date
    recorded_at: datetime
    source: str
    provisional: bool
    undone: bool
    note: str
    evidence: str
    actor: str
    person: int | None
    changed: tuple[str, ...]


def of_person(person: int, *, cursor: str = "", size: int = 20) -> Page[EventRow]:
    """The events of one person, newest first."""
    return _page(Q(person=person), cursor, size)


def of_family(family: int, *, cursor: str = "", size: int = 20) -> Page[EventRow]:
    """The events of a family as a whole and those by which somebody came into it or left it, newest first."""
    return _page(Q(family=family), cursor, size)


def _page(where: Q, cursor: str, size: int) -> Page[EventRow]:
    undone = Exists(Event.objects.filter(about=OuterRef("pk"), kind=Event.Kind.UNDO))
    page = keyset(Event.objects.filter(where).select_related("source", "extract").annotate(undone=undone), order=("-recorded_at", "-id"), cursor=cursor,
                  size=size)  # bulk writes lives one after the other: numbers alone would not be in the order of time
    return replace(page, rows=[_row(event) for event in page.rows])


def _row(event: Any) -> EventRow:
    gone = event.undone or (event.extract is not None and event.extract.undone_at is not None)
    return EventRow(event.pk, event.kind, str(Event.Kind(event.kind).label), event.valid_from, event.recorded_at, event.source.name, event.provisional,
                    gone, event.note, event.evidence, event.actor, event.person_id, tuple(from_text(event.changes)))
