"""What happens to the people of a world from its first day to the last: day after day, so that every family is whole after every event.

Births come as often as the published ages ask for; deaths by age; moves in and out of the city are steered so that every quarter holds exactly
its people on the last day, with about the published ages and sexes.
"""
from bisect import bisect
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from math import log

from ..rules.codes import DIVORCED, FEMALE, HEAD, MALE, MARRIED, RESIDENT
from .attributes import HOUSEHOLD, NO_WORK, PUPIL, Attributes
from .content import OLDEST
from .migration import Migration
from .persons import YEAR, Person, World

Deed = Callable[..., None]
SCHOOL = (7, 13, 16, 19, 23)         # birthdays after which a card is often renewed
LATEST_BIRTH = 45


def pass_over(world: World, years: int) -> None:
    """Let the years pass."""
    Years(world, years).run()


class Years:
    def __init__(self, world: World, years: int) -> None:
        self.world, self.years, self.content, self.draw = world, years, world.content, world.chance.random
        self.start, self.until = world.start, world.until
        self.days = self.until - self.start
        self.calendar: list[list[tuple[Deed, Person | None]] | None] = [None] * self.days
        self.attributes = Attributes(world)
        self.migration = Migration(world, self.attributes, self.begin)
        self.wives: list[Person] = []
        self.single: dict[int, list[Person]] = {MALE: [], FEMALE: []}
        self.dying = {sex: [list(accumulate(self._odds(sex, age))) for age in range(OLDEST + 1)] for sex in (MALE, FEMALE)}
        self.people = sum(quarter.people for quarter in world.quarters)

    def _odds(self, sex: int, age: int) -> list[float]:
        """The probability to die in the first, second … year from this age on."""
        living, odds = 1.0, []
        for year in range(self.years + 1):
            risk = 1.0 if age + year > OLDEST else self.content.dying[sex][age + year]
            odds.append(living * risk)
            living *= 1 - risk
        return odds

    # ---------------------------------------------------------------- the calendar

    def plan(self, day: int, deed: Deed, one: Person | None = None) -> None:
        place = day - self.start
        if 0 < place < self.days:
            bucket = self.calendar[place]
            if bucket is None:
                self.calendar[place] = [(deed, one)]
            else:
                bucket.append((deed, one))

    def often(self, deed: Deed, number: float) -> None:
        """`number` times over all the days, evenly."""
        for _time in range(int(number) + (self.draw() < number % 1)):
            self.plan(self.start + 1 + int(self.draw() * (self.days - 1)), deed)

    def run(self) -> None:
        world, rate, amount = self.world, self.content.rate, self.people * self.years * 0.95
        for one in world.people:
            self.begin(one, self.start)
        self._plan_births()
        for deed, name in ((self.marriage, "marriages"), (self.divorce, "divorces"), (self.migration.across, "moves_across"), (self.move_inside, "moves_inside"),
                           (self.leave_home, "new_homes"), (self.adoption, "adoptions"), (self.name_change, "name_changes"),
                           (self.correction, "corrections"), (self.update, "updates")):
            self.often(deed, amount * rate(name))
        if world.star is not None and world.star.home is not None:
            self.plan(self.start + self.days * 2 // 3, self.move_of_the_star, world.star)
        for place in range(len(world.quarters)):
            for last in (20, 11, 5):  # the last month by the week, so that the last day has little left to do
                self.plan(self.until - last, partial(self.migration.steer, place))
            for month in range(int(self.days / 30.44)):
                self.plan(self.start + int((month + self.draw()) * 30.44), partial(self.migration.steer, place))
        for place, bucket in enumerate(self.calendar):
            if bucket:
                day = self.start + place
                for planned, whose in bucket:
                    if whose is None:
                        planned(day)
                    elif whose.status == RESIDENT:
                        planned(day, whose)
                self.calendar[place] = None
        self.migration.finish(self.until - 1)

    def begin(self, one: Person, day: int) -> None:
        """Somebody is here from this day on: what will come of itself."""
        age = max(one.age(day), 0)
        if not one.star:
            odds = self.dying[one.sex][min(age, OLDEST)]
            chance = self.draw()
            if chance < odds[-1]:
                within = 0.15 if age == 0 and chance < odds[0] else 1.0  # most who die as babies die early
                self.plan(day + int((bisect(odds, chance) + self.draw() * within) * YEAR) + 1, self.death, one)
        for birthday in SCHOOL:
            if birthday > age and self.draw() < 0.6:
                self.plan(one.born + int((birthday + self.draw() * 0.9) * YEAR), self.schooling, one)
        if one.marital != MARRIED:
            if age < 45:
                self.single[one.sex].append(one)
        elif one.sex == FEMALE and age < LATEST_BIRTH:
            self.wives.append(one)

    def delay(self, mean: float) -> int:
        """Days until something is told: mostly soon, sometimes late."""
        return int(-mean * log(1 - self.draw()))

    def pick(self, pool: list[Person], good: Callable[[Person], bool], keep: Callable[[Person], bool], attempts: int = 40) -> Person | None:
        """Somebody from the pool; those who no longer belong there are dropped on the way."""
        for _attempt in range(attempts):
            if not pool:
                return None
            place = int(self.draw() * len(pool))
            one = pool[place]
            if not keep(one):
                pool[place] = pool[-1]
                pool.pop()
            elif good(one):
                return one
        return None

    def anybody(self, good: Callable[[Person], bool], attempts: int = 60) -> Person | None:
        people = self.world.people
        for _attempt in range(attempts):
            one = people[int(self.draw() * len(people))]
            if one.status == RESIDENT and not one.star and good(one):
                return one
        return None

    # ---------------------------------------------------------------- birth and death

    def _plan_births(self) -> None:
        """As many as the ages on the last day ask for, and those who die before it."""
        for age in range(self.years):
            number = 0.0
            for sex in (MALE, FEMALE):
                living = 1.0
                for year in range(age + 1):
                    living *= 1 - self.content.dying[sex][year]
                number += self.content.ages[sex][age] * self.people / living
            first = max(self.until - int((age + 1) * YEAR), self.start + 1)
            for _birth in range(int(number) + (self.draw() < number % 1)):
                self.plan(first + int(self.draw() * YEAR), self.birth)

    def birth(self, day: int) -> None:
        draw = self.draw

        def good(woman: Person) -> bool:
            age = (day - woman.born) / YEAR
            return (age > 17 and day - woman.last_birth > 560 + 900 * draw() and (day - woman.born) / YEAR < LATEST_BIRTH
                    and draw() < max(0.02, 1 - abs(age - 28) / 17) * (1.0, 1.0, 0.8, 0.4, 0.2, 0.1, 0.0)[min(woman.children, 6)])

        mother = self.pick(self.wives, good, lambda woman: (
            woman.status == RESIDENT and woman.spouse is not None and woman.spouse.status == RESIDENT and day - woman.born < LATEST_BIRTH * YEAR), 120)
        if mother is None:
            return
        twins = draw() < self.content.rate("twins")
        first = self._child(mother, day)
        born = [first, self._child(mother, day, first)] if twins else [first]
        self.world.enter(born, "birth", day, self.delay(25))
        if twins:
            self.world.alike.append((born[0], born[1], "twins"))
        for one in born:
            one.star = mother.star
            self.begin(one, day)

    def _child(self, mother: Person, day: int, twin: Person | None = None) -> Person:
        sex = MALE if self.draw() < 0.5085 else FEMALE
        if twin is not None and self.draw() < 0.7:
            sex = twin.sex
        one = Person(sex, day)
        one.mother, one.father = mother, mother.spouse
        if twin is not None:
            one.name = self.world.namer.twin(twin.name, sex, day, twin.style) if sex == twin.sex else ""
        elif one.father and sex == MALE and self.draw() < 0.002:
            one.name = one.father.name  # now and then a son is called as his father
            self.world.alike.append((one.father, one, "father_and_son"))
        for parent in (mother, mother.spouse):
            if parent is not None:
                parent.children += 1
                parent.last_birth = day
        assert mother.home is not None  # noqa: S101
        self.world.join(mother.home, one)
        self.attributes.complete(one, day, newborn=True)
        self.attributes.name_parents(one)
        return one

    def death(self, day: int, one: Person) -> None:
        self.world.die(one, day, self.delay(12))

    # ---------------------------------------------------------------- marriage and divorce

    def marriage(self, day: int) -> None:
        draw = self.draw

        def free(one: Person) -> bool:
            return one.status == RESIDENT and one.marital != MARRIED and day - one.born < 48 * YEAR

        def ready(man: Person) -> bool:
            age = (day - man.born) / YEAR
            return age > 20 and draw() < max(0.03, 1 - abs(age - 27) / 12) and not man.star and movable(man)

        man = self.pick(self.single[MALE], ready, free, 80)
        if man is None or man.home is None:
            return
        home, born, mother = man.home, man.born, man.mother
        woman = self.pick(self.single[FEMALE], lambda one: (
            day - one.born > 19 * YEAR and -3 * YEAR < one.born - born < 11 * YEAR and one.religion == man.religion and one.home is not home
            and (one.mother is None or one.mother is not mother) and (one.father is None or one.father is not man.father) and not one.star
            and one not in (man.mother, man.father) and man not in (one.mother, one.father) and movable(one)), free, 60)
        if woman is None or woman.home is None:
            return
        delay = self.delay(10)
        self.world.marry(man, woman)
        self.wives.append(woman)
        for one in (man, woman):
            self.world.tell(one, "marriage", day, delay, marital=MARRIED)
        with_bride = (woman.home.head is not woman and (man.relation != HEAD or len(home.members) == 1) and len(woman.home.members) < 7
                      and draw() < self.content.rate("living_with_bride"))
        if with_bride:
            self.world.leave(man, day, delay)
            self.world.arrive(man, woman.home, "merge", day, delay)
            self.plan(day + int(200 + draw() * 1400), self.own_home, woman)
        else:
            self._set_up(man, woman, day, delay)

    def _set_up(self, man: Person, woman: Person, day: int, delay: int, *, same_house: float = 0.0) -> None:
        """A card of their own, with the children of either."""
        world, quarter = self.world, self._quarter_near(man if self.draw() < 0.5 else woman)
        children = list(dict.fromkeys(child for one in (man, woman) if one.home for child in one.home.members
                                      if child.marital != MARRIED and one in (child.mother, child.father)))
        home = world.new_home(quarter, man.religion, day, woman.home if self.draw() < same_house else None)
        for one in [*children, man, woman]:  # the heads last, so that nobody has to follow them
            world.leave(one, day, delay)
        for one in [man, woman, *children]:
            world.arrive(one, home, "new_family", day, delay)

    def _quarter_near(self, one: Person) -> int:
        assert one.home is not None  # noqa: S101
        return one.home.quarter if self.draw() < 0.45 else self.migration.quarter()

    def own_home(self, day: int, woman: Person) -> None:
        """A couple that lived with the bride's parents takes a card of its own."""
        man = woman.spouse
        if man is not None and man.status == RESIDENT and man.home is woman.home and woman.home is not None and HEAD not in (man.relation, woman.relation):
            self._set_up(man, woman, day, self.delay(15), same_house=0.4)

    def divorce(self, day: int) -> None:
        wife = self.pick(self.wives, lambda one: not one.star, lambda one: one.status == RESIDENT and one.spouse is not None and day - one.born < 60 * YEAR)
        if wife is None or wife.spouse is None or wife.spouse.home is not wife.home or wife.home is None:
            return
        husband, delay, home = wife.spouse, self.delay(20), wife.home
        goes = husband if self.draw() < 0.75 and husband.relation in (HEAD, 2, 5) else wife
        if goes.relation == 4:
            goes = husband if goes is wife else wife
        world = self.world
        world.leave(goes, day, delay)  # while they are still married: the other becomes head first
        for one in (husband, wife):
            one.marital, one.spouse = DIVORCED, None
            world.tell(one, "divorce", day, delay, marital=DIVORCED)
        back = next((parent.home for parent in (goes.mother, goes.father) if parent and parent.status == RESIDENT and parent.home is not home), None)
        new = back if back is not None and not back.ended and self.draw() < 0.6 else world.new_home(self._quarter_near(goes), goes.religion, day)
        world.arrive(goes, new, "split", day, delay)
        for one in (husband, wife):
            if one.age(day) < 45:
                self.single[one.sex].append(one)

    # ---------------------------------------------------------------- homes

    def move_inside(self, day: int) -> None:
        one = self.anybody(lambda one: one.relation == HEAD)
        if one is not None and one.home is not None and not any(member.star for member in one.home.members):
            self.world.relocate(one.home, one.home.quarter if self.draw() < 0.4 else self.migration.quarter(), day, self.delay(15))

    def move_of_the_star(self, day: int, one: Person) -> None:
        if one.home is not None:
            self.world.relocate(one.home, one.home.quarter, day, 3)

    def leave_home(self, day: int) -> None:
        one = self.anybody(lambda one: one.marital != MARRIED and movable(one) and one.relation != HEAD and 20 * YEAR < day - one.born < 45 * YEAR)
        if one is not None:
            delay = self.delay(15)
            home = self.world.new_home(self._quarter_near(one), one.religion, day, one.home if self.draw() < 0.5 else None)
            self.world.leave(one, day, delay)
            self.world.arrive(one, home, "split", day, delay)

    def adoption(self, day: int) -> None:
        """A small child of a lone parent or of kin comes to a couple."""
        child = self.anybody(lambda one: day - one.born < 8 * YEAR and one.home is not None and len(one.home.members) > 2
                             and sum(member.marital == MARRIED for member in one.home.members) < 2, 300)
        wife = self.pick(self.wives, lambda one: day - one.born > 28 * YEAR and one.children < 2, lambda one: one.status == RESIDENT and one.spouse is not None)
        if child and wife and wife.home and child.home and wife.home is not child.home and wife.religion == child.religion and wife.relation in (HEAD, 3):
            delay = self.delay(30)
            self.world.leave(child, day, delay)
            self.world.arrive(child, wife.home, "adoption", day, delay)

    # ---------------------------------------------------------------- what is written of people

    def name_change(self, day: int) -> None:
        one = self.anybody(lambda one: True)
        if one is not None:
            one.name = self.world.namer.name(one.sex, one.born, one.style) if self.draw() < 0.3 else f"{one.name} {self.world.namer.word_behind(one.sex, one.born)}"
            self.world.tell(one, "name", day, self.delay(20), name=one.name)

    def correction(self, day: int) -> None:
        """Something had been written wrongly: a name, a birthplace, a blood group."""
        one = self.anybody(lambda one: True)
        if one is None:
            return
        kind = self.draw()
        if kind < 0.4 and len(words := one.name.split()) > 1:
            one.name = " ".join([*words[:-1], self.world.namer.respelt(words[-1])])
            self.world.tell(one, "correction", day, 0, name=one.name)
        elif kind < 0.7:
            one.birthplace = self.attributes.origin()
            self.world.tell(one, "correction", day, 0, birthplace=one.birthplace)
        else:
            one.blood = 1 + int(self.draw() * 4)
            self.world.tell(one, "correction", day, 0, blood=one.blood)

    def schooling(self, day: int, one: Person) -> None:
        """A card is renewed after a birthday that counts for school or work."""
        age = one.age(day)
        education = max(one.education, self.attributes.schooling(one, age))
        occupation = self.attributes.work(one, age) if age < 7 or age >= 18 or one.occupation == NO_WORK else one.occupation
        changes: dict[str, int | str] = {}
        if education != one.education:
            changes["education"] = one.education = education
        if occupation != one.occupation and one.occupation in (NO_WORK, PUPIL):
            changes["occupation"] = one.occupation = occupation
        if age >= 17 and one.phone is None and self.draw() < 0.5:
            changes["phone"] = one.phone = self.world.numbers.phone()
        if changes:
            self.world.tell(one, "update", day, self.delay(5), **changes)

    def update(self, day: int) -> None:
        one = self.anybody(lambda one: day - one.born > 23 * YEAR)
        if one is None:
            return
        work = self.attributes.work(one, one.age(day))
        if work != one.occupation and not (one.sex == MALE and work == HOUSEHOLD):
            one.occupation = work
            self.world.tell(one, "update", day, self.delay(5), occupation=work)
        elif one.education < 8 and one.age(day) < 40:
            one.education += 1 if one.education != 5 else 3
            self.world.tell(one, "update", day, self.delay(5), education=one.education)


def movable(one: Person) -> bool:
    """Whether somebody can leave home without breaking it up: no head, or one whose own children are all that would come along."""
    home = one.home
    if home is None:
        return False
    return one.relation != HEAD or all(other is one or (one in (other.mother, other.father) and other.marital != MARRIED) for other in home.members)
