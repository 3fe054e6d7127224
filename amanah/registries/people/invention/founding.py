"""The people with whom the years begin: exactly so many of each sex and age, put together into families that are possible."""
from bisect import bisect

from ..rules.codes import DIVORCED, FEMALE, MALE, SINGLE, WIDOWED
from .attributes import Attributes
from .content import OLDEST, Content, Draw, whole
from .persons import YEAR, Home, Person, World

MOTHERS = (17, 45)       # completed years at a birth
Couple = tuple[Person | None, Person | None]   # mother, father


def expected(content: Content, years: int) -> dict[int, list[float]]:
    """Of each sex and age: how many must be there at the start for one person at the end, so that deaths lead to the published ages."""
    result = {}
    for sex in (MALE, FEMALE):
        dying, ages = content.dying[sex], content.ages[sex]
        start = []
        for age in range(OLDEST + 1 - years):
            living = 1.0
            for year in range(years):
                living *= 1 - dying[age + year]
            start.append(ages[age + years] / living)
        result[sex] = start
    return result


def found(world: World, years: int) -> None:
    """Fill a world with its first people, on its first day."""
    Founding(world, years).run()


class Founding:
    def __init__(self, world: World, years: int) -> None:
        self.world, self.chance, self.draw, self.day = world, world.chance, world.chance.random, world.start
        self.how = world.content.facts["households"]
        self.attributes = Attributes(world)
        ages = expected(world.content, years)
        self.share = sum(map(sum, ages.values()))
        everybody = round(sum(quarter.people for quarter in world.quarters) * self.share)
        amounts = whole({(sex, age): share for sex, shares in ages.items() for age, share in enumerate(shares)}, everybody)
        self.waiting: dict[int, list[list[Person]]] = {sex: [[] for _age in range(OLDEST + 1)] for sex in (MALE, FEMALE)}
        for (sex, age), number in amounts.items():
            self.waiting[sex][age] = [Person(sex, self.day - int((age + self.draw()) * YEAR) - 1) for _one in range(number)]
        self.units: list[list[Couple]] = [[] for _age in range(OLDEST + 2)]  # by the mother's age, or that of a father alone
        self.homes: list[Home] = []
        self.quotas = [round(quarter.people * self.share) for quarter in world.quarters]
        self.place = Draw(enumerate(quarter.people for quarter in world.quarters))

    def run(self) -> None:
        self.couples()
        self.lone_parents()
        self.children()
        self.elderly()
        self.others()
        self.distant_parents()
        self.choose_star()
        people = [one for home in self.homes for one in home.members]
        namesakes = self.namesakes(people)
        for one in people:
            self.attributes.complete(one, self.day)
        for first, second, _twins in self.world.alike:
            second.name = self.world.namer.twin(first.name, second.sex, second.born, second.style)
        for first, second in namesakes:
            if first.religion == second.religion:
                second.name = first.name
                self.world.alike.append((first, second, "namesakes"))
        for one in people:
            self.attributes.name_parents(one)
        people.sort(key=lambda one: one.born)  # parents before children: a database need not look ahead for them
        self.world.enter(people, "register", self.day, 0)

    def namesakes(self, people: list[Person]) -> list[tuple[Person, Person]]:
        """About as many pairs as there will be entries made twice: two who are born on one day and will be called the same."""
        wanted = max(sum(quarter.doubles for quarter in self.world.quarters), 2)
        pairs = []
        for sex in (MALE, FEMALE):
            row = sorted((one for one in people if one.sex == sex and not one.star and one.mother is None and one.age(self.day) < 70), key=lambda one: one.born)
            places = sorted(self.chance.sample(range(len(row) // 2), min(wanted // 2 + 1, len(row) // 2)))
            for first, second in ((row[place * 2], row[place * 2 + 1]) for place in places):
                if second.home is not first.home and second.born - first.born < 40 and second.spouse is not first:
                    second.born = first.born
                    pairs.append((first, second))
        return pairs

    def choose_star(self) -> None:
        """A young mother of the wanted quarter, whose family stays together and here; what happens to her shows on her pages."""
        wanted = self.world.content.facts["invented"]["star"]
        place = next((n for n, quarter in enumerate(self.world.quarters) if quarter.code == wanted["place"]), None)
        if place is None:
            return
        mothers = [one for home in self.homes if home.quarter == place for one in home.members if one.sex == FEMALE and one.spouse and one.children]
        if mothers:
            star = min(mothers, key=lambda one: abs(one.age(self.day) - 27))
            star.name, self.world.star = wanted["name"], star
            assert star.home is not None  # noqa: S101
            for one in star.home.members:
                one.star = True

    # ---------------------------------------------------------------- steps

    def home(self, *members: Person) -> Home:
        """A new home in a quarter that has room."""
        quarter = self.place(self.draw())
        for _attempt in range(20):
            if self.quotas[quarter] > 0:
                break
            quarter = self.place(self.draw())
        eldest = min(members, key=lambda one: one.born)
        issued = max(eldest.born + int(17 * YEAR), self.day - int(self.draw() * 12 * YEAR) - 30)
        home = self.world.new_home(quarter, self.attributes.religion(), min(issued, self.day - 1))
        for one in members:
            self.add(home, one)
        self.homes.append(home)
        return home

    def add(self, home: Home, one: Person) -> None:
        self.world.join(home, one)
        self.quotas[home.quarter] -= 1

    def take(self, sex: int, age: int, reach: int) -> Person | None:
        """Somebody waiting whose age is nearest to `age`, at most `reach` years off."""
        waiting = self.waiting[sex]
        for off in range(reach + 1):
            for near in ((age + off, age - off) if off else (age,)):
                if 18 <= near <= OLDEST and waiting[near]:
                    return waiting[near].pop()
        return None

    def couples(self) -> None:
        table = self.how["married_women"]
        ages, odds = [row[0] for row in table], [row[1] for row in table]
        older, spread = self.how["husband_older"]
        for age in range(OLDEST, 16, -1):
            odd = odds[bisect(ages, age)]
            waiting = self.waiting[FEMALE][age]
            number = sum(self.draw() < odd for _woman in waiting)
            for _couple in range(number):
                man = self.take(MALE, max(20, round(age + self.chance.gauss(older, spread))), 6)
                if man is None:
                    break
                woman = waiting.pop()
                self.world.marry(man, woman)
                self.home(man, woman)
                self.units[age].append((woman, man))

    def lone_parents(self) -> None:
        """Widowed or divorced with children at home."""
        for sex, share in ((FEMALE, 0.45), (MALE, 0.12)):
            for age in range(28, 62):
                waiting = self.waiting[sex][age]
                for _one in range(int(len(waiting) * share)):
                    one = waiting.pop()
                    one.marital = WIDOWED if self.draw() < 0.4 + (age - 28) / 60 else DIVORCED
                    self.home(one)
                    self.units[age].append((one, None) if sex == FEMALE else (None, one))

    def children(self) -> None:
        table = self.how["grown_at_home"]
        ages, odds = [row[0] for row in table], [row[1] for row in table]
        for age in range(45):
            for sex in (MALE, FEMALE):
                stay = []
                for one in self.waiting[sex][age]:
                    if age < 17 or self.draw() < odds[bisect(ages, age)]:
                        unit = self.parents_for(one, age)
                        if unit is not None:
                            self.adopt(one, unit)
                            continue
                    stay.append(one)
                self.waiting[sex][age] = stay

    def parents_for(self, one: Person, age: int, *, outside: bool = False) -> Couple | None:
        mean, spread = self.how["mothers_age"]
        for _attempt in range(14):
            bucket = age + int(min(max(self.chance.gauss(mean, spread), MOTHERS[0]), MOTHERS[1]))
            if bucket > OLDEST or not self.units[bucket]:
                continue
            unit = self.units[bucket][int(self.draw() * len(self.units[bucket]))]
            if possible(unit, one) and (outside or self.draw() < (1.0, 0.9, 0.6, 0.3, 0.15, 0.08, 0.03, 0.0)[min(count(unit), 7)]) and not self.crowded(unit, one):
                return unit
        return None

    def crowded(self, unit: Couple, one: Person) -> bool:
        """Whether a brother or sister was born too near (twins are made afterwards)."""
        parent = unit[0] or unit[1]
        assert parent is not None and parent.home is not None  # noqa: S101
        return any(abs(other.born - one.born) < 420 for other in parent.home.members if other is not parent)

    def adopt(self, one: Person, unit: Couple) -> None:
        parent = unit[0] or unit[1]
        assert parent is not None and parent.home is not None  # noqa: S101
        self.bear(one, unit)
        self.add(parent.home, one)
        if len(parent.home.members) > 1 and one.age(self.day) < 30 and self.draw() < 0.03:
            twin = parent.home.members[-2]
            if twin.mother is one.mother and twin.mother is not None and twin.sex == one.sex and abs(twin.born - one.born) < 900:
                one.born = twin.born
                self.world.alike.append((twin, one, "twins"))

    def bear(self, one: Person, unit: Couple) -> None:
        one.mother, one.father = unit
        for parent in unit:
            if parent is not None:
                parent.children += 1
                parent.last_birth = max(parent.last_birth, one.born)

    def elderly(self) -> None:
        """Old people without a spouse: with a grown child, or alone."""
        for sex in (MALE, FEMALE):
            for age in range(58, OLDEST + 1):
                for one in self.waiting[sex][age]:
                    one.marital = WIDOWED if self.draw() < 0.93 else SINGLE
                    if one.marital == WIDOWED and self.draw() < self.how["elderly_with_children"] and self.move_in_with_child(one, age):
                        continue
                    self.home(one)
                self.waiting[sex][age] = []

    def move_in_with_child(self, one: Person, age: int) -> bool:
        for _attempt in range(8):
            gap = MOTHERS[0] + 3 + int(self.draw() * 20)
            bucket = self.units[max(age - gap, 0)]
            if not bucket:
                continue
            woman, man = bucket[int(self.draw() * len(bucket))]
            child = woman if woman is not None and (man is None or self.draw() < 0.7) else man
            if child is None or child.home is None or child.mother or child.father or not 6200 <= child.born - one.born <= 15500:
                continue
            if one.sex == FEMALE:
                child.mother = one
            else:
                child.father = one
            one.children += 1
            self.add(child.home, one)
            return True
        return False

    def others(self) -> None:
        """Whoever is left: alone, or as kin in somebody's home; children go to kin."""
        for sex in (MALE, FEMALE):
            for age in range(OLDEST + 1):
                for one in self.waiting[sex][age]:
                    if age < 18 or self.draw() < 0.3:
                        host = self.homes[int(self.draw() * len(self.homes))]
                        while host.head is None or host.head.age(self.day) < 21:
                            host = self.homes[int(self.draw() * len(self.homes))]
                        self.add(host, one)
                        continue
                    if age >= 26 and self.draw() < 0.35:
                        one.marital = DIVORCED if self.draw() < 0.7 else WIDOWED
                    self.home(one)
                self.waiting[sex][age] = []

    def distant_parents(self) -> None:
        """Grown people whose parents live elsewhere in the city."""
        share = self.how["known_parents"]
        for home in self.homes:
            for one in home.members:
                if one.mother is None and one.father is None and 18 <= (age := one.age(self.day)) <= 58 and self.draw() < share:
                    unit = self.parents_for(one, age, outside=True)
                    parent = (unit[0] or unit[1]) if unit else None
                    if unit and parent and parent.home and parent.home.religion == home.religion and parent.home is not home and one.spouse not in unit:
                        self.bear(one, unit)


def count(unit: Couple) -> int:
    return max((parent.children for parent in unit if parent is not None), default=0)


def possible(unit: Couple, child: Person) -> bool:
    """A mother is 16 to 46 at a birth, a father at least 17."""
    mother, father = unit
    return ((mother is None or 16.2 * YEAR < child.born - mother.born < 46 * YEAR)
            and (father is None or 17 * YEAR < child.born - father.born < 65 * YEAR))
