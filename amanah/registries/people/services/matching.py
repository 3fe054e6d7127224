"""Doubles where people are entered, and what officials decide about them.

`check_new` compares a new entry with those that were born on the same or a mistakable day, or live in the same family, by the shipped weights.
A decision is an act like any other and can be taken back: the entry that yields becomes void by an event that says which entry remains.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.names import search_key
from amanah.registries.territory.models import Territory

from ..models import Event, Family, Pair, Person
from ..rules import codes
from ..rules.matching import Entry, liken, near_dates, reasons, sound
from . import weights as held
from .recording import at_the_counter, locked_family, record

THRESHOLD = 0.9
CLOSELY = 80  # so many entries at most are compared in full
State = Pair.State
DECISIONS = (State.SAME, State.DIFFERENT, State.UNSURE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of the register that may be the same person; `reasons` as a Pair keeps them."""

    person: int
    probability: float
    reasons: list[list[str]]


# ---------------------------------------------------------------- at the write path

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
    """Called when an entry has been written: whoever it may repeat becomes an open pair. Part of the caller's act."""
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


# ---------------------------------------------------------------- decisions

def yields(first: Person, second: Person) -> Person:
    """Which of the two entries gives way unless the official says otherwise: the one without NIK; of equals the provisional one, then the newer."""
    return max(first, second, key=lambda one: (one.nik_key is None, one.provisional, one.pk))


def _within(actor: Actor, name: str, pair: Pair, **_keywords: object) -> bool:
    """Both entries must lie within the actor's reach: the decision changes one and speaks of both."""
    return all(actor.may(name, one.scope) for one in (pair.first, pair.second))


@act("people.decide_pair", title=gettext_lazy("Memutuskan dugaan data ganda"), says=gettext_lazy("{actor} memutuskan dugaan data ganda {subject}: {decision}"),
     allowed=_within, emits=("people.happened",))
def decide_pair(actor: Actor, pair: Pair, *, decision: str, reason: str, void: Person | None = None) -> Pair:
    """Say of two entries whether they are one person. Same: the entry `void` (or the one that `yields`) becomes void and leaves its family.

    Different: never shown again unless what agrees changes. Reversible by undo_pair. Raises Invalid; Conflict when it was decided already.
    """
    if decision not in DECISIONS:
        raise Invalid(decision=_("Pilih salah satu keputusan."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis alasannya, misalnya dokumen yang Anda cocokkan."))
    held_pair = _locked(pair)
    if held_pair.state not in (State.OPEN, State.UNSURE):
        raise Conflict(_("Dugaan ini sudah diputuskan petugas lain."))
    held_pair.event = None
    if decision == State.SAME:
        held_pair.event = _void(actor, held_pair, void, reason).pk
    held_pair.state, held_pair.decided_by, held_pair.decided_at, held_pair.note = State(decision), actor.ref, clock.now(), reason.strip()[:500]
    held_pair.save()
    return held_pair


@act("people.undo_pair", title=gettext_lazy("Membatalkan keputusan data ganda"), says=gettext_lazy("{actor} membatalkan keputusan data ganda {subject}"),
     allowed=_within, emits=("people.happened",))
def undo_pair(actor: Actor, pair: Pair, *, reason: str) -> Pair:
    """Take a decision back: the pair is open again, and an entry that had become void stands as before. Raises Invalid, Conflict."""
    if not reason.strip():
        raise Invalid(reason=_("Tulis mengapa keputusan ini dibatalkan."))
    held_pair = _locked(pair)
    if held_pair.state == State.OPEN:
        raise Conflict(_("Dugaan ini belum diputuskan, atau keputusannya sudah dibatalkan."))
    if held_pair.event is not None:
        event = Event.objects.select_related("person").get(pk=held_pair.event)
        person: Person = event.person  # type: ignore[assignment]
        record(at_the_counter(actor, note=reason), Event.Kind.UNDO, person, valid_from=event.valid_from, changes={}, about=event)
        if person.family_id and person.status == codes.RESIDENT:
            Family.objects.filter(pk=person.family_id, ended=True).update(ended=False)
    held_pair.state, held_pair.event, held_pair.decided_by, held_pair.decided_at, held_pair.note = State.OPEN, None, "", None, ""
    held_pair.save()
    return held_pair


def _void(actor: Actor, pair: Pair, void: Person | None, reason: str) -> Event:
    """The event by which one entry becomes void: it names the entry that remains, and ends the membership in the family."""
    gone = void or yields(pair.first, pair.second)
    if gone.pk not in (pair.first_id, pair.second_id):
        raise Invalid(void=_("Pilih salah satu dari kedua data ini."))
    remains = pair.second if gone.pk == pair.first_id else pair.first
    if codes.VOID in (gone.status, remains.status):
        raise Conflict(_("Salah satu data ini sudah tidak berlaku. Muat ulang daftar."))
    family = locked_family(gone.family) if gone.family else None
    others = Person.objects.filter(family=family, status=codes.RESIDENT).exclude(pk=gone.pk) if family else Person.objects.none()
    if gone.relation == codes.HEAD and gone.status == codes.RESIDENT and others.exists():
        raise Conflict(_("Data yang akan dibatalkan adalah kepala keluarga. Ganti kepala keluarganya dahulu, atau pertahankan data itu."))
    note = _("Data yang tetap berlaku: nomor %(remains)d. %(reason)s") % {"remains": remains.pk, "reason": reason.strip()}
    event = record(at_the_counter(actor, note=note[:500]), Event.Kind.SAME, gone, valid_from=clock.today(),
                   changes={"status": codes.VOID, "family": None, "relation": None}, family=family)
    if family is not None and not others.exists():
        Family.objects.filter(pk=family.pk).update(ended=True)
    return event


def _locked(pair: Pair) -> Pair:
    with transaction.atomic():
        return Pair.objects.select_for_update(of=("self",)).select_related("first__place", "second__place", "first__family", "second__family").get(pk=pair.pk)
