"""Finding people: by number, name, birth, address and neighbourhood, only among those whom the official may see, quickly at a million.

Nothing is counted and no long list is sorted: of a common name 200 are taken and the rest is admitted (`Found.more`), so that a page costs the same
whatever is typed. Names are compared by `kernel.names.search_key`, which folds most spellings; what is still spelled otherwise is found through the
words that are nearly so (`words`). Numbers are found by their keyed hash, and a number outside one's territories is like one that does not exist:
the same statements, the same answer.

Writes nothing: who shows a list records it (`services.looking`).
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amanah.foundation.acts import covered
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.identifiers import KkNumber, Nik
from amanah.foundation.kernel.names import displayed
from amanah.foundation.kernel.paging import Cursor, decode, encode
from amanah.foundation.stores.words import WordIndex, among, beginning, holding
from amanah.registries.territory.models import Level, Territory
from amanah.registries.territory.queries import city, of_level
from amanah.registries.territory.rules.codes import lineage

from ..models import Family, Person
from ..permissions import READ, visible
from ..rules import codes, finding
from ..rules.addresses import key_words
from ..rules.finding import Sought, Term
from . import words as known_words
from .rows import PersonRow, rows

NAMES = WordIndex("people_names", table="people_person", text_column="search")
ADDRESSES = WordIndex("people_addresses", table="people_family", text_column="search")
MOST = 200            # of one search; whoever has more is asked to say more
FEW = 20              # with fewer than these, other spellings are looked for as well
MOST_FAMILIES = 1000  # at one address
LARGEST = 50
NOT_VOID = (codes.RESIDENT, codes.DEAD, codes.MOVED)
_ORDER = ("found",)   # what a cursor counts


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, the closest first. `more`: there are more than MOST, say more about whom you look for."""

    rows: Sequence[PersonRow]
    count: int                       # of all pages; at most MOST
    more: bool
    next: str | None
    previous: str | None
    by: tuple[str, ...]              # by what was looked for, without its values: "number", "name", "born", "address", "place"
    alike: frozenset[int] = frozenset()  # ids of this page whose names are only alike


@dataclass(frozen=True, slots=True)
class _Hit:
    id: int
    text: str
    status: int
    name: str


@dataclass(frozen=True, slots=True)
class _Whom:
    """The persons among whom to look. `narrow`: some ten thousand at most."""

    persons: "QuerySet[Person, Any]"
    places: list[int] | None    # None: the whole city
    narrow: bool


def find(actor: Actor, text: str = "", *, nik: str = "", kk: str = "", name: str = "", born: date | None = None, born_year: int | None = None,
         address: str = "", rt: str = "", rw: str = "", place: str = "", status: Iterable[int] = NOT_VOID, sex: int | None = None, cursor: str = "",
         size: int = 20) -> Found:
    """Persons whom `actor` may see and to whom everything fits that was given; `text` is a line of anything of it, as people type it.

    `nik` and `kk` raise Invalid when they can be no such number; sixteen digits in `text` are tried as both. `place` is a territory's code, `rt` and
    `rw` are numbers as printed; `sex` narrows, but is nothing to look for by itself. Nothing given finds nothing. At most four statements (five when
    nobody has all of three or more words), beside one or two a second. Raises Invalid for a foreign cursor and an impossible year.
    """
    asked = finding.read(text)
    number, place = asked.number, place.replace("\0", "")
    if born_year is not None and not 1800 <= born_year <= 2200:
        raise Invalid(born_year=_("Tulis tahun lahir dengan empat angka, misalnya 1990."))
    asked = Sought(born=born or asked.born, born_year=born_year or asked.born_year, rt=_label(rt) or asked.rt, rw=_label(rw) or asked.rw,
                   address=f"{asked.address} {address}".strip(), name=f"{asked.name} {name}".strip())
    if nik or kk or number:
        return _found_by_number(actor, Nik.parse(nik).value if nik else number, KkNumber.parse(kk).value if kk else number)
    sought, street = finding.terms(asked.name), key_words(asked.address)
    by = tuple(what for what, given in (("name", sought), ("born", asked.born or asked.born_year), ("address", street),
                                        ("place", place or asked.rt or asked.rw)) if given)
    start = _start(cursor)
    if not by:
        return Found([], 0, False, None, None, by)
    whom = _whom(actor, place, asked, status)
    if street:
        whom = replace(whom, persons=among(whom.persons, "family_id", _families(whom.places, street), narrow=True), narrow=True)
    hits, alike, more = _by_name(whom, sought) if sought else _all_of(whom, by_family=bool(street))
    size = max(1, min(size, LARGEST))
    page = hits[start:start + size]
    shown = {row.id: row for row in rows(Person.objects.filter(pk__in=[hit.id for hit in page]))} if page else {}
    return Found(
        rows=[shown[hit.id] for hit in page if hit.id in shown], count=len(hits), more=more, by=by,
        next=_cursor(start + size) if start + size < len(hits) else None, previous=_cursor(max(0, start - size)) if start else None,
        alike=frozenset(hit.id for hit in page if hit.id in alike))


def suggest(actor: Actor, text: str, limit: int = 8) -> list[str]:
    """Names that continue what was typed, as they are shown, each once: names only, no persons. Fewer than two letters suggest nothing.

    Whoever asked for their data not to be used is left out. At most four statements, beside one or two a second.
    """
    asked = finding.read(text)
    sought = finding.terms(asked.name)
    if sum(term.letters for term in sought) < 2:
        return []
    whom = _whom(actor, "", asked, NOT_VOID)
    hits, *_told = _by_name(replace(whom, persons=whom.persons.filter(restricted=False)), sought)
    return list(dict.fromkeys(displayed(hit.name) for hit in hits))[:limit]


def by_nik(actor: Actor, nik: Nik) -> PersonRow | None:
    """The person with this NIK, if `actor` may see them. One statement, whether there is none or only one whom the actor may not see."""
    return next(iter(_with_nik(actor, nik.value)), None)


def by_kk(actor: Actor, number: KkNumber) -> list[PersonRow]:
    """The members of the family with this KK number whom `actor` may see, its head first. One statement, hit or miss."""
    return _with_kk(actor, number.value)


def _with_nik(actor: Actor, digits: str) -> list[PersonRow]:
    return rows(visible(actor).filter(nik_key=settings.SEAL.lookup(digits, "nik")).exclude(status=codes.VOID))


def _with_kk(actor: Actor, digits: str) -> list[PersonRow]:
    members = visible(actor).filter(family__number_key=settings.SEAL.lookup(digits, "kk")).exclude(status=codes.VOID)
    return rows(members.order_by("status", "relation", "born", "pk"))


def _found_by_number(actor: Actor, nik: str, kk: str) -> Found:
    """Both are always asked, also when the first has answered: the time tells nothing."""
    there = {row.id: row for row in [*_with_nik(actor, nik), *_with_kk(actor, kk)]}
    return Found(rows=list(there.values())[:LARGEST], count=len(there), more=False, next=None, previous=None, by=("number",))


# ---------------------------------------------------------------- among whom

def _whom(actor: Actor, place: str, asked: Sought, status: Iterable[int]) -> _Whom:
    """The persons whom the actor may see and who live where and were born when it was asked; places by at most one statement."""
    persons = Person.objects.filter(status__in=list(status))
    if asked.born:
        persons = persons.filter(born=asked.born)
    elif asked.born_year:
        persons = persons.filter(born__range=(date(asked.born_year, 1, 1), date(asked.born_year, 12, 31)))
    whole = city()
    if whole and not (place or asked.rt or asked.rw) and any(scope.territory in ("", None, *lineage(whole.code)) for scope in actor.scopes(READ)):
        return _Whom(persons, None, narrow=bool(asked.born))  # who lives in the city lives in one of its parts
    there = Territory.objects.filter(covered(actor, READ, territory="code"))
    if place:
        there = there.filter(Q(code=place) | Q(code__startswith=f"{place}."))
    if asked.rt:
        there = there.filter(level=Level.RT, label=asked.rt)
        there = there.filter(parent__label=asked.rw) if asked.rw else there
    elif asked.rw:
        there = there.filter(Q(level=Level.RW, label=asked.rw) | Q(level=Level.RT, parent__label=asked.rw))
    found = list(there.values_list("pk", "code"))
    kelurahan = {tuple(code.split(".", 4)[:4]) for _pk, code in found}
    small = bool(asked.rt or asked.rw) or len(kelurahan) <= max(1, len(of_level(Level.KELURAHAN)) // 40)
    places = [pk for pk, _code in found]
    return _Whom(among(persons, "place_id", places, narrow=small), places, narrow=small or bool(asked.born))


def _families(places: list[int] | None, street: Sequence[str]) -> list[int]:
    """Families at an address: its numbers exactly, its words also by their beginning. "Jalan" counts only when nothing else is said."""
    telling = [word for word in street if word not in ("jalan", "gang")] or list(street)
    there = Family.objects.filter(ended=False) if places is None else among(Family.objects.filter(ended=False), "place_id", places)
    spelled = [[word, f"{word}*"] if len(word) >= 3 and not word.isdecimal() else [word] for word in telling[:8]]
    return list(holding(there, ADDRESSES, spelled).values_list("pk", flat=True)[:MOST_FAMILIES])


# ---------------------------------------------------------------- by name

def _by_name(whom: _Whom, sought: Sequence[Term]) -> tuple[list[_Hit], set[int], bool]:
    """The closest first, which of them are only alike, and whether there are more than MOST. Two statements; three when nobody has all of three
    or more words."""
    text, spelled = " ".join(term.word for term in sought), [term.spelled for term in sought]
    short = len(sought) == 1 and sought[0].letters < 3
    first = _taken(beginning(whom.persons, NAMES, sought[0].begin) if short else _holding(whom, spelled))
    more = len(first) > MOST
    second: list[_Hit] = []
    spellings: dict[str, dict[str, float]] = {term.word: dict.fromkeys(finding.also(term.word), 0.96) for term in sought}
    if more:  # those with just this name must not be lost among the rest
        second = _taken(whom.persons.filter(search=text))
    elif len(first) < FEW and not short:
        groups, spellings = _other_spellings(sought)
        second = _taken(_holding(whom, groups))
        if not first and not second and len(sought) > 2:
            second = _taken(_holding(whom, spelled, but_one=True))
    hits = {hit.id: hit for hit in [*second[:MOST], *first[:MOST]]}
    alike = set() if more else {hit.id for hit in second} - {hit.id for hit in first}
    worth = {hit.id: finding.closeness(sought, spellings, hit.text) for hit in hits.values()}
    ranked = sorted(hits.values(), key=lambda hit: (hit.id in alike, -round(worth[hit.id], 3), hit.status, len(hit.text), hit.text, hit.id))
    return ranked[:MOST], alike, more


def _holding(whom: _Whom, groups: Sequence[Sequence[str]], *, but_one: bool = False) -> "QuerySet[Person, Any]":
    return holding(whom.persons, NAMES, groups, but_one=but_one, narrow=whom.narrow)


def _other_spellings(sought: Sequence[Term]) -> tuple[list[list[str]], Mapping[str, dict[str, float]]]:
    """For each word what may be meant: also inside other words, spelled nearly so, written together with its neighbour, or apart.

    A single letter says too little and is left out beside longer words.
    """
    known = known_words.current()
    spellings: dict[str, dict[str, float]] = {}
    groups: list[list[str]] = []
    telling = [term for term in sought if term.letters > 1] or list(sought)
    for place, term in enumerate(telling):
        word, others = term.word, dict.fromkeys(finding.also(term.word), 0.96)
        if len(word) >= 3:
            others |= dict.fromkeys(known.with_fragment(word), 0.9)
        if len(word) >= 4:
            others |= {other: round(0.88 - far / (len(word) + 2), 3) for other, far in known.near(word).items() if other not in others}
        others |= dict.fromkeys((telling[n].word + telling[n + 1].word for n in (place - 1, place) if 0 <= n < len(telling) - 1), 0.95)
        group, halves = [*term.spelled, *others], known.halves(word)
        spellings[word] = others | dict.fromkeys(halves or (), 0.8)
        groups += [[*group, half] for half in halves] if halves else [group]
    return groups, spellings


def _taken(persons: "QuerySet[Person, Any]") -> list[_Hit]:
    return [_Hit(*row) for row in persons.values_list("pk", "search", "status", "name")[:MOST + 1]]


def _all_of(whom: _Whom, *, by_family: bool) -> tuple[list[_Hit], set[int], bool]:
    """Without a name: the members of families one after the other, or everybody in the order of names."""
    found = _taken(whom.persons.order_by("family_id", "relation", "pk") if by_family else whom.persons)
    hits = found[:MOST]
    return (hits if by_family else sorted(hits, key=lambda hit: (hit.text, hit.id))), set(), len(found) > MOST


# ---------------------------------------------------------------- small things

def _label(number: str) -> str:
    return finding.label(number.replace("\0", "").strip())


def _start(cursor: str) -> int:
    at = decode(cursor, _ORDER).values[0] if cursor else 0
    return min(MOST, at) if isinstance(at, int) and at >= 0 else 0


def _cursor(at: int) -> str:
    return encode(Cursor((at,)), _ORDER)
