"""Invented people: the same every time, as many and as old as published, in families that could be."""
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.registries.people.invention import city, extract
from amanah.registries.people.invention.content import GROUPS, OLDEST, Content, read, sizes, whole
from amanah.registries.people.invention.persons import YEAR, Quarter, World, group
from amanah.registries.people.models import Event, Family, Past, Person
from amanah.registries.people.queries import flows
from amanah.registries.people.queries.events import facts_of
from amanah.registries.people.rules import codes, extract_rows
from amanah.registries.people.rules import extract as columns
from amanah.registries.people.rules.state import FIELDS, as_of
from amanah.registries.people.services import invention
from amanah.registries.territory.tests.factories import neighbourhood, small_city

UNTIL = date(2026, 11, 22).toordinal()
CODES = [f"91.01.{kecamatan:02}.{1000 + n}" for kecamatan in range(1, 6) for n in range(1, 11)]


def above(code: str) -> str:
    return code.rpartition(".")[0]


def quarters(total: int, doubles: float = 0.0) -> list[Quarter]:
    people = sizes(read(settings.CITY_DIR), CODES, total, above)
    twice = whole(people, round(total * doubles))
    homes = [[(place * 40 + n, f"{n // 4 + 1:03}", f"{n % 4 + 1:03}") for n in range(8)] for place in range(len(CODES))]
    return [Quarter(code, people[code] - twice[code], tuple(homes[place]), twice[code]) for place, code in enumerate(CODES)]


def part(total: int, seed: int = 1, doubles: float = 0.0) -> city.Part:
    only, = city.parts(settings.CITY_DIR, quarters(total, doubles), seed=seed, until=UNTIL, years=10)
    return only


@pytest.fixture(scope="module")
def content() -> Content:
    return read(settings.CITY_DIR)


@pytest.fixture(scope="module")
def world() -> World:
    """Twenty thousand people and their ten years."""
    return city.live(part(20_000))


# ---------------------------------------------------------------- how many

def test_kelurahan_add_up_to_the_city_and_published_kecamatan_keep_their_share(content: Content) -> None:
    facts = content.facts["kecamatan"]
    everywhere = [f"{kecamatan}.{1000 + n}" for kecamatan in [*facts["published"], *facts["rest"]["weight"]] for n in range(1, 8)]
    for total in (20_000, 946_982, 1_000_000):
        people = sizes(content, everywhere, total, above)
        assert sum(people.values()) == total
        for kecamatan, published in facts["published"].items():
            held = sum(number for code, number in people.items() if above(code) == kecamatan)
            assert abs(held - published * total / facts["published_total"]) <= 1


def test_every_quarter_holds_exactly_its_people_on_the_last_day(world: World) -> None:
    held = Counter(one.home.quarter for one in world.residents() if one.home)
    assert [held[place] for place in range(len(world.quarters))] == [quarter.people for quarter in world.quarters] == world.counts
    assert sum(held.values()) == 20_000


def test_ages_and_sexes_are_near_the_published_ones(world: World, content: Content) -> None:
    have = Counter((one.sex, group(one.age(UNTIL))) for one in world.residents())
    for sex, ages in content.ages.items():
        assert abs(sum(number for (of, _group), number in have.items() if of == sex) / 20_000 - content.sex_share[sex]) < 0.015
        for number in range(GROUPS):
            wanted = sum(ages[number * 5:number * 5 + 5] if number < GROUPS - 1 else ages[number * 5:])
            assert abs(have[sex, number] / 20_000 - wanted) < 0.015, (sex, number)


# ---------------------------------------------------------------- families that could be

def test_every_family_has_one_head_and_nobody_lives_in_an_ended_one(world: World) -> None:
    for home in world.homes:
        assert home.ended is (not home.members)
        heads = [one for one in home.members if one.relation == codes.HEAD]
        assert heads == ([home.head] if home.members else [])
        assert all(one.home is home and one.status == codes.RESIDENT for one in home.members)
    lone = [home for home in world.homes if home.members and all(one.age(UNTIL) < 16 for one in home.members)]
    assert not lone


def test_parents_were_of_an_age_to_be_and_alive(world: World) -> None:
    died = {one.key: entry[0] for one in world.people for entry in one.story if entry[2] == "death"}
    for one in world.people:
        if one.mother is not None:
            assert 15 <= (one.born - one.mother.born) / YEAR < 50, one.key
            assert one.born <= died.get(one.mother.key, one.born)
        if one.father is not None:
            assert (one.born - one.father.born) / YEAR > 16
            assert one.born <= died.get(one.father.key, one.born) + 280
        assert one.spouse is None or one.spouse.spouse is one
        assert one.spouse is None or one.sex != one.spouse.sex
        assert one not in (one.mother, one.father)


def test_there_are_orphans_and_old_people_alone(world: World) -> None:
    children = [one for one in world.residents() if one.age(UNTIL) < 18]

    def dead(parent: Any) -> bool:
        return parent is not None and parent.status == codes.DEAD

    kinds = Counter((dead(one.father), dead(one.mother)) for one in children)
    assert kinds[True, False] > 20
    assert kinds[False, True] > 8
    assert sum(len(home.members) == 1 and home.members[0].age(UNTIL) >= 65 for home in world.homes) > 50


def test_identifiers_are_invented_and_given_once(world: World) -> None:
    numbers = [one.nik for one in world.people if one.nik]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 16 and number[12] == "9" for number in numbers)
    cards = [home.number for home in world.homes]
    assert len(set(cards)) == len(cards)
    assert all(int(one.nik[6:8]) == date.fromordinal(one.born).day + (40 if one.sex == codes.FEMALE else 0) for one in world.people if one.nik)


def test_common_first_words_have_their_share(world: World) -> None:
    first = Counter(one.name.split()[0] for one in world.people)
    assert 0.03 < first["Muhammad"] / len(world.people) < 0.05


# ---------------------------------------------------------------- what happened

def test_stories_are_in_order_and_never_of_the_future(world: World) -> None:
    for one in world.people:
        days, moments = [entry[0] for entry in one.story], [entry[1] for entry in one.story]
        assert days == sorted(days)
        assert moments == sorted(set(moments))
        assert days[-1] < UNTIL
        assert moments[-1] < UNTIL * 1440
        assert all(entry[0] * 1440 <= entry[1] for entry in one.story)
        assert isinstance(one.story[0][3], tuple)
        assert len(one.story[0][3]) == len(FIELDS)


def test_the_stock_equation_holds_for_every_quarter_and_year(world: World) -> None:
    """stock(t1) = stock(t0) + births − deaths + in − out, counted from the stories alone."""
    quarter_of = {pk: place for place, quarter in enumerate(world.quarters) for pk, _rw, _rt in quarter.homes}
    marks = [world.start + round(year * YEAR) for year in range(10)] + [UNTIL - 1]
    stocks = [Counter[int]() for _mark in marks]
    flow: Counter[tuple[int, int]] = Counter()   # (interval, quarter)
    for one in world.people:
        status, place = 0, 0
        versions = []
        for day, _moment, kind, told in one.story:
            changes = dict(zip(FIELDS, told, strict=True)) if isinstance(told, tuple) else told
            before = (status, place)
            status, place = changes.get("status", status), changes.get("place", place)
            versions.append((day, status, place))
            interval = next(n for n, mark in enumerate(marks) if day <= mark)
            was, now = (quarter_of[before[1]] if before[0] == 1 else None), (quarter_of[place] if status == 1 else None)
            if was != now:
                assert kind in ("register", "birth", "death", "move_in", "move_out", "move", "adoption", "split", "merge", "new_family"), kind
                if was is not None:
                    flow[interval, was] -= 1
                if now is not None:
                    flow[interval, now] += 1
        for stock, mark in zip(stocks, marks, strict=True):
            there = [version for version in versions if version[0] <= mark]
            if there and there[-1][1] == codes.RESIDENT:
                stock[quarter_of[there[-1][2]]] += 1
    for interval in range(1, len(marks)):
        for place in range(len(world.quarters)):
            assert stocks[interval][place] == stocks[interval - 1][place] + flow[interval, place]
    assert sum(stocks[-1].values()) == 20_000


# ---------------------------------------------------------------- always the same

def test_the_same_seed_invents_the_same_people_and_another_seed_others() -> None:
    first = city.tell(part(3_000, seed=7, doubles=0.01))
    assert first == city.tell(part(3_000, seed=7, doubles=0.01))
    assert first.stories != city.tell(part(3_000, seed=8, doubles=0.01)).stories


def test_parts_give_no_number_twice() -> None:
    two = [city.Part(one.folder, one.quarters, one.seed, number, 2, one.start, one.until, one.years) for number, one in enumerate([part(2_000), part(2_000)])]
    numbers = [story[0][3][FIELDS.index("nik")] for one in two for story in city.tell(one).stories]
    assert len(numbers) == len(set(numbers))


def test_second_entries_differ_a_little_and_are_told() -> None:
    lived = city.tell(part(3_000, doubles=0.02))
    same = [pair for pair in lived.pairs if pair[2]]
    assert len(same) == len(lived.double_stories) == 60
    name, born, nik = (FIELDS.index(field) for field in ("name", "born", "nik"))
    for first, second, _same, ways in same:
        one, again = lived.stories[first - 1][-1], lived.double_stories[second - 1][0][3]
        assert ways
        assert again[nik] is None or again[nik] != lived.stories[first - 1][0][3][nik]
        assert again[FIELDS.index("sex")] == lived.stories[first - 1][0][3][FIELDS.index("sex")]
        assert lived.double_stories[second - 1][0][0] >= lived.stories[first - 1][0][0]
        assert one[0] < UNTIL
    assert any(again[0][3][name] != lived.stories[first - 1][0][3][name] for (first, _s, _t, _w), again in zip(same, lived.double_stories, strict=True))
    assert any(again[0][3][born] != lived.stories[first - 1][0][3][born] for (first, _s, _t, _w), again in zip(same, lived.double_stories, strict=True))
    assert {"twins", "namesakes"} <= {why for _first, _second, same, why in lived.pairs if not same}


# ---------------------------------------------------------------- extracts

def test_an_extract_has_the_headings_that_imports_know_and_its_mistakes_are_told() -> None:
    made = extract.Order(dirty=0.05, changes=0.02).make(part(2_000))
    known = {heading for headings in columns.HEADINGS.values() for heading in headings}
    assert all(heading.replace("_", "").lower() in known for heading in extract.HEADINGS)
    rows = made.text.splitlines()
    assert len(rows) == made.rows
    told = {(file, what) for file, _row, what, _column, _right in made.truth}
    assert ("first", "nik_twice") in told
    assert ("after", "moved_inside") in told
    for file, row, what, _column, _right in made.truth:
        if file == "first" and what == "row_cut_short":
            assert rows[row - 1].count(",") < len(extract.HEADINGS) - 1
    assert extract_rows is not None


# ---------------------------------------------------------------- in the register

@pytest.fixture
def invented(tmp_path: Path) -> invention.Invented:
    for territory in small_city().values():
        if territory.level == "kelurahan":
            neighbourhood(territory, "001")
            neighbourhood(territory, "002")
    return invention.invent(Actor.system("demo"), residents=2_000, doubles=0.01, truth=tmp_path / "truth.csv")


@pytest.mark.django_db
def test_the_register_holds_what_was_invented(invented: invention.Invented) -> None:
    residents = Person.objects.filter(status=codes.RESIDENT)
    assert invented.residents == residents.count() == 2_000
    assert invented.doubles == 20
    assert Person.objects.filter(provisional=True).count() == 20  # told at a counter, not confirmed by the master
    assert Event.objects.count() == invented.written.events + 20
    assert Past.objects.count() == invented.written.past
    heads = Counter(residents.filter(relation=codes.HEAD).values_list("family", flat=True))
    families = set(residents.exclude(family=None).values_list("family", flat=True))
    assert set(heads) == families == set(Family.objects.filter(ended=False).values_list("pk", flat=True))
    truth = [line.split(",") for line in invented.truth.read_text().splitlines()[1:]]
    for first, second, same, _why in truth:
        if same == "1":
            assert Person.objects.get(pk=second).sex == Person.objects.get(pk=first).sex
            assert Person.objects.get(pk=second).provisional

    for person in Person.objects.order_by("pk")[::97]:
        state = as_of(facts_of(person.pk), date(9999, 1, 1))
        assert state is not None
        for field, held in (("status", person.status), ("place", person.place_id), ("family", person.family_id), ("relation", person.relation),
                            ("name", person.name), ("marital", person.marital), ("education", person.education), ("mother", person.mother_id)):
            assert state[field] == held, field
    for code in ("91.01", "91.01.01.1001"):
        assert flows.flows(code, date(2019, 1, 1), date(2026, 1, 1)).balanced


@pytest.mark.django_db
def test_only_an_empty_register_is_filled_and_never_in_production(invented: invention.Invented, settings: Any) -> None:
    with pytest.raises(Conflict):
        invention.invent(Actor.system("demo"), residents=2_000)
    settings.PRODUCTION = True
    with pytest.raises(Invalid):
        invention.parts(2_000, seed=1)


def test_nobody_grows_older_than_the_oldest(world: World) -> None:
    assert max(one.age(UNTIL) for one in world.residents()) <= OLDEST + 1
