"""Many families and lives at once: the same rows that single events would leave, written in streams."""
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.stores import bulk
from amanah.foundation.stores.aside import indexes_aside

from ..models import Event, Extract, Family, Past, Person, Source, Word
from ..rules import codes
from ..rules.projection import Row, absorb
from ..rules.state import EMPTY, Fact, timeline, to_text
from .counting import mark_stale
from .rows import EVENT, FAMILY, PAST, PERSON, Maker

STEP = 5_000  # lives in one block
TABLES = (Family, Person, Event, Past)


@dataclass(slots=True)
class Card:
    """A family to be written. `key` numbers the families of one writing from 1 without gaps."""

    key: int
    number: str       # KK number, plain; "" when there is none
    place: int        # primary key of the narrowest territory known
    address: str
    ended: bool = False


@dataclass(slots=True)
class Happening:
    """One event of a life. `changes` has plain values: identifiers as text, `family` a Card's key, `mother` and `father` a Life's key."""

    kind: str
    valid_from: date
    recorded_at: datetime
    changes: dict[str, Any]


@dataclass(slots=True)
class Life:
    """A person to be written: what happened to them in order, the first with the whole state. `key` numbers the persons from 1 without gaps."""

    key: int
    happenings: list[Happening] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    families: int
    persons: int
    events: int
    past: int
    family_base: int = 0  # primary key = base + key
    person_base: int = 0


def write(cards: Iterable[Card], lives: Iterable[Life], *, source: Source, extract: Extract | None, actor: Actor, fresh: bool) -> Written:
    """Write families, then persons with all that happened to them; all or nothing. Neither stream is held in memory.

    Events are numbered in the order in which they were recorded, life by life. `fresh`: the register is empty, and its indexes are built at the
    end (Conflict when it is not empty). Other writers wait meanwhile. Nobody is told of the single events: counts become stale as a whole.
    Raises Invalid naming the key of a life that says too little.
    """
    with indexes_aside(TABLES) if fresh else nullcontext(), transaction.atomic():
        # Nobody else takes a number until we are through.
        bases = {model: bulk.reserve(model, 0) for model in (Family, Person, Event)}
        writer = _Writer(source, extract, actor, bases[Family], bases[Person], bases[Event])
        for block in _blocks(cards):
            writer.write_cards(block)
        for block in _blocks(lives):
            writer.write_lives(block)
        for model in (Family, Person, Event):
            bulk.renumber(model)
        remember(writer.words)
        mark_stale()
    with transaction.atomic(), connection.cursor() as cursor:
        # A family remembers its last event; only now there is an index by which to find it.
        cursor.execute("UPDATE people_family SET event = (SELECT COALESCE(MAX(e.id), 0) FROM people_event e WHERE e.family_id = people_family.id)"
                       " WHERE id > %s AND id <= %s", [writer.family_base, writer.family_base + writer.families])
    return Written(writer.families, writer.persons, writer.events, writer.past, writer.family_base, writer.person_base)


def remember(words: set[str]) -> None:
    """Make the words of names known. As many as there are, in few statements."""
    known = set(Word.objects.values_list("word", flat=True)) if len(words) > 1_000 else set()
    new = sorted({word[:60] for word in words if word} - known)
    Word.objects.bulk_create([Word(word=word) for word in new], ignore_conflicts=True, batch_size=10_000)


def _blocks(things: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(things)
    while block := list(islice(source, STEP)):
        yield block


class _Writer:
    """Where one writing stands."""

    def __init__(self, source: Source, extract: Extract | None, actor: Actor, family_base: int, person_base: int, event_base: int) -> None:
        self.maker = Maker(bulk.form_of(connection.vendor))
        self.source, self.extract, self.actor, self.provisional = source.pk, extract.pk if extract else None, actor.ref, not source.master
        self.family_base, self.person_base, self.event_base = family_base, person_base, event_base
        self.families = self.persons = self.events = self.past = 0
        self.words: set[str] = set()

    def write_cards(self, cards: list[Card]) -> None:
        rows = [self.maker.family(self.family_base + card.key, card.number, card.place, card.address[:200], ended=card.ended,
                                  provisional=self.provisional, event=0) for card in cards]
        bulk.send(Family, FAMILY, self.maker.form.pack(rows))
        self.families += len(rows)

    def write_lives(self, lives: list[Life]) -> None:
        persons: list[tuple[Any, ...]] = []
        events: list[tuple[Any, ...]] = []
        past: list[tuple[Any, ...]] = []
        for life in lives:
            try:
                self._live(life, persons, events, past)
            except (KeyError, IndexError, TypeError) as error:
                raise Invalid(life=f"Data orang nomor {life.key} belum lengkap: {type(error).__name__} {error}.") from error
        pack = self.maker.form.pack
        bulk.send(Person, PERSON, pack(persons))
        bulk.send(Event, EVENT, pack(events))
        bulk.send(Past, PAST, pack(past))
        self.persons += len(persons)
        self.past += len(past)

    def _live(self, life: Life, persons: list[Any], events: list[Any], past: list[Any]) -> None:
        maker, pk = self.maker, self.person_base + life.key
        rows: list[Row] = []
        facts: list[Fact] = []
        nik: str | None = None
        told = life.happenings
        for happening in told if len(told) == 1 else sorted(told, key=attrgetter("recorded_at")):
            changes = {name: value for name, value in self._numbered(happening.changes).items() if rows or value is not None}
            if not rows:
                changes.setdefault("status", codes.RESIDENT)
            nik = changes.get("nik", nik)
            changes = maker.sealed(changes)
            self.events += 1
            number = self.event_base + self.events
            before = rows[-1].state if rows else EMPTY
            events.append(maker.event(
                number, person=pk, family=changes.get("family", before["family"]), kind=happening.kind, valid_from=happening.valid_from,
                recorded_at=happening.recorded_at, source=self.source, extract=self.extract, provisional=self.provisional, changes=to_text(changes),
                actor=self.actor))
            if len(told) > 1:
                facts.append(Fact(number, happening.valid_from, happening.recorded_at, changes))
            if rows and not changes:
                continue
            if not rows or happening.valid_from >= rows[-1].valid_from:
                if rows:
                    rows[-1].valid_until, rows[-1].closed_at = happening.valid_from, happening.recorded_at
                rows.append(Row(happening.valid_from, number, {**before, **changes}, happening.recorded_at))
            else:
                rows = _rewritten(rows, facts, happening.recorded_at)
        now = rows[-1]
        nik = nik or None
        persons.append(maker.person(pk, now, nik_key=settings.SEAL.lookup(nik, "nik") if nik else None, provisional=self.provisional))
        self.words.update(persons[-1][_SEARCH].split())
        past.extend(maker.past(pk, row) for row in rows[:-1])

    def _numbered(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Keys of this writing become primary keys."""
        out = dict(changes)
        for name, base in (("family", self.family_base), ("mother", self.person_base), ("father", self.person_base)):
            if out.get(name) is not None:
                out[name] += base
        return out


_SEARCH = PERSON.index("search")


def _rewritten(rows: list[Row], facts: list[Fact], now: datetime) -> list[Row]:
    """The rows after an event that was recorded late; the present one last."""
    step = absorb(rows, timeline(facts), now)
    every = [*rows, *step.added]
    present = next(row for row in every if row.closed_at is None)
    return [*(row for row in every if row is not present), present]
