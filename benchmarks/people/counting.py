"""Counting residents in a filled register: tables now, on days gone by, anew, and after a thousand events. Answers first.

Expects Django to be set up on a database with a register in it. A time is shown as a rate, and its limit as the rate that the issue asks for: a
ratio of 1 and more holds. Where the issue asks for a share of a raw GROUP BY, both are measured in turn and the ratio is that of their rates.
"""
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks.harness import Figure, compare, keep, say

EVENTS = 1_000
# The widest table that anybody asks for, and what a page asks for.
WIDEST = {"level": "rw", "ages": "terinci", "by": "occupation"}
TABLES: dict[str, dict[str, Any]] = {"RW × sex × age × occupation": WIDEST, "kelurahan × sex × age": {"level": "kelurahan", "ages": "lima"},
                                     "kecamatan × sex × religion": {"level": "kecamatan", "by": "religion"}}
NOW_SECONDS, PAST_SECONDS, FOLDED_SHARE, RECOUNT_SHARE = 0.15, 1.5, 0.02, 1.3


def city() -> str:
    from amanah.registries.territory import queries as territory

    found = territory.city()
    if found is None:
        raise SystemExit("the territories are not loaded")
    return found.code


def within(name: str, size: str, deed: Callable[[], Any], seconds: float, *, times: int = 5, **notes: Any) -> Figure:
    """How often a second `deed` can be done, against how often it must be; `times` times, each by itself."""
    say(f"  {name}")
    spent = []
    for _turn in range(times):
        start = time.perf_counter()
        deed()
        spent.append(time.perf_counter() - start)
    median = statistics.median(spent)
    figure = Figure(name, size, 1 / median, 1 / seconds, f"asked: under {seconds * 1000:.0f} ms", 1.0, [(1 / one, 1 / seconds) for one in spent],
                    {"median_ms": round(median * 1000, 1), "worst_ms": round(max(spent) * 1000, 1), **notes})
    keep(figure)
    return figure


def raw(listed: str) -> list[Any]:
    """The cells of the widest table by a GROUP BY of the database: RW, sex, elementary band, code."""
    from django.db import connection

    from amanah.foundation.kernel import clock
    from amanah.registries.people.rules.counting import ELEMENTARY, latest_birth

    today = clock.today()
    band = "CASE " + " ".join(f"WHEN p.born <= '{latest_birth(first, today)}' THEN {first}" for first in reversed(ELEMENTARY)) + " ELSE 0 END"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN t.level = 'rt' THEN t.parent_id ELSE t.id END, p.sex, {band}, p.{listed}, COUNT(*) FROM people_person p"  # noqa: S608
                       " JOIN territory_territory t ON t.id = p.place_id WHERE p.status = 1 GROUP BY 1, 2, 3, 4")
        return list(cursor.fetchall())


def forget_kept() -> None:
    """What a process keeps of earlier answers does not count as speed."""
    from amanah.registries.people.queries import counts

    counts._kept.clear()


def happen(number: int) -> None:
    """As many residents change their occupation, as single events would leave it: the person, and two shifts."""
    from amanah.registries.people.models import Person, Shift
    from amanah.registries.people.rules import codes

    drawn = random.Random(time.time_ns())
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    ids = drawn.sample(range(1, last + 1), min(last, number * 2))
    shifts = []
    for person in Person.objects.filter(pk__in=ids, status=codes.RESIDENT)[:number]:
        state = {"place_id": person.place_id, "sex": person.sex, "born": person.born, **{name: getattr(person, name) for name in codes.COUNTED}}
        later = {**state, "occupation": drawn.choice(list(codes.OCCUPATION))}
        Person.objects.filter(pk=person.pk).update(occupation=later["occupation"])
        shifts += [Shift(sign=-1, **state), Shift(sign=1, **later)]
    Shift.objects.bulk_create(shifts, batch_size=500)


def once(deed: Callable[[], Any]) -> float:
    start = time.perf_counter()
    deed()
    return 1 / (time.perf_counter() - start)


def run(*, seconds: float) -> list[Figure]:
    from django.db import connection

    from amanah.foundation.kernel import clock
    from amanah.registries.people.queries.counts import table
    from amanah.registries.people.queries.flows import flows
    from amanah.registries.people.services import counting

    code = city()
    people = counting.recount()
    size = f"{people:,} on {connection.vendor}"
    cells = {(row[0], *row[1:4]): row[4] for row in raw("occupation")}
    wide = table(code, **WIDEST)
    if wide.total != people or sorted(cells.values()) != sorted(wide.along("place", "sex", "age", "occupation").values()):
        raise SystemExit("wrong answer: the table is not what a GROUP BY says")
    figures = []
    for name, asked in TABLES.items():
        def fresh(asked: dict[str, Any] = asked) -> None:
            forget_kept()
            table(code, **asked)

        figures.append(within(f"now: {name}", size, fresh, NOW_SECONDS))
    today = clock.today()
    for years in (1, 5, 9):
        day = today - timedelta(days=365 * years)
        for name, asked in TABLES.items():
            figures.append(within(f"{years} years ago: {name}", size, lambda asked=asked, day=day: table(code, on=day, **asked), PAST_SECONDS, times=3))
    figures.append(within("5 years ago, as known 4 years ago: kelurahan × sex × age", size, lambda: table(
        code, on=today - timedelta(days=365 * 5), known_at=clock.now() - timedelta(days=365 * 4), level="kelurahan", ages="lima"), PAST_SECONDS, times=3))
    # Anew from persons, as for a day gone by, against the database's own grouping of the same cells.
    figures.append(compare("recount of RW × sex × age × occupation", size, lambda: once(lambda: table(code, on=today, known_at=clock.now(), **WIDEST)),
                           lambda: once(lambda: raw("occupation")), limit_name="raw GROUP BY of the same cells, fetched", least=1 / RECOUNT_SHARE))
    figures.append(compare("recount of all eight lists, written", size, lambda: once(counting.recount),
                           lambda: once(lambda: [raw(name) for name in ("religion", "marital", "education", "occupation", "relation", "blood",
                                                                        "citizenship", "disability")]),
                           limit_name="raw GROUP BY of the same cells of all lists, fetched, not written", least=1 / RECOUNT_SHARE, repeats=1))

    def after_events() -> float:
        table(code, **WIDEST)  # somebody asked before
        happen(EVENTS)
        return once(lambda: table(code, **WIDEST))

    figures.append(compare(f"after {EVENTS:,} events: the same table, exact", size, after_events, lambda: once(lambda: raw("occupation")),
                           limit_name="raw GROUP BY of the same cells, fetched", least=1 / FOLDED_SHARE))

    def folded() -> float:
        counting.fold()
        happen(EVENTS)
        return once(counting.fold)

    figures.append(compare(f"fold of {EVENTS:,} events into all lists", size, folded, lambda: once(lambda: [raw(name) for name in ("religion", "occupation")]),
                           limit_name="raw GROUP BY of two of the eight lists", repeats=3))
    start = time.perf_counter()
    found = flows(code, today - timedelta(days=365), today)
    if not found.balanced:
        raise SystemExit(f"wrong answer: {found}")
    say(f"  flows of a year, with the equation: {time.perf_counter() - start:.2f} s")
    return figures
