"""Moves across the city's border: families and people alone, steered so that quarters, ages and sexes come out right on the last day."""
from collections import Counter
from collections.abc import Callable

from ..rules.codes import FEMALE, HEAD, MALE, MARRIED, RESIDENT
from .attributes import Attributes
from .content import GROUPS, Draw
from .persons import YEAR, Home, Person, World, group

LEAST, MOST = 3, 13      # five-year groups of those who come and go alone: 15 to 64 years
FIVE_YEARS = 5 * YEAR
REFRESH = 270            # days after which ages are counted anew
LAST_YEAR = 365


class Migration:
    def __init__(self, world: World, attributes: Attributes, begin: Callable[[Person, int], None]) -> None:
        self.world, self.attributes, self.begin, self.draw = world, attributes, begin, world.chance.random
        self.wanted = [quarter.people for quarter in world.quarters]
        self.first = list(world.counts)
        self.quarters = Draw(enumerate(self.wanted))
        self.counted = -REFRESH
        self.missing: dict[tuple[int, int], float] = {}
        total = sum(self.wanted)
        self.ending = {(sex, number): sum(ages[number * 5:number * 5 + 5] if number < GROUPS - 1 else ages[number * 5:]) * total
                       for sex, ages in world.content.ages.items() for number in range(GROUPS)}
        self.beginning = self._have(world.start)

    def quarter(self) -> int:
        """A quarter, the larger the likelier."""
        return self.quarters(self.draw())

    def gap(self, place: int, day: int) -> float:
        """How many people a quarter lacks on its way from the first day's number to the last day's."""
        done = (day - self.world.start) / (self.world.until - 1 - self.world.start)
        return self.first[place] + (self.wanted[place] - self.first[place]) * done - self.world.counts[place]

    def _have(self, day: int) -> dict[tuple[int, int], int]:
        """How many there are of each sex and age group."""
        born = Counter((one.sex, min(int((day - one.born) / FIVE_YEARS), GROUPS - 1)) for one in self.world.people if one.status == RESIDENT)
        return {cell: born[cell] for cell in self.ending}

    def _count(self, day: int) -> None:
        """How many of each sex and age group are missing, when each goes evenly from its first number to its last."""
        if day - self.counted >= REFRESH:
            self.counted = day
            done = (day - self.world.start) / (self.world.until - 1 - self.world.start)
            self.missing = {cell: self.beginning[cell] * (1 - done) + self.ending[cell] * done - number for cell, number in self._have(day).items()}

    # ---------------------------------------------------------------- deeds of the calendar

    def across(self, day: int) -> None:
        """A family or somebody alone comes or goes."""
        place = self.quarter()
        lean = self.gap(place, day) / (0.02 * self.wanted[place] + 3)
        comes = self.draw() < 0.5 + max(-0.45, min(0.45, lean))
        if self.draw() < 0.4:
            if comes:
                self.family_in(place, day)
            else:
                self.family_out(place, day)
        elif comes:
            self.alone_in(place, day)
        else:
            self.alone_out(place, day)

    def steer(self, place: int, day: int) -> None:
        """Once a month: what a quarter lacks or has too much is made up little by little, in the last year faster."""
        gap, left = self.gap(place, day), self.world.until - day
        if abs(gap) < (0.02 * self.wanted[place] + 2 if left > LAST_YEAR else 1):
            return
        self._make_up(place, day, int(abs(gap) * (1 / 8 if left > LAST_YEAR else min(1.0, max(1 / 8, 30 / left))) + self.draw() * 0.7))

    def finish(self, day: int) -> None:
        """The last day: every quarter exactly."""
        for place, wanted in enumerate(self.wanted):
            self._make_up(place, day, abs(wanted - self.world.counts[place]))
            while self.world.counts[place] > wanted:  # nobody was left to go alone
                home = self._home(place)
                if home is not None:
                    self.family_out(place, day)
            self._make_up(place, day, wanted - self.world.counts[place])

    def _make_up(self, place: int, day: int, times: int) -> None:
        for _time in range(times):
            if self.gap(place, day) > 0:
                self.alone_in(place, day)
            elif not self.alone_out(place, day):
                if self.gap(place, day) < -4:
                    self.family_out(place, day)
                return

    # ---------------------------------------------------------------- in

    def _delay(self) -> int:
        return int(self.draw() * self.draw() * 40)

    def family_in(self, place: int, day: int) -> None:
        draw, world, chance = self.draw, self.world, self.world.chance
        home = world.new_home(place, self.attributes.religion(), day)
        age = min(max(chance.gauss(34, 8), 21), 66)
        man = Person(MALE, day - int(age * YEAR))
        woman = Person(FEMALE, day - int(max(age - abs(chance.gauss(3, 2.5)), 19) * YEAR))
        world.marry(man, woman)
        family = [man, woman]
        for one in family:
            world.join(home, one)
        born = day - int(draw() * 3 * YEAR)
        for _child in range(min(int(draw() * 3), int((day - woman.born) / YEAR - 18) // 2)):
            if born - woman.born < 19 * YEAR or day - born > 20 * YEAR:
                break
            if born - woman.born < 43 * YEAR and born - man.born > 20 * YEAR:
                child = Person(1 + int(draw() * 2), born)
                child.mother, child.father = woman, man
                woman.children += 1
                woman.last_birth = max(woman.last_birth, born)
                world.join(home, child)
                family.append(child)
            born -= int((1.8 + draw() * 2.5) * YEAR)
        self._enter(family, day)

    def alone_in(self, place: int, day: int) -> None:
        self._count(day)
        draw = self.draw
        cells = [(cell, missing) for cell, missing in self.missing.items() if LEAST <= cell[1] < MOST and missing > 0]
        sex, number = Draw(cells)(draw()) if cells else (1 + int(draw() * 2), 4)
        self.missing[sex, number] = self.missing.get((sex, number), 0) - 1
        age = max(17.05, number * 5 + draw() * 4.98)
        one = Person(sex, day - int(age * YEAR) - 1)
        host = self._home(place) if draw() < 0.7 else None
        if host is None or host.head is None or host.head.age(day) < min(age, 30) or len(host.members) > 6:
            host = self.world.new_home(place, self.attributes.religion(), day)
        self.world.join(host, one)
        self._enter([one], day)

    def _enter(self, family: list[Person], day: int) -> None:
        for one in family:
            self.attributes.complete(one, day, newcomer=True)
        for one in family:
            self.attributes.name_parents(one)
        self.world.enter(family, "move_in", day, self._delay())
        for one in family:
            self.begin(one, day)

    # ---------------------------------------------------------------- out

    def _home(self, place: int) -> Home | None:
        """A home of the quarter; those that are there no longer are dropped on the way."""
        pool = self.world.in_quarter[place]
        while pool:
            at = int(self.draw() * len(pool))
            if not pool[at].ended and pool[at].quarter == place:
                return pool[at]
            pool[at] = pool[-1]
            pool.pop()
        return None

    def family_out(self, place: int, day: int) -> None:
        for _attempt in range(20):
            home = self._home(place)
            if home is None or home.head is None or any(one.star for one in home.members):
                continue
            if len(home.members) <= 6 and home.head.age(day) < 62:
                delay = self._delay()
                for one in sorted(home.members, key=lambda one: one is home.head):  # the head last: nobody has to follow
                    self._count_gone(one, day)
                    self.world.go(one, day, delay)
                return

    def alone_out(self, place: int, day: int) -> bool:
        """Somebody grown who leaves nobody behind moves away, rather one of an age of which there are many. False when nobody can."""
        self._count(day)
        found: list[Person] = []
        for _attempt in range(24):
            home = self._home(place)
            if home is None:
                return False
            found += [one for one in home.members if not one.star and one.marital != MARRIED and 17 * YEAR < day - one.born < 65 * YEAR
                      and (one.relation != HEAD or len(home.members) == 1)]
            if len(found) > 3:
                break
        if not found:
            return False
        one = min(found, key=lambda one: self.missing[one.sex, group(one.age(day))])
        self._count_gone(one, day)
        self.world.go(one, day, self._delay())
        return True

    def _count_gone(self, one: Person, day: int) -> None:
        cell = one.sex, group(one.age(day))
        self.missing[cell] = self.missing.get(cell, 0) + 1
