"""Triggers as migration operations, and the check that they are still there.

The check matters on SQLite: Django changes a column there by copying the table and dropping the old one, and the triggers go with it
unseen. Whoever alters such a table repeats its operation in the same migration; `manage check --database default`, `migrate` and a test say so.
"""
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation, OperationCategory


class TriggerOperation(Operation):
    """A reversible operation that gives a table triggers. Subclasses say which statements put them there and which take them away.

    Running it again renews the triggers, so a later migration may simply repeat it.
    """

    reversible = True
    reduces_to_sql = True
    category = OperationCategory.SQL
    table: str

    def trigger_names(self, vendor: str) -> list[str]:
        """The triggers that must stand on `self.table` once this has run."""
        raise NotImplementedError

    def put(self, vendor: str) -> list[str]:
        """Statements that create the triggers and what they need."""
        raise NotImplementedError

    def take(self, vendor: str) -> list[str]:
        """Statements that remove all that `put` made, whether or not it is there."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of triggers."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in (*self.take(vendor), *self.put(vendor)):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        for statement in self.take(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


def existing(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    """Names of the triggers that stand on a table and are switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled <> 'D'",
                           [connection.ops.quote_name(table)])
        return {row[0] for row in cursor.fetchall()}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """"table.trigger" for each trigger that an applied migration put there and that is gone."""
    gone: list[str] = []
    for operation in applied(connection):
        there = existing(connection, operation.table)
        gone.extend(f"{operation.table}.{name}" for name in operation.trigger_names(connection.vendor) if name not in there)
    return sorted(set(gone))


def applied(connection: BaseDatabaseWrapper) -> Iterator[TriggerOperation]:
    """The operations of migrations that this database has, whose table is still there."""
    loader = MigrationLoader(connection)
    tables = set(connection.introspection.table_names())
    for key in loader.applied_migrations:
        migration = loader.disk_migrations.get(key)
        for operation in migration.operations if migration else ():
            if isinstance(operation, TriggerOperation) and operation.table in tables:
                yield operation


def check(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check of the databases: every guard and every search index still has its triggers."""
    return [
        Error(f"the trigger {name} is missing on database {alias!r}",
              hint="A migration that alters this table must repeat its AppendOnly or CreateTextIndex operation.", id="stores.E001")
        for alias in databases or () for name in missing(connections[alias])
    ]
