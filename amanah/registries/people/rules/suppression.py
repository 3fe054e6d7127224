"""Which figures must be hidden before a system of tables is published, so that nobody is singled out. Pure.

A published figure from 1 to 4 could point to somebody. Hiding it alone is not enough: it is what is missing in a total. So further figures are hidden
until no sum tells more of a hidden figure than a reader may know. Small cells: regulations §6.5; the arithmetic follows outlets.rules.hidden_cells,
here for totals that are parts of further totals (sex within code within kelurahan within kecamatan within city).
"""
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from amanah.foundation.outlets.rules import LEAST

Key = TypeVar("Key", bound=Hashable)


def hidden(counts: Mapping[Key, int], sums: Sequence[tuple[Key, Sequence[Key]]], least: int = LEAST) -> set[Key]:
    """The keys whose figures must be hidden. `sums`: each a total and its parts, all of them keys of `counts` and all to be published.

    A zero tells of nobody and stays unless it is needed as cover. Raises ValueError when a total is not the sum of its parts, so that no
    table is published whose equations a reader could use otherwise than we do.
    """
    concerns: dict[Key, list[int]] = defaultdict(list)
    for number, (total, parts) in enumerate(sums):
        if sum(counts[part] for part in parts) != counts[total]:
            raise ValueError(f"{total!r} is not the sum of its parts")
        for key in (total, *parts):
            concerns[key].append(number)
    found = {key for key, count in counts.items() if 0 < count < least}
    waiting = sorted({number for key in found for number in concerns[key]})
    while waiting:
        number = waiting.pop()
        while more := _next(counts, *sums[number], found, least):
            found |= more
            waiting += [other for key in more for other in concerns[key] if other not in waiting]
    return found


def _next(counts: Mapping[Key, int], total: Key, parts: Sequence[Key], found: set[Key], least: int) -> set[Key]:
    """What must be hidden next because of one sum; empty when it gives nothing away."""
    inside = [counts[part] for part in parts if part in found]
    if not inside and total not in found:
        return set()
    shown = [part for part in parts if part not in found]
    if total in found:
        if inside:
            return set()  # two unknowns at least
    elif _safe([count for count in inside if count], least) or not any(inside):
        return set() if len(inside) > 1 else _smallest(counts, shown) or {total}
    return _smallest(counts, shown) or {total}


def _smallest(counts: Mapping[Key, int], shown: Sequence[Key]) -> set[Key]:
    """The smallest shown part that is not zero, and all that are equal to it: which was the cover must not show; a zero if there is nothing else."""
    least = min((counts[part] for part in shown if counts[part]), default=None)
    return set(shown[:1]) if least is None else {part for part in shown if counts[part] == least}


def _safe(inside: Sequence[int], least: int) -> bool:
    """Whether the known sum of these hidden figures narrows none of them down further than to the range of small ones."""
    whole, others = sum(inside), len(inside) - 1
    return others > 0 and whole - others >= least - 1 and (max(inside) >= least or whole - others * (least - 1) <= 1)
