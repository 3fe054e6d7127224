"""The register as it stood: what events say about a person, put together for any day and any state of knowledge. Pure.

Two times belong to every event: `valid_from`, the day since which it holds, and `recorded_at`, the moment we knew. UU 23/2006 asks for the events;
the two times are what lets an auditor see both what was true and what was known.
"""
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from amanah.foundation.kernel.seal import as_text
from amanah.foundation.kernel.seal import from_text as from_base64

from . import codes

# What can be said about a person. `place` is the territory they live in (the narrowest known), `family` the family they belong to.
FIELDS = ("status", "place", "family", "relation", "name", "sex", "born", "birthplace", "religion", "marital", "education", "occupation", "blood",
          "citizenship", "disability", "nik", "mother_name", "father_name", "mother", "father", "phone")
SEALED = ("nik", "mother_name", "phone")  # held as bytes of kernel.seal, in `changes` as base64
COUNTS = ("status", "place", "sex", "born", *codes.COUNTED)  # what aggregates look at

State = Mapping[str, Any]
EMPTY: State = dict.fromkeys(FIELDS)


@dataclass(frozen=True, slots=True)
class Fact:
    """One event about one person, as far as its state is concerned. `undone_at`: the moment since which it no longer counts (its undoing is an event too)."""

    id: int
    valid_from: date
    recorded_at: datetime
    changes: Mapping[str, Any] = field(default_factory=dict)
    undone_at: datetime | None = None

    def counts_at(self, known_at: datetime) -> bool:
        return self.recorded_at <= known_at and (self.undone_at is None or known_at < self.undone_at)


@dataclass(frozen=True, slots=True)
class Version:
    """A stretch of days in which one state held: from `valid_from` until the day before `valid_until` (None: until further notice), begun by `event`."""

    valid_from: date
    valid_until: date | None
    event: int
    state: State


def timeline(facts: Iterable[Fact], known_at: datetime | None = None) -> list[Version]:
    """The versions of a person in order, as known at `known_at` (None: with everything that is not undone).

    Events of one day follow in the order in which they were recorded, each with a version of its own, so that none is lost in a count of what happened.
    An event that changes nothing (a confirmation) begins no version.
    """
    if known_at is None:
        held = [fact for fact in facts if fact.changes and fact.undone_at is None]
    else:
        held = [fact for fact in facts if fact.changes and fact.counts_at(known_at)]
    held.sort(key=lambda fact: (fact.valid_from, fact.id))
    versions: list[Version] = []
    state: State = EMPTY
    for place, fact in enumerate(held):
        state = {**state, **fact.changes}
        until = held[place + 1].valid_from if place + 1 < len(held) else None
        versions.append(Version(fact.valid_from, until, fact.id, state))
    return versions


def as_of(facts: Iterable[Fact], valid_on: date, known_at: datetime | None = None) -> State | None:
    """The state on a day as known at a moment; None when nothing was known to hold yet."""
    held = [version for version in timeline(facts, known_at) if version.valid_from <= valid_on]
    return held[-1].state if held else None


def differences(before: State, after: State) -> dict[str, Any]:
    """What has to be said so that `before` becomes `after`."""
    return {name: after.get(name) for name in FIELDS if before.get(name) != after.get(name)}


def to_text(changes: Mapping[str, Any]) -> str:
    """Changes as the table of events holds them: JSON, dates in ISO, sealed bytes in base64. Raises KeyError for a field that there is not."""
    if unknown := set(changes) - set(FIELDS):
        raise KeyError(f"no fields of a person: {sorted(unknown)}")
    plain = {name: value.isoformat() if isinstance(value, date) else as_text(value) if isinstance(value, bytes | memoryview) else value
             for name, value in changes.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> dict[str, Any]:
    """The changes of an event again, as `to_text` was given them."""
    changes: dict[str, Any] = json.loads(text)
    if changes.get("born") is not None:
        changes["born"] = date.fromisoformat(changes["born"])
    for name in SEALED:
        if changes.get(name) is not None:
            changes[name] = from_base64(changes[name])
    return changes


def has_cycle(parents: Mapping[Any, Sequence[Any]], start: Any) -> bool:
    """Whether somebody is their own ancestor, following parents upward from `start`."""
    seen: set[Any] = set()
    ahead = list(parents.get(start, ()))
    while ahead:
        one = ahead.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            ahead.extend(parents.get(one, ()))
    return False


def age(born: date, on: date) -> int:
    """Completed years by calendar birthday; born on 29 February, a year is completed on 1 March of common years. Regulations §8.3."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
