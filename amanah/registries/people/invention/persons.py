"""Somebody, a home, and the city in which they live: what can happen to families, kept so that every family always has one head.

Days are ordinals (`date.toordinal`), moments are minutes (ordinal × 1440 + minute of the day, wall clock of the city).
"""
from dataclasses import dataclass
from random import Random
from typing import Any

from ..rules.codes import CHILD, DEAD, FEMALE, HEAD, HUSBAND, MARRIED, MOVED, RESIDENT, WIDOWED, WIFE
from .content import GROUPS, Content, Draw, factor
from .naming import Namer
from .numbers import Numbers

YEAR = 365.2425
IN_LAW, GRANDCHILD, PARENT, PARENT_IN_LAW, KIN = 5, 6, 7, 8, 9
Changes = dict[str, Any]
# day, minute it was recorded, kind, what changed: the whole state first (a tuple in the order of rules.state.FIELDS), then only differences
Entry = tuple[int, int, str, Any]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A kelurahan to be filled: how many people it must hold on the last day, and its RT (primary key, number of the RW, number of the RT)."""

    code: str
    people: int
    homes: tuple[tuple[int, str, str], ...]
    doubles: int = 0    # entries that repeat somebody, besides `people`


class Home:
    """A family card. `place` is a position in the RT of quarter `quarter`."""

    __slots__ = ("address", "ended", "head", "key", "members", "number", "place", "quarter", "religion")

    def __init__(self, key: int, quarter: int, religion: int) -> None:
        self.key, self.quarter, self.religion = key, quarter, religion
        self.number, self.address, self.place, self.ended = "", "", 0, False
        self.head: Person | None = None
        self.members: list[Person] = []


class Person:
    """Somebody invented. `mother` and `father` are persons of the register, or None while their names are all we know."""

    __slots__ = ("birthplace", "blood", "born", "children", "citizenship", "disability", "education", "father", "father_name", "home", "key", "last_birth",
                 "marital", "mother", "mother_name", "name", "nik", "occupation", "origin", "phone", "relation", "religion", "sex", "spouse", "star",
                 "status", "story", "style")

    def __init__(self, sex: int, born: int) -> None:
        self.sex, self.born = sex, born
        self.key = self.relation = self.last_birth = self.children = 0
        self.marital = self.status = self.citizenship = 1
        self.name = self.birthplace = self.mother_name = self.father_name = self.origin = self.style = ""
        self.religion = self.education = self.occupation = 1
        self.blood, self.disability = 13, 7
        self.nik: str | None = None
        self.phone: str | None = None
        self.mother: Person | None = None
        self.father: Person | None = None
        self.spouse: Person | None = None
        self.home: Home | None = None
        self.star = False
        self.story: list[Entry] = []

    def age(self, day: int) -> int:
        """Completed years, to within a day."""
        return int((day - self.born) / YEAR)

    def state(self, place: int) -> tuple[Any, ...]:
        """In the order of rules.state.FIELDS; parents and family by their keys, the birth date as an ordinal."""
        return (self.status, place, self.home.key if self.home else None, self.relation or None, self.name, self.sex, self.born, self.birthplace,
                self.religion, self.marital, self.education, self.occupation, self.blood, self.citizenship, self.disability, self.nik,
                self.mother_name or None, self.father_name, self.mother.key if self.mother else None, self.father.key if self.father else None, self.phone)


def relation_to(head: Person, one: Person) -> int:
    """How `one` is related to the head of the card (SHDK), from what is known of marriages and parents."""
    if one is head:
        return HEAD
    if head.spouse is one:
        return WIFE if one.sex == FEMALE else HUSBAND
    if head in (one.mother, one.father) or (head.spouse is not None and head.spouse in (one.mother, one.father)):
        return CHILD
    if one in (head.mother, head.father):
        return PARENT
    if head.spouse is not None and one in (head.spouse.mother, head.spouse.father):
        return PARENT_IN_LAW
    if one.spouse is not None and head in (one.spouse.mother, one.spouse.father):
        return IN_LAW
    if any(above is not None and head in (above.mother, above.father) for above in (one.mother, one.father)):
        return GRANDCHILD
    return one.relation if one.relation >= KIN else KIN


class World:
    """Some quarters with their people, from `start` until the day before `until`. Every change of a family goes through its methods."""

    def __init__(self, content: Content, quarters: list[Quarter], *, seed: str, serial: int, step: int, start: int, until: int) -> None:
        self.content, self.quarters, self.start, self.until = content, quarters, start, until
        self.chance = Random(seed)  # noqa: S311 (no secret hangs on it)
        self.namer, self.numbers = Namer(content, self.chance), Numbers(content, serial, step)
        self.people: list[Person] = []
        self.homes: list[Home] = []
        self.counts = [0] * len(quarters)
        self.alike: list[tuple[Person, Person, str]] = []  # who looks like whom without being them, and why
        self.star: Person | None = None                    # whoever stands behind the demonstration's account of a resident
        self.in_quarter: list[list[Home]] = [[] for _quarter in quarters]
        around = content.facts["neighbourhoods"]
        self.rt = [Draw([(place, factor(f"{quarter.code}.{rw}.{rt}", around["least"], around["most"]))
                         for place, (_pk, rw, rt) in enumerate(quarter.homes)]) for quarter in quarters]
        self.prefixes = ["".join(quarter.code.split(".")[:3]) for quarter in quarters]
        streets = content.facts["streets"]
        self.street_kinds, self.street_words = streets["kinds"], streets["words"].split()

    # ---------------------------------------------------------------- homes

    def new_home(self, quarter: int, religion: int, day: int, beside: Home | None = None) -> Home:
        """A new card; `beside` another one when it is for the same house."""
        home = Home(len(self.homes) + 1, quarter, religion)
        self.homes.append(home)
        if beside is None:
            self.settle(home, quarter)
        else:
            home.quarter, home.place, home.address = beside.quarter, beside.place, beside.address
            self.in_quarter[home.quarter].append(home)
        home.number = self.numbers.family(self.prefixes[home.quarter], day)
        return home

    def settle(self, home: Home, quarter: int) -> None:
        """Give a home an RT and a street of a quarter."""
        draw = self.chance.random
        home.quarter, home.place = quarter, self.rt[quarter](draw())
        words = self.street_words
        name = words[int(draw() * len(words))]
        if draw() < 0.3:
            name = f"{name} {'I' * (1 + int(draw() * 3))}"
        home.address = f"{self.street_kinds[int(draw() * len(self.street_kinds))]} {name} No. {1 + int(draw() * draw() * 180)}"
        self.in_quarter[quarter].append(home)

    def place(self, home: Home) -> int:
        """The primary key of the RT in which a home stands."""
        return self.quarters[home.quarter].homes[home.place][0]

    # ---------------------------------------------------------------- what is told of a person

    def enter(self, group: list[Person], kind: str, day: int, delay: int) -> None:
        """People appear in the register together. Their homes, relations and everything else are set already."""
        for one in group:
            self.people.append(one)
            one.key = len(self.people)
        for one in group:
            assert one.home is not None  # noqa: S101 (nobody is invented without a home)
            self.counts[one.home.quarter] += 1
            one.story.append((day, self.moment(one, day, delay), kind, one.state(self.place(one.home))))

    def moment(self, one: Person, day: int, delay: int) -> int:
        """When something was recorded: in office hours, `delay` days later, after whatever was recorded of this person before, never in the future."""
        recorded = min(day + delay, self.until - 1) * 1440 + 480 + int(self.chance.random() * 400)
        return max(recorded, one.story[-1][1] + 1) if one.story else recorded

    def tell(self, one: Person, kind: str, day: int, delay: int, **changes: Any) -> None:
        one.story.append((day, self.moment(one, day, delay), kind, changes))

    # ---------------------------------------------------------------- joining and leaving

    def join(self, home: Home, one: Person) -> None:
        """Become a member; the relation is set by whoever calls, or by `relation_to`."""
        one.home = home
        home.members.append(one)
        if home.head is None:
            home.head = one
        one.relation = relation_to(home.head, one)

    def leave(self, one: Person, day: int, delay: int) -> None:
        """Stop being a member. A family that loses its head gets another; one in which only children are left goes to relatives; an empty one ends."""
        home = one.home
        assert home is not None  # noqa: S101
        home.members.remove(one)
        if not home.members:
            home.ended, home.head = True, None
        elif home.head is one:
            self.succeed(home, day, delay)

    def succeed(self, home: Home, day: int, delay: int) -> None:
        """The spouse becomes head, otherwise the eldest grown member; children alone are taken in by another family."""
        former = home.head
        grown = [one for one in home.members if one.age(day) >= 17]
        if not grown:
            self.take_in(home, day, delay)
            return
        heir = former.spouse if former is not None and former.spouse in grown else min(grown, key=lambda one: one.born)
        home.head = heir
        for one in home.members:
            relation = relation_to(heir, one)
            if relation != one.relation:
                one.relation = relation
                self.tell(one, "head", day, delay, relation=relation)

    def take_in(self, home: Home, day: int, delay: int) -> None:
        """Children without a grown-up move to grandparents where these are known, else to a family of the same faith nearby."""
        eldest = home.members[0]
        kin = [above for parent in (eldest.mother, eldest.father) if parent for above in (parent.mother, parent.father)
               if above and above.status == RESIDENT and above.home is not home]
        host = kin[0].home if kin else None
        pool = self.in_quarter[home.quarter]
        for _attempt in range(60):
            if host is not None:
                break
            near = pool[int(self.chance.random() * len(pool))]
            if near is not home and not near.ended and near.quarter == home.quarter and near.religion == home.religion and near.head and near.head.age(day) > 24:
                host = near
        if host is None:
            host = next(near for near in self.homes if near is not home and not near.ended and near.head and near.head.age(day) > 20)
        for one in list(home.members):
            home.members.remove(one)
            self.arrive(one, host, "move", day, delay)
        home.ended, home.head = True, None

    def arrive(self, one: Person, home: Home, kind: str, day: int, delay: int, **more: Any) -> None:
        """Join another home and tell it: with the place when that is another, and as a `move` then."""
        before = one.home
        old_place = self.place(before) if before else 0
        self.join(home, one)
        changes: Changes = {"family": home.key, "relation": one.relation, **more}
        if self.place(home) != old_place:
            changes["place"] = self.place(home)
            if before is not None:
                self.counts[before.quarter] -= 1
                self.counts[home.quarter] += 1
            kind = "move" if kind in ("new_family", "split", "merge") else kind
        self.tell(one, kind, day, delay, **changes)

    def relocate(self, home: Home, quarter: int, day: int, delay: int) -> None:
        """The whole family moves inside the city."""
        self.counts[home.quarter] -= len(home.members)
        self.settle(home, quarter)
        self.counts[quarter] += len(home.members)
        for one in home.members:
            self.tell(one, "move", day, delay, place=self.place(home))

    def marry(self, man: Person, woman: Person) -> None:
        man.spouse, woman.spouse = woman, man
        man.marital = woman.marital = MARRIED

    def part(self, one: Person, marital: int, day: int, delay: int, kind: str) -> None:
        """The marriage of `one` ends for the spouse as well: by death or by divorce."""
        spouse = one.spouse
        if spouse is not None:
            spouse.spouse, spouse.marital = None, marital
            one.spouse = None
            self.tell(spouse, kind, day, delay, marital=marital)

    def die(self, one: Person, day: int, delay: int) -> None:
        home = one.home
        assert home is not None  # noqa: S101
        one.status = DEAD
        self.counts[home.quarter] -= 1
        self.tell(one, "death", day, delay, status=DEAD)
        spouse = one.spouse
        if spouse is not None:
            spouse.marital = WIDOWED
            self.tell(spouse, "update", day, delay, marital=WIDOWED)
        self.leave(one, day, delay)  # before the marriage is forgotten: the spouse becomes head first
        if spouse is not None:
            one.spouse = spouse.spouse = None

    def go(self, one: Person, day: int, delay: int) -> None:
        """Move out of the city."""
        home = one.home
        assert home is not None  # noqa: S101
        one.status = MOVED
        self.counts[home.quarter] -= 1
        self.tell(one, "move_out", day, delay, status=MOVED)
        self.leave(one, day, delay)

    def residents(self) -> list[Person]:
        return [one for one in self.people if one.status == RESIDENT]


def group(age: int) -> int:
    return min(age // 5, GROUPS - 1)
