"""Fixtures for every room's tests."""
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest


@pytest.fixture
def statements(db: None) -> Callable[[], AbstractContextManager[list[dict[str, str]]]]:
    """Records SQL: `with statements() as seen: …`, then len(seen) says how many statements the block took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def record() -> Iterator[list[dict[str, str]]]:
        seen: list[dict[str, str]] = []
        with CaptureQueriesContext(connection) as captured:
            yield seen
        seen += captured.captured_queries

    return record


@pytest.fixture
def same_statements(statements: Any) -> Callable[[Callable[[int], object], Callable[[], object]], int]:
    """Asserts that a list takes the same number of SQL statements for ten rows as for fifty; answers with that number.

    `make(n)` makes n more rows, `read()` reads the list or fetches the page. The first read, which warms caches, does not count.
    """

    def check(make: Callable[[int], object], read: Callable[[], object]) -> int:
        make(10)
        read()
        with statements() as few:
            read()
        make(40)
        with statements() as many:
            read()
        assert len(many) == len(few), "\n".join([f"{len(few)} statements for 10 rows, {len(many)} for 50:", *(query["sql"][:200] for query in many)])
        return len(many)

    return check
