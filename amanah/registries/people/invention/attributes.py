"""What else is written on a family card: religion, schooling, work, blood group, birthplace, numbers."""
from bisect import bisect
from datetime import date

from ..rules.codes import MALE, SINGLE
from .content import Draw
from .persons import Person, World

PUPIL, NO_WORK, HOUSEHOLD, RETIRED = 3, 1, 2, 4


class Attributes:
    def __init__(self, world: World) -> None:
        facts = world.content.facts
        self.world, self.namer, self.numbers, self.draw = world, world.namer, world.numbers, world.chance.random
        self._religion: Draw[int] = Draw(facts["religions"]["shares"])
        self._styles = {religion: Draw(styles) for religion, styles in facts["religions"]["styles"].items()}
        self._blood, self._disability = Draw(facts["blood"]["shares"]), Draw(facts["disability"]["kinds"])
        self._disabled = facts["disability"]["share"]
        rows = facts["education"]["before"]
        self._eras = [date(row[0], 1, 1).toordinal() for row in rows]
        self._schooling: list[Draw[int]] = [Draw(row[1]) for row in rows]
        self._work: dict[int, Draw[int]] = {1: Draw(facts["occupations"]["male"]), 2: Draw(facts["occupations"]["female"])}
        origins = facts["origins"]
        self._born_here = origins["born_here"]
        self._origin: Draw[tuple[str, str]] = Draw([((prefix, name), weight) for prefix, name, weight in origins["places"]])
        self._here = facts["birthplace"]

    def religion(self) -> int:
        return self._religion(self.draw())

    def origin(self) -> str:
        """A birthplace elsewhere."""
        return self._origin(self.draw())[1]

    def complete(self, one: Person, day: int, *, newcomer: bool = False, newborn: bool = False) -> None:
        """Everything but the parents' names and what families decide. The home must be known."""
        draw, home = self.draw, one.home
        assert home is not None  # noqa: S101
        one.religion = home.religion
        parent = one.mother or one.father
        one.style = parent.style if parent is not None and parent.style else self._styles[one.religion](draw())
        if not one.name:
            one.name = self.namer.name(one.sex, one.born, one.style)
        here = newborn or (draw() < self._born_here and not newcomer)
        prefix, birthplace = (self.world.prefixes[home.quarter], self._here) if here else self._origin(draw())
        if len(prefix) == 4:
            prefix = f"{prefix}{1 + int(draw() * 12):02}"
        one.birthplace = birthplace
        one.nik = self.numbers.person(prefix, one.sex, one.born)
        if draw() < self._disabled:
            one.disability = self._disability(draw())
        age = one.age(day)
        if age >= 5:
            one.blood = self._blood(draw())
        one.education, one.occupation = self.schooling(one, age), self.work(one, age)
        if age >= 17 and draw() < 0.62:
            one.phone = self.numbers.phone()

    def schooling(self, one: Person, age: int) -> int:
        """The highest degree, for adults by their year of birth."""
        if age < 7:
            return 1
        if age < 13:
            return 2
        if age < 16:
            return 3
        if age < 19:
            return 4
        reached = self._schooling[bisect(self._eras, one.born)](self.draw())
        return min(reached, 5) if age < 22 else reached

    def work(self, one: Person, age: int) -> int:
        if age < 6:
            return NO_WORK
        if age < 18 or (age < 23 and one.marital == SINGLE and self.draw() < 0.65):
            return PUPIL
        work = self._work[one.sex](self.draw())
        if one.sex != MALE and one.marital == SINGLE and work == HOUSEHOLD:
            work = 15 if age < 45 else NO_WORK
        if age >= 60:
            return RETIRED if work in (5, 6, 7, 16, 64, 65) else (work if age < 75 and self.draw() < 0.6 else NO_WORK if one.sex == MALE else HOUSEHOLD)
        return work

    def name_parents(self, one: Person) -> None:
        """The names of both parents: of those in the register, or of people we know by name only."""
        mother, father = one.mother, one.father
        one.mother_name = mother.name if mother else self.namer.name(2, one.born - 10_000, one.style)
        one.father_name = father.name if father else self.namer.name(1, one.born - 11_000, one.style)
