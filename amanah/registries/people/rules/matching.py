"""Whether two entries of the register are one person: what is compared, and what each agreement weighs. Pure.

Three stories are weighed against each other (Fellegi and Sunter 1969, with a third hypothesis of ours): both entries are the SAME person; two
STRANGERS who resemble each other by chance; two RELATIVES of one household, who share parents, home and birthplace, and as twins the birth date.
A rare name is much evidence against chance and a common one little (`Rarity`); that two children of one mother agree in her name is none at all.
Comparisons see names as kernel.names.search_key writes them. Every comparison gives the same answer for (a, b) and (b, a).
"""
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import log2
from operator import ne

COMPARED = ("name", "born", "sex", "mother", "father", "birthplace", "home", "nik", "kin")
NAME_LEVELS = ("same", "close", "near", "part", "some", "none")
LEVELS: Mapping[str, tuple[str, ...]] = {
    "name": NAME_LEVELS,
    "born": ("same", "swapped", "digit", "part", "none"),
    "sex": ("same", "none"),
    "mother": NAME_LEVELS,
    "father": NAME_LEVELS,
    "birthplace": ("same", "close", "none"),
    "home": ("same", "close", "part", "none"),  # family, RW, kelurahan, elsewhere
    "nik": ("one", "none", "card"),             # one has none; two that differ; two that differ on one family card. Equal ones cannot be here twice
    "kin": ("same", "none"),                    # both are linked to one and the same parent, as children of one family are; or not
}
MISSING = "missing"  # one side says nothing: weighs nothing
USUAL_BITS = 13.5    # a word more frequent than this is a name that people have, and no slip of the pen
INITIAL_BITS = 3.5   # how unlikely it is that a lone letter begins the other's word by chance
SLIP_BITS = {4: 0.0, 3: 1.0, 2: 3.0}  # what a word loses when it is not the very same
MOST_BITS = 15.0     # no word is believed to be rarer than one among 30 thousand

_CONSONANTS = {"d": "t", "g": "k", "q": "k", "b": "p", "v": "p", "f": "p", "z": "s", "j": "s", "c": "s", "x": "s"}
_COARSE = str.maketrans(_CONSONANTS | dict.fromkeys("aiueoyhw"))
_FINE = str.maketrans(_CONSONANTS | {"e": "i", "y": "i", "o": "u", "w": "u", "h": None})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of an entry. Names are search keys; `place` is the dotted code of the narrowest territory known; `nik`: whether it has one."""

    name: str
    born: date
    sex: int
    mother: str = ""
    father: str = ""
    birthplace: str = ""
    family: int | None = None
    place: str = ""
    nik: bool = False
    mother_id: int | None = None
    father_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words are: bits of surprise (12: one in 4096). `usual` is what a word that is not listed weighs."""

    bits: Mapping[str, float]
    usual: float = 12.0

    def of(self, word: str) -> float:
        return min(self.bits.get(word, self.usual), MOST_BITS)

    def is_usual(self, word: str) -> bool:
        return self.bits.get(word, MOST_BITS) < USUAL_BITS


Shares = Mapping[str, Mapping[str, float]]  # comparison → level → how often


@dataclass(frozen=True, slots=True)
class Weights:
    """What the comparison has learnt: how often each level occurs between two entries of one person (`same`), between relatives of one household
    (`relatives`; the names of those born on one day under "twins") and between strangers (`chance`, where rarity does not say it).

    `people`: how many entries; `doubled`: the share of them that has a double. `days`: bits of birth dates, where they are not those of any day.
    `namesakes`: bits of two strangers having one name and one birth date, as often as that is seen; names follow the day and the year, so it is more
    often than rarity says.
    """

    same: Shares
    relatives: Shares
    chance: Shares
    names: Rarity
    places: Rarity
    people: int
    doubled: float
    days: Mapping[date, float] = field(default_factory=dict)
    namesakes: float = 24.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """The level of every comparison, the bits by which names and places are rarer than chance, and the probability that it is one person."""

    levels: Mapping[str, str]
    bits: Mapping[str, float]
    probability: float
    against_chance: float
    against_relatives: float


# ---------------------------------------------------------------- words and names

@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """The consonants of a search key's word, with those joined that are heard or typed for one another: "rijki", "riski", "resky" are one."""
    if len(word) < 3:
        return word
    folded = _once(word.translate(_COARSE) if word[0] not in "aiueoyhw" else "a" + word[1:].translate(_COARSE))
    return folded if len(folded) > 1 else word[:2]


@lru_cache(maxsize=1 << 16)
def spoken(word: str) -> str:
    """The same with its vowels (i and e, u and o are one): tells Rafa from Rafi, and takes Rizki and Rezky for one name."""
    return _once(word.translate(_FINE)).replace("au", "u")


def _once(letters: str) -> str:
    return "".join(letter for place, letter in enumerate(letters) if not place or letter != letters[place - 1])


def one_edit(a: str, b: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes `a` into `b`."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    start, longest = 0, min(len(a), len(b))
    while start < longest and a[start] == b[start]:
        start += 1
    end = 0
    while end < longest - start and a[-1 - end] == b[-1 - end]:
        end += 1
    x, y = a[start:len(a) - end], b[start:len(b) - end]
    return (len(x) <= 1 and len(y) <= 1) or (len(x) == 2 and x == y[::-1])


@lru_cache(maxsize=1 << 18)
def alike(x: str, y: str) -> int:
    """How two words agree: 4 equal, 3 spoken alike, 2 the same consonants or one slip of the pen, 1 an initial of the other, 0 not."""
    if x == y:
        return 4
    shorter = min(len(x), len(y))
    if shorter == 1:
        return 1 if x[0] == y[0] else 0
    if shorter >= 3 and abs(len(x) - len(y)) <= 2:
        if spoken(x) == spoken(y):
            return 3
        if x[0] == y[0] and sound(x) == sound(y):
            return 2
    return 2 if (shorter >= 4 and one_edit(x, y)) or (shorter >= 5 and one_edit(spoken(x), spoken(y))) else 0


def compare_names(a: str, b: str, rarity: Rarity) -> tuple[str, float]:
    """The level at which two names agree, whatever the order of their words, and how many bits of chance that takes.

    same ▸ close (spelled or mistyped otherwise) ▸ near (a letter apart, but both are names that people have: Rafa and Rafi) ▸ part (words left out or
    cut to initials) ▸ some (a word in common) ▸ none.
    """
    if not a or not b:
        return MISSING, 0.0
    if a == b:
        return "same", sum(map(rarity.of, a.split()))
    short, left = sorted((a.split(), b.split()), key=lambda words: (len(words), words))
    if len(short) == len(left) and sorted(short) == sorted(left):
        return "same", sum(map(rarity.of, short))
    whole = list(left)
    counts, near, bits = [0, 0, 0, 0, 0], False, 0.0
    for word in sorted(short, key=lambda word: (len(word), word), reverse=True):  # whole words choose before initials
        best = max(left, key=lambda other: (alike(word, other), other))
        kind = alike(word, best)
        counts[kind] += 1
        if kind:
            left.remove(best)
            bits += INITIAL_BITS if kind == 1 else min(rarity.of(word), rarity.of(best)) - SLIP_BITS[kind]
            near |= kind == 2 and rarity.is_usual(word) and rarity.is_usual(best)
    agree = counts[4] + counts[3] + counts[2]
    if not counts[0] and not counts[1] and not left:
        return ("near" if near else "close"), bits
    joined = "".join(a.split()), "".join(b.split())
    if min(map(len, joined)) >= 6 and one_edit(*joined):  # "Nur Hayati" and "Nurhayati"
        return "close", max(bits, 0.6 * sum(map(rarity.of, whole)))
    if not counts[0] and agree:
        return ("near" if near else "part"), bits
    return ("some", bits) if agree else ("none", 0.0)


# ---------------------------------------------------------------- dates, places

def swapped(born: date) -> date | None:
    """The date with day and month exchanged; None when that is no other date."""
    return date(born.year, born.day, born.month) if born.day <= 12 and born.day != born.month else None


FAR = 10  # years; a father and his son may share day and month


def compare_dates(a: date, b: date) -> str:
    """same ▸ swapped (day and month) ▸ digit (one of eight digits, or a day, ten days or a year before or after) ▸ part (two of day, month, year) ▸ none."""
    if a == b:
        return "same"
    if swapped(a) == b:
        return "swapped"
    if abs((a - b).days) in (1, 10, 365, 366) or sum(map(ne, a.isoformat(), b.isoformat())) == 1:
        return "digit"
    if abs(a.year - b.year) > FAR:
        return "none"
    return "part" if (a.year == b.year) + (a.month == b.month) + (a.day == b.day) >= 2 else "none"


def near_dates(born: date) -> list[date]:
    """Every date that compare_dates calls same, swapped or digit."""
    found = {born, swapped(born)}
    digits = f"{born:%Y%m%d}"
    for place in range(2, 8):
        for digit in "0123456789":
            found.add(_date(digits[:place] + digit + digits[place + 1:]))
    found |= {born + timedelta(days=sign * days) for sign in (1, -1) for days in (1, 10, 365, 366)}
    return sorted(day for day in found if day is not None)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def compare_birthplaces(a: str, b: str, rarity: Rarity) -> tuple[str, float]:
    if not a or not b:
        return MISSING, 0.0
    if a == b:
        return "same", rarity.of(a)
    if (min(len(a), len(b)) >= 4 and one_edit(a, b)) or a in b.split() or b in a.split():
        return "close", max(min(rarity.of(a), rarity.of(b)) - 3, 0.0)
    return "none", 0.0


def compare_homes(a: Entry, b: Entry) -> str:
    """same family ▸ same RW ▸ same kelurahan ▸ elsewhere."""
    if a.family is not None and a.family == b.family:
        return "same"
    if not a.place or not b.place:
        return MISSING
    here, there = a.place.split("."), b.place.split(".")  # province, city, kecamatan, kelurahan, RW, RT
    if len(here) > 4 and here[:5] == there[:5]:
        return "close"
    return "part" if len(here) > 3 and here[:4] == there[:4] else "none"


def _compare_numbers(a: Entry, b: Entry) -> str:
    if a.nik and b.nik:
        return "card" if a.family is not None and a.family == b.family else "none"
    return "one" if a.nik or b.nik else MISSING


def _compare_links(a: Entry, b: Entry) -> str:
    return "same" if any(one is not None and one == other for one, other in ((a.mother_id, b.mother_id), (a.father_id, b.father_id))) else "none"


# ---------------------------------------------------------------- the whole

def compare(a: Entry, b: Entry, names: Rarity, places: Rarity) -> tuple[dict[str, str], dict[str, float]]:
    """The level of every comparison and the bits of those that rarity weighs."""
    name, name_bits = compare_names(a.name, b.name, names)
    mother, mother_bits = compare_names(a.mother, b.mother, names)
    father, father_bits = compare_names(a.father, b.father, names)
    if a.mother_id is not None and a.mother_id == b.mother_id and mother != "same":
        mother = "close"
    if a.father_id is not None and a.father_id == b.father_id and father != "same":
        father = "close"
    birthplace, place_bits = compare_birthplaces(a.birthplace, b.birthplace, places)
    return ({"name": name, "born": compare_dates(a.born, b.born), "sex": "same" if a.sex == b.sex else "none", "mother": mother, "father": father,
             "birthplace": birthplace, "home": compare_homes(a, b), "nik": _compare_numbers(a, b), "kin": _compare_links(a, b)},
            {"name": name_bits, "mother": mother_bits, "father": father_bits, "birthplace": place_bits})


def liken(a: Entry, b: Entry, weights: Weights) -> Likeness:
    """Compare two entries and say how probable it is that they are one person."""
    levels, bits = compare(a, b, weights.names, weights.places)
    if levels["born"] == "same":
        bits["born"] = weights.days.get(a.born, DAY_BITS)
    return weigh(levels, bits, weights)


def weigh(levels: Mapping[str, str], bits: Mapping[str, float], weights: Weights) -> Likeness:
    """The probability from levels that were compared. Against strangers and against relatives the evidence is summed apart; both must be overcome."""
    chance = log2(2 * weights.doubled / weights.people)   # of all pairs, how many are one person
    relatives = log2(weights.doubled / RELATIVES_EACH)    # of the pairs in one household
    for name, level in levels.items():
        if level == MISSING:
            continue
        same = log2(weights.same[name][level])
        if name in bits and level != "none":
            chance += same + bits[name] - (WAYS if level in ("near", "part", "some") else 0.0)
        else:
            chance += same - log2(weights.chance[name][level])
        twins = name == "name" and levels["born"] == "same"
        relatives += same - log2(weights.relatives["twins" if twins else name][level])
    if levels["born"] == "same" and levels["name"] in ("same", "close", "near"):
        chance -= max(bits["name"] + bits["born"] - weights.namesakes, 0.0)
    worst = 2.0 ** -min(chance, 900.0) + 2.0 ** -min(relatives, 900.0)
    return Likeness(levels, bits, 1.0 / (1.0 + worst), chance, relatives)


RELATIVES_EACH = 2.5  # pairs of relatives for each person
WAYS = 1.0            # bits: a name of several words can agree in part in several ways
DAY_BITS = 14.6       # one of some 25 thousand days


def reasons(likeness: Likeness) -> list[list[str]]:
    """What agrees and what differs, by field and without values, as a pair keeps it."""
    return [[name, likeness.levels[name]] for name in COMPARED if likeness.levels[name] != MISSING]


def shares(seen: Iterable[str], before: Mapping[str, float], trust: float = 50.0) -> dict[str, float]:
    """How often each level was seen, drawn towards what was believed `before` as if that were `trust` sightings; none of them nought."""
    counts = Counter(level for level in seen if level != MISSING)
    total = counts.total() + trust
    return {level: max((counts[level] + trust * believed) / total, 1e-5) for level, believed in before.items()}
