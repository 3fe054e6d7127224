"""Many families and lives at once: the same rows that single events would leave, written in streams."""
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


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
