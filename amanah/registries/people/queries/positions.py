"""Positions: the counts of a day as they were frozen, and whether the register still says the same of that day and that state of knowledge."""
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import NotFound, Unavailable
from amanah.registries.territory import queries as territory

from ..models import Position
from ..rules import codes
from ..rules.counting import ELEMENTARY, CountTable, canonical, digest
from .counts import arranged
from .marks import standing


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A frozen position as others see it."""

    day: date
    edition: int
    known_at: datetime
    digest: str
    people: int
    by: str
    at: datetime
    note: str


def positions() -> list[PositionRow]:
    """All frozen positions, the latest day first; of one day the latest edition first."""
    fields = ("day", "edition", "known_at", "digest", "people", "by", "at", "note")
    return [PositionRow(*row) for row in Position.objects.order_by("-day", "-edition").values_list(*fields)]


def position(day: date, edition: int | None = None) -> dict[str, Any]:
    """The body of a position, the latest edition if none is named. Raises NotFound."""
    found = Position.objects.filter(day=day, **({} if edition is None else {"edition": edition})).order_by("-edition").first()
    if found is None:
        raise NotFound(_("Posisi tanggal ini belum dibekukan."))
    body: dict[str, Any] = json.loads(found.body)
    return body


def suggested() -> date:
    """The last 30 June or 31 December that has passed: the days of the national consolidation (DKB)."""
    today = clock.today()
    return max(day for year in (today.year - 1, today.year) for day in (date(year, 6, 30), date(year, 12, 31)) if day < today)


def body_of(day: date, known_at: datetime) -> str:
    """The canonical body: per RW sex × age, per kelurahan and list sex × code × age; ages in elementary bands, zeros left out."""
    city = territory.city()
    if city is None:
        raise Unavailable(_("Daftar wilayah belum dimuat."), permanent=True)
    whole = standing(city.code, day, known_at, ("born", *codes.COUNTED))
    return canonical({
        "day": day.isoformat(), "known_at": known_at.astimezone(UTC).isoformat(timespec="microseconds"), "bands": list(ELEMENTARY), "city": city.code,
        "people": len(whole.marks), "rw": _tree(arranged(whole, "rw", (), ELEMENTARY, day)),
        "lists": {name: _tree(arranged(whole, "kelurahan", (name,), ELEMENTARY, day), name) for name in codes.COUNTED}})


def _tree(table: CountTable, *lists: str) -> dict[str, Any]:
    """place → sex → (code →) counts by band; the code "" stands for "not stated"."""
    tree: dict[str, Any] = {}
    names = ("place", "sex", *lists, "age")
    for key, count in table.along(*names).items():
        *path, band = key
        at = tree
        for step in path[:-1]:
            at = at.setdefault(str(step), {})
        last = "" if path[-1] is None else str(path[-1])
        at.setdefault(last, [0] * len(ELEMENTARY))[ELEMENTARY.index(band)] = count
    return tree


def differences(frozen: Position) -> list[str]:
    """What the register says otherwise than the position about the same day and state of knowledge; empty when it says the same.

    A frozen text that does not fit its own hash is the first thing said.
    """
    said = [] if digest(frozen.body) == frozen.digest else [_("Isi posisi tidak cocok dengan sidiknya.")]
    now = body_of(frozen.day, frozen.known_at)
    return said if now == frozen.body else [*said, *_unlike(json.loads(frozen.body), json.loads(now))]


def _unlike(was: Any, now: Any, path: str = "") -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted({*was, *now}):
            yield from _unlike(was.get(key), now.get(key), f"{path}/{key}")
    elif was != now:
        yield _("%(path)s: beku %(was)s, sekarang %(now)s") % {"path": path, "was": was, "now": now}
