"""Persons and families as officials may see them, and the register as it stood."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.registries.territory.models import Territory

from ..models import Family, Past, Person
from ..permissions import READ, visible, visible_families
from ..rules import codes
from ..rules.state import COUNTS, State, age, as_of
from .events import facts_of


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a family on its page; numbers stay sealed."""

    id: int
    name: str
    sex: int
    born: date
    age: int
    relation: int | None
    relation_name: str
    marital: int | None
    status: int
    status_name: str
    provisional: bool
    restricted: bool
    event: int


def person(actor: Actor, id: int, needs: str = READ) -> Person:
    """One person whom the actor may see, with family and place. Raises NotFound: also for one who lives elsewhere."""
    found = visible(actor, needs).select_related("place__parent", "family", "family__place", "mother", "father").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def family(actor: Actor, id: int, needs: str = READ) -> Family:
    """One family whom the actor may see, with its place. Raises NotFound."""
    found = visible_families(actor, needs).select_related("place__parent").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def members(family: Family | int, *, residents_only: bool = False) -> list[MemberRow]:
    """Who belongs to a family now, head first, then by relation and age. Those who died or left are named after them. One statement."""
    rows = Person.objects.filter(family=family).exclude(status=codes.VOID)
    if residents_only:
        rows = rows.filter(status=codes.RESIDENT)
    today = clock.today()
    return [MemberRow(p.pk, p.name, p.sex, p.born, age(p.born, today), p.relation, codes.label("relation", p.relation), p.marital, p.status,
                      codes.label("status", p.status), p.provisional, p.restricted, p.event)
            for p in sorted(rows, key=lambda p: (p.status, p.relation or codes.OTHER, p.born, p.pk))]


def children(person: Person) -> list[Person]:
    """Those whose mother or father this person is, oldest first."""
    return list(Person.objects.filter(Q(mother=person) | Q(father=person)).exclude(status=codes.VOID).order_by("born", "pk")[:50])


def known_as_of(person: int, on: date, known_at: datetime | None = None) -> State | None:
    """The state of one person on a day, as known at a moment (None: now): by folding their events. None before the first, or when all is undone."""
    return as_of(facts_of(person), on, known_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as the register had them on some day."""

    id: int
    name: str
    family: int | None
    facts: dict[str, Any]  # rules.state.COUNTS


def stood(on: date, known_at: datetime | None = None, *, within: str = "", residents_only: bool = True, ids: Sequence[int] | None = None,
          limit: int = 500) -> list[Standing]:
    """The register as it stood on a day, as known at a moment: at most `limit` persons in the order of their numbers. Two statements."""
    now, past = standing_rows(on, known_at)
    found: list[Standing] = []
    for rows, key in ((now, "pk"), (past, "person_id")):
        if ids is not None:
            rows = rows.filter(**{f"{key}__in": ids})
        if within:
            rows = rows.filter(Q(place__code=within) | Q(place__code__startswith=f"{within}."))
        if residents_only:
            rows = rows.filter(status=codes.RESIDENT)
        columns = ["place_id" if name == "place" else name for name in COUNTS]
        found += [Standing(id, name, family, dict(zip(COUNTS, facts, strict=True)))
                  for id, name, family, *facts in rows.order_by(key).values_list(key, "name", "family_id", *columns)[:limit]]
    return sorted(found, key=lambda one: one.id)[:limit]


def standing_rows(on: date, known_at: datetime | None = None) -> tuple[QuerySet[Person], QuerySet[Past]]:
    """The rows of now and of the past that held on a day as known at a moment; together each person at most once. See `Past`."""
    moment = known_at or clock.now()
    now = Person.objects.filter(valid_from__lte=on, recorded_at__lte=moment)
    past = Past.objects.filter(Q(replaced_at=None) | Q(replaced_at__gt=moment), Q(closed_at__gt=moment) | Q(valid_until__gt=on),
                               valid_from__lte=on, recorded_at__lte=moment)
    return now, past


def place_name(place: Territory) -> str:
    """"RT 002 RW 005": the part of an address below the kelurahan; "" for wider places."""
    if place.level == "rt" and place.parent is not None:
        return f"RT {place.label} RW {place.parent.label}"
    return f"RW {place.label}" if place.level == "rw" else ""
