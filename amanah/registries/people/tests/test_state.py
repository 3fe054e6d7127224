"""The fold of events and its projection: whatever happens in whatever order, both tell the same story."""
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.registries.people.rules import codes, state
from amanah.registries.people.rules.projection import Row, absorb
from amanah.registries.people.rules.state import Fact, as_of, from_text, has_cycle, timeline, to_text

DAY = date(2020, 1, 1)
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def moment(n: int) -> datetime:
    return NOW + timedelta(hours=n)


@st.composite
def lives(draw: st.DrawFn) -> list[Fact]:
    """Facts in the order in which they were recorded, some undone later."""
    count = draw(st.integers(1, 7))
    facts = []
    for n in range(count):
        changes = draw(st.dictionaries(st.sampled_from(("name", "place", "status", "marital")), st.integers(1, 3), max_size=3))
        undone = draw(st.none() | st.integers(count, count + 4))
        facts.append(Fact(n + 1, day(draw(st.integers(0, 5))), moment(n), changes, moment(undone) if undone is not None else None))
    return facts


@given(lives(), st.integers(-1, 7), st.integers(-1, 13))
def test_the_rows_tell_what_the_events_tell(facts: list[Fact], on: int, known: int) -> None:
    rows: list[Row] = []
    for at in sorted({fact.recorded_at for fact in facts} | {fact.undone_at for fact in facts if fact.undone_at}):
        step = absorb(rows, timeline(facts, at), at)
        rows += step.added
    seen = [row for row in rows if row.visible(day(on), moment(known))]
    told = as_of(facts, day(on), moment(known))
    assert [row.state for row in seen] == ([told] if told is not None else [])


@given(lives())
def test_there_is_one_present_row_or_none(facts: list[Fact]) -> None:
    rows: list[Row] = []
    for at in sorted({fact.recorded_at for fact in facts} | {fact.undone_at for fact in facts if fact.undone_at}):
        rows += absorb(rows, timeline(facts, at), at).added
    present = [row for row in rows if row.closed_at is None]
    versions = timeline(facts)
    assert [row.state for row in present] == [version.state for version in versions[-1:]]


@given(lives())
def test_versions_follow_one_another_without_gaps(facts: list[Fact]) -> None:
    versions = timeline(facts)
    for one, other in itertools.pairwise(versions):
        assert one.valid_until == other.valid_from
    assert all(version.valid_until is None for version in versions[-1:])


def test_a_late_correction_of_the_first_day_does_not_undo_a_later_change() -> None:
    facts = [Fact(1, day(0), moment(0), {"name": "Rina Cntoh"}), Fact(2, day(9), moment(1), {"name": "Rina Wati Contoh"}),
             Fact(3, day(0), moment(2), {"name": "Rina Contoh"})]
    assert as_of(facts, day(3)) | {} == {**state.EMPTY, "name": "Rina Contoh"}
    assert as_of(facts, day(9))["name"] == "Rina Wati Contoh"
    assert as_of(facts, day(3), moment(1))["name"] == "Rina Cntoh"


def test_changes_survive_being_written() -> None:
    changes = {"born": date(1990, 8, 17), "nik": b"\x01abc", "mother_name": None, "name": "Upik", "place": 7}
    assert from_text(to_text(changes)) == changes
    with pytest.raises(KeyError):
        to_text({"shoe": 1})


@pytest.mark.parametrize(("parents", "answer"), [
    ({1: [2], 2: [3]}, False), ({1: [1]}, True), ({1: [2], 2: [3], 3: [1]}, True), ({1: [2, 3], 2: [4], 3: [4]}, False), ({}, False)])
def test_nobody_is_their_own_ancestor(parents: dict[int, list[int]], answer: bool) -> None:
    assert has_cycle(parents, 1) is answer


@pytest.mark.parametrize(("born", "on", "years"), [
    (date(2000, 2, 29), date(2018, 2, 28), 17), (date(2000, 2, 29), date(2018, 3, 1), 18), (date(2000, 5, 1), date(2005, 4, 30), 4)])
def test_age_is_by_the_calendar(born: date, on: date, years: int) -> None:
    assert state.age(born, on) == years


@pytest.mark.parametrize(("name", "text", "code"), [
    ("sex", "LAKI-LAKI", 1), ("sex", "P", 2), ("religion", "KATHOLIK", 3), ("religion", "Budha", 5), ("blood", "A+", 5), ("blood", "-", None),
    ("relation", "KEPALA KELUARGA", 1), ("education", "SLTA / SEDERAJAT", 5), ("occupation", "PEGAWAI NEGERI SIPIL (PNS)", 5), ("occupation", "89", 89),
    ("marital", "", None), ("education", "DIPLOMA IV/ STRATA I", 8), ("occupation", "BELUM/TIDAK BEKERJA", 1)])
def test_labels_in_any_usual_spelling(name: str, text: str, code: int | None) -> None:
    assert codes.read(name, text) == code


def test_every_label_reads_back() -> None:
    for name, labels in codes.LISTS.items():
        assert {code: codes.read(name, label) for code, label in labels.items()} == {code: code for code in labels}
    assert isinstance(codes.read("religion", "Jedi"), codes.Unknown)
    assert isinstance(codes.read("occupation", "90"), codes.Unknown)
