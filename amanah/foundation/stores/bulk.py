"""Loading many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite, the same rows and the same refusals on both.

Two ways. `load` takes values as Django knows them and checks each. Where a million rows were checked already and microseconds count, rows are
prepared by hand: a `Form` says how this database wants each value, `pack` makes a block of rows (also in another process), `send` hands it over.
"""
import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, Model

from amanah.foundation.kernel.errors import Invalid

Convert = Callable[[Any], Any]

# Where a value of just this type needs no preparing; asking Django for each of them took most of the time.
_WHOLE = (models.IntegerField, models.BigIntegerField, models.SmallIntegerField, models.PositiveIntegerField, models.PositiveBigIntegerField,
          models.PositiveSmallIntegerField)
_AS_IT_IS: dict[type, type] = {models.CharField: str, models.TextField: str, models.BooleanField: bool, **dict.fromkeys(_WHOLE, int)}


def load(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]], *, batch: int = 5000, using: str = "default") -> int:
    """Insert `rows`, each a sequence of values for `fields`, and say how many there were. All or nothing, inside the caller's transaction.

    Values are prepared as `save()` prepares them (JSON, dates, enums, decimals); foreign keys are given by their `…_id`. Fields not named get
    their default; one without a default that must not be empty is refused at once (ValueError). Text longer than its field, or a value
    that its field cannot hold, raises Invalid naming the row (from 1) and the field. No signals, no `auto_now`, no primary keys back.
    `rows` may be a generator that reads the same database; no more than `batch` rows are held in memory.
    """
    connection = connections[using]
    named = [model._meta.get_field(name) for name in fields]
    filled = _defaults(model, named)
    columns = [*named, *filled]
    takes = [(field, _AS_IT_IS.get(type(field)), getattr(field, "max_length", None), _converter(field, connection)) for field in named]
    gives = [_giver(field, connection) for field in filled]
    send = _copy if connection.vendor == "postgresql" else _insert
    width, count = len(named), 0

    def prepared(some: list[Sequence[Any]]) -> Iterator[list[Any]]:
        for number, row in enumerate(some, count + 1):
            if len(row) != width:
                raise Invalid(row=f"Baris {number}: ada {len(row)} isian, seharusnya {width}.")
            values = []
            for (field, as_it_is, longest, convert), value in zip(takes, row, strict=True):
                if type(value) is as_it_is and (longest is None or len(value) <= longest):
                    values.append(value)
                    continue
                try:
                    values.append(convert(value))
                except (ValidationError, ValueError, TypeError, ArithmeticError) as error:
                    raise Invalid(**{field.name: f"Baris {number}: isian kolom {field.name} tidak sesuai."}) from error
            values += [give() for give in gives]
            yield values

    with transaction.atomic(using=using):
        source = iter(rows)
        while some := list(islice(source, batch)):  # first read, then write: the source may use this very connection
            send(connection, model, columns, prepared(some))
            count += len(some)
        if count and isinstance(model._meta.pk, AutoField) and model._meta.pk in named:
            _continue_numbering(connection, model)
    return count


def _defaults(model: type[Model], named: list[Any]) -> list[Any]:
    """The columns beside the named ones that need a value of ours; the database numbers and computes the others itself."""
    beside = [field for field in model._meta.concrete_fields
              if not (field in named or field.generated or field.has_db_default() or isinstance(field, AutoField))]
    if lacking := [field.name for field in beside if not field.null and not field.has_default() and field.get_default() is None]:
        raise ValueError(f"load({model.__name__}) needs a value for: {', '.join(lacking)}")
    return beside


def _converter(field: "Field[Any, Any]", connection: BaseDatabaseWrapper) -> Convert:
    """How a value of this field is prepared for the database. SQLite does not enforce lengths, so they are checked here for both."""
    prepare, longest = field.get_db_prep_save, getattr(field, "max_length", None)

    def convert(value: Any) -> Any:
        if isinstance(value, enum.Enum):
            value = value.value
        if longest is not None and isinstance(value, str) and len(value) > longest:
            raise ValueError("too long")
        return prepare(value, connection)

    return convert


def _giver(field: Any, connection: BaseDatabaseWrapper) -> Callable[[], Any]:
    """What fills a field that was not named, row by row: a default that is a function is asked anew each time."""
    convert = _converter(field, connection)
    if callable(field.default):
        return lambda: convert(field.get_default())
    value = convert(field.get_default())
    return lambda: value


def _copy(connection: Any, model: type[Model], columns: list[Any], rows: Iterator[list[Any]]) -> None:
    quote = connection.ops.quote_name
    statement = f"COPY {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(connection: Any, model: type[Model], columns: list[Any], rows: Iterator[list[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", list(rows))  # noqa: S608 - names of our own columns


def _continue_numbering(connection: Any, model: type[Model]) -> None:
    """Rows came with their numbers; later ones must be numbered after them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


# ---------------------------------------------------------------- rows prepared by hand

Block = bytes | list[tuple[Any, ...]]
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Form:
    """How one database wants the values of a prepared row. Whole numbers go as they are; truth values as 1 and 0."""

    vendor: str
    null: Any
    text: Callable[[str], Any]       # any text without NUL
    blob: Callable[[bytes], Any]
    moment: Callable[[datetime], str]

    def day(self, value: date) -> str:
        return value.isoformat()

    def pack(self, rows: Sequence[tuple[Any, ...]]) -> Block:
        """Rows of equal width as one block that `send` can pass on; may be done in another process."""
        if self.vendor == "sqlite":
            return list(rows)
        if not rows:
            return b""
        line = "\t".join(["%s"] * len(rows[0])) + "\n"
        return "".join([line % row for row in rows]).encode()


def form_of(vendor: str) -> Form:
    """The form of "postgresql" (COPY text) or "sqlite" (parameters of an INSERT)."""
    if vendor == "postgresql":
        return Form(vendor, "\\N", lambda text: text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES), lambda blob: "\\\\x" + blob.hex(),
                    lambda moment: moment.astimezone(UTC).isoformat())
    return Form(vendor, None, str, bytes, lambda moment: str(moment.astimezone(UTC).replace(tzinfo=None)))


def send(model: type[Model], columns: Sequence[str], block: Block, *, using: str = "default") -> None:
    """Hand a packed block over, inside the caller's transaction. `columns` are columns of the table; nothing is checked or filled in.

    `renumber` must follow once when the block brought primary keys that `reserve` did not give.
    """
    if not block:
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy:
                copy.write(block)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", block)  # noqa: S608 - names of our own columns


def replace(model: type[Model], columns: Sequence[str], block: Block, *, using: str = "default") -> None:
    """Change the named columns of existing rows, set-based. The first column of `columns` and of each row is the primary key."""
    if not block:
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    table, key, rest = quote(model._meta.db_table), quote(columns[0]), [quote(name) for name in columns[1:]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join([key, *rest])
            cursor.execute(f"CREATE TEMPORARY TABLE bulk_replace ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
            with connection.wrap_database_errors, cursor.copy(f"COPY bulk_replace ({names}) FROM STDIN") as copy:
                copy.write(block)
            cursor.execute(f"UPDATE {table} SET {', '.join(f'{name} = b.{name}' for name in rest)} FROM bulk_replace b WHERE {table}.{key} = b.{key}")  # noqa: S608
            cursor.execute("DROP TABLE bulk_replace")
        else:
            cursor.executemany(f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in rest)} WHERE {key} = %s",  # noqa: S608
                               [(*row[1:], row[0]) for row in block])


def reserve(model: type[Model], count: int, *, using: str = "default") -> int:
    """Set `count` primary keys aside for nobody else, and give the number before the first: the keys are from it + 1 to it + count."""
    connection = connections[using]
    table = model._meta.db_table
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Who inserts takes its number while holding the table: nobody can take one between the two steps.
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), model._meta.pk.column])
            name = cursor.fetchone()[0]
            cursor.execute("SELECT nextval(%s::regclass)", [name])
            before = cursor.fetchone()[0] - 1
            if count > 0:
                cursor.execute("SELECT setval(%s::regclass, %s)", [name, before + count])
            return int(before)
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        before = found[0] if found else 0
        if found:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [before + count, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, before + count])
        return int(before)


def renumber(model: type[Model], *, using: str = "default") -> None:
    """Number later rows after those that are there."""
    _continue_numbering(connections[using], model)
