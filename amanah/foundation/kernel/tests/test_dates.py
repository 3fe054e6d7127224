from datetime import UTC, date, datetime, timedelta

import pytest

from amanah.foundation.kernel import dates
from amanah.foundation.kernel.clock import WIB

DAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 9, 40, tzinfo=WIB)


def test_dates_in_indonesian():
    assert dates.day_and_date(DAY) == "Selasa, 24 Nov 2026"
    assert dates.long_date(DAY) == "24 November 2026"
    assert dates.short_date(date(2026, 8, 7)) == "7 Agu 2026"
    assert dates.month_and_year(date(2026, 5, 1)) == "Mei 2026"
    assert dates.date_and_time(MOMENT) == "Selasa, 24 Nov 2026, 09.40"


def test_dates_in_english():
    assert dates.day_and_date(DAY, "en") == "Tuesday, 24 Nov 2026"
    assert dates.long_date(date(2026, 5, 1), "en-gb") == "1 May 2026"
    assert dates.date_and_time(MOMENT, "en") == "Tuesday, 24 Nov 2026, 09:40"


def test_every_weekday_and_month_has_its_name():
    week = [dates.day_and_date(date(2026, 11, 23) + timedelta(days=n)).split(",")[0] for n in range(7)]
    assert week == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
    year = [dates.long_date(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert len(set(year)) == 12 and year[7] == "Agustus"


def test_a_moment_is_shown_in_wib_whatever_its_zone():
    late = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert dates.date_and_time(late) == "Rabu, 25 Nov 2026, 01.30"
    assert dates.short_date(late) == "25 Nov 2026"


def test_a_moment_without_a_zone_is_refused():
    for show in (dates.time_of_day, dates.short_date, dates.day_and_date):
        with pytest.raises(ValueError, match="time zone"):
            show(datetime(2026, 11, 24, 9, 40))


@pytest.mark.parametrize(("minutes", "words", "english"), [
    (0, "0 menit", "0 minutes"), (1, "1 menit", "1 minute"), (60, "1 jam", "1 hour"), (85, "1 jam 25 menit", "1 hour 25 minutes"),
    (600, "10 jam", "10 hours"),
])
def test_durations_in_words(minutes, words, english):
    assert dates.duration(minutes) == words
    assert dates.duration(minutes, "en") == english


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match="negative"):
        dates.duration(-1)


@pytest.mark.parametrize(("away", "words", "english"), [
    (timedelta(), "baru saja", "just now"),
    (timedelta(seconds=30), "sebentar lagi", "in a moment"),
    (timedelta(minutes=25), "25 menit lagi", "in 25 minutes"),
    (timedelta(minutes=-25, seconds=-20), "25 menit lalu", "25 minutes ago"),
    (timedelta(hours=6, minutes=20), "hari ini 16.00", "today 16:00"),
    (timedelta(hours=-2), "hari ini 07.40", "today 07:40"),
    (timedelta(hours=15), "besok 00.40", "tomorrow 00:40"),
    (timedelta(hours=-10), "kemarin 23.40", "yesterday 23:40"),
    (timedelta(days=2), "2 hari lagi", "in 2 days"),
    (timedelta(days=-30), "30 hari lalu", "30 days ago"),
])
def test_how_far_away_a_moment_is(away, words, english):
    assert dates.relative(MOMENT + away, MOMENT) == words
    assert dates.relative(MOMENT + away, MOMENT, "en") == english


def test_days_change_at_midnight_on_the_wall_and_not_in_utc():
    now = datetime(2026, 11, 24, 23, 0, tzinfo=WIB)
    assert dates.relative(datetime(2026, 11, 25, 1, 0, tzinfo=WIB), now.astimezone(UTC)) == "besok 01.00"


def test_a_day_begins_and_ends_on_the_wall_of_the_office():
    assert dates.start_of_day(DAY).astimezone(UTC) == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert dates.end_of_day(DAY) + timedelta(microseconds=1) == dates.start_of_day(date(2026, 11, 25))
