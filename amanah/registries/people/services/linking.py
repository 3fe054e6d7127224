"""One short event for each of many persons, set-based: parents found later, residents who are missing from a complete extract."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from amanah.foundation.stores import bulk

from ..models import Event, Extract, Past, Person, Shift, Source
from ..rules import codes
from ..rules.projection import Row
from ..rules.state import COUNTS, to_text
from .recording import state_of
from .rows import EVENT, PAST, PERSON, Maker

STEP = 5_000


def link_parents(source: Source, extract: Extract | None, actor: str, now: datetime, asked: Mapping[int, Mapping[str, int]], *, valid_from: date) -> None:
    """Say of each child who their mother and father are."""
    tell_all(source, extract, actor, now, asked, kind=Event.Kind.LINK, valid_from=valid_from, provisional=not source.master)


def tell_all(source: Source, extract: Extract | None, actor: str, now: datetime, asked: Mapping[int, Mapping[str, Any]], *, kind: str, valid_from: date,
             provisional: bool, note: str = "") -> None:
    """An event of one kind for each person in `asked`, with the changes given there, from `valid_from` on but not before their present state.

    Inside the caller's transaction; the register afterwards is as if each had been told alone. Only unsealed fields.
    """
    maker = Maker(bulk.form_of(connection.vendor))
    every = sorted(asked)
    for start in range(0, len(every), STEP):
        persons = list(Person.objects.filter(pk__in=every[start:start + STEP]).order_by("pk"))
        event = bulk.reserve(Event, len(persons))
        events, past, rows, shifts = [], [], [], []
        for person in persons:
            event += 1
            since, before = max(valid_from, person.valid_from), state_of(person)
            changes = dict(asked[person.pk])
            after = {**before, **changes}
            events.append(maker.event(event, person=person.pk, family=before["family"], kind=kind, valid_from=since, recorded_at=now, source=source.pk,
                                      extract=extract.pk if extract else None, provisional=provisional, changes=to_text(changes), actor=actor, note=note))
            past.append(maker.past(person.pk, Row(person.valid_from, person.event, before, person.recorded_at, since, now)))
            rows.append(maker.person(person.pk, Row(since, event, after, now), nik_key=None if person.nik_key is None else bytes(person.nik_key),
                                     provisional=person.provisional, restricted=person.restricted, fingerprint=person.fingerprint))
            if any(before[name] != after[name] for name in COUNTS):
                shifts += [Shift(sign=sign, place_id=state["place"], **{name: state[name] for name in COUNTS if name not in ("status", "place")})
                           for sign, state in ((-1, before), (1, after)) if state["status"] == codes.RESIDENT]
        pack = maker.form.pack
        bulk.send(Event, EVENT, pack(events))
        bulk.send(Past, PAST, pack(past))
        bulk.replace(Person, PERSON, pack(rows))
        Shift.objects.bulk_create(shifts, batch_size=STEP)
