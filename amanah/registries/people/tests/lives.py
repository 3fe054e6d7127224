"""Random lives of invented people, and the same counts made slowly from their events: what every fast count is compared with."""
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import Fact, as_of
from amanah.registries.people.services import bulk
from amanah.registries.people.services.bulk import Card, Happening, Life
from amanah.registries.territory.models import Territory

from .factories import SYSTEM, master

FIRST, LAST = date(2020, 1, 1), date(2025, 12, 31)


@dataclass
class Town:
    """Some lives, and the territories by key."""

    lives: list[Life]
    code_of: dict[int, str]

    def states(self, on: date, known_at: datetime | None) -> list[dict[str, Any]]:
        """Those who lived here on a day, by the fold of events."""
        stood = [as_of(_facts(life), on, known_at) for life in self.lives]
        return [dict(state) for state in stood if state is not None and state["status"] == codes.RESIDENT]

    def count(self, on: date, known_at: datetime | None, inside: str = "", *names: str) -> Counter[Any]:
        return Counter(tuple(state.get(name) for name in names) for state in self.states(on, known_at) if self.code_of[state["place"]].startswith(inside))


def _facts(life: Life) -> list[Fact]:
    told = sorted(life.happenings, key=lambda one: one.recorded_at)
    return [Fact(n, one.valid_from, one.recorded_at, one.changes) for n, one in enumerate(told)]


def moment(day: date, hour: int = 5) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def town(seed: int, size: int, places: dict[str, Territory]) -> Town:
    """Write `size` random lives. Some events are told late, some on one day, some children live for less than a day."""
    rng = random.Random(seed)
    homes = [place for code, place in places.items() if place.level in ("rt", "kelurahan")]
    lives = [Life(key, _life(rng, key, homes)) for key in range(1, size + 1)]
    cards = [Card(1, "", homes[0].pk, "Jalan Contoh 1")]
    bulk.write(cards, lives, source=master(), extract=None, actor=SYSTEM, fresh=False)
    return Town(lives, {place.pk: code for code, place in places.items()})


def _life(rng: random.Random, key: int, homes: list[Territory]) -> list[Happening]:
    def code(name: str) -> int | None:
        return rng.choice([None, *list(codes.LISTS[name])[:4]])

    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days - 200))
    child = rng.random() < 0.4
    born = day if child else day - timedelta(days=rng.randrange(1, 90 * 365))
    whole = {"status": codes.RESIDENT, "place": rng.choice(homes).pk, "family": 1, "relation": 4, "name": f"Warga {key} Contoh", "sex": rng.choice((1, 2)),
             "born": born, **{name: code(name) for name in ("religion", "marital", "education", "occupation")}}
    told = [Happening("birth" if child else rng.choice(("register", "move_in")), day, moment(day), whole)]
    for _n in range(rng.randrange(5)):
        kind = rng.choice(("move", "move", "update", "correction", "move_out", "move_in", "death", "confirm"))
        day = min(LAST, day + timedelta(days=rng.choice((0, 0, 1, 30, 400))))
        late = timedelta(days=rng.choice((0, 0, 2, 200)))
        home = rng.choice(homes).pk
        changes: dict[str, Any] = {"move": {"place": home}, "update": {"occupation": code("occupation")}, "correction": {"place": home},
                                   "move_out": {"status": codes.MOVED}, "move_in": {"status": codes.RESIDENT, "place": home},
                                   "death": {"status": codes.DEAD}, "confirm": {}}[kind]
        told.append(Happening(kind, day, max(moment(day) + late, told[0].recorded_at) + timedelta(minutes=len(told)), changes))
    return told
