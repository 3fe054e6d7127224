"""Fixtures for every room's tests: a clock that stands still, counted SQL, and tables that can be emptied although they are append-only."""
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_the_append_only_guard() -> Iterator[None]:
    """Tests that commit (`transactional_db`) empty every table afterwards; the guard would refuse that too."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from amanah.foundation.stores.guard import lifted

    execute = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with lifted(self.connection):
            execute(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _no_map_from_the_test_before() -> None:
    """The territory room keeps the map in memory, the people room the words of names; what one test loaded was rolled back with it."""
    from django.apps import apps

    if apps.is_installed("amanah.registries.territory"):
        from amanah.registries.territory.queries import forget

        forget()
    if apps.is_installed("amanah.registries.people"):
        from amanah.registries.people.queries import words

        words.forget()


@pytest.fixture
def clock_at() -> Iterator[Callable[[str], datetime]]:
    """`clock_at("2026-11-24 09:40")` lets the clock stand still there (WIB unless a zone is given) until the test ends or calls it again."""
    from amanah.foundation.kernel import clock

    with ExitStack() as stack:
        def stand(text: str) -> datetime:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.WIB)
            stack.enter_context(clock.fixed(moment))
            return moment
        yield stand


def pytest_report_header(config: pytest.Config) -> str:
    from django.db import connection

    return f"database: {connection.vendor}"


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
