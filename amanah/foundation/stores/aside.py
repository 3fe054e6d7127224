"""Indexes that stand aside while an empty table is filled: building them once afterwards costs a fraction of keeping them row by row.

What is taken away is written down in the same transaction (`models.Aside`), with the statement that brings it back. So a load that is killed in
between loses nothing: the next load, or `put_back`, finds the statements and carries them out; a system check says so until then.
"""
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from amanah.foundation.kernel.errors import Conflict
from amanah.foundation.stores.models import Aside
from amanah.foundation.stores.search import CreateTextIndex
from amanah.foundation.stores.triggers import applied

MEMORY = "256MB"  # for building one index on PostgreSQL


@contextmanager
def indexes_aside(models: Sequence[type[Model]], *, using: str = "default") -> Iterator[None]:
    """Take the secondary indexes, unique constraints and foreign keys off these tables, and put them back at the end; also after an error.

    Primary keys stay. The tables must be empty (Conflict): what is loaded meanwhile is checked only when the constraints come back, and a load
    that breaks one then fails with the database's IntegrityError while the statements remain written down.
    """
    connection = connections[using]
    put_back(using=using)
    for model in models:
        if model._base_manager.using(using).exists():
            raise Conflict(f"{model._meta.db_table} is not empty; indexes are set aside for a first load only")
    with transaction.atomic(using=using):
        _settle(connection)
        for model in models:
            _take(connection, model._meta.db_table)
    # SQLite looks for children of every row that comes while one waits for its parent: without indexes that reads whole tables.
    unchecked = connection.vendor == "sqlite" and not connection.in_atomic_block and connection.disable_constraint_checking()
    try:
        yield
        put_back(using=using)
        if unchecked:
            connection.check_constraints([model._meta.db_table for model in models])
    except BaseException:
        if not connection.in_atomic_block:  # else the caller's transaction takes everything back by itself
            put_back(using=using)
        raise
    finally:
        if unchecked:
            connection.enable_constraint_checking()


def put_back(*, using: str = "default") -> int:
    """Bring back whatever stands aside; says how many there were. Each comes back in its own transaction, so it may be killed and run again."""
    connection = connections[using]
    waiting = list(Aside.objects.using(using).order_by("pk"))
    if waiting:
        _settle(connection)
    for one in waiting:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [MEMORY])
            cursor.execute(one.statement)
            one.delete()
    if waiting and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in sorted({one.table for one in waiting}):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    return len(waiting)


def _settle(connection: BaseDatabaseWrapper) -> None:
    """Checks that wait for the end of the caller's transaction are made now: PostgreSQL changes no table for which some are waiting."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def _take(connection: BaseDatabaseWrapper, table: str) -> None:
    found = _postgresql(connection, table) if connection.vendor == "postgresql" else _sqlite(connection, table)
    with connection.cursor() as cursor:
        for name, drop, put in found:
            Aside.objects.using(connection.alias).bulk_create([Aside(table=table, name=name, statement=statement) for statement in put])
            for statement in drop:
                cursor.execute(statement)


def _postgresql(connection: BaseDatabaseWrapper, table: str) -> list[tuple[str, list[str], list[str]]]:
    quote, of = connection.ops.quote_name, f"{connection.ops.quote_name(table)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname, pg_get_constraintdef(oid), contype = 'f' FROM pg_constraint WHERE conrelid = to_regclass(%s)"
                       " AND contype IN ('u', 'f') ORDER BY contype = 'f', conname", [of])
        constraints = cursor.fetchall()
        cursor.execute("SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                       " WHERE i.indrelid = to_regclass(%s) AND NOT i.indisprimary"
                       " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('u', 'p', 'x')) ORDER BY 1", [of])
        indexes = cursor.fetchall()
    made = [(name, [f"DROP INDEX {quote(name)}"], [statement]) for name, statement in indexes]
    bound = [(name, [f"ALTER TABLE {of} DROP CONSTRAINT {quote(name)}"], [f"ALTER TABLE {of} ADD CONSTRAINT {quote(name)} {says}"])
             for name, says, _foreign in constraints]
    return [*made, *bound]  # foreign keys last: they look things up


def _sqlite(connection: BaseDatabaseWrapper, table: str) -> list[tuple[str, list[str], list[str]]]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s ORDER BY name", [table])
        indexes = cursor.fetchall()
    made: list[tuple[str, list[str], list[str]]] = [(name, [f"DROP INDEX {quote(name)}"], [statement]) for name, statement in indexes]
    for operation in _text_indexes(connection, table):
        made.append((operation.index.name, operation.take("sqlite"), operation.put("sqlite")))
    return made


def _text_indexes(connection: BaseDatabaseWrapper, table: str) -> Iterable[Any]:
    return {operation.index.name: operation for operation in applied(connection)
            if isinstance(operation, CreateTextIndex) and operation.table == table}.values()


def check(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check of the databases: nothing stands aside that a killed load left behind."""
    found = []
    for alias in databases or ():
        if Aside._meta.db_table in connections[alias].introspection.table_names() and (count := Aside.objects.using(alias).count()):
            found.append(Warning(f"{count} indexes of database {alias!r} stand aside since a load was interrupted",
                                 hint="Continue the load (people_import --resume); it puts them back.", id="stores.W001"))
    return found
