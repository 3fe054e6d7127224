"""Values computed ahead, in a thread and in a process of their own: the same values, the same failures, nothing left running."""
import threading
from collections.abc import Iterator

import pytest

from amanah.foundation.jobs.process import ProcessFailed, ahead, results


def numbers(count: int, fails: bool = False) -> Iterator[int]:
    yield from range(count)
    if fails:
        raise LookupError("rahasia")


def test_values_ahead_are_the_same_and_end() -> None:
    assert list(ahead(numbers(5))) == [0, 1, 2, 3, 4]


def test_a_failure_ahead_reaches_the_reader_after_the_values_before_it() -> None:
    got = []
    with pytest.raises(LookupError):
        for value in ahead(numbers(3, fails=True)):
            got.append(value)
    assert got == [0, 1, 2]


def test_a_reader_who_stops_leaves_no_thread() -> None:
    before = threading.active_count()
    reader = ahead(numbers(1000))
    assert next(reader) == 0
    reader.close()
    assert threading.active_count() == before


def test_a_process_gives_the_same_values_and_tells_of_a_failure_without_its_words() -> None:
    assert list(results(f"{__name__}:numbers", 4)) == [0, 1, 2, 3]
    with pytest.raises(ProcessFailed) as failure:
        list(results(f"{__name__}:numbers", 2, True))
    assert "LookupError" in str(failure.value) and "rahasia" not in str(failure.value)
