"""What the city's file `people.yaml` says about its people: figures with their source, and models marked as such."""
from bisect import bisect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

T = TypeVar("T", bound=Hashable)
OLDEST = 104      # years; nobody invented grows older
GROUPS = 17       # five years each, the last open: 80 and over


class Draw(Generic[T]):
    """Things with weights: `draw(x)` with x from [0, 1) gives each in its share."""

    __slots__ = ("_bounds", "things")

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs: list[tuple[T, float]] = list(weights.items() if isinstance(weights, Mapping) else weights)
        self.things: list[T] = [thing for thing, _weight in pairs]
        bounds = list(accumulate(weight for _thing, weight in pairs))
        self._bounds = [bound / bounds[-1] for bound in bounds[:-1]]

    def __call__(self, x: float) -> T:
        return self.things[bisect(self._bounds, x)]


@dataclass(frozen=True, slots=True)
class Content:
    """The file as it is, with the tables that the invention asks for thousands of times made ready."""

    facts: Mapping[str, Any]
    sex_share: Mapping[int, float]              # 1 men, 2 women
    ages: Mapping[int, Sequence[float]]         # of each sex: the share of every single year of age among all people, 0 to OLDEST
    dying: Mapping[int, Sequence[float]]        # of each sex: the probability to die within a year, by age

    def rate(self, name: str) -> float:
        """Happenings per person and year, or a share."""
        value = float(self.facts["rates"][name])
        return value if name in ("twins", "living_with_bride") else value / 1000


def read(folder: Path) -> Content:
    """The content of a city's folder. Raises FileNotFoundError when the city has no people.yaml, KeyError when a section is missing."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    facts = yaml.load((folder / "people.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (the safe loader, in C where there is one)
    totals = facts["totals"]
    everybody = totals["male"] + totals["female"]
    share = {1: totals["male"] / everybody, 2: totals["female"] / everybody}
    return Content(facts=facts, sex_share=share,
                   ages={sex: _single_years(facts["ages"][name], share[sex]) for sex, name in ((1, "male"), (2, "female"))},
                   dying={sex: [_step(age, facts["deaths"]["until"], facts["deaths"][name]) for age in range(OLDEST + 2)]
                          for sex, name in ((1, "male"), (2, "female"))})


def _step(value: float, until: Sequence[float], what: Sequence[float]) -> float:
    return what[bisect(until, value)]


def _single_years(groups: Sequence[float], share: float) -> list[float]:
    """Five-year groups as single years: level within a group, falling by a sixth a year in the open last one; together `share`."""
    ages = [group / 5 for group in groups[:-1] for _year in range(5)]
    falling = [(5 / 6) ** n for n in range(OLDEST + 1 - len(ages))]
    ages += [groups[-1] * part / sum(falling) for part in falling]
    return [age * share / sum(groups) for age in ages]


def whole(parts: Mapping[T, float], total: int) -> dict[T, int]:
    """`parts` in whole numbers that add up to `total` (largest remainder; ties in the order given)."""
    everything = sum(parts.values())
    exact = {name: part * total / everything for name, part in parts.items()} if everything else dict.fromkeys(parts, 0.0)
    down = {name: int(value) for name, value in exact.items()}
    short = total - sum(down.values())
    for name in sorted(parts, key=lambda one: down[one] - exact[one])[:short]:
        down[name] += 1
    return down


def sizes(content: Content, kelurahan: Sequence[str], total: int, kecamatan_of: Callable[[str], str]) -> dict[str, int]:
    """How many people live in each kelurahan of a city of `total`: published kecamatan totals first, the rest modelled; exact to the person."""
    facts = content.facts["kecamatan"]
    here = sorted({kecamatan_of(code) for code in kelurahan})
    known = {code: people / facts["published_total"] for code, people in facts["published"].items() if code in here}
    weights = {code: facts["rest"]["weight"].get(code, 50) for code in here if code not in known}
    left = 1 - sum(known.values())
    shares = known | {code: left * weight / sum(weights.values()) for code, weight in weights.items()}
    around = content.facts["neighbourhoods"]
    result: dict[str, int] = {}
    for code, people in whole({code: shares[code] for code in here}, total).items():
        inside = [one for one in kelurahan if kecamatan_of(one) == code]
        result |= whole({one: factor(one, around["least"], around["most"]) for one in inside}, people)
    return result


def factor(code: str, least: float, most: float) -> float:
    """A number between the bounds that belongs to this code for ever."""
    return least + (most - least) * int.from_bytes(blake2s(code.encode(), digest_size=4).digest()) / 0xFFFFFFFF
