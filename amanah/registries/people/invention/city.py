"""A whole city in parts: which quarters make a part, how one part comes to life, and how two processors share the parts."""
import marshal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

from ..rules.codes import RESIDENT
from . import doubles, founding, years
from .content import Content, read
from .persons import Entry, Home, Quarter, World

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
    total = sum(quarter.people + quarter.doubles for quarter in quarters)
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


@dataclass(frozen=True, slots=True)
class Lived:
    """A part as plain numbers and texts, fit for a file: cards (number, RT, address, ended) and stories, first of the part, then of the second entries."""

    homes: list[tuple[str, int, str, bool]]
    stories: list[list[Entry]]
    double_homes: list[tuple[str, int, str, bool]]
    double_stories: list[list[Entry]]
    pairs: list[tuple[int, int, bool, str]]   # keys of two entries; True: the second is a second entry of the first; what differs, or why alike
    star: int                                 # key, 0 for none


def tell(part: Part) -> Lived:
    """Live, plant the second entries, and put everything down."""
    world = live(part)
    repeated, double_homes = doubles.plant(world, [quarter.doubles for quarter in part.quarters])

    def cards(homes: list[Home]) -> list[tuple[str, int, str, bool]]:
        return [(home.number, world.place(home), home.address, home.ended) for home in homes]

    pairs = [(first.key, second.key, False, why) for first, second, why in world.alike if first.status == second.status == RESIDENT]
    pairs += [(double.of.key, double.entry.key, True, "+".join(double.ways)) for double in repeated]
    return Lived(cards(world.homes), [one.story for one in world.people], cards(double_homes), [double.entry.story for double in repeated], pairs,
                 world.star.key if world.star else 0)


def tell_into(part: Part, folder: Path) -> Path:
    """The same into a file of the folder, for parts that do not fit into memory together."""
    path = folder / f"part-{part.number:03}.marshal"
    lived = tell(part)
    with path.open("wb") as file:
        marshal.dump((lived.homes, lived.double_homes, lived.pairs, lived.star), file)
        marshal.dump((lived.stories, lived.double_stories), file)
    return path


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
