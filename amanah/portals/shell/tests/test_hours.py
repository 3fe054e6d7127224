"""Promises in hours say what is left and how late they are, on every page alike."""
from datetime import UTC, datetime, timedelta

from amanah.portals.shell.hours import clock_in_hours


def test_the_clock_in_hours_says_what_is_left_and_how_late():
    begun = datetime(2026, 11, 20, 9, tzinfo=UTC)
    due = begun + timedelta(hours=72)

    def at(hours, ended=None):
        return clock_in_hours(begun, due, begun + timedelta(hours=ended) if ended is not None else None, begun + timedelta(hours=hours))

    assert [(at(hours).state, str(at(hours).headline)) for hours in (0, 47, 48, 71.5, 72.5, 80)] == [
        ("running", "Sisa 72 jam"), ("running", "Sisa 25 jam"), ("soon", "Sisa 24 jam"), ("soon", "Sisa kurang dari 1 jam"),
        ("late", "Lewat batas kurang dari 1 jam"), ("late", "Lewat batas 8 jam")]
    assert (at(0, 5).headline, at(0, 5).detail) == ("Dijawab dalam 5 jam", "janjinya 72 jam")
    assert at(0, 80).detail.startswith("terlambat") and "kurang" in at(0, 0.5).headline
