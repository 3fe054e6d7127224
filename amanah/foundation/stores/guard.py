"""Append-only tables: the database itself refuses to change or to remove a row, whoever asks.

For records that must stay as they were written: audit, ledger, journal. In the first migration of the room, after CreateModel:

    operations = [..., AppendOnly("audit_entry")]

A refused statement raises django.db.IntegrityError on both databases. The guard stops mistakes and injected statements, not somebody who
owns the database and its files: against those there is the audit chain and its exported checkpoints.
"""
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name

from amanah.foundation.stores.triggers import TriggerOperation, existing

PREFIX = "append_only_"


class AppendOnly(TriggerOperation):
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on `table`."""

    def __init__(self, table: str) -> None:
        self.table = table

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    def trigger_names(self, vendor: str) -> list[str]:
        deeds = ("update", "delete") if vendor == "sqlite" else ("rows", "truncate")
        return [truncate_name(f"{PREFIX}{self.table}_{deed}", 63) for deed in deeds]

    def put(self, vendor: str) -> list[str]:
        first, second = self.trigger_names(vendor)
        if vendor == "sqlite":
            # REPLACE removes rows without asking delete triggers unless `recursive_triggers` is on: see kernel/environment.py.
            return [f'CREATE TRIGGER "{name}" BEFORE {deed} ON "{self.table}" BEGIN'
                    f" SELECT RAISE(ABORT, 'table {self.table} is append-only: {deed} refused'); END"
                    for name, deed in ((first, "UPDATE"), (second, "DELETE"))]
        return [
            f'CREATE FUNCTION "{self._function}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
            " RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f'CREATE TRIGGER "{first}" BEFORE UPDATE OR DELETE ON "{self.table}" FOR EACH ROW EXECUTE FUNCTION "{self._function}"()',
            f'CREATE TRIGGER "{second}" BEFORE TRUNCATE ON "{self.table}" FOR EACH STATEMENT EXECUTE FUNCTION "{self._function}"()',
        ]

    def take(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f'DROP TRIGGER IF EXISTS "{name}"' for name in self.trigger_names(vendor)]
        return [*(f'DROP TRIGGER IF EXISTS "{name}" ON "{self.table}"' for name in self.trigger_names(vendor)),
                f'DROP FUNCTION IF EXISTS "{self._function}"()']

    @property
    def _function(self) -> str:
        return truncate_name(f"{PREFIX}{self.table}", 63)


def guarded(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the database refuses changes of `table` at this moment."""
    return set(AppendOnly(table).trigger_names(connection.vendor)) <= existing(connection, table)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift every guard of a test database for a while: for emptying it, and for tests that tamper with records to see whether it is noticed.

    Refuses (RuntimeError) outside tests, where nothing in the program may lift a guard.
    """
    if not settings.TESTING:
        raise RuntimeError("an append-only guard is lifted in tests only")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s", [len(PREFIX), PREFIX])
            found = cursor.fetchall()
            take = [f'DROP TRIGGER "{name}"' for name, _ in found]
            restore = [sql for _, sql in found]
        else:
            cursor.execute("SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
                           " WHERE NOT tgisinternal AND starts_with(tgname, %s) AND tgenabled <> 'D'", [PREFIX])
            found = cursor.fetchall()
            take = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in found]
            restore = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in found]
        _run(cursor, take)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _run(cursor, restore)


def _run(cursor: object, statements: list[str]) -> None:
    for statement in statements:
        cursor.execute(statement)  # type: ignore[attr-defined]
