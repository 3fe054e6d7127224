"""Reads: what they answer, and that a longer list costs no more statements."""
from datetime import date, datetime, timedelta

import pytest

from amanah.foundation.kernel.clock import WIB
from amanah.foundation.kernel.errors import NotFound
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import Appointment, Kind, Level, Office, OfficeLink
from amanah.registries.territory.models import Territory

from . import factories

City = dict[str, Office]
DAY = date(2026, 7, 6)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def codes(rows: object) -> list[str]:
    return [row.code for row in getattr(rows, "rows", rows)]


def test_an_office_is_found_by_code_and_by_path(city: City) -> None:
    assert queries.by_code("kel_1") == queries.by_path("kota.kec.kel_1")
    row = queries.by_code("kel_1")
    assert (row.parent, row.territory, row.kind_label, row.short_name) == ("kec", "99.71.01.1001", "Kelurahan", "Kantor kel_1")
    for missing in (lambda: queries.by_code("x"), lambda: queries.by_path("kota.x"), lambda: queries.office("x")):
        with pytest.raises(NotFound):
            missing()


def test_the_list_is_paged_in_the_order_of_paths(city: City) -> None:
    first = queries.offices(size=3)
    second = queries.offices(size=3, cursor=first.next)
    assert codes(first) + codes(second) == ["kota", "dinas", "kec", "kel_1", "kel_2"]
    assert second.next is None and codes(queries.offices(size=3, cursor=second.previous)) == ["kota", "dinas", "kec"]


def test_the_list_is_narrowed_by_kind_branch_and_words(city: City) -> None:
    assert codes(queries.offices(kinds=[Kind.KELURAHAN])) == ["kel_1", "kel_2"]
    assert codes(queries.offices(under="kota.kec")) == ["kec", "kel_1", "kel_2"]
    Office.objects.filter(code="dinas").update(duties="menerangi jalan", abbreviation="Disjal")
    assert codes(queries.offices(text="JALAN menerangi")) == codes(queries.offices(text="disjal")) == ["dinas"]
    assert codes(queries.offices(under="kota.ke")) == []


def test_an_office_is_listed_only_on_the_days_on_which_it_stands(city: City) -> None:
    factories.office(city["kota"], code="lama", valid_to=date(2023, 7, 30))
    factories.office(city["kota"], code="baru", valid_from=date(2023, 7, 31))
    assert "lama" in codes(queries.offices(on=date(2023, 7, 30))) and "baru" not in codes(queries.offices(on=date(2023, 7, 30)))
    assert "lama" not in codes(queries.children("kota", date(2023, 7, 31))) and "baru" in codes(queries.children("kota", date(2023, 7, 31)))


def test_ancestors_lead_from_the_top_to_the_office(city: City) -> None:
    assert codes(queries.ancestors("kel_2")) == ["kota", "kec", "kel_2"]


@pytest.mark.parametrize("code", ["99.71.01.1001", "99.71.01.1001.rw-abcdefg", "99.71.01.1001.rw-abcdefg.rt-hijklmn"])
def test_a_place_is_served_by_its_kelurahan_its_kecamatan_and_the_city(city: City, code: str) -> None:
    assert codes(queries.offices_for_territory(code)) == ["kel_1", "kec", "kota"]


def test_a_wider_place_is_not_served_by_the_offices_inside_it(city: City) -> None:
    assert codes(queries.offices_for_territory("99.71.01")) == ["kec", "kota"]
    assert codes(queries.offices_for_territory("98.71.01.1001")) == []


def test_an_outside_body_never_serves_a_place(city: City, places: dict[str, Territory]) -> None:
    factories.office(code="ext_x", kind=Kind.EXTERNAL, territory=places["99.71"])
    assert "ext_x" not in codes(queries.offices_for_territory("99.71"))


def test_who_answers_for_a_dissolved_office_is_followed_through_splits_and_further_changes(city: City) -> None:
    a, b, c, d = (factories.office(city["kota"], code=code, valid_to=last) for code, last in (
        ("a", date(2020, 12, 31)), ("b", date(2022, 12, 31)), ("c", None), ("d", None)))
    for before, after, day, kind in ((a, b, date(2021, 1, 1), "split"), (a, c, date(2021, 1, 1), "split"), (b, d, date(2023, 1, 1), "renamed")):
        OfficeLink.objects.create(predecessor=before, successor=after, day=day, kind=kind)
    assert [codes(queries.answering("a", day)) for day in (date(2020, 6, 1), date(2021, 6, 1), date(2023, 6, 1))] == [["a"], ["b", "c"], ["c", "d"]]
    assert codes(queries.answering("dinas")) == ["dinas"]
    assert codes(queries.predecessors("d")) == ["b"]
    with pytest.raises(NotFound):
        queries.answering("x")


def test_successors_that_point_at_each_other_end_the_search(city: City) -> None:
    a, b = (factories.office(city["kota"], code=code, valid_to=date(2020, 12, 31)) for code in "ab")
    for before, after in ((a, b), (b, a)):
        OfficeLink.objects.create(predecessor=before, successor=after, day=date(2021, 1, 1), kind="merged")
    assert queries.answering("a", date(2021, 1, 1)) == []


def test_seats_of_an_office_come_head_first_with_who_holds_them(city: City) -> None:
    secretary = factories.position(city["kec"], code="sekretaris", title="Sekretaris Camat", level=Level.SEKRETARIS, is_head=False)
    camat = factories.position(city["kec"], code="camat", title="Camat", level=Level.CAMAT)
    services.appoint(factories.SYSTEM, secretary, official=factories.official("Rina Contoh"), since=DAY)
    rows = queries.officials_of("kec", DAY)
    assert [(row.title, row.answers.name if row.answers else None) for row in rows] == [("Camat", None), ("Sekretaris Camat", "Rina Contoh")]
    rina = rows[1].holder
    assert rina and [row.title for row in queries.positions_of_official(rina.official, DAY)] == ["Sekretaris Camat"]
    assert [row.id for row in queries.vacancies(on=DAY).rows] == [camat.pk]
    assert queries.vacancies(on=DAY, under="kota.dinas").rows == []


def test_an_abolished_seat_is_neither_shown_nor_vacant(city: City) -> None:
    seat = factories.position(city["dinas"])
    seat.abolished_on = DAY
    seat.save()
    assert queries.officials_of("dinas", DAY) == [] and queries.vacancies(on=DAY).rows == []
    assert len(queries.officials_of("dinas", DAY - timedelta(days=1))) == 1


def test_an_office_says_whether_it_is_open_until_when_and_from_when(city: City, calendar: None) -> None:
    at_work = queries.open_now("dinas", moment("2026-07-06 09:00"))
    assert (at_work.open, at_work.until, at_work.opens) == (True, moment("2026-07-06 12:00"), None)
    at_night = queries.open_now("dinas", moment("2026-07-03 20:00"))
    assert (at_night.open, at_night.until, at_night.opens) == (False, None, moment("2026-07-06 07:30"))
    new_year = queries.open_now("dinas", moment("2026-01-01 09:00"))
    assert new_year.holiday == "Tahun Baru" and new_year.opens == moment("2026-01-02 07:30")


def test_what_rests_on_an_undecreed_year_is_not_called_certain(city: City, calendar: None) -> None:
    assert queries.open_now("dinas", moment("2026-07-06 09:00")).certain
    assert not queries.open_now("dinas", moment("2027-07-05 09:00")).certain


def test_the_week_of_an_office_runs_from_monday_to_sunday(city: City, calendar: None) -> None:
    week = queries.week_hours("dinas", date(2026, 2, 20))
    assert [day.day for day in week] == [date(2026, 2, 16) + timedelta(days=n) for n in range(7)]
    assert [day.season for day in week][2:4] == ["Biasa", "Ramadan 2026"] and week[6].spans == ()
    assert week[0].spans == ((moment("2026-02-16 07:30"), moment("2026-02-16 12:00")), (moment("2026-02-16 13:00"), moment("2026-02-16 16:00")))


def test_without_a_calendar_the_answer_says_what_to_run(city: City) -> None:
    with pytest.raises(NotFound, match="offices_load_calendar"):
        queries.open_now("dinas", moment("2026-07-06 09:00"))
    with pytest.raises(NotFound):
        queries.calendar("0" * 64)


def test_holidays_of_a_year_come_in_order(calendar: None) -> None:
    assert [off.name for off in queries.holidays(2026)] == ["Tahun Baru"] and queries.holidays(2030) == []


# ---------------------------------------------------------------- statements

def make(city: City, n: int) -> None:
    """n more offices with a held seat and an empty one each."""
    for _ in range(n):
        new = factories.office(city["kec"], kind=Kind.KELURAHAN, territory=city["kel_1"].territory)
        Appointment.objects.create(position=factories.position(new), official=factories.official(), kind="definitive", since=DAY)
        factories.position(new, code="sekretaris", title="Sekretaris", level=Level.SEKRETARIS, is_head=False)


@pytest.mark.parametrize(("most", "read"), [
    (1, lambda: queries.offices(size=100).rows),
    (1, lambda: queries.offices(under="kota.kec", text="kantor", size=100).rows),
    (1, lambda: queries.children("kec")),
    (2, lambda: queries.ancestors("kel_1")),
    (1, lambda: queries.offices_for_territory("99.71.01.1001")),
    (2, lambda: queries.answering("dinas")),
    (2, lambda: queries.heads_of(Office.objects.values_list("code", flat=True), DAY)),
    (2, lambda: queries.officials_of("kec", DAY)),
    (1, lambda: queries.vacancies(on=DAY, size=100).rows),
    (2, lambda: queries.open_now("dinas", moment("2026-07-06 09:00"))),
    (2, lambda: queries.week_hours("dinas", DAY)),
])
def test_a_longer_list_costs_no_more_statements(city: City, calendar: None, same_statements, most: int, read) -> None:
    assert same_statements(lambda n: make(city, n), read) <= most + ("heads_of" in read.__code__.co_names)
