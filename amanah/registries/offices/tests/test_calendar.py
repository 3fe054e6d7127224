"""The working calendar as arithmetic: nothing here needs a database."""
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.clock import WIB
from amanah.registries.offices.rules import calendar_file
from amanah.registries.offices.rules.calendar import Calendar, DayHours, Group, Holiday, Season, by_day, changes, estimates

from . import factories

CITY_FILE = Path(__file__).resolve().parents[4] / "cities" / "padang" / "calendar.yaml"
CITY = calendar_file.parse(CITY_FILE.name, CITY_FILE.read_text(encoding="utf-8"))
SMALL = factories.calendar(*(factories.off(day) for day in ("2026-01-01", "2026-03-21", "2026-05-01")), factories.off("2026-05-15", "joint_leave"))
GROUPS = st.sampled_from(["lima", "enam", "siaga"])
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=WIB, microsecond=0))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


# ---------------------------------------------------------------- the decrees of the city

@pytest.mark.parametrize(("start", "n", "end"), [
    ("2025-03-27", 3, "2025-04-10"),   # Nyepi, Idulfitri and joint leave, 28 March to 7 April
    ("2025-03-27", 10, "2025-04-22"),  # the same, and 18 April
    ("2025-08-14", 3, "2025-08-20"),   # 18 August 2025 was added two weeks before
    ("2026-03-17", 5, "2026-03-31"),   # Nyepi and Idulfitri run together
    ("2026-03-17", 14, "2026-04-14"),  # the same, and Good Friday
    ("2023-04-18", 3, "2023-04-28"),
    ("2024-04-05", 10, "2024-04-29"),
    ("2026-12-23", 5, "2027-01-04"),   # over the turn of the year
])
def test_working_days_after_a_day_follow_the_decrees(start: str, n: int, end: str) -> None:
    assert CITY.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(end)


def test_without_the_day_added_in_august_2025_the_answer_was_a_day_earlier() -> None:
    before = Calendar({day: off for day, off in CITY.holidays.items() if day != date(2025, 8, 18)}, CITY.groups, CITY.default_group)
    assert before.add_working_days(date(2025, 8, 14), 3) == date(2025, 8, 19)
    assert before.version != CITY.version


def test_with_the_first_decree_of_2023_the_answer_was_a_day_earlier() -> None:
    first = {day: off for day, off in CITY.holidays.items() if not (day.year == 2023 and day.month == 4 and off.kind == "joint_leave")}
    first |= {day: Holiday(day, "Cuti bersama", "joint_leave") for day in (date(2023, 4, n) for n in (21, 24, 25, 26))}
    assert Calendar(first, CITY.groups, CITY.default_group).add_working_days(date(2023, 4, 18), 3) == date(2023, 4, 27)


@pytest.mark.parametrize(("year", "days"), [(2023, 239), (2024, 238), (2025, 237), (2026, 240), (2027, 242)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    assert CITY.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


@pytest.mark.parametrize(("year", "national", "joint_leave"), [(2023, 16, 11), (2024, 19, 10), (2025, 17, 11), (2026, 17, 8), (2027, 18, 8)])
def test_the_number_of_days_off_is_that_of_the_decree(year: int, national: int, joint_leave: int) -> None:
    kinds = [off.kind for day, off in CITY.holidays.items() if day.year == year]
    assert (kinds.count("national"), kinds.count("joint_leave")) == (national, joint_leave)


def test_the_city_file_and_the_holidays_package_name_the_same_days() -> None:
    import holidays
    # For 2027 the package is itself the source of the file; for 2023 to 2026 this is a true comparison.
    theirs = set(holidays.country_holidays("ID", years=range(2023, 2028), categories=("public", "government"), language="id"))
    assert theirs == {day for day in CITY.holidays if day.year <= 2027}


def test_only_years_with_a_confirmed_decree_are_certain() -> None:
    assert sorted(CITY.decreed_years) == [2023, 2024, 2025, 2026]
    assert CITY.is_certain(date(2026, 12, 1), date(2026, 12, 31))
    assert not CITY.is_certain(date(2026, 12, 23), date(2027, 1, 4))


def test_years_without_a_decree_are_computed_and_say_so() -> None:
    guessed = [off for day, off in CITY.holidays.items() if day.year > 2027]
    assert guessed and all(off.estimated and not off.confirmed for off in guessed)
    assert not any(off.estimated for day, off in CITY.holidays.items() if day.year <= 2027)
    assert date(2028, 8, 17) in {off.day for off in estimates([2028])}


def test_the_anniversary_of_the_city_is_a_working_day() -> None:
    assert CITY.is_working_day(date(2026, 8, 7))


# ---------------------------------------------------------------- hours, as the circulars say

def test_a_week_has_37_and_a_half_hours_and_32_and_a_half_in_ramadan() -> None:
    assert CITY.working_minutes(at("2026-07-06T00:00"), at("2026-07-13T00:00")) == 37.5 * 60
    assert CITY.working_minutes(at("2026-02-23T00:00"), at("2026-03-02T00:00")) == 32.5 * 60
    assert CITY.working_minutes(at("2024-03-18T00:00"), at("2024-03-25T00:00")) == 32.5 * 60


def test_fifteen_minutes_promised_on_friday_just_before_prayer_end_after_it() -> None:
    assert CITY.add_working_minutes(at("2026-07-10T11:55"), 15) == at("2026-07-10T13:15")


def test_in_ramadan_the_same_moment_may_be_closed() -> None:
    assert CITY.open_at(at("2026-07-06T15:30")) and not CITY.open_at(at("2026-03-02T15:30"))
    assert CITY.open_at(at("2025-02-28T07:45")) and not CITY.open_at(at("2025-03-03T07:45"))


def test_the_six_day_group_opens_on_saturday_and_on_joint_leave() -> None:
    assert CITY.open_at(at("2026-07-11T10:00"), "enam_hari") and not CITY.open_at(at("2026-07-11T10:00"))
    assert CITY.open_at(at("2025-01-28T10:00"), "enam_hari") and not CITY.open_at(at("2025-01-28T10:00"))
    assert not CITY.open_at(at("2026-08-17T10:00"), "enam_hari")
    assert not CITY.open_at(at("2024-03-15T12:30"), "enam_hari") and CITY.open_at(at("2024-03-16T12:30"), "enam_hari")  # Friday until 12.00


def test_round_the_clock_knows_no_night_and_no_holiday() -> None:
    assert CITY.open_at(at("2026-03-21T03:00"), "siaga")
    assert CITY.closes_at(at("2026-03-21T03:00"), "siaga") is None
    assert CITY.add_working_minutes(at("2026-03-21T23:50"), 60 * 24, "siaga") == at("2026-03-22T23:50")


@pytest.mark.parametrize(("arrives", "counts"), [
    ("2026-07-11T22:10", "2026-07-13T07:30"),  # Saturday night → Monday
    ("2026-07-10T16:30", "2026-07-13T07:30"),  # Friday, at the minute of closing
    ("2026-07-10T16:29", "2026-07-10T16:29"),
    ("2026-07-09T12:20", "2026-07-09T12:20"),  # in the break, on a working day
    ("2026-07-09T05:00", "2026-07-09T07:30"),  # before opening
    ("2026-03-17T20:00", "2026-03-25T07:30"),  # Nyepi, Idulfitri and joint leave in between
])
def test_a_file_counts_from_the_next_opening_once_the_office_is_closed(arrives: str, counts: str) -> None:
    assert CITY.counts_from(at(arrives)) == at(counts)


def test_opening_and_closing_are_half_open() -> None:
    assert SMALL.open_at(at("2026-07-06T07:30")) and not SMALL.open_at(at("2026-07-06T16:00"))
    assert SMALL.closes_at(at("2026-07-06T11:00")) == at("2026-07-06T12:00")
    assert SMALL.closes_at(at("2026-07-06T12:30")) is None
    assert SMALL.next_opening(at("2026-07-06T12:30")) == at("2026-07-06T13:00")


def test_utc_moments_are_understood_as_the_same_moments() -> None:
    utc = at("2026-07-06T07:30").astimezone(UTC)
    assert SMALL.open_at(utc) and SMALL.next_opening(utc) == utc


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        SMALL.open_at(datetime(2026, 7, 6, 9))


def test_a_group_that_never_opens_is_an_error_and_no_endless_walk() -> None:
    closed = Calendar(groups={"x": Group("x", "Tutup", (Season("Lama", (DayHours(0, time(8), time(9)),), date(2020, 1, 1), date(2020, 12, 31)),))},
                      default_group="x")
    for ask in (lambda: closed.add_working_minutes(at("2026-01-01T00:00"), 1), lambda: closed.next_opening(at("2026-01-01T00:00")),
                lambda: closed.add_working_days(date(2026, 1, 1), 1, "x")):
        with pytest.raises(ValueError, match="x"):
            ask()


def test_working_time_is_never_counted_backwards() -> None:
    for ask in (lambda: SMALL.add_working_days(date(2026, 1, 1), -1), lambda: SMALL.add_working_minutes(at("2026-01-01T00:00"), -1)):
        with pytest.raises(ValueError, match="forward"):
            ask()


def test_joint_leave_counts_only_when_the_calendar_says_so() -> None:
    leave = factories.off("2026-05-15", "joint_leave")
    assert not factories.calendar(leave).is_working_day(date(2026, 5, 15))
    assert factories.calendar(leave, joint_leave_counts=True).is_working_day(date(2026, 5, 15))


def test_two_holidays_on_one_day_keep_both_names_and_the_stronger_kind() -> None:
    merged = by_day([Holiday(date(2026, 5, 1), "Cuti", "joint_leave"), Holiday(date(2026, 5, 1), "Hari Buruh", "national")])
    assert (merged[date(2026, 5, 1)].name, merged[date(2026, 5, 1)].kind) == ("Hari Buruh; Cuti", "national")


def test_own_hours_of_an_office_stand_over_the_base_but_ramadan_stands_over_both() -> None:
    own = Group("kantor:x", "X", (Season("Sore", (DayHours(0, time(14), time(20)),), date(2026, 1, 5)),), base="lima")
    cal = Calendar(groups={**SMALL.groups, "kantor:x": own}, default_group="lima")
    assert cal.open_at(at("2026-07-06T19:00"), "kantor:x") and not cal.open_at(at("2026-07-06T09:00"), "kantor:x")
    assert cal.open_at(at("2026-02-23T09:00"), "kantor:x")  # the city's Ramadan hours began later than the office's own


def test_changes_name_every_difference() -> None:
    later = Calendar({**SMALL.holidays, date(2026, 6, 1): factories.off("2026-06-01", "joint_leave")}, SMALL.groups, "lima")
    assert changes(SMALL, later) == ["+ 2026-06-01 Libur Contoh (cuti bersama)"]
    assert changes(later, SMALL) == ["- 2026-06-01 Libur Contoh (cuti bersama)"]
    assert changes(SMALL, SMALL) == []


# ---------------------------------------------------------------- what holds whatever the question is

@given(DAYS, st.integers(0, 60), st.sampled_from(["", "lima", "enam", "siaga"]))
def test_counting_forward_and_counting_between_agree(start: date, n: int, group: str) -> None:
    end = SMALL.add_working_days(start, n, group)
    assert SMALL.working_days_between(start, end, group) == n == -SMALL.working_days_between(end, start, group)
    assert n == 0 or SMALL.is_working_day(end, group)


@given(DAYS, st.integers(0, 40), DAYS, st.sampled_from(["national", "joint_leave", "local"]))
def test_adding_a_holiday_never_makes_a_due_date_earlier(start: date, n: int, day: date, kind: str) -> None:
    later = Calendar(by_day([*SMALL.holidays.values(), Holiday(day, "Sisipan", kind)]), SMALL.groups, "lima")
    assert later.add_working_days(start, n) >= SMALL.add_working_days(start, n)


@given(MOMENTS, st.integers(0, 5000), DAYS, GROUPS)
def test_adding_a_holiday_never_makes_a_clock_in_hours_end_earlier(start: datetime, minutes: int, day: date, group: str) -> None:
    later = Calendar(by_day([*SMALL.holidays.values(), Holiday(day, "Sisipan", "national")]), SMALL.groups, "lima")
    assert later.add_working_minutes(start, minutes, group) >= SMALL.add_working_minutes(start, minutes, group)


@given(MOMENTS, st.integers(1, 5000), GROUPS)
def test_minutes_added_are_the_minutes_between(start: datetime, minutes: int, group: str) -> None:
    end = SMALL.add_working_minutes(start, minutes, group)
    assert SMALL.working_minutes(start, end, group) == minutes
    assert SMALL.working_minutes(start, end - timedelta(minutes=1), group) == minutes - 1


@given(MOMENTS, st.integers(0, 3000), st.integers(0, 3000), GROUPS)
def test_minutes_may_be_added_in_parts(start: datetime, one: int, two: int, group: str) -> None:
    assert SMALL.add_working_minutes(SMALL.add_working_minutes(start, one, group), two, group) == SMALL.add_working_minutes(start, one + two, group)


@given(MOMENTS, MOMENTS, MOMENTS, GROUPS)
def test_time_between_adds_up(a: datetime, b: datetime, c: datetime, group: str) -> None:
    a, b, c = sorted((a, b, c))
    assert SMALL.working_time(a, b, group) + SMALL.working_time(b, c, group) == SMALL.working_time(a, c, group)


@given(MOMENTS, GROUPS)
def test_next_opening_is_open_and_nothing_is_open_before_it(moment: datetime, group: str) -> None:
    opening = SMALL.next_opening(moment, group)
    assert opening >= moment and SMALL.open_at(opening, group)
    assert SMALL.working_time(moment, opening, group) == timedelta()
    assert (opening == moment) == SMALL.open_at(moment, group)


@given(MOMENTS, GROUPS)
def test_a_file_counts_from_a_working_day_and_never_from_before_it_came(moment: datetime, group: str) -> None:
    counted = SMALL.counts_from(moment, group)
    assert counted >= moment and SMALL.is_working_day(counted.date(), group)
    assert SMALL.working_time(moment, counted, group) == timedelta()


@given(DAYS, st.integers(0, 30), MOMENTS, st.integers(0, 2000))
def test_a_replay_with_an_equal_calendar_gives_the_same_answers(start: date, n: int, moment: datetime, minutes: int) -> None:
    again = Calendar(dict(reversed(SMALL.holidays.items())), dict(reversed(SMALL.groups.items())), SMALL.default_group)
    assert again.version == SMALL.version
    assert again.add_working_days(start, n) == SMALL.add_working_days(start, n)
    assert again.add_working_minutes(moment, minutes) == SMALL.add_working_minutes(moment, minutes)
