"""Writing the audit record. Rooms do not call this: acts do, at the end of their transaction, and `look` before a read."""
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from amanah.foundation.kernel import clock

from . import rules

LANES = 64


@dataclass(frozen=True, slots=True)
class Note:
    """What an entry tells. References only ("offices.position:12"), no names; `details` holds plain values."""

    kind: str
    deed: str
    actor: str
    subject: str = ""
    via: str = ""
    office: str | None = None
    territory: str | None = None
    purpose: str = ""
    parent: str = ""
    request: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def append(notes: Sequence[Note]) -> None:
    """Chain `notes` at the end of one lane, in the caller's transaction.

    The lane is taken as late as possible and skips those that other writers hold; a writer waits only if all lanes are taken.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of its deed")
    key, name = signing_key()
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    with connection.cursor() as cursor:
        lane, seq, before = _take_lane(cursor, lock)
        at = _microseconds(clock.now())
        rows: list[Any] = []
        for note in notes:
            seq += 1
            body = rules.body_of(name, lane, seq, {
                "at": at, "kind": note.kind, "deed": note.deed, "actor": note.actor, "subject": note.subject, "via": note.via, "office": note.office,
                "territory": note.territory, "purpose": note.purpose, "parent": note.parent, "request": note.request, "details": note.details})
            before = rules.mac_of(key, before, body)
            rows += (lane, seq, body, before)
        insert = f"INSERT INTO audit_entry (lane, seq, body, mac) VALUES {', '.join(['(%s, %s, %s, %s)'] * len(notes))}"  # noqa: S608
        update = "UPDATE audit_lane SET seq = %s, mac = %s, seal = %s WHERE lane = %s"
        head = [seq, before, rules.seal_of(key, lane, seq, before), lane]
        if connection.vendor == "postgresql":  # one journey instead of two
            cursor.execute(f"WITH head AS ({update}) {insert}", head + rows)
        else:
            cursor.execute(insert, rows)
            cursor.execute(update, head)


def _take_lane(cursor: Any, lock: str) -> tuple[int, int, bytes]:
    # Each process prefers a lane of its own, so the usual case is one index look-up without contention.
    columns = "SELECT lane, seq, mac FROM audit_lane"
    for statement, values in ((f"{columns} WHERE lane = %s{lock}", [os.getpid() % LANES]), (f"{columns} LIMIT 1{lock}", []),
                              (f"{columns} WHERE lane = %s{lock.replace(' SKIP LOCKED', '')}", [os.getpid() % LANES])):
        cursor.execute(statement, values)
        if row := cursor.fetchone():
            return row[0], row[1], bytes(row[2])
    raise RuntimeError("the audit record has no lanes: run the migrations")


def record(note: Note) -> None:
    """Write one entry durably, in a transaction of its own unless one is open already."""
    with transaction.atomic():
        append([note])


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


# ---------------------------------------------------------------- keys

@cache
def _ring() -> dict[str, bytes]:
    return {rules.fingerprint(key): key for key in (text.encode() for text in [*settings.AUDIT_OLD_KEYS, settings.AUDIT_KEY])}


def key_ring() -> dict[str, bytes]:
    """All keys that entries may have been made with, oldest first; the last one signs."""
    return _ring()


def signing_key() -> tuple[bytes, str]:
    name, key = next(reversed(_ring().items()))
    return key, name
