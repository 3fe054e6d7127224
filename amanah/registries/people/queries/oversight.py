"""What the data-protection officer watches: how often sealed fields are opened, by which office, and by whom unusually often."""
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, Count, F, Func, QuerySet

from amanah.foundation.acts import record_refusal
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Refused

from ..permissions import OPEN_FIELD, PROTECT
from . import lookers
from .purposes import register

DAY, WIB = 86_400_000_000, 7 * 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Opened:
    """How many sealed fields the accounts of one office opened, and how many accounts did."""

    office: str
    fields: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Unusual:
    """An account that opened more fields on one day than the city calls usual."""

    account: str  # reference
    office: str
    role: str
    day: date
    fields: int


def opened_by_office(actor: Actor, *, back: int = 30) -> list[Opened]:
    """The last `back` days, most first. One statement and the names."""
    _may(actor)
    rows = _since(back).values("actor").annotate(n=Count("id")).values_list("actor", "n")
    doers = {ref: lookers.Doer(ref, "", clock.now()) for ref, _n in rows}
    names = lookers.named(doers.values())
    found: dict[str, list[int]] = {}
    for ref, n in rows:
        found.setdefault(names[doers[ref]].office, []).append(n)
    return sorted((Opened(office, sum(each), len(each)) for office, each in found.items()), key=lambda row: (-row.fields, row.office))


def unusual(actor: Actor, *, back: int = 30, most: int = 50) -> list[Unusual]:
    """Accounts with more openings on a day than the processing register allows for, newest day first."""
    _may(actor)
    day = Func(F("at"), template=f"((%(expressions)s + {WIB}) / {DAY})", output_field=BigIntegerField())  # whole days since 1970 on the wall of an office
    rows = list(_since(back).annotate(day=day).values("actor", "day").annotate(n=Count("id"))
                .filter(n__gt=register().unusual_openings_a_day).order_by("-day", "-n", "actor").values_list("actor", "day", "n")[:most])
    doers = {(ref, n): lookers.Doer(ref, "", dates.end_of_day(date(1970, 1, 1) + timedelta(days=n))) for ref, n, _count in rows}
    names = lookers.named(doers.values())
    return [Unusual(ref, names[doers[ref, n]].office, names[doers[ref, n]].role, date(1970, 1, 1) + timedelta(days=n), count) for ref, n, count in rows]


def _since(back: int) -> QuerySet[Entry]:
    start = dates.start_of_day(clock.today() - timedelta(days=back - 1))
    return Entry.objects.filter(deed=OPEN_FIELD, kind=Entry.Kind.READ, at__gte=int(start.timestamp()) * 1_000_000)


def _may(actor: Actor) -> None:
    if not actor.may(PROTECT):
        record_refusal(actor, PROTECT)
        raise Refused(needs=PROTECT)
