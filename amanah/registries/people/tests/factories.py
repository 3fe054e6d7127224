"""A few invented families for the tests of this room and of those that stand on it. Nobody here exists; serials beginning with 9 are not given."""
from datetime import date
from itertools import count

from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Holding, Scope
from amanah.registries.people import permissions
from amanah.registries.people.models import Family, Person, Source
from amanah.registries.people.services import events, families
from amanah.registries.territory.models import Territory

SYSTEM = Actor.system("test")
DEEDS = ("record_birth", "record_stillbirth", "record_death", "record_marriage", "record_divorce", "record_parents", "change_name", "update", "correct",
         "undo_event", "register_arrival", "open_family", "split_family", "move_family", "move_out", "change_head", "merge_families", "change_number")
READS = (permissions.READ, permissions.OPEN_FIELD, permissions.EXPORT, permissions.READ_NEIGHBOURHOOD, permissions.MATCH)
ALL = frozenset((*READS, *(f"people.{deed}" for deed in DEEDS)))
_numbers = count(1)


def actor(scope: Scope = EVERYWHERE, permissions: frozenset[str] = ALL, ref: str = "account:1") -> Actor:
    return Actor(ref=ref, kind="staff", name="Dedi Contoh", account_id=1, holdings=(Holding(permissions, scope, "role:uji"),))


def at(code: str) -> Scope:
    return Scope(office=None, territory=code)


def nik(born: date, sex: int, region: str = "997101") -> str:
    """A NIK that fits birth date and sex, with a serial that is not given."""
    return f"{region}{born.day + (40 if sex == 2 else 0):02}{born:%m%y}{9000 + next(_numbers) % 1000:04}"


def territories() -> dict[str, Territory]:
    """A city with one kecamatan, two kelurahan, each with an RW of two RT; by code."""
    made: dict[str, Territory] = {}

    def make(code: str, level: str, *, name: str = "", label: str = "") -> None:
        made[code] = Territory.objects.create(code=code, level=level, name=name, label=label, parent=made.get(code.rpartition(".")[0]))

    make("99", "province", name="Provinsi Contoh")
    make("99.71", "city", name="Kota Contoh")
    make("99.71.01", "kecamatan", name="Hulu Contoh")
    for n in (1, 2):
        kelurahan = f"99.71.01.100{n}"
        make(kelurahan, "kelurahan", name=f"Muara {n}")
        make(f"{kelurahan}.rw-aaaaaa{'abc'[n]}", "rw", label="001")
        for m in (1, 2):
            make(f"{kelurahan}.rw-aaaaaa{'abc'[n]}.rt-bbbbbb{'abc'[m]}", "rt", label=f"00{m}")
    return made


def rt(places: dict[str, Territory], kelurahan: int = 1, number: int = 1) -> Territory:
    return places[f"99.71.01.100{kelurahan}.rw-aaaaaa{'abc'[kelurahan]}.rt-bbbbbb{'abc'[number]}"]


def master() -> Source:
    return Source.objects.get_or_create(code="siak", defaults={"name": "SIAK", "master": True})[0]


def family(place: Territory, *, head: str = "Rina Contoh", sex: int = 2, born: date = date(1985, 8, 17), since: date = date(2015, 1, 1),
           number: str = "", **facts: object) -> Family:
    """A family with its head, come to the city on a day, as SIAK told it."""
    master()
    return families.open_family(SYSTEM, place, address="Jalan Contoh 1", on=since, number=number, evidence="SKPWNI/1", source="siak", head_facts={
        "name": head, "sex": sex, "born": born, "religion": 1, "marital": 1, "education": 5, "occupation": 88, "citizenship": 1, "blood": 13, **facts})


def member(of: Family, name: str, *, sex: int = 1, born: date = date(2010, 5, 1), relation: int = 4, since: date = date(2015, 1, 1), **facts: object) -> Person:
    master()
    return families.register_arrival(SYSTEM, of, on=since, evidence="SKPWNI/1", source="siak", facts={
        "name": name, "sex": sex, "born": born, "relation": relation, "religion": 1, "marital": 1, "education": 1, "occupation": 1, "citizenship": 1, **facts})


def head_of(of: Family) -> Person:
    return Person.objects.get(family=of, relation=1, status=1)


__all__ = ["ALL", "SYSTEM", "Family", "actor", "at", "events", "family", "head_of", "master", "member", "nik", "rt", "territories"]
