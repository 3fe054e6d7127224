"""Pairs of entries that may be one person, as those see them who decide. Sealed fields are compared in memory and never shown here."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from amanah.foundation.acts import covered
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.names import search_key
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

from ..models import Pair, Person
from ..permissions import MATCH
from ..rules import codes
from ..rules.matching import Rarity, compare_birthplaces, compare_dates, compare_names
from .rows import PersonRow, rows

State = Pair.State
SAME, ALIKE, DIFFERENT, ONE, NEITHER = "same", "alike", "different", "one", "neither"
_ANYTHING = Rarity({})


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in a list. `agree` and `differ` name fields. A person outside the actor's territories is None."""

    id: int
    first: PersonRow | None
    second: PersonRow | None
    probability: float
    state: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    note: str

    @property
    def shown(self) -> list[PersonRow]:
        return [one for one in (self.first, self.second) if one is not None]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of two entries side by side. `verdict`: same, alike, different, one (only one side says something) or neither. `sealed`: no values."""

    field: str
    first: Any
    second: Any
    verdict: str
    sealed: bool = False


def reach(actor: Actor) -> Q:
    """Pairs of which at least one entry lies within the actor's territories."""
    return covered(actor, MATCH, territory="first__place__code") | covered(actor, MATCH, territory="second__place__code")


def open_pairs(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[PairRow]:
    """Pairs that wait for a decision, the likeliest first."""
    return _page(actor, _waiting(actor), ("-probability", "id"), cursor, size)


def unsure_pairs(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[PairRow]:
    """Pairs of which somebody said that it cannot be told yet, the likeliest first."""
    return _page(actor, Pair.objects.filter(reach(actor), state=State.UNSURE), ("-probability", "id"), cursor, size)


def decided_pairs(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[PairRow]:
    """Pairs that were decided, the latest decision first."""
    return _page(actor, Pair.objects.filter(reach(actor), state__in=(State.SAME, State.DIFFERENT)), ("-decided_at", "-id"), cursor, size)


def next_open(actor: Actor, after: Pair) -> int | None:
    """The pair to decide after this one: the next less likely, else the likeliest that waits."""
    waiting = _waiting(actor).exclude(pk=after.pk).order_by("-probability", "id").values_list("pk", flat=True)
    below = waiting.filter(Q(probability__lt=after.probability) | Q(probability=after.probability, pk__gt=after.pk))
    found: int | None = below.first() or waiting.first()
    return found


def pair(actor: Actor, id: int) -> Pair:
    """One pair with both entries. Raises NotFound, also for one that lies elsewhere."""
    found = (Pair.objects.filter(reach(actor), pk=id)
             .select_related("first__place__parent", "second__place__parent", "first__family", "second__family").first())
    if found is None:
        raise NotFound()
    return found


def _waiting(actor: Actor) -> "QuerySet[Pair, Pair]":
    """Open pairs of which neither entry has become void by another decision."""
    return Pair.objects.filter(reach(actor), state=State.OPEN).exclude(first__status=codes.VOID).exclude(second__status=codes.VOID)


def _page(actor: Actor, pairs: "QuerySet[Pair, Pair]", order: Sequence[str], cursor: str, size: int) -> Page[PairRow]:
    from dataclasses import replace

    page = keyset(pairs, order=order, cursor=cursor, size=size)
    wanted = {pk for one in page.rows for pk in (one.first_id, one.second_id)}
    people = {row.id: row for row in rows(Person.objects.filter(covered(actor, MATCH, territory="place__code"), pk__in=wanted))}
    return replace(page, rows=[PairRow(
        one.pk, people.get(one.first_id), people.get(one.second_id), one.probability, one.state,
        tuple(name for name, level in one.reasons if level == "same"), tuple(name for name, level in one.reasons if level == "none"),
        one.found_at, one.decided_at, one.decided_by, one.note) for one in page.rows])


# ---------------------------------------------------------------- side by side

def side_by_side(first: Person, second: Person) -> list[FieldRow]:
    """Both entries field by field. Sealed ones are opened in memory to be compared; their values are not in the answer."""
    mothers = [settings.SEAL.open(one.mother_name, "mother_name") if one.mother_name else "" for one in (first, second)]
    phones = [settings.SEAL.open(one.phone, "phone") if one.phone else "" for one in (first, second)]
    cards = [one.family.number_key and bytes(one.family.number_key) if one.family else None for one in (first, second)]
    numbers = [bytes(one.nik_key) if one.nik_key else None for one in (first, second)]
    card = SAME if first.family_id is not None and first.family_id == second.family_id else _verdict(*cards)
    born = compare_dates(first.born, second.born)
    return [
        FieldRow("name", first.name, second.name, _of_names(first.name, second.name)),
        FieldRow("born", first.born, second.born, {"same": SAME, "none": DIFFERENT}.get(born, ALIKE)),
        FieldRow("sex", codes.label("sex", first.sex), codes.label("sex", second.sex), _verdict(first.sex, second.sex)),
        FieldRow("birthplace", first.birthplace, second.birthplace,
                 {"same": SAME, "close": ALIKE, "none": DIFFERENT}.get(compare_birthplaces(first.birthplace.lower(), second.birthplace.lower(), _ANYTHING)[0])
                 or _verdict(first.birthplace, second.birthplace)),
        FieldRow("nik", "", "", _verdict(*numbers), sealed=True),
        FieldRow("card", "", "", card, sealed=True),
        FieldRow("mother", "", "", _of_names(*mothers), sealed=True),
        FieldRow("father", first.father_name, second.father_name, _of_names(first.father_name, second.father_name)),
        FieldRow("phone", "", "", _verdict(*phones), sealed=True),
        FieldRow("relation", codes.label("relation", first.relation), codes.label("relation", second.relation), _verdict(first.relation, second.relation)),
        FieldRow("home", first.place_id, second.place_id, _verdict(first.place_id, second.place_id)),
        FieldRow("address", first.family.address if first.family else "", second.family.address if second.family else "",
                 _verdict(first.family.search if first.family else "", second.family.search if second.family else "")),
        FieldRow("status", codes.label("status", first.status), codes.label("status", second.status), _verdict(first.status, second.status)),
        FieldRow("since", first.valid_from, second.valid_from, _verdict(first.valid_from, second.valid_from)),
    ]


def _of_names(one: str, other: str) -> str:
    level = compare_names(search_key(one), search_key(other), _ANYTHING)[0]
    return {"same": SAME, "none": DIFFERENT, "missing": _verdict(one, other)}.get(level, ALIKE)


def _verdict(one: Any, other: Any) -> str:
    if not one and not other:
        return NEITHER
    if not one or not other:
        return ONE
    return SAME if one == other else DIFFERENT


__all__ = ["FieldRow", "PairRow", "decided_pairs", "next_open", "open_pairs", "pair", "reach", "side_by_side", "unsure_pairs"]
