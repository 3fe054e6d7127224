"""Who handles which event, and what runs on the schedule: two tables in memory, filled by decorators when the rooms load."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from amanah.foundation.jobs.rules import Every
from amanah.foundation.kernel.clock import WIB


@dataclass(frozen=True, slots=True)
class Event:
    """What a handler is given. `id` grows but not without gaps, and not in the order of commits."""

    id: int
    name: str
    payload: dict[str, Any]
    actor: str
    request_id: str
    created_at: datetime


Handler = Callable[[Event], None]
Work = Callable[[], None]

_handlers: dict[str, dict[str, Handler]] = {}
_calling_out: set[str] = set()
_schedule: dict[str, tuple[Every, Work]] = {}


def path_of(function: Callable[..., Any]) -> str:
    """The name under which a handler or scheduled function is kept in the database; renaming it orphans what waits for it."""
    return f"{function.__module__}.{function.__qualname__}"


def on(event: str, *, calls_out: bool = False) -> Callable[[Handler], Handler]:
    """Make a function a handler of the named event.

    It runs in the background inside one transaction together with the mark that it ran: its rows are written exactly once, even when the
    worker is killed half way. With `calls_out` it runs outside of any transaction, as calls on a wire demand; then it may run twice and must
    give its partner the same idempotency key both times.
    """
    def register(handler: Handler) -> Handler:
        _handlers.setdefault(event, {})[path_of(handler)] = handler
        if calls_out:
            _calling_out.add(path_of(handler))
        return handler
    return register


def calls_out(path: str) -> bool:
    return path in _calling_out


def every(*, minutes: int = 0, daily_at: str = "") -> Callable[[Work], Work]:
    """Put a function without arguments on the schedule: every so many minutes, or daily at HH:MM (WIB).

    Runs that were missed while no worker was up are made up for once, not once each. One run never overlaps the next.
    """
    rhythm = Every(WIB, minutes, time.fromisoformat(daily_at) if daily_at else None)

    def register(work: Work) -> Work:
        _schedule[path_of(work)] = (rhythm, work)
        return work
    return register


def handlers_of(event: str) -> list[str]:
    return list(_handlers.get(event, ()))


def handler(event: str, path: str) -> Handler | None:
    return _handlers.get(event, {}).get(path)


def schedule() -> dict[str, tuple[Every, Work]]:
    return _schedule


def handled_events() -> dict[str, list[str]]:
    """Every event that somebody handles, with the handlers (the architecture tests compare it with what is emitted)."""
    return {event: list(paths) for event, paths in _handlers.items()}
