"""From what somebody typed or pointed at to the offices that serve them. Combines territory and offices; asks no database itself."""
import re
from datetime import datetime

from amanah.portals.shell.doors import Desk, desks
from amanah.registries.offices import queries as offices
from amanah.registries.territory import queries as territory

# Words of an address that name no territory. "Jalan" and "gang" are followed by a street's name, which may be that of a kelurahan elsewhere.
FILLERS = frozenset("jl jln jalan gg gang lorong komplek kompleks perumahan perum blok no nomor rt rw kel kelurahan kec kecamatan kota".split())
LONGEST_NAME = 4  # words


def find(text: str, limit: int = 12) -> list[territory.TerritoryRow]:
    """Kelurahan and kecamatan that a name or an address speaks of, best first; [] when it names none.

    The whole text first; else parts of the address from its end, where the kelurahan stands, the longest names before the shorter.
    """
    levels = ("kelurahan", "kecamatan")
    if found := territory.search(text, limit, levels):
        return found
    for part in reversed(re.split(r"[,;/\n]", text)):
        words = [w for w in re.findall(r"[^\W\d_]+", part) if w.lower() not in FILLERS]
        for size in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - size, -1, -1):
                if found := territory.search(" ".join(words[start:start + size]), limit, levels):
                    return found
    return []


def serving(code: str, moment: datetime | None = None) -> list[Desk]:
    """The offices that serve a territory, nearest first, each with its door. The city itself is left out: it has no counter."""
    return desks([row for row in offices.offices_for_territory(code) if row.kind not in ("city", "head")], moment)
