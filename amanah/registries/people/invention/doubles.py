"""Planted trouble: people who were entered twice, and people who only look as if they were.

An entry made twice comes from a counter: told by somebody in a hurry, without looking first. It differs from the first as such entries do in life,
by one to three of the ways below. `World.alike` holds the others: twins, namesakes born on one day, sons called as their father.
"""
from dataclasses import dataclass
from datetime import date

from .content import Draw
from .persons import YEAR, Home, Person, World

# What may differ in the second entry, and how often. The number of differences is drawn apart.
WAYS: Draw[str] = Draw({"spelling": 24, "abbreviation": 12, "word_dropped": 12, "typo": 18, "order": 6, "day_month": 8, "birth_digit": 6, "birthplace": 8,
                        "mother_name": 8, "no_mother": 6})
MANY: Draw[int] = Draw({0: 0.06, 1: 0.5, 2: 0.34, 3: 0.1})
NUMBER: Draw[str] = Draw({"no_nik": 0.6, "other_nik": 0.4})
RECENT = 3 * YEAR


@dataclass(slots=True)
class Double:
    """A second entry: whom it repeats, as whom, and what differs."""

    of: Person
    entry: Person
    ways: list[str]
    day: int


def plant(world: World, amounts: list[int]) -> tuple[list[Double], list[Home]]:
    """Enter so many residents a second time in each quarter. Grown-ups get a card of their own there, children none yet.

    The homes are numbered apart from those of the world, and so are the entries.
    """
    draw, residents = world.chance.random, world.residents()
    doubles: list[Double] = []
    homes: list[Home] = []
    used: set[int] = set()
    for quarter, amount in enumerate(amounts):
        for _double in range(amount):
            first = residents[int(draw() * len(residents))]
            while first.key in used or first.star:
                first = residents[int(draw() * len(residents))]
            used.add(first.key)
            day = max(first.story[0][0] + 1, world.until - 1 - int(draw() * min(RECENT, world.until - 1 - world.start)))
            day = min(day, world.until - 1)
            entry, ways = again(world, first)
            if entry.born > day:  # not even in a hurry does anybody write down a birth to come
                entry.born = first.born
            home = Home(len(homes) + 1, quarter, first.religion)
            home.place, home.address = world.rt[quarter](draw()), f"Jalan {world.street_words[int(draw() * len(world.street_words))]} No. {1 + int(draw() * 99)}"
            entry.key = len(doubles) + 1
            if entry.age(day) >= 17:
                homes.append(home)
                home.members, home.head = [entry], entry
                entry.home, entry.relation = home, 1
            entry.story.append((day, (day * 1440) + 480 + int(draw() * 400), "move_in", entry.state(world.place(home))))
            doubles.append(Double(first, entry, ways, day))
    return doubles, homes


def again(world: World, first: Person) -> tuple[Person, list[str]]:
    """The same person as a second official wrote them down."""
    draw = world.chance.random
    one = Person(first.sex, first.born)
    one.name, one.birthplace, one.mother_name, one.father_name = first.name, first.birthplace, first.mother_name, first.father_name
    one.religion, one.marital, one.education, one.occupation, one.style = first.religion, first.marital, first.education, first.occupation, first.style
    one.phone = first.phone if draw() < 0.4 else None
    ways: list[str] = []
    wanted, attempts = MANY(draw()), 0
    while len(ways) < wanted and attempts < 12:
        attempts += 1
        way = WAYS(draw())
        if way not in ways and differ(world, one, way):
            ways.append(way)
    number = NUMBER(draw())
    if number == "other_nik":
        one.nik = world.numbers.person(world.prefixes[int(draw() * len(world.prefixes))], one.sex, one.born)
    return one, [*ways, number]


def differ(world: World, one: Person, way: str) -> bool:
    """Change one thing; False when this person gives no occasion for it."""
    draw, words = world.chance.random, one.name.split()
    place = int(draw() * len(words))
    before = (one.name, one.born, one.birthplace, one.mother_name)
    match way:
        case "spelling":
            words[place] = world.namer.respelt(words[place])
            one.name = " ".join(words)
        case "abbreviation" if len(words) > 1:
            place = 0 if words[0].startswith(("Muh", "Moh", "Abd", "Siti")) else max(place, 1)
            words[place] = {"Muhammad": "M.", "Mohammad": "Moh.", "Muhamad": "M.", "Abdul": "Abd.", "Siti": "St."}.get(words[place], f"{words[place][0]}.")
            one.name = " ".join(words)
        case "word_dropped" if len(words) > 1:
            del words[place]
            one.name = " ".join(words)
        case "typo":
            one.name = " ".join([*words[:place], typo(words[place], draw()), *words[place + 1:]])
        case "order" if len(words) > 1:
            one.name = " ".join([*words[1:], words[0]])
        case "day_month":
            day = date.fromordinal(one.born)
            if day.day <= 12:
                one.born = date(day.year, day.day, day.month).toordinal()
        case "birth_digit":
            one.born += (-1, 1, -10, 10, -365, 365)[int(draw() * 6)]
            one.born = min(one.born, world.until - 2)
        case "birthplace":
            one.birthplace = world.content.facts["birthplace"] if one.birthplace != world.content.facts["birthplace"] else ""
        case "mother_name" if one.mother_name:
            one.mother_name = world.namer.respelt(one.mother_name.split()[0])
        case "no_mother":
            one.mother_name = ""
    return (one.name, one.born, one.birthplace, one.mother_name) != before


def typo(word: str, x: float) -> str:
    """A letter left out, doubled, or two of them in the wrong order."""
    if len(word) < 4:
        return word + word[-1]
    place = 1 + int(x * 997) % (len(word) - 2)
    match int(x * 7919) % 3:
        case 0:
            return word[:place] + word[place + 1:]
        case 1:
            return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2:]
