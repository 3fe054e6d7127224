"""What an operations page shows of the wires."""
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Avg, Count, Max, Q

from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset
from amanah.foundation.wires.models import Call
from amanah.foundation.wires.wire import declared


@dataclass(frozen=True, slots=True)
class WireRow:
    """One partner: how it is connected and how it did since a moment."""

    name: str
    says: str
    state: str          # configured, sandbox, missing
    resting: bool       # in this process
    calls: int
    failures: int
    mean_milliseconds: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallRow:
    id: int
    at: datetime
    wire: str
    method: str
    path: str
    outcome: str
    status: int | None
    error: str
    milliseconds: int
    attempt: int
    simulated: bool
    sent: str
    received: str


def wires(since: datetime) -> list[WireRow]:
    """Every declared wire, in one statement."""
    facts = {row["wire"]: row for row in Call.objects.filter(at__gte=since).values("wire").annotate(
        calls=Count("id"), failures=Count("id", filter=~Q(outcome=Call.Outcome.ANSWERED)), mean=Avg("milliseconds"), last=Max("at")).order_by()}
    none = {"calls": 0, "failures": 0, "mean": 0, "last": None}
    return [WireRow(name, wire.says, wire.state, wire.resting, fact["calls"], fact["failures"], round(fact["mean"]), fact["last"])
            for name, wire in sorted(declared().items()) for fact in [facts.get(name, none)]]


def calls(wire: str = "", *, cursor: str | None = None, size: int = 50) -> Page[CallRow]:
    """The journal, newest first, of one wire or of all."""
    rows = Call.objects.filter(wire=wire) if wire else Call.objects.all()
    page = keyset(rows, order=("-id",), cursor=cursor, size=size)
    return replace(page, rows=[CallRow(*(getattr(row, name) for name in CallRow.__slots__)) for row in page.rows])
