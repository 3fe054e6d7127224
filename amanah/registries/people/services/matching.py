"""Doubles where people are entered: a new entry is compared with those that were born on the same or a mistakable day, or live in the same family, by
the shipped weights. What officials decide about a pair stands in `deciding`.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.names import search_key
from amanah.registries.territory.models import Territory

from ..models import Pair, Person
from ..rules import codes
from ..rules.matching import Entry, liken, near_dates, reasons, sound
from . import weights as held

THRESHOLD = 0.9
CLOSELY = 80  # so many entries at most are compared in full


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of the register that may be the same person; `reasons` as a Pair keeps them."""

    person: int
    probability: float
    reasons: list[list[str]]


def likely(state: Mapping[str, Any], *, besides: int | None = None, threshold: float = THRESHOLD) -> list[Candidate]:
    """Entries that may be the person whom `state` describes (rules.state.FIELDS, sealed or plain), the likeliest first. `besides` is their own entry.

    Looks at those born on the same day, with day and month exchanged, or a digit off, and at the same family; some milliseconds at a million.
    """
    entry = _entry(state)
    sounds = {sound(word) for word in entry.name.split()}
    near = Q(born__in=near_dates(entry.born)) | (Q(family=entry.family) if entry.family else Q(pk__in=()))
    found = []
    for pk, name, family, born in Person.objects.filter(near).exclude(status=codes.VOID).values_list("pk", "search", "family_id", "born"):
        heard = {sound(word) for word in name.split()}
        shared = len(heard & sounds) / min(len(heard), len(sounds)) if heard and sounds else 0.0
        if pk != besides and (shared >= (0.3 if born == entry.born or (family and family == entry.family) else 0.5)):
            found.append((-shared, born != entry.born, pk))
    keys = [pk for *_how, pk in sorted(found)[:CLOSELY]]
    weights = held.for_people(held.shipped(), Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    alike = []
    for other in Person.objects.filter(pk__in=keys).select_related("place"):
        likeness = liken(entry, entry_of(other), weights)
        if likeness.probability >= threshold:
            alike.append(Candidate(other.pk, likeness.probability, reasons(likeness)))
    return sorted(alike, key=lambda one: (-one.probability, one.person))


def check_new(person: Person) -> list[Candidate]:
    """Called by the write path when an entry has been written: whoever it may repeat becomes an open pair. Part of the caller's act."""
    found = likely(_state(person), besides=person.pk)
    now = clock.now()
    Pair.objects.bulk_create([
        Pair(first_id=min(person.pk, one.person), second_id=max(person.pk, one.person), probability=one.probability, reasons=one.reasons, origin="write",
             found_at=now) for one in found], ignore_conflicts=True)
    return found


def entry_of(person: Person) -> Entry:
    """A person as the comparison sees them. Opens the mother's name, in memory only."""
    return _entry(_state(person), place=person.place.code)


def _state(person: Person) -> dict[str, Any]:
    return {"name": person.name, "born": person.born, "sex": person.sex, "mother_name": person.mother_name, "father_name": person.father_name,
            "birthplace": person.birthplace, "family": person.family_id, "place": person.place_id, "nik": person.nik_key, "mother": person.mother_id,
            "father": person.father_id}


def _entry(state: Mapping[str, Any], place: str | None = None) -> Entry:
    mother = state.get("mother_name") or ""
    if isinstance(mother, bytes | memoryview):
        mother = settings.SEAL.open(mother, "mother_name")
    if place is None:
        place = Territory.objects.filter(pk=state.get("place")).values_list("code", flat=True).first() or ""
    parents = dict(Person.objects.filter(pk__in=[state[name] for name in ("mother", "father") if state.get(name) and not state.get(f"{name}_name")])
                   .values_list("pk", "name")) if state.get("mother") or state.get("father") else {}
    born: date = state["born"]
    return Entry(search_key(state["name"]), born, state["sex"], search_key(mother or parents.get(state.get("mother"), "")),
                 search_key(state.get("father_name") or parents.get(state.get("father"), "")), (state.get("birthplace") or "").lower(),
                 state.get("family"), place, bool(state.get("nik")), state.get("mother"), state.get("father"))
