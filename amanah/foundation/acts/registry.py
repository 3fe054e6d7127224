"""Every deed and every permission the program knows, by name. Filled while the rooms are imported; read by roles, docs and tests."""
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise
NAME = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*$")


@dataclass(frozen=True, slots=True)
class Act:
    """A deed: `title` is what one may do, `says` the sentence with {actor}, {subject} and keyword arguments, `promise` the docstring's first line."""

    name: str
    title: Text
    says: Text
    promise: str
    function: Callable[..., Any]
    secret: frozenset[str]

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


ACTS: dict[str, Act] = {}
PERMISSIONS: dict[str, Text] = {}  # name → what it allows, in Indonesian; an act's name is a permission as well
OUTSIDE: dict[str, Text] = {}  # deeds that the record knows but no act does: signing in and out, changing a password
EVENTS: dict[str, set[str]] = {}  # event → acts that declare to emit it


def permission(name: str, title: Text) -> str:
    """Declare something that is allowed or not but changes nothing, usually a read of protected data. Returns the name."""
    _check(name)
    if PERMISSIONS.get(name, title) != title or name in ACTS:
        raise ValueError(f"the permission {name} is declared twice")
    PERMISSIONS[name] = title
    return name


def add(act: Act, emits: tuple[str, ...]) -> None:
    _check(act.name)
    if act.name in PERMISSIONS:
        raise ValueError(f"the name {act.name} is taken: one name for each deed")
    ACTS[act.name] = act
    PERMISSIONS[act.name] = act.title
    for event in emits:
        EVENTS.setdefault(event, set()).add(act.name)


def outside(titles: dict[str, Text]) -> None:
    """Name deeds that are recorded without being acts."""
    OUTSIDE.update(titles)


def title(deed: str) -> Text:
    """What a deed of the record is called; one that is gone from the program keeps its code."""
    return PERMISSIONS.get(deed) or OUTSIDE.get(deed) or deed


def _check(name: str) -> None:
    if not NAME.match(name):
        raise ValueError(f"{name!r} is no name for a deed: write room.verb, in small letters")
