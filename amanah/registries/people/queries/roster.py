"""Who lives in a kelurahan, narrowed as asked, in the order of a paper roster: by RW, RT and family. The page and its download ask the same query."""
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.names import displayed
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset
from amanah.registries.territory.models import Level, Territory

from ..models import Person
from ..permissions import READ, visible
from ..rules import codes
from ..rules.counting import latest_birth
from ..rules.state import age

ORDER = ("rw", "rt", "card", "standing", "id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a roster holds: residents of `place` (a code), and only those to whom the rest fits. Ages in completed years, both included."""

    place: str
    rw: str = ""
    rt: str = ""
    sex: int | None = None
    age_from: int | None = None
    age_to: int | None = None

    @property
    def scope(self) -> Scope:
        return Scope(office=None, territory=self.place)

    @property
    def told(self) -> dict[str, Any]:
        """What was asked for, for the record."""
        return {name: value for name in ("place", "rw", "rt", "sex", "age_from", "age_to") if (value := getattr(self, name)) not in ("", None)}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster. `nik` and `kk` are sealed; whoever shows them masks them."""

    id: int
    name: str
    sex: int
    born: date
    age: int
    status: int
    relation: str
    family: int | None
    address: str
    rw: str
    rt: str
    place: str
    provisional: bool
    nik: bytes | None
    kk: bytes | None

    @property
    def scope(self) -> Scope:
        return Scope(office=None, territory=self.place)


def listed(actor: Actor, wanted: Wanted, needs: str = READ) -> "QuerySet[Person, Any]":
    """The persons of a roster, in its order. Those who asked for their data not to be used are in none: they are looked up one by one."""
    there = Territory.objects.filter(code__startswith=f"{wanted.place}.") | Territory.objects.filter(code=wanted.place)
    if wanted.rt:
        there = there.filter(level=Level.RT, label=wanted.rt)
        there = there.filter(parent__label=wanted.rw) if wanted.rw else there
    elif wanted.rw:
        there = there.filter(level=Level.RW, label=wanted.rw) | there.filter(level=Level.RT, parent__label=wanted.rw)
    persons = visible(actor, needs).filter(place_id__in=list(there.values_list("pk", flat=True)), status=codes.RESIDENT, restricted=False)
    if wanted.sex:
        persons = persons.filter(sex=wanted.sex)
    today = clock.today()
    if wanted.age_from is not None:
        persons = persons.filter(born__lte=latest_birth(wanted.age_from, today))
    if wanted.age_to is not None:
        persons = persons.filter(born__gte=latest_birth(wanted.age_to + 1, today) + timedelta(days=1))
    text = CharField()
    return persons.annotate(
        rw=Case(When(place__level=Level.RT, then=F("place__parent__label")), When(place__level=Level.RW, then=F("place__label")), default=Value(""),
                output_field=text),
        rt=Case(When(place__level=Level.RT, then=F("place__label")), default=Value(""), output_field=text),
        card=Coalesce("family_id", Value(0)), standing=Coalesce("relation", Value(codes.OTHER))).order_by(*ORDER).values(
            "id", "name", "sex", "born", "status", "relation", "family_id", "family__address", "rw", "rt", "place__code", "provisional", "nik", "family__number",
            "card", "standing")


def page(actor: Actor, wanted: Wanted, *, cursor: str = "", size: int = 50) -> Page[RosterRow]:
    """A page of a roster. Two statements. Raises Invalid for a foreign cursor."""
    found = keyset(listed(actor, wanted), order=ORDER, cursor=cursor, size=size)
    today = clock.today()
    return replace(found, rows=[_row(told, today) for told in found.rows])


def every(actor: Actor, wanted: Wanted, needs: str) -> Iterator[RosterRow]:
    """The whole roster, row by row; not held in memory."""
    today = clock.today()
    for told in listed(actor, wanted, needs).iterator(chunk_size=2000):
        yield _row(told, today)


def _row(told: dict[str, Any], today: date) -> RosterRow:
    return RosterRow(told["id"], displayed(told["name"]), told["sex"], told["born"], age(told["born"], today), told["status"],
                     codes.label("relation", told["relation"]), told["family_id"], told["family__address"] or "", told["rw"], told["rt"], told["place__code"],
                     told["provisional"], told["nik"], told["family__number"])
