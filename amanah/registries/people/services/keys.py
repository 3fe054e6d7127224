"""Changing the keys of the register: everything that is sealed, sealed again with the key in force; every lookup computed again.

Both walk the rows in order, skip what is done already, and write in small transactions with a comparison: they may be stopped, run again, and
run beside the work of the city (resealing only; see `rehash`). Events are append-only and keep the seal they were written with: docs/decisions/0017.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from amanah.foundation.access.models import Account
from amanah.foundation.kernel.identifiers import Phone
from amanah.foundation.kernel.seal import Seal, as_text

from ..models import Event, Family, Person, Request
from ..rules.state import SEALED

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One sealed column. `key`: the column of its lookup, "" where it is not looked up."""

    model: type[models.Model]
    name: str
    label: str
    key: str = ""

    @property
    def title(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"


COLUMNS = (
    Column(Person, "nik", "nik", "nik_key"), Column(Person, "phone", "phone"), Column(Person, "mother_name", "mother_name"),
    Column(Family, "number", "kk", "number_key"), Column(Request, "wanted", "request"), Column(Account, "phone", "phone", "phone_key"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """How many values of a column there are, and how many still wait for the key in force."""

    title: str
    all: int
    waiting: int


def check(seal: Seal | None = None) -> list[Held]:
    """What each column holds; the last line is the history, which waits for ever. One statement for each column, reading it whole."""
    seal = seal or settings.SEAL
    found = []
    for column in COLUMNS:
        table, name = (connection.ops.quote_name(part) for part in (column.model._meta.db_table, column.name))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT({name}), COUNT(CASE WHEN substr({name}, 1, 5) <> %s THEN 1 END) FROM {table}", [seal.front])  # noqa: S608
            found.append(Held(column.title, *cursor.fetchone()))
    return found


def history(seal: Seal | None = None) -> Held:
    """Events that hold a sealed value, and how many hold one of a former key. Reads every event."""
    seal = seal or settings.SEAL
    any_of = current = models.Q(pk__in=())
    start = as_text(seal.front)[:6]  # 36 of the 40 bits that name form and key
    for name in SEALED:
        any_of |= models.Q(changes__contains=f'"{name}":"')
        current |= models.Q(changes__contains=f'"{name}":"{start}')
    return Held("people.event.changes", Event.objects.filter(any_of).count(), Event.objects.filter(any_of).exclude(current).count())


def reseal(*, seal: Seal | None = None, watch: Callable[[Iterator[int], str, int], Iterator[int]] | None = None) -> dict[str, int]:
    """Seal everything again that a former key sealed; says how many values of each column. Safe while the city works: a value changed meanwhile stays."""
    seal = seal or settings.SEAL

    def anew(column: Column, row: dict[str, Any]) -> dict[str, bytes]:
        return {} if seal.is_current(row[column.name]) else {column.name: seal.seal(seal.open(row[column.name], column.label), column.label)}

    return {column.title: _walk(column, (column.name,), anew, watch) for column in COLUMNS}


def rehash(*, seal: Seal | None = None, watch: Callable[[Iterator[int], str, int], Iterator[int]] | None = None) -> dict[str, int]:
    """Compute every lookup anew, by opening what it stands for; says how many changed.

    Until it has run to its end after a change of AMANAH_LOOKUP_KEY, people are not found by their numbers and one could be entered twice: stop the services.
    """
    seal = seal or settings.SEAL

    def anew(column: Column, row: dict[str, Any]) -> dict[str, bytes]:
        text = seal.open(row[column.name], column.label)
        key = seal.lookup(Phone(text).value if column.label == "phone" else text, column.label)
        return {} if row[column.key] is not None and bytes(row[column.key]) == key else {column.key: key}

    return {column.title: _walk(column, (column.name, column.key), anew, watch) for column in COLUMNS if column.key}


def _walk(column: Column, names: tuple[str, ...], anew: Callable[[Column, dict[str, Any]], dict[str, bytes]],
          watch: Callable[[Iterator[int], str, int], Iterator[int]] | None) -> int:
    """Walk a column in the order of its keys, a batch at a time; each change is written only if the sealed value is still the one that was read."""
    rows = column.model._default_manager.filter(**{f"{column.name}__isnull": False})
    table, pk = connection.ops.quote_name(column.model._meta.db_table), connection.ops.quote_name(column.model._meta.pk.column)
    changed = 0

    def batches() -> Iterator[int]:
        nonlocal changed
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk").values("pk", *names)[:BATCH]):
            last = batch[-1]["pk"]
            todo = [(row, new) for row in batch if (new := anew(column, row))]
            if todo:
                [target] = todo[0][1]
                quoted, guard = connection.ops.quote_name(target), connection.ops.quote_name(column.name)
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.executemany(f"UPDATE {table} SET {quoted} = %s WHERE {pk} = %s AND {guard} = %s",  # noqa: S608
                                       [(new[target], row["pk"], bytes(row[column.name])) for row, new in todo])
                changed += len(todo)
            yield from range(len(batch))

    for _one in watch(batches(), column.title, rows.count()) if watch else batches():
        pass
    return changed
