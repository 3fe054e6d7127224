"""The door itself.

Order of a write, all or nothing: the actor holds the permission ▸ the room's function checks its rules and writes its rows ▸ one audit
entry for it and one for each act nested in it ▸ the events it emitted go to the outbox ▸ commit. A refusal is recorded after the rollback.
"""
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amanah.foundation.audit import services as audit
from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Scope
from amanah.foundation.kernel.errors import Refused

from . import registry

P = ParamSpec("P")
R = TypeVar("R")
LONGEST_DETAIL = 500


@dataclass(slots=True)
class _Deed:
    """What one transaction has gathered so far; nested acts add to their parent's."""

    names: list[str]
    notes: list[audit.Note] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


_open: ContextVar[_Deed | None] = ContextVar("amanah_deed", default=None)


def act(name: str, *, title: registry.Text, says: registry.Text, creates: bool = False, allowed: Callable[..., bool] | None = None,
        secret: tuple[str, ...] = (), emits: tuple[str, ...] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the act `name`: the only way in which its rows change.

    `title` is what one may do ("Mengangkat pejabat"), `says` the sentence of an entry.
    The function takes the actor first and, where there is one, the thing whose `scope` decides second; everything else by keyword.
    `creates`: the thing is only the place where something comes into being, and what the function returns is the subject of the entry.
    `allowed(actor, name, subject, **keywords)` replaces the check of scope. `secret` names keywords whose values stay out of the entry.
    `emits` lists the events it may emit. Raises Refused when the actor may not; whatever the function raises undoes everything.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        promise = (function.__doc__ or "").strip().partition("\n")[0]
        registry.add(registry.Act(name, title, says, promise, function, frozenset(secret)), emits)
        if len(_positional(function)) > 2:
            raise TypeError(f"{name}: take the actor, the thing, and all else by keyword")

        @wraps(function)
        def door(*args: P.args, **kwargs: P.kwargs) -> R:
            actor: Actor = args[0]  # type: ignore[assignment]
            subject = args[1] if len(args) > 1 else None
            scope = _scope_of(subject)
            outer = _open.get()
            deed = outer or _Deed([])
            try:
                if not (allowed(actor, name, subject, **kwargs) if allowed else actor.may(name, scope)):
                    raise Refused(needs=name)
                with transaction.atomic():
                    token = _open.set(deed)
                    deed.names.append(name)
                    place, told = len(deed.notes), len(deed.events)
                    try:
                        result = function(*args, **kwargs)
                    except BaseException:  # the caller of a nested act may catch this and go on: nothing of it must remain
                        del deed.notes[place:], deed.events[told:]
                        raise
                    finally:
                        deed.names.pop()
                        _open.reset(token)
                    deed.notes.insert(place, audit.Note(
                        kind="deed", deed=name, actor=actor.ref, subject=ref(result if creates else subject), via=actor.via(name, scope),
                        office=scope.office, territory=scope.territory, parent=deed.names[-1] if deed.names else "", request=actor.request_id,
                        details={key: plain(value) if key not in secret else "•••" for key, value in kwargs.items() if value is not None}))
                    if outer is None:
                        _write(deed, actor)
            except Refused as refusal:
                if not hasattr(refusal, "deed"):
                    refusal.deed = (actor, name, subject, scope)  # type: ignore[attr-defined]
                if outer is None:
                    record_refusal(*refusal.deed)  # type: ignore[attr-defined]
                raise
            return result

        return door

    return wrap


def _write(deed: _Deed, actor: Actor) -> None:
    """The entries and the first events travel together: one journey to the database."""
    # Imported here: the outbox has tables, and this package is loaded before Django has them.
    from amanah.foundation.jobs import outbox

    told = {"actor": actor.ref, "request_id": actor.request_id}
    first, rest = deed.events[:outbox.ROWS_A_STATEMENT], deed.events[outbox.ROWS_A_STATEMENT:]
    audit.append(deed.notes, beside=outbox.statement(first, **told) if first else None)
    outbox.put(rest, **told)


def emit(event: str, **payload: Any) -> None:
    """Tell the rest of the house, through the outbox, that something happened; it is told only if the act commits."""
    deed = _open.get()
    if deed is None:
        raise RuntimeError(f"{event} was emitted outside an act")
    declared = registry.EVENTS.get(event, ())
    if not any(name in declared for name in deed.names):
        raise RuntimeError(f"{deed.names[-1]} does not declare that it emits {event}")
    deed.events.append((event, {key: plain(value) for key, value in payload.items()}))


def look(actor: Actor, permission: str, subject: Any = None, *, purpose: str, scope: Scope | None = None, details: dict[str, Any] | None = None) -> None:
    """Record that `actor` reads protected data, durably, before it is shown. Raises Refused (recorded as well) when it may not.

    `purpose` is a purpose of the processing register; a read without one is refused. UU 27/2022 art. 20.
    """
    scope = scope or _scope_of(subject)
    if not purpose:
        raise Refused(_("Sebutkan dulu untuk keperluan apa data ini dibuka."), needs=permission)
    if not actor.may(permission, scope):
        refusal = Refused(needs=permission)
        refusal.deed = (actor, permission, subject, scope)  # type: ignore[attr-defined]
        record_refusal(*refusal.deed)  # type: ignore[attr-defined]
        raise refusal
    audit.record(audit.Note(kind="read", deed=permission, actor=actor.ref, subject=ref(subject), via=actor.via(permission, scope), office=scope.office,
                            territory=scope.territory, purpose=purpose, request=actor.request_id, details=details or {}))


def record_refusal(actor: Actor, permission: str, subject: Any = None, scope: Scope = EVERYWHERE) -> None:
    """Write a refusal down. Acts and reads do it by themselves; a page that refuses before its act was asked does it here."""
    audit.record(audit.Note(kind="refusal", deed=permission, actor=actor.ref, subject=ref(subject), office=scope.office, territory=scope.territory,
                            request=actor.request_id))


# ---------------------------------------------------------------- what an entry says

def ref(thing: Any) -> str:
    """How the audit record names a thing: "offices.position:12"; "" for nothing, and for things that are no rows."""
    return f"{thing._meta.label_lower}:{thing.pk}" if isinstance(thing, models.Model) else ""


def plain(value: Any) -> Any:
    """A value as JSON can hold it; rows become references, long texts are cut, anything unknown is named by its type only."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_DETAIL else f"{value[:LONGEST_DETAIL]}… ({len(value)})"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, models.Model):
        return ref(value)
    if isinstance(value, Scope):
        return [value.office, value.territory]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in list(value.items())[:50]}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in list(value)[:50]]
    return str(value) if isinstance(value, Decimal | Promise) else type(value).__name__


def _scope_of(subject: Any) -> Scope:
    scope = getattr(subject, "scope", None)
    return scope if isinstance(scope, Scope) else EVERYWHERE


def _positional(function: Callable[..., Any]) -> list[str]:
    return [p.name for p in signature(function).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
