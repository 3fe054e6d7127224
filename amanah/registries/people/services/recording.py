"""The single write path: an event is written down, and the rows that tell present and past are brought to it. Used by the acts, never by pages."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from amanah.foundation.acts import emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.names import search_key

from ..models import Event, Extract, Family, Past, Person, Shift, Source
from ..queries.events import facts_of
from ..rules import codes
from ..rules.projection import Row, absorb
from ..rules.state import COUNTS, EMPTY, FIELDS, SEALED, State, timeline, to_text
from .matching import check_new
from .words import remember

HELD = (*COUNTS, "family", "name")  # what rows of the past hold of a state
_KEYS = {"place": "place_id", "family": "family_id", "mother": "mother_id", "father": "father_id"}
_BLANK = ("birthplace", "father_name")  # texts that are "" where nothing is known
LOCAL = "kelurahan"  # the source of what is told at a counter


@dataclass(frozen=True, slots=True)
class Told:
    """How we know: who writes it down, from which source, with what evidence. What is not of the master is provisional until the master says the same."""

    actor: Actor
    source: Source
    extract: Extract | None = None
    note: str = ""
    evidence: str = ""

    @property
    def provisional(self) -> bool:
        return not self.source.master


def at_the_counter(actor: Actor, *, source: str = LOCAL, evidence: str = "", note: str = "") -> Told:
    """The usual way: an official writes down what somebody came to tell."""
    found = Source.objects.filter(code=source).first()
    if found is None and source == LOCAL:
        found = Source.objects.get_or_create(code=LOCAL, defaults={"name": _("Loket kelurahan")})[0]
    if found is None:
        raise Invalid(source=_("Sumber data ini belum dikenal. Pilih dari daftar."))
    return Told(actor, found, note=note.strip(), evidence=evidence.strip())


def locked_family(family: Family, *, seen: int | None = None) -> Family:
    """The family's row, held until the end of the deed. Raises Conflict when it has ended, or when its last event is not the one the form saw."""
    held = Family.objects.select_for_update().select_related("place").get(pk=family.pk) if connection.vendor == "postgresql" \
        else Family.objects.select_related("place").get(pk=family.pk)
    if seen is not None and held.event != seen:
        raise Conflict(_("Keluarga ini baru saja diubah petugas lain. Muat ulang, lalu periksa lagi."))
    if held.ended:
        raise Conflict(_("Kartu keluarga ini sudah berakhir. Cari keluarga yang masih berlaku."))
    return held


def state_of(person: Person) -> dict[str, Any]:
    """The present state of a person, as events speak of it."""
    return {name: getattr(person, _KEYS.get(name, name)) for name in FIELDS}


def sealed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same changes with identifiers sealed; a text that is already sealed (bytes) stays."""
    return {name: settings.SEAL.seal(value, name) if name in SEALED and isinstance(value, str) and value else (None if name in SEALED and not value else value)
            for name, value in changes.items()}


def enter(told: Told, kind: str, *, valid_from: date, state: Mapping[str, Any], family: Family | None = None, together: int | None = None) -> Person:
    """Write the first event of a person with their whole state, and the person. Raises Conflict when the NIK is known already."""
    now = clock.now()
    whole = {**EMPTY, "status": codes.RESIDENT, **state}
    safe = sealed(whole)
    person = Person(provisional=told.provisional, event=0, valid_from=valid_from, recorded_at=now)
    _fill(person, safe, nik=whole["nik"])
    with _one_nik():
        person.save(force_insert=True)
    event = _write(told, kind, person, valid_from, {name: value for name, value in safe.items() if value is not None}, now=now, family=family,
                   together=together)
    Person.objects.filter(pk=person.pk).update(event=event.pk)
    person.event = event.pk
    _shift(None, safe)
    remember(person.search.split())
    check_new(person)
    return person


def record(told: Told, kind: str, person: Person, *, valid_from: date, changes: Mapping[str, Any], family: Family | None = None,
           about: Event | None = None, together: int | None = None) -> Event:
    """Write an event of a person down and bring their rows to it. `person` is renewed in place. An event that comes late moves what follows it.

    Raises Conflict when the NIK belongs to somebody else, or when the family would have two heads.
    """
    now = clock.now()
    held = Person.objects.select_for_update().get(pk=person.pk)
    safe = sealed(changes)
    event = _write(told, kind, held, valid_from, safe, now=now, family=family, about=about, together=together)
    if kind != Event.Kind.UNDO and not safe:
        return event
    before = state_of(held)
    if kind != Event.Kind.UNDO and valid_from >= held.valid_from and held.status != codes.VOID:
        Past.objects.create(person=held, **_held(held), valid_from=held.valid_from, recorded_at=held.recorded_at, event=held.event,
                            valid_until=valid_from, closed_at=now)
        after: State | None = {**before, **safe}
        held.valid_from, held.recorded_at, held.event = valid_from, now, event.pk
    else:
        after = _rebuild(held, now)
    _save(held, after, before, nik=changes.get("nik"))
    person.__dict__.update({name: value for name, value in held.__dict__.items() if name != "_state"})
    person._state.fields_cache.clear()
    return event


def rebuild(person: Person) -> None:
    """Bring a person's rows to their events, whatever became of these (an extract undone, an event undone)."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    before = state_of(held)
    _save(held, _rebuild(held, clock.now()), before, nik=None)


def of_family(told: Told, kind: str, family: Family, *, valid_from: date, note: str = "") -> Event:
    """Write an event of a family as a whole down; the family remembers it as its last."""
    event = Event.objects.create(family=family, kind=kind, valid_from=valid_from, recorded_at=clock.now(), source=told.source, extract=told.extract,
                                 provisional=told.provisional, actor=told.actor.ref, note=note or told.note, evidence=told.evidence)
    Family.objects.filter(pk=family.pk).update(event=event.pk)
    family.event = event.pk
    return event


def _write(told: Told, kind: str, person: Person, valid_from: date, safe: Mapping[str, Any], *, now: Any, family: Family | None,
           about: Event | None = None, together: int | None = None) -> Event:
    event = Event.objects.create(
        person=person, family=family, kind=kind, valid_from=valid_from, recorded_at=now, source=told.source, extract=told.extract,
        provisional=told.provisional, about=about, together=together, changes=to_text(safe), actor=told.actor.ref, note=told.note, evidence=told.evidence)
    for touched in {person.family_id, safe.get("family"), family.pk if family else None} - {None}:
        Family.objects.filter(pk=touched).update(event=event.pk)
    emit("people.happened", happening=event.pk, person=person.pk, kind=kind)
    return event


def _rebuild(held: Person, now: Any) -> State | None:
    """Bring rows of the past to the timeline and say the present state; None when nothing is left of the person."""
    rows = [Row(row.valid_from, row.event, _state_held(row), row.recorded_at, row.valid_until, row.closed_at, row.replaced_at, origin=row)
            for row in Past.objects.filter(person=held, replaced_at=None)]
    # Withdrawn as a whole: the present row stands for nothing.
    present = [] if held.status == codes.VOID and not _stands(held) else [Row(held.valid_from, held.event, state_of(held), held.recorded_at, origin=held)]
    versions = timeline(facts_of(held.pk))
    step = absorb([*rows, *present], versions, now, same=lambda a, b: all(_eq(a.get(name), b.get(name)) for name in HELD))
    for row in step.changed:
        if isinstance(row.origin, Past):
            Past.objects.filter(pk=row.origin.pk).update(valid_until=row.valid_until, closed_at=row.closed_at, replaced_at=row.replaced_at)
        else:
            _keep(held, row, row.state)
    for row in step.added:
        if row.closed_at is not None:
            _keep(held, row, row.state)
    if not versions:
        held.recorded_at = now
        return None
    last = versions[-1]
    if last.event != held.event or any(row.closed_at is None for row in step.added):
        held.valid_from, held.recorded_at, held.event = last.valid_from, now, last.event
    return last.state


def _stands(held: Person) -> bool:
    """Whether an event of theirs made them void (merged), or nothing is left of them."""
    return Event.objects.filter(pk=held.event, person=held, kind=Event.Kind.SAME).exists()


def _keep(person: Person, row: Row, state: State) -> None:
    Past.objects.create(person=person, **{_KEYS.get(name, name): state[name] for name in HELD}, valid_from=row.valid_from, recorded_at=row.recorded_at,
                        event=row.event, valid_until=row.valid_until, closed_at=row.closed_at, replaced_at=row.replaced_at)


def _held(person: Person) -> dict[str, Any]:
    return {_KEYS.get(name, name): getattr(person, _KEYS.get(name, name)) for name in HELD}


def _state_held(row: Past) -> State:
    return {name: getattr(row, _KEYS.get(name, name)) for name in HELD}


def _eq(one: Any, other: Any) -> bool:
    return bool(one == other)


def _fill(person: Person, state: State, *, nik: str | None) -> None:
    for name in FIELDS:
        value = state.get(name)
        setattr(person, _KEYS.get(name, name), "" if value is None and name in _BLANK else value)
    if nik:
        person.nik_key = settings.SEAL.lookup(nik, "nik")
    elif state.get("nik") is None:
        person.nik_key = None
    else:
        person.nik_key = settings.SEAL.lookup(settings.SEAL.open(state["nik"], "nik"), "nik")
    person.search = search_key(person.name)[:200]


def _save(held: Person, after: State | None, before: State, *, nik: str | None) -> None:
    if after is None:
        after = {**before, "status": codes.VOID}
    same_nik = _bytes(after.get("nik")) == _bytes(before.get("nik"))
    key = held.nik_key
    _fill(held, after, nik=nik)
    if same_nik:
        held.nik_key = key
    with _one_nik():
        held.save()
    if after["status"] == codes.RESIDENT != before["status"] and after["family"]:  # a death or departure was taken back
        Family.objects.filter(pk=after["family"], ended=True).update(ended=False)
    _shift(before, after)
    remember(held.search.split())


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _shift(before: State | None, after: State) -> None:
    """Tell the counts: a resident left a cell, a resident came into one."""
    was = before if before is not None and before["status"] == codes.RESIDENT else None
    now = after if after["status"] == codes.RESIDENT else None
    columns = [name for name in COUNTS if name not in ("status", "place")]
    if was is not None and now is not None and all(was.get(name) == now.get(name) for name in COUNTS):
        return
    Shift.objects.bulk_create([Shift(sign=sign, place_id=state["place"], **{name: state.get(name) for name in columns})
                               for sign, state in ((-1, was), (1, now)) if state is not None])


class _one_nik:
    """Says in words what the database refuses: a NIK twice, a second head."""

    def __enter__(self) -> None:
        self.point = transaction.atomic()
        self.point.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.point.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            if "head" in str(error) or "people_person.family_id" in str(error):
                raise Conflict(_("Keluarga itu sudah punya kepala keluarga. Ganti kepala keluarganya dahulu.")) from error
            raise Conflict(_("Nomor ini sudah dipakai orang lain dalam register. Periksa nomornya, lalu cari orangnya.")) from error
