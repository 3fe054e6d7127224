"""Pages of a list by key instead of by number: a page costs the same at the front and at the millionth row, and nothing is counted.

A cursor is the key of the row at the edge of a page, as text for an address. It holds no secret and needs no signature: whatever it says,
the list behind it still shows only what its reader may see. The query itself is made by `amanah.foundation.stores.paging.keyset`.
"""
import base64
import binascii
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar
from uuid import UUID

from amanah.foundation.kernel.errors import Invalid

Row = TypeVar("Row")
Key = str | int | float | bool | Decimal | date | datetime | UUID | None

LARGEST = 100
_LONGEST = 2_048  # characters of a cursor; far more than any key we order by


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, with the cursors of the pages around them (None at the ends)."""

    rows: Sequence[Row]
    next: str | None
    previous: str | None
    size: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """The key of an edge row, and whether the page lies before it instead of after."""

    values: tuple[Key, ...]
    backwards: bool = False


def encode(cursor: Cursor, order: Sequence[str]) -> str:
    """The cursor as text that is safe in an address. It remembers a fingerprint of `order`, and so fits no other list by accident."""
    body = [_fingerprint(order), int(cursor.backwards), *(_pack(value) for value in cursor.values)]
    return base64.urlsafe_b64encode(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()).decode().rstrip("=")


def decode(text: str, order: Sequence[str]) -> Cursor:
    """Read a cursor that `encode` made for the same order; raise Invalid on anything else."""
    try:
        if len(text) > _LONGEST:
            raise ValueError(text[:10])
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        body = json.loads(raw, parse_constant=_not_finite)
        if not isinstance(body, list) or len(body) != len(order) + 2 or body[0] != _fingerprint(order) or body[1] not in (0, 1):
            raise ValueError("made for another list")
        return Cursor(tuple(_unpack(value) for value in body[2:]), backwards=bool(body[1]))
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError) as error:
        raise Invalid(cursor="Alamat halaman ini tidak berlaku lagi. Mulai dari halaman pertama.") from error


def size_within(size: int) -> int:
    """A page size between 1 and 100, whatever was asked for."""
    return max(1, min(size, LARGEST))


def _fingerprint(order: Sequence[str]) -> int:
    return zlib.crc32(",".join(order).encode())


def _pack(value: Key) -> object:
    match value:
        case datetime() if value.tzinfo is not None:
            return {"t": value.isoformat()}
        case datetime():
            raise ValueError("a moment needs its time zone")
        case date():
            return {"d": value.isoformat()}
        case Decimal():
            return {"n": str(value)}
        case UUID():
            return {"u": str(value)}
        case float() if not math.isfinite(value):
            raise ValueError("a key must be finite")
        case _:
            return value


def _unpack(value: object) -> Key:
    match value:
        case dict() if len(value) == 1:
            kind, text = next(iter(value.items()))
            return _unpack_kind(str(kind), str(text))
        case str(text):
            if "\x00" in text:
                raise ValueError("no key holds a null character")
            text.encode()  # a lone surrogate is no text
            return text
        case bool() | int() | float() | None:
            return value
        case _:
            raise ValueError("no such kind of key")


def _unpack_kind(kind: str, text: str) -> Key:
    match kind:
        case "t":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("a moment needs its time zone")
            return moment
        case "d":
            return date.fromisoformat(text)
        case "n":
            number = Decimal(text)
            if not number.is_finite():
                raise ValueError("a key must be finite")
            return number
        case "u":
            return UUID(text)
        case _:
            raise ValueError("no such kind of key")


def _not_finite(name: str) -> float:
    raise ValueError(name)
