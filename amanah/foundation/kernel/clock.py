"""One clock for the whole program. Tests and the demonstration set it; code asks it and never the system."""
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")

_fixed: ContextVar[datetime | None] = ContextVar("amanah_clock", default=None)


def now() -> datetime:
    """This moment, in UTC and with its zone."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The date on the wall of a city office (WIB, no daylight saving)."""
    return now().astimezone(WIB).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at `moment`, which must carry a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
