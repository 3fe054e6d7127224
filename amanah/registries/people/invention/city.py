"""A whole city in parts: which quarters make a part, how one part comes to life, and how two processors share the parts."""
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

from . import founding, years
from .content import Content, read
from .persons import Quarter, World

T = TypeVar("T")
PEOPLE_A_PART = 50_000


@dataclass(frozen=True, slots=True)
class Part:
    """Everything that decides what one part of the city will be. Days are ordinals: `start` the first, `until` the first that is not told any more."""

    folder: Path
    quarters: tuple[Quarter, ...]
    seed: int
    number: int
    of: int
    start: int
    until: int
    years: int


def parts(folder: Path, quarters: Sequence[Quarter], *, seed: int, until: int, years: int) -> list[Part]:
    """Divide the city: whole quarters from everywhere in it, about fifty thousand people together."""
    total = sum(quarter.people for quarter in quarters)
    number = max(1, min(round(total / PEOPLE_A_PART), len(quarters)))
    shuffled = sorted(quarters, key=lambda quarter: quarter.code)
    Random(f"parts {seed}").shuffle(shuffled)  # noqa: S311
    groups: list[list[Quarter]] = [[] for _part in range(number)]
    held = [0] * number
    for quarter in sorted(shuffled, key=lambda one: -one.people):
        least = held.index(min(held))
        groups[least].append(quarter)
        held[least] += quarter.people
    start = round(until - years * 365.2425)
    return [Part(folder, tuple(sorted(group, key=lambda one: one.code)), seed, place, number, start, until, years) for place, group in enumerate(groups)]


_contents: dict[Path, Content] = {}


def live(part: Part) -> World:
    """Found the part and let the years pass."""
    content = _contents.get(part.folder) or _contents.setdefault(part.folder, read(part.folder))
    world = World(content, list(part.quarters), seed=f"{part.seed}/{part.number}", serial=part.number, step=part.of, start=part.start, until=part.until)
    founding.found(world, part.years)
    years.pass_over(world, part.years)
    return world


def each(work: Callable[[Part], T], parts: Sequence[Part], processes: int) -> Iterator[T]:
    """The results of `work` in the order of the parts. Fresh processes, so that nothing of the caller's (a connection, a lock) is shared."""
    if len(parts) == 1 or processes < 2:
        yield from map(work, parts)
        return
    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=get_context("spawn")) as pool:
        ahead = [pool.submit(work, part) for part in parts]
        while ahead:
            yield ahead.pop(0).result()
