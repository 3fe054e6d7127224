from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.messages.rules import Quiet, fill, masked, one_line, places, quiet_hours

WIB = timezone(timedelta(hours=7))
NIGHT = Quiet(time(21), time(6), WIB)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(("wall", "allowed"), [
    ("2026-11-24 20:59", "2026-11-24 20:59"), ("2026-11-24 21:00", "2026-11-25 06:00"), ("2026-11-24 23:59", "2026-11-25 06:00"),
    ("2026-11-25 00:00", "2026-11-25 06:00"), ("2026-11-25 05:59", "2026-11-25 06:00"), ("2026-11-25 06:00", "2026-11-25 06:00")])
def test_nobody_is_disturbed_between_nine_and_six(wall, allowed):
    assert NIGHT.next_allowed(datetime.fromisoformat(wall).replace(tzinfo=WIB)) == datetime.fromisoformat(allowed).replace(tzinfo=WIB)


@given(moments, times, times)
def test_the_next_allowed_moment_is_never_quiet_never_earlier_and_at_most_a_day_later(moment, begins, ends):
    quiet = Quiet(begins, ends, WIB)
    allowed = quiet.next_allowed(moment)
    assert moment <= allowed <= moment + timedelta(days=1) and not quiet.holds(allowed)
    assert allowed == moment or (quiet.holds(moment) and quiet.holds(allowed - timedelta(seconds=1)))
    assert quiet.next_allowed(allowed) == allowed


def test_hours_are_read_from_settings():
    assert quiet_hours("21:00-06:00", WIB) == NIGHT == quiet_hours("21.00 - 06.00", WIB)
    assert not quiet_hours("", WIB).holds(datetime(2026, 11, 24, 17, tzinfo=UTC))
    for wrong in ("21:00", "25:00-06:00", "malam"):
        with pytest.raises(ValueError):
            quiet_hours(wrong, WIB)


def test_places_are_plain_names_and_nothing_can_be_reached_through_them():
    assert places("Halo {name}, {{bukan}} {due}") == {"name", "due"}
    for wrong in ("{name.__class__}", "{name[0]}", "{}", "{0}", "{name!r}", "{name:>9}"):
        with pytest.raises(ValueError, match="plain name"):
            places(wrong)


@given(st.text(max_size=50), st.text(max_size=50))
def test_values_are_put_in_as_they_are_and_are_not_read_as_templates(value, other):
    assert fill("{a}|{b}|{{a}}", {"a": value, "b": other}) == f"{value}|{other}|{{a}}"


def test_a_missing_value_is_noticed():
    with pytest.raises(KeyError):
        fill("{a}", {})


@given(st.text(max_size=100))
def test_a_subject_is_one_line_whatever_was_put_in(text):
    line = one_line("Kabar\r\nBcc: x@y.id " + text)
    assert line.isprintable() and line.startswith("Kabar Bcc:") and one_line(line) == line


@pytest.mark.parametrize(("address", "shown"), [
    ("+6281234567890", "0812••••••90"), ("rina.s@example.id", "ri•••@example.id"), ("ab@example.id", "•••@example.id"), ("+62812", "••••••"), ("", "••••••")])
def test_addresses_are_masked(address, shown):
    assert masked(address) == shown


@given(st.from_regex(r"\A\+628[1-9][0-9]{7,10}\Z"))
def test_a_masked_number_shows_six_digits_at_most(number):
    shown = masked(number)
    assert sum(char.isdigit() for char in shown) == 6 and number[3:] not in shown
