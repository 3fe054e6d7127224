"""Writing the audit record. Rooms do not call this: acts do, at the end of their transaction, and `look` before a read."""
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import randrange
from threading import local
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


Statement = tuple[str, list[Any]]


def append(notes: Sequence[Note], *, beside: Statement | None = None) -> None:
    """Chain `notes` at the end of one lane, in the caller's transaction; `beside` is one more INSERT that travels with them.

    A lane is taken as late as possible, and never one that another writer holds; a writer waits only if all lanes are taken.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of its deed")
    with connection.cursor() as cursor:
        known, _own.lane = getattr(_own, "lane", None), None
        written = known and _write(cursor, known, notes, beside)
        if not written:
            # The first time, and when somebody else wrote on this lane meanwhile. `beside` is written by then.
            written = _write(cursor, _take_lane(cursor), notes, None if known else beside)
        if written is None:
            raise RuntimeError("an audit lane moved although it was locked")
    transaction.on_commit(lambda: setattr(_own, "lane", written))


Place = tuple[int, int, bytes]  # a lane, the number of its last entry and that entry's mac
# Each thread goes on writing on the lane that it wrote on last, as long as nobody else did: that saves asking where the lane ends.
_own = local()


def _write(cursor: Any, place: Place, notes: Sequence[Note], beside: Statement | None) -> Place | None:
    """Where the lane ends afterwards; None, and no entry written, when it did not end at `place`."""
    lane, seq, mac = place
    key, name = signing_key()
    at = _microseconds(clock.now())
    rows: list[Any] = []
    for note in notes:
        seq += 1
        body = rules.body_of(name, lane, seq, {
            "at": at, "kind": note.kind, "deed": note.deed, "actor": note.actor, "subject": note.subject or None, "via": note.via or None,
            "office": note.office, "territory": note.territory, "purpose": note.purpose or None, "parent": note.parent or None,
            "request": note.request or None, "details": note.details or None})
        mac = rules.mac_of(key, mac, body)
        rows += (lane, seq, body, mac)
    move: Statement = ("UPDATE audit_lane SET seq = %s, mac = %s, seal = %s WHERE lane = %s AND seq = %s AND mac = %s",
                       [seq, mac, rules.seal_of(key, lane, seq, mac), *place])
    if connection.vendor == "postgresql":  # one journey for all
        values = ", ".join(["(%s::smallint, %s::bigint, %s::text, %s::bytea)"] * len(notes))
        along = f", beside AS ({beside[0]})" if beside else ""
        cursor.execute(f"WITH head AS ({move[0]} RETURNING lane){along} INSERT INTO audit_entry (lane, seq, body, mac)"  # noqa: S608
                       f" SELECT * FROM (VALUES {values}) AS entry WHERE EXISTS (SELECT 1 FROM head)",
                       [*move[1], *(beside[1] if beside else ()), *rows])
        return (lane, seq, mac) if cursor.rowcount == len(notes) else None
    if beside:
        cursor.execute(*beside)
    cursor.execute(*move)
    if cursor.rowcount != 1:
        return None
    cursor.execute(f"INSERT INTO audit_entry (lane, seq, body, mac) VALUES {', '.join(['(%s, %s, %s, %s)'] * len(notes))}", rows)  # noqa: S608
    return lane, seq, mac


def _take_lane(cursor: Any) -> Place:
    """Lock a lane that nobody holds: one drawn by lot if it is free, else any, else wait for the drawn one."""
    # By lot, so that two writers who met on a lane do not meet again on the next.
    columns, drawn = "SELECT lane, seq, mac FROM audit_lane", [randrange(LANES)]  # noqa: S311
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    for statement, values in ((f"{columns} WHERE lane = %s{lock}", drawn), (f"{columns} LIMIT 1{lock}", []),
                              (f"{columns} WHERE lane = %s{lock.replace(' SKIP LOCKED', '')}", drawn)):
        cursor.execute(statement, values)
        if row := cursor.fetchone():
            return row[0], row[1], bytes(row[2])
    raise RuntimeError("the audit record has no lanes: run the migrations")


def record(note: Note) -> None:
    """Write one entry durably, in a transaction of its own unless one is open already."""
    known = getattr(_own, "lane", None)
    if known and connection.vendor == "postgresql" and not connection.in_atomic_block:
        # One statement is a transaction by itself: two journeys less. When somebody else wrote on this lane, nothing was written.
        _own.lane = None
        with connection.cursor() as cursor:
            _own.lane = _write(cursor, known, [note], None)
        if _own.lane:
            return
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
    return _newest()


@cache
def _newest() -> tuple[bytes, str]:
    name, key = next(reversed(_ring().items()))
    return key, name
