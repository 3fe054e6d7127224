from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from amanah.foundation.kernel.actor import EVERYWHERE, PUBLIC, Actor, Holding
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.outlets import (
    Dataset,
    MapLayer,
    Measure,
    Period,
    Reading,
    column,
    dataset,
    datasets,
    emptied,
    layer,
    layers,
    measure,
    measures,
    offer,
    published,
    read,
)

NOVEMBER = Period.month(2026, 11)


@pytest.fixture(autouse=True)
def _empty_list():
    with emptied():
        yield


@dataclass(frozen=True)
class Row:
    kelurahan: str = column("Kelurahan", personal=False)
    n: int = column("Jumlah", personal=False, unit="pengaduan")
    days: float | None = column("Rata-rata hari", personal=False, unit="hari")
    year: int = column("Tahun", personal=False, key=True)


def a_measure(name="complaints.open", compute=lambda period, by: [Reading(3)], **more):
    return Measure(name=name, title="Pengaduan terbuka", unit="pengaduan", definition="Pengaduan yang belum selesai.", compute=compute, **more)


def a_dataset(columns=Row, rows=(), **more):
    return Dataset(**{"slug": "pengaduan-per-kelurahan", "title": "Pengaduan per kelurahan", "columns": columns, "rows": lambda: rows, "refresh": "daily", **more})


def test_what_is_offered_is_found_by_name_and_in_order():
    two, one = offer(a_measure("b.two")), offer(a_measure("a.one"))
    table = offer(a_dataset())
    assert measures() == [one, two] and measure("b.two") is two
    assert datasets() == [table] and dataset("pengaduan-per-kelurahan") is table


@pytest.mark.parametrize("look_up", [lambda: measure("x.y"), lambda: dataset("x"), lambda: layer("x", PUBLIC)])
def test_what_was_not_offered_is_not_found(look_up):
    with pytest.raises(NotFound):
        look_up()


@pytest.mark.parametrize("thing", [a_measure(), a_dataset(), MapLayer(name="lampu", title="Lampu jalan", features=lambda actor, bounds: [])])
def test_nothing_is_offered_twice(thing):
    offer(thing)
    with pytest.raises(ValueError, match="twice"):
        offer(thing)


@pytest.mark.parametrize("bad", [a_measure("open"), a_measure("Complaints.Open"), a_measure(direction="sideways"),
                                 MapLayer(name="Lampu Jalan", title="x", features=list), MapLayer(name="lampu", title="", features=list),
                                 Measure(name="a.b", title="x", unit="", definition="x", compute=list)])
def test_an_offer_without_a_proper_name_title_unit_or_direction_is_refused(bad):
    with pytest.raises(ValueError, match=r":"):
        offer(bad)


# ---------------------------------------------------------------- measures

@pytest.mark.django_db
def test_a_measure_is_read_with_its_time(clock_at):
    moment = clock_at("2026-11-24 09:40")
    value = read(offer(a_measure()), NOVEMBER)
    assert (value.status, value.city, value.at) == ("ok", Reading(3), moment.astimezone(UTC))


@pytest.mark.django_db
def test_a_measure_is_asked_for_the_groups_it_knows_and_no_others():
    offer(a_measure(per=("office",), compute=lambda period, by: [Reading(1, of="diskominfo"), Reading(2, of="dishub")] if by == "office" else []))
    assert [reading.of for reading in read("complaints.open", NOVEMBER, "office").readings] == ["diskominfo", "dishub"]
    with pytest.raises(ValueError, match="not measured per month"):
        read("complaints.open", NOVEMBER, "month")


@pytest.mark.django_db
@pytest.mark.parametrize("compute", [
    lambda period, by: 1 / 0, lambda period, by: [Reading(float("nan"))], lambda period, by: [3], lambda period, by: None,
    lambda period, by: (Reading(1 // part) for part in (1, 0)),
])
def test_a_measure_that_breaks_is_failed_and_never_zero(compute, caplog):
    value = read(a_measure(compute=compute), NOVEMBER)
    assert (value.status, value.readings, value.city) == ("failed", (), None)
    assert "complaints.open failed" in caplog.text


@pytest.mark.django_db
def test_a_measure_that_breaks_the_database_does_not_take_the_page_with_it():
    def broken(period, by):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    assert read(a_measure(compute=broken), NOVEMBER).status == "failed"
    assert read(a_measure(compute=lambda period, by: [Reading(connection.cursor().execute("SELECT 1") and 1)]), NOVEMBER).status == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("readings", [[], [Reading(None)]])
def test_nothing_to_measure_is_empty_and_not_zero(readings):
    assert read(a_measure(compute=lambda period, by: readings), NOVEMBER).status == "empty"


@pytest.mark.django_db
def test_zero_is_a_value():
    assert read(a_measure(compute=lambda period, by: [Reading(0)]), NOVEMBER).status == "ok"


# ---------------------------------------------------------------- datasets

@dataclass(frozen=True)
class Named:
    kelurahan: str = column("Kelurahan", personal=False)
    reporter: str = column("Pelapor", personal=True)
    n: int = column("Jumlah", personal=False)


@dataclass(frozen=True)
class Disguised:
    nik: str = column("Kode", personal=False)
    n: int = column("Jumlah", personal=False)


@dataclass(frozen=True)
class Loose:
    kelurahan: str = column("Kelurahan", personal=False)
    details: dict = column("Rincian", personal=False)
    n: int = column("Jumlah", personal=False)


@dataclass(frozen=True)
class Undescribed:
    kelurahan: str = field()
    n: int = column("Jumlah", personal=False)


@pytest.mark.parametrize(("bad", "complaint"), [
    (a_dataset(Named), "personal"), (a_dataset(Disguised), "holds a person"), (a_dataset(Loose), "must hold text"), (a_dataset(Undescribed), "column()"),
    (a_dataset(dict), "dataclass"), (a_dataset(counts=("jumlah",)), "no column"), (a_dataset(counts=("kelurahan",)), "whole numbers"),
    (a_dataset(totals=(("n",),)), "no key column"), (a_dataset(suppress_below=3), "only be larger"), (a_dataset(refresh="sometimes"), "refresh"),
    (a_dataset(slug="Pengaduan Kota"), "small letters"), (a_dataset(licence=""), "licence"),
])
def test_a_dataset_that_could_tell_of_a_person_or_says_too_little_is_refused(bad, complaint):
    with pytest.raises(ValueError, match=complaint.replace("(", r"\(").replace(")", r"\)")):
        offer(bad)


def test_columns_are_keys_counts_and_values():
    assert {name: a_dataset().kind(name) for name in ("kelurahan", "n", "days", "year")} == {
        "kelurahan": "key", "n": "count", "days": "value", "year": "key"}


def test_small_cells_go_with_all_figures_of_their_row_and_with_a_second_row():
    table = published(a_dataset(rows=[Row("Olo", 3, 2.5, 2026), Row("Jati", 9, 1.5, 2026), Row("Purus", 40, 3.5, 2026), Row("Kuranji", 0, None, 2026)]))
    assert table.rows == (("Olo", None, None, 2026), ("Jati", None, None, 2026), ("Purus", 40, 3.5, 2026), ("Kuranji", 0, None, 2026))
    assert table.rows_hidden == 2 and [each.name for each in table.columns] == ["kelurahan", "n", "days", "year"]


def test_totals_within_a_key_are_protected_too():
    rows = [Row("Olo", 3, 1.0, 2025), Row("Jati", 9, 1.0, 2025), Row("Olo", 50, 1.0, 2026), Row("Jati", 60, 1.0, 2026)]
    hidden = [row[1] is None for row in published(a_dataset(rows=rows, totals=(("year",), ("kelurahan",)))).rows]
    assert hidden == [True, True, True, True]
    assert [row[1] is None for row in published(a_dataset(rows=rows, totals=(("year",),))).rows] == [True, True, False, False]


@dataclass(frozen=True)
class TwoCounts:
    kelurahan: str = column("Kelurahan", personal=False)
    women: int = column("Perempuan", personal=False)
    men: int | None = column("Laki-laki", personal=False)


def test_a_second_count_of_a_hidden_row_is_hidden_and_protected_in_its_turn():
    table = published(a_dataset(TwoCounts, counts=("women", "men"), rows=[TwoCounts("Olo", 2, 90), TwoCounts("Jati", 20, 2), TwoCounts("Purus", 70, 80)]))
    assert [row[1:] for row in table.rows[:2]] == [(None, None), (None, None)]


def test_a_table_that_counts_nobody_is_published_as_it_is():
    @dataclass(frozen=True)
    class Office:
        name: str = column("Kantor", personal=False)
        since: date = column("Sejak", personal=False)
        floors: int = column("Lantai", personal=False)

    table = published(offer(a_dataset(Office, counts=(), rows=[Office("Kantor Lurah", date(2020, 1, 1), 2)])))
    assert table.rows == (("Kantor Lurah", date(2020, 1, 1), 2),)


def test_a_broken_dataset_publishes_nothing():
    def rows():
        yield Row("Olo", 30, 1.0, 2026)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        published(Dataset(slug="x", title="x", columns=Row, rows=rows, refresh="daily"))


# ---------------------------------------------------------------- map layers

def test_a_layer_is_seen_by_those_who_hold_its_permission_and_unknown_to_others():
    offer(MapLayer(name="pengaduan", title="Pengaduan", needs="complaints.read", features=lambda actor, bounds: []))
    open_layer = offer(MapLayer(name="kantor", title="Kantor", features=lambda actor, bounds: [{"type": "Feature", "of": actor.ref, "in": bounds}]))
    dedi = Actor(ref="account:2", kind="staff", name="Pak Dedi", holdings=(Holding(frozenset({"complaints.read"}), EVERYWHERE, "role:verifier"),))
    assert [each.name for each in layers()] == ["kantor", "pengaduan"]
    assert layers(PUBLIC) == [open_layer] and len(layers(dedi)) == 2
    assert layer("pengaduan", dedi).needs == "complaints.read"
    with pytest.raises(NotFound):
        layer("pengaduan", PUBLIC)
    assert list(open_layer.features(PUBLIC, None)) == [{"type": "Feature", "of": "public", "in": None}]


def test_the_list_is_as_before_after_it_was_emptied():
    kept = offer(a_measure())
    with emptied():
        assert measures() == []
        offer(a_measure("other.one"))
    assert measures() == [kept]


def test_a_fixed_moment_reaches_the_table(clock_at):
    clock_at("2026-11-24 09:40")
    assert published(a_dataset()).at == datetime(2026, 11, 24, 2, 40, tzinfo=UTC)
