"""Finding people in an invented population: spellings, scopes, and that a number outside one's territories is like one that does not exist."""
import random
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel.errors import Invalid, Refused
from amanah.foundation.kernel.identifiers import KkNumber, Nik
from amanah.foundation.kernel.names import search_key
from amanah.foundation.kernel.names import words as kernel_words
from amanah.registries.people.models import Family, Person, Sighting
from amanah.registries.people.queries import search, words
from amanah.registries.people.queries.search import by_kk, by_nik, find, suggest
from amanah.registries.people.rules import codes, finding
from amanah.registries.people.rules.addresses import address_key
from amanah.registries.people.services.looking import list_shown, person_shown
from amanah.registries.people.services.words import remember

from . import factories
from .factories import actor, at

NAMES = """Muhammad Yusuf;Moh. Jusuf Rahman;Mochamad Ridwan;M. Hatta Saputra;Aisyah Putri;Aisjah;Syafrizal Hendri;Djamaluddin Malik;H. Zulkifli;
Ahmad bin Ali;Nurhayati;Nur Hayati Lubis;Dt. Rajo Sampono;St. Aminah Daud;Abd. Rahman;Supriyadi;Soeharto Widjaja;Yulia Rahmawati;Rina Wahyuni, S.Pd;
Fitriani Azzahra;Budi Santoso;Santoso Wijaya Budi;Rahmad Hidayat;Rahmat Hidayat;Rizki Ramadhan;Afrizal;Nabila;Desi Ratnasari;Siti Nurhaliza;Nu'man Al-Hadi;
Khairunnisa;Yeni Marlina""".replace("\n", "").split(";")
FIRST = "Adi Bayu Citra Dewi Eko Fajar Gita Hadi Indra Joko Kartika Lina Made Nanda Oki Putu Ratna Sari Tuti Umar Vina Wati Yanto Zainal".split()
LAST = "Contoh Pratama Kusuma Lestari Permana Anggraini Setiawan Maulana Harahap Siregar".split()
KELURAHAN_1, KELURAHAN_2 = "99.71.01.1001", "99.71.01.1002"


def numbered(serial, front="137101"):
    return f"{front}0101909{serial:03}" if serial < 1000 else f"{front}010190{serial:04}"


@pytest.fixture
def places(db):
    return factories.territories()


@pytest.fixture
def people(places):
    """32 names in the first kelurahan, 120 drawn ones in both, 4 to a family; NIK and KK numbers count upwards."""
    drawn = random.Random(7)
    names = [*NAMES, *(f"{drawn.choice(FIRST)} {drawn.choice(LAST)}" for _n in range(120))]
    return populate(places, names)


def populate(places, names, start=0):
    made = []
    for n, name in enumerate(names, start):
        place = factories.rt(places, 1 if n < len(NAMES) or n % 2 else 2, 1 + n % 4 // 2)
        if n % 4 == 0 or not made:
            family = Family.objects.create(place=place, address=f"Jl. Melati No. {n // 4 + 1}", search=address_key(f"Jl. Melati No. {n // 4 + 1}"),
                                           number_key=settings.SEAL.lookup(numbered(n, "137102"), "kk"))
        made.append(Person(status=1, place=place, sex=1 + n % 2, born=date(1950 + n % 70, 1 + n % 12, 1 + n % 28), relation=1 if n % 4 == 0 else 4,
                           family=family, valid_from=date(2020, 1, 1), recorded_at=timezone.now(), event=1, name=name.upper(), search=search_key(name),
                           nik_key=settings.SEAL.lookup(numbered(n), "nik")))
    remember({word for person in made for word in person.search.split()})
    words.forget()
    return Person.objects.bulk_create(made)


def names(text="", who=None, **more):
    return [row.name for row in find(who or actor(), text, **more).rows]


# ---------------------------------------------------------------- names

@pytest.mark.parametrize(("typed", "meant"), [
    ("muhammad yusuf", "Muhammad Yusuf"), ("Moh Jusuf", "Muhammad Yusuf"), ("Mochamad Yusup", "Muhammad Yusuf"), ("M. Yusuf", "Muhammad Yusuf"),
    ("yusuf muhammad", "Muhammad Yusuf"), ("jusuf rahman", "Moh. Jusuf Rahman"), ("Muchammad Ridwan", "Mochamad Ridwan"), ("ridwn", "Mochamad Ridwan"),
    ("hatta", "M. Hatta Saputra"), ("hata saputro", "M. Hatta Saputra"), ("Aisya Putri", "Aisyah Putri"), ("aisyah", "Aisjah"), ("Safrizal", "Syafrizal Hendri"),
    ("frizal hen", "Syafrizal Hendri"), ("syafrijal hendry", "Syafrizal Hendri"), ("Jamaludin", "Djamaluddin Malik"), ("jamaluddin malek", "Djamaluddin Malik"),
    ("zulkipli", "H. Zulkifli"), ("H. Zulkifli", "H. Zulkifli"), ("zul", "H. Zulkifli"), ("ahmad ali", "Ahmad bin Ali"), ("Achmad bin Ali", "Ahmad bin Ali"),
    ("ali ahmad", "Ahmad bin Ali"), ("nur hayati", "Nur Hayati Lubis"), ("nurhayati lubis", "Nur Hayati Lubis"), ("Datuk Rajo", "Dt. Rajo Sampono"),
    ("datuak rajo sampono", "Dt. Rajo Sampono"), ("siti aminah", "St. Aminah Daud"), ("abdul rahman", "Abd. Rahman"), ("supriadi", "Supriyadi"),
    ("suprijadi", "Supriyadi"), ("suharto wijaya", "Soeharto Widjaja"), ("yulia rahmawti", "Yulia Rahmawati"), ("rina wahyuni", "Rina Wahyuni, S.Pd"),
    ("fitriani", "Fitriani Azzahra"), ("pitriani ajahra", "Fitriani Azzahra"), ("budi santoso", "Budi Santoso"), ("santoso budi", "Budi Santoso"),
    ("Rahmad Hidayat", "Rahmad Hidayat"), ("rahmat hidayat", "Rahmat Hidayat"), ("riski ramadan", "Rizki Ramadhan"), ("nabila", "Nabila"),
    ("SITI NURHALIJAH", "Siti Nurhaliza"), ("halija", "Siti Nurhaliza"), ("numan al hadi", "Nu'man Al-Hadi"), ("hairunisa", "Khairunnisa"),
    ("yenny marlina", "Yeni Marlina"), ("marlina yuni", "Yeni Marlina"), ("budi santoso kusumo", "Budi Santoso"), ("wahyuni rina contoh", "Rina Wahyuni, S.Pd"),
])
def test_what_people_type_finds_whom_they_mean(people, typed, meant):
    assert names(typed)[0].casefold() == meant.casefold()


def test_names_that_hold_all_words_come_before_those_that_are_only_alike(people):
    page = find(actor(), "rahmat hidayat")
    assert [row.name for row in page.rows[:2]] == ["Rahmat Hidayat", "Rahmad Hidayat"]
    assert page.alike == {row.id for row in page.rows[1:]}


@pytest.mark.parametrize("typed", ["", "  ", "?!%", "xyzqwv", "'); DROP TABLE people_person; --", "\x00", "🙂", "qy' | 'qx", "qq ww ee"])
def test_what_means_nobody_finds_nobody(people, typed):
    assert names(typed) == []
    assert suggest(actor(), typed) == []


def test_one_letter_finds_names_that_begin_so(people):
    assert {search_key(name)[0] for name in names("y", size=50)} == {"y"} and "Yeni Marlina" in names("y", size=50)


def test_of_many_two_hundred_are_taken_and_the_rest_is_admitted(places):
    populate(places, ["Muhammad Contoh"] * 230 + ["Muhammad"])
    page = find(actor(), "muhamad", size=50)
    assert (page.count, page.more) == (200, True)
    assert page.rows[0].name == "Muhammad", "the name itself comes first however many others there are"
    seen, cursor = [row.id for row in page.rows], page.next
    while cursor:
        page = find(actor(), "muhamad", size=50, cursor=cursor)
        seen, cursor = [*seen, *(row.id for row in page.rows)], page.next
    assert len(seen) == len(set(seen)) == 200
    assert find(actor(), "muhamad", size=50, cursor=page.previous).next is not None
    with pytest.raises(Invalid):
        find(actor(), "muhamad", cursor="x")


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_everybody_is_found_by_any_three_letters_a_word_of_their_name_begins_with(people, data):
    person = data.draw(st.sampled_from(people))
    long = [word for word in (*person.search.split(), *kernel_words(person.name)) if len(word) >= 3 and word not in finding._LINKS]
    if long:
        word = data.draw(st.sampled_from(long))
        typed = word[:data.draw(st.integers(3, len(word)))]
        mine = actor(at(person.place.code))
        found = find(mine, name=typed, size=50)
        assert person.id in {row.id for row in found.rows} or found.next, typed
        assert all(row.place == person.place.code for row in found.rows)


def test_suggestions_are_names_and_none_of_those_who_asked_to_be_left_out(people):
    assert suggest(actor(), "syaf")[0] == suggest(actor(), "hendri syaf")[0] == "Syafrizal Hendri"
    assert len(suggest(actor(), "sa", limit=3)) == 3
    assert "Nabila" in suggest(actor(), "nabi")
    assert suggest(actor(), "n") == []
    Person.objects.filter(name="NABILA").update(restricted=True)
    assert "Nabila" not in suggest(actor(), "nabi")
    assert find(actor(), "nabila").rows[0].restricted


# ---------------------------------------------------------------- other facts, and all together

def test_birth_address_and_neighbourhood(people):
    syafrizal = next(person for person in people if person.name.startswith("SYAFRIZAL"))
    assert names(f"{syafrizal.born:%d-%m-%Y}") == ["Syafrizal Hendri"]
    assert names(f"syafrizal {syafrizal.born:%Y}") == ["Syafrizal Hendri"]
    assert names(f"syafrizal {syafrizal.born.year + 1}") == []
    assert "Aisyah Putri" in names("Jalan Melati 2") and len(names("jl. melati no 2")) == 4
    assert names("aisyah jl melati 2") == ["Aisjah", "Aisyah Putri"]
    assert names("aisyah jl mawar") == []
    assert names("syafrizal", rt="2") == ["Syafrizal Hendri"] and "Syafrizal Hendri" not in names("syafrizal rt 001")
    assert {row.where for row in find(actor(), "rt 02 rw 01", size=50).rows} == {"RT 002 RW 001, Kelurahan Muara 1", "RT 002 RW 001, Kelurahan Muara 2"}
    assert {row.place[:13] for row in find(actor(), place=KELURAHAN_2, size=50).rows} == {KELURAHAN_2}
    assert find(actor(), "rw 77").rows == [] and find(actor(), place="\x00").rows == []
    with pytest.raises(Invalid):
        find(actor(), born_year=90)


def test_the_dead_and_the_moved_are_shown_as_such_and_what_does_not_count_is_not(people):
    Person.objects.filter(name="AFRIZAL").update(status=codes.DEAD)
    Person.objects.filter(name="NABILA").update(status=codes.VOID)
    assert next((row.name, row.status) for row in find(actor(), "afrizal").rows) == ("Afrizal", codes.DEAD)
    assert "Afrizal" not in names("afrizal", status=[codes.RESIDENT])
    assert "Nabila" not in names("nabila")


def test_a_row_holds_nothing_that_is_sealed(people):
    row = find(actor(), "nabila").rows[0]
    assert row.nik == "•••• tersegel"
    assert not any(isinstance(getattr(row, name), bytes | memoryview) for name in row.__slots__)


# ---------------------------------------------------------------- who may see whom

@pytest.mark.parametrize("typed", ["aisyah", "ai", "1371010101909004", "03-03-1952", "jl melati 1", "rt 01 rw 01", "aisyha putry", "moh yusuf rahman x"])
def test_nobody_outside_ones_territories_is_ever_found(people, typed):
    for code in (KELURAHAN_2, people[-1].place.code, "99.71.02", "98"):
        assert all(row.place.startswith(code) for row in find(actor(at(code)), typed, size=50).rows)
    assert find(actor(permissions=frozenset()), typed).rows == []
    assert suggest(actor(permissions=frozenset()), typed) == []


@pytest.mark.parametrize("code", ["", "99", "99.71", "99.71.01", KELURAHAN_1])
def test_whoever_reaches_further_finds_the_same(people, code):
    assert names("aisyah putri", actor(at(code)))[0] == "Aisyah Putri"
    assert names("1371010101909004", actor(at(code))) == ["Aisyah Putri"]


def shape(statements):
    """The statements without the numbers in them."""
    return [query["sql"].split("WHERE")[0] for query in statements]


def test_a_number_outside_ones_territories_is_like_one_that_does_not_exist(people, statements):
    elsewhere, unknown = numbered(4), "1371010101909999"  # Aisyah lives in the other kelurahan
    mine = actor(at(KELURAHAN_2))
    find(mine, unknown)  # warms what is read once a second
    seen, answers = [], []
    for digits in (elsewhere, unknown):
        with statements() as ran:
            answers.append((find(mine, digits), find(mine, nik=digits), by_nik(mine, Nik.parse(digits)), by_kk(mine, KkNumber.parse(digits)),
                            find(mine, kk=digits)))
        seen.append(shape(ran))
    assert answers[0] == answers[1]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 8, "two for each search, one for each of the two others: never one more after a hit"


def test_a_family_number_outside_is_like_none(people, statements):
    mine = actor(at(KELURAHAN_2))
    card, unknown = numbered(4, "137102"), "1371020101909999"
    assert len(by_kk(actor(), KkNumber.parse(card))) == 4
    assert names(card) == names(kk=card) != []
    by_kk(mine, KkNumber.parse(unknown))
    with statements() as hit:
        first = by_kk(mine, KkNumber.parse(card))
    with statements() as miss:
        second = by_kk(mine, KkNumber.parse(unknown))
    assert first == second == [] and shape(hit) == shape(miss)


def test_a_number_finds_its_person(people):
    assert by_nik(actor(), Nik.parse(numbered(4))).name == "Aisyah Putri"
    assert names(f"{numbered(4)[:4]} {numbered(4)[4:8]} {numbered(4)[8:12]} {numbered(4)[12:]}") == ["Aisyah Putri"]
    for wrong in ({"nik": "123"}, {"kk": "x"}, {"nik": "1371010199909004"}):
        with pytest.raises(Invalid):
            find(actor(), **wrong)


# ---------------------------------------------------------------- few statements

@pytest.mark.parametrize("typed", ["aisyah", "aisyah putri 1952", "muhamad", "ridwn", "jl melati 2", "a", "rt 01 rw 01", "z"])
def test_a_page_takes_four_statements_at_most(people, statements, typed):
    for mine in (actor(), actor(at(KELURAHAN_1)), actor(at("99.71.01"))):
        find(mine, typed)
        with statements() as ran:
            find(mine, typed, size=50)
        assert len(ran) <= 4, [query["sql"][:150] for query in ran]


def test_the_number_of_statements_does_not_grow(places, statements):
    counts = []
    for start in (0, 100):
        populate(places, ["Rina Contoh"] * 60, start=start)
        find(actor(), "rina")
        with statements() as ran:
            assert len(find(actor(), "rina", size=50).rows) == 50
        counts.append(len(ran))
    assert counts == [2, 2]


# ---------------------------------------------------------------- what was shown

def test_a_list_leaves_one_entry_and_who_was_in_it(people):
    page = find(actor(), "aisyah")
    list_shown(actor(), page.rows, purpose="pelayanan_penduduk", details={"by": list(page.by)})
    entry = Entry.objects.get(kind="read")
    assert '"persons": 2' in entry.body.replace('":2', '": 2') and "aisyah" not in entry.body.casefold()
    assert set(Sighting.objects.values_list("person_id", "actor", "deed", "purpose")) == {
        (row.id, "account:1", "people.read", "pelayanan_penduduk") for row in page.rows}
    list_shown(actor(), [], purpose="pelayanan_penduduk")
    person_shown(actor(), page.rows[0], purpose="pelayanan_penduduk")
    assert Entry.objects.filter(kind="read", subject=f"people.person:{page.rows[0].id}").count() == 1
    assert Sighting.objects.count() == 2


def test_without_right_or_purpose_nothing_is_recorded_as_shown(people):
    rows = find(actor(), "aisyah").rows
    two_places = find(actor(), "rt 01 rw 01", size=50).rows
    with pytest.raises(Refused):
        list_shown(actor(at(KELURAHAN_2)), rows, purpose="pelayanan_penduduk")
    with pytest.raises(Refused):
        list_shown(actor(), rows, purpose="")
    with pytest.raises(Refused):
        list_shown(actor(permissions=frozenset()), [], purpose="pelayanan_penduduk")
    with pytest.raises(ValueError, match="export"):
        list_shown(actor(), [*rows] * 60, purpose="pelayanan_penduduk")
    assert not Sighting.objects.exists()
    part = actor(at(KELURAHAN_1))
    both = replace(part, holdings=(*part.holdings, *actor(at(KELURAHAN_2)).holdings))
    list_shown(both, two_places, purpose="pelayanan_penduduk")  # two territories without one around them that is held
    assert Sighting.objects.count() == len(two_places)


# ---------------------------------------------------------------- words in memory

def test_words_that_were_added_are_known_a_second_later_and_out_of_order_too(people, monkeypatch):
    assert "jenderal" not in words.current().known
    remember(["jenderal", "jenderal", ""])
    monkeypatch.setattr(words, "CHECK_SECONDS", 0.0)
    known = words.current()
    assert "jenderal" in known.known and known.with_fragment("ndera") == ["jenderal"] and known.near("jendral") == {"jenderal": 1}
    assert len(known.parts) == 2, "what came later stands beside the great whole"
    assert words.current() is known


@pytest.mark.parametrize(("one", "other", "far"), [("budi", "budi", 0), ("budi", "bud", 1), ("budi", "bdui", 1), ("hendri", "hendry", 1), ("sari", "sri", 1),
                                                   ("rahmat", "rohmad", 2), ("budi", "andi", 2), ("ali", "alibaba", 3), ("", "ab", 2)])
def test_distance(one, other, far):
    assert finding.distance(one, other, 2) == finding.distance(other, one, 2) == far


@how(max_examples=80, deadline=None)
@given(st.text(alphabet="abcdefgh", min_size=6, max_size=12), st.data())
def test_words_with_a_letter_or_two_wrong_are_always_near(word, data):
    wrong = list(word)
    for _n in range(data.draw(st.integers(1, 2))):
        wrong[data.draw(st.integers(0, len(wrong) - 1))] = data.draw(st.sampled_from("abcdefghz"))
    typed = "".join(wrong)
    near = words.Some([word, "lainnya"]).near(typed, 2)
    assert (typed == word) or word in [other for _far, other in near]


@pytest.mark.parametrize(("typed", "meant"), [
    ("1371 0101 0190 0001", finding.Sought(number="1371010101900001")), ("Budi 17-08-1990", finding.Sought(born=date(1990, 8, 17), name="Budi")),
    ("17 Agustus 1990", finding.Sought(born=date(1990, 8, 17))), ("1990-08-17", finding.Sought(born=date(1990, 8, 17))),
    ("RT.02/RW.05 Rina", finding.Sought(rt="002", rw="005", name="Rina")), ("002/005", finding.Sought(rt="002", rw="005")),
    ("rt 12a", finding.Sought(rt="012A")), ("yusuf 1990", finding.Sought(born_year=1990, name="yusuf")),
    ("Rina Jl. Sudirman no 5", finding.Sought(name="Rina", address="Jl. Sudirman no 5")), ("29-02-2023", finding.Sought(born_year=2023, name="29-02-")),
    ("17 juni", finding.Sought(name="17 juni")),
])
def test_a_line_is_taken_apart(typed, meant):
    assert finding.read(typed) == meant


@how(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_line_can_be_read(line):
    finding.terms(finding.read(line).name)
    assert len(address_key(line)) <= 200


@pytest.mark.parametrize(("one", "other"), [("Jl. Dr. Sutomo No. 05", "JALAN DR SUTOMO 5"), ("Jln.Melati 12A RT 02/RW 05", "jl melati 12 a"),
                                            ("Komp. Singgalang Blok B/3", "komplek singgalang blk b 3"), ("Gg. Nu'man", "gang numan")])
def test_addresses_that_are_one(one, other):
    assert address_key(one) == address_key(other) != ""


def test_nothing_is_searched_that_is_not_indexed():
    assert (search.NAMES.table, search.ADDRESSES.table) == (Person._meta.db_table, Family._meta.db_table)
