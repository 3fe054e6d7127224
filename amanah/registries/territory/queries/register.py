"""Territories by code, by place in the tree and by name."""
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.stores.search import CLOSE_ENOUGH, closeness

from ..models import Level, Territory
from ..rules import codes
from .rows import TerritoryRow, rows
from .still import IN_MEMORY, current


def by_code(code: str) -> TerritoryRow:
    """The territory with this path code, of any level and also when it has ended. Raises NotFound. RW and RT cost one statement."""
    if row := current().rows.get(code):
        return row
    found = rows(Territory.objects.filter(code=code, level__in=codes.NEIGHBOURHOODS)) if code.count(".") >= len(IN_MEMORY) else []
    if not found:
        raise NotFound(_("Tidak ada wilayah dengan kode ini."))
    return found[0]


def by_codes(wanted: Iterable[str]) -> dict[str, TerritoryRow]:
    """Those of the wanted codes that exist; at most one statement, for RW and RT."""
    still, asked = current().rows, set(wanted)
    found = {code: still[code] for code in asked if code in still}
    deeper = [code for code in asked - found.keys() if code.count(".") >= len(IN_MEMORY)]
    return found | {row.code: row for row in (rows(Territory.objects.filter(code__in=deeper)) if deeper else ())}


def children(code: str) -> list[TerritoryRow]:
    """What lies directly beneath, in the order of codes (RW and RT: of numbers), without what has ended. Beneath a kelurahan: one statement."""
    today = clock.today()
    if code.count(".") < len(IN_MEMORY) - 1:
        return [row for row in current().children.get(code, ()) if row.open_on(today)]
    return [row for row in rows(Territory.objects.filter(parent__code=code).order_by("label", "id")) if row.open_on(today)]


def neighbourhoods(kelurahan: str) -> list[TerritoryRow]:
    """Every RW and RT of a kelurahan that exists today, each RW before its RT; one statement."""
    today = clock.today()
    found = [row for row in rows(Territory.objects.filter(code__startswith=f"{kelurahan}.")) if row.open_on(today)]
    labels = {row.code: row.label for row in found if row.level == Level.RW}
    return sorted(found, key=lambda row: (labels.get(row.code) or labels.get(row.parent or "", ""), row.level == Level.RT, row.label, row.id))


def ancestors(code: str) -> list[TerritoryRow]:
    """The territories above, from the province down, without itself."""
    found = by_codes(codes.lineage(code)[:-1])
    return [found[above] for above in codes.lineage(code)[:-1] if above in found]


def of_level(level: str) -> list[TerritoryRow]:
    """All territories of one level from province to kelurahan that exist today, in the order of codes. No statement."""
    today = clock.today()
    return [row for row in current().rows.values() if row.level == level and row.open_on(today)]


def city() -> TerritoryRow | None:
    """The one city of this installation; None when the list is not loaded yet, or holds several."""
    found = of_level(Level.CITY)
    return found[0] if len(found) == 1 else None


def search(text: str, limit: int = 10, levels: tuple[str, ...] = (Level.KELURAHAN, Level.KECAMATAN, Level.CITY), *,
           forgiving: bool = True) -> list[TerritoryRow]:
    """Territories by name, alias or code, best first. Show `full_title` beside each: some names occur in several kecamatan.

    The kecamatan may be given as well ("x, kecamatan y"). When nothing is found as it stands and `forgiving`, names that are only alike are shown;
    that takes some milliseconds, so leave it out where parts of a text are tried in turn. In memory, no statement: there are some hundred names.
    """
    still, today = current(), clock.today()
    if (exact := still.rows.get(text.strip())) and exact.level in levels:
        return [exact]
    query = codes.key(text)
    if len(query) < 2:
        return []
    candidates = [row for row in still.rows.values() if row.level in levels and row.open_on(today)]
    scored = [(codes.rank(query, still.names[row.code], codes.key(still.rows[row.parent].name) if row.parent in still.rows else ""), row)
              for row in candidates]
    if forgiving and not any(score for score, _row in scored):
        alike = [(max(closeness(query, name) for name in still.names[row.code]), row) for row in candidates]
        scored = [(score, row) for score, row in alike if score >= CLOSE_ENOUGH]
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].name, pair[1].code))
    return [row for _score, row in found[:limit]]


def full_title(row: TerritoryRow) -> str:
    """The title with the kecamatan behind it ("Kelurahan X, Kecamatan Y"), so that equal names can be told apart. RW and RT: up to the kelurahan."""
    kelurahan, kecamatan = codes.at_level(row.code, "kelurahan"), codes.at_level(row.code, "kecamatan")
    above = [code for code in (codes.at_level(row.code, "rw"), kelurahan, kecamatan) if code and code != row.code]
    found = by_codes(above)
    return ", ".join([row.title, *(found[code].title for code in above if code in found)])


def official_boundaries(until: date) -> dict[str, tuple[int, int]]:
    """For each kecamatan, how many of its kelurahan have an official boundary that was loaded until that day, and how many there are.

    Empty when all boundaries were loaded later: of the time before nothing is known.
    """
    still = current()
    known = {code: facts for code, facts in still.boundaries.items() if facts.loaded_at.astimezone(clock.WIB).date() <= until}
    if not known:
        return {}
    parts: dict[str, list[bool]] = {}
    for row in of_level(Level.KELURAHAN):
        parts.setdefault(row.parent or "", []).append(row.code in known and known[row.code].official)
    return {kecamatan: (sum(official), len(official)) for kecamatan, official in parts.items()}


def parts_with_official_boundary() -> tuple[int, int]:
    """How many kelurahan have an official boundary today, and how many kelurahan there are."""
    known = official_boundaries(clock.today())
    return sum(official for official, _all in known.values()), len(of_level(Level.KELURAHAN))
