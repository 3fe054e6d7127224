from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.jobs.rules import LONGEST_WAIT, MAX_TRIES_TEMPORARY, Every, tries_allowed, wait_before

WIB = timezone(timedelta(hours=7))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def test_waits_double_from_ten_seconds_to_an_hour():
    assert [wait_before(n).total_seconds() for n in (2, 3, 4, 5)] == [10, 20, 40, 80]
    assert wait_before(1000) == LONGEST_WAIT


def test_a_partner_that_stays_away_is_tried_for_some_hours():
    total = sum((wait_before(n) for n in range(2, MAX_TRIES_TEMPORARY + 1)), timedelta())
    assert timedelta(hours=2) < total < timedelta(hours=12)


def test_an_answer_that_will_stay_the_same_is_asked_for_once():
    kinds = ({"final": True, "temporary": True}, {"final": False, "temporary": True}, {"final": False, "temporary": False})
    assert [tries_allowed(**kind) for kind in kinds] == [1, 12, 5]


@pytest.mark.parametrize("arguments", [{}, {"minutes": 5, "daily_at": time(2)}, {"minutes": 0}])
def test_a_rhythm_is_either_minutes_or_a_time_of_day(arguments):
    with pytest.raises(ValueError, match="either"):
        Every(WIB, **arguments)


def test_daily_work_is_due_at_the_wall_time_of_the_city():
    two = Every(WIB, daily_at=time(2))
    assert two.last_due(datetime(2026, 11, 22, 19, 0, tzinfo=UTC)) == datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    assert two.last_due(datetime(2026, 11, 22, 18, 59, tzinfo=UTC)) == datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


@given(moments, st.integers(1, 1440))
def test_every_so_many_minutes_the_last_due_moment_lies_within_one_step(now, minutes):
    rhythm = Every(WIB, minutes=minutes)
    due = rhythm.last_due(now)
    assert due <= now < due + timedelta(minutes=minutes)
    assert rhythm.last_due(due) == due


@given(moments, st.times().map(lambda t: t.replace(microsecond=0)))
def test_daily_the_last_due_moment_lies_within_one_day_and_at_that_time(now, at):
    rhythm = Every(WIB, daily_at=at)
    due = rhythm.last_due(now)
    assert due <= now < due + timedelta(days=1)
    assert due.astimezone(WIB).time() == at and rhythm.last_due(due) == due
