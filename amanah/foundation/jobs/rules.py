"""When work is due, how long to wait before another try, and which failures deserve one. No database, no clock."""
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

MAX_TRIES_TEMPORARY = 12   # an outside party that does not answer: about eight hours in all
MAX_TRIES_UNEXPECTED = 5   # a fault of our own: five minutes in all, then somebody has to look
MAX_STARTS = 5             # a job whose worker died this often is the likely cause of the deaths
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
SILENT_AFTER = timedelta(seconds=60)  # a worker beats every few seconds; after a minute of silence it counts as dead


def wait_before(attempt: int) -> timedelta:
    """How long to wait before try number `attempt` (2 is the first repetition): 10 s, 20 s, 40 s … at most an hour."""
    return min(FIRST_WAIT * (1 << min(max(attempt - 2, 0), 20)), LONGEST_WAIT)


def tries_allowed(*, final: bool, temporary: bool) -> int:
    """How often a piece of work may be tried: once when the answer will stay the same, otherwise by the kind of failure."""
    if final:
        return 1
    return MAX_TRIES_TEMPORARY if temporary else MAX_TRIES_UNEXPECTED


@dataclass(frozen=True, slots=True)
class Every:
    """A rhythm: each `minutes` since midnight UTC 1970, or once a day at the wall time `daily_at` of `zone`."""

    zone: timezone
    minutes: int = 0
    daily_at: time | None = None

    def __post_init__(self) -> None:
        if (self.minutes > 0) == (self.daily_at is not None):
            raise ValueError("a schedule has either minutes=… (at least 1) or daily_at=…")

    def last_due(self, now: datetime) -> datetime:
        """The latest moment, not after `now`, at which the work was due. In UTC."""
        if self.daily_at is None:
            step = self.minutes * 60
            return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)
        local = now.astimezone(self.zone)
        due = datetime.combine(local.date(), self.daily_at, self.zone)
        return (due if due <= local else due - timedelta(days=1)).astimezone(UTC)
