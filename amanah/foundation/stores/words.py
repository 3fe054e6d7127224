"""Search by whole words and their beginnings, for tables of millions: FTS5 on SQLite, a GIN index over words on PostgreSQL, the same answers on both.

Where `stores.search` forgives mistakes by itself and suits some thousand rows, this one answers only what it is asked, but in milliseconds: a
room that wants to forgive asks with several spellings of each word. The column holds plain small words, made comparable beforehand:

    operations = [..., CreateWordIndex("people_names", table="people_person", text_column="search", beginnings=True)]

    NAMES = WordIndex("people_names", table="people_person", text_column="search")
    holding(Person.objects.all(), NAMES, [["muhamad"], ["yusup", "yusu*"]])   # muhamad and (yusup or a word that begins with yusu)
    beginning(Person.objects.all(), NAMES, "muhamad yu")                      # texts that begin so

For a great load the index can stand aside: `take(vendor)` of the operation holds the statements that remove it, `put(vendor)` those that build it
anew over what the table then holds. On PostgreSQL run ANALYZE on the table afterwards, or its planner knows nothing of the words.
"""
import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from amanah.foundation.stores.search import CreateTextIndex, TextIndex
from amanah.foundation.stores.triggers import TriggerOperation

Row = TypeVar("Row", bound=Model)
Words = Sequence[Sequence[str]]  # each inner list: spellings of one word, "…*" for whatever begins so

_LAST = chr(0x10FFFF)


class WordIndex(TextIndex):
    """The word index `name` over one column of one table."""

    @property
    def beginnings(self) -> str:
        return f"{self.name}_begin"


class CreateWordIndex(CreateTextIndex):
    """Create the index over what the table holds, and keep it true from then on. `beginnings`: also one for `beginning` and equal texts."""

    def __init__(self, name: str, *, table: str, text_column: str, id_column: str = "id", beginnings: bool = False) -> None:
        super().__init__(name, table=table, text_column=text_column, id_column=id_column)
        self.index: WordIndex = WordIndex(name, table=table, text_column=text_column, id_column=id_column)
        self.beginnings = beginnings

    def describe(self) -> str:
        return f"Create word index {self.index.name} on {self.table}.{self.index.text_column}"

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        TriggerOperation.database_forwards(self, app_label, schema_editor, from_state, to_state)  # needs no pg_trgm

    def put(self, vendor: str) -> list[str]:
        index, text = self.index, self.index.text_column
        if vendor == "postgresql":
            # Without fastupdate: a look-up never has to read through what was written since the last clean-up.
            made = [f'CREATE INDEX "{index.name}" ON "{self.table}" USING gin (to_tsvector(\'simple\', "{text}")) WITH (fastupdate = off)']
            return [*made, f'CREATE INDEX "{index.beginnings}" ON "{self.table}" ("{text}" text_pattern_ops)'] if self.beginnings else made
        # Only which row holds which word is kept, not where in it nor how often: half the size, and ranking is not left to the database.
        of_words = 'tokenize="unicode61 remove_diacritics 0", detail=none, columnsize=0, prefix="2 3"'
        made = [statement.replace('tokenize="trigram"', of_words) for statement in super().put(vendor)]
        return [*made, f'CREATE INDEX IF NOT EXISTS "{index.beginnings}" ON "{self.table}" ("{text}")'] if self.beginnings else made

    def take(self, vendor: str) -> list[str]:
        return [f'DROP INDEX IF EXISTS "{self.index.beginnings}"', *super().take(vendor)]


def holding(queryset: QuerySet[Row, Any], index: WordIndex, words: Words, *, but_one: bool = False, narrow: bool = False) -> QuerySet[Row, Any]:
    """The rows of `queryset` whose text holds every word, in one of its spellings, in any order. No words: none.

    `but_one`: one of the words may be missing, if there are at least three. `narrow`: the queryset's own filters leave so few rows (some ten
    thousand) that SQLite does well to begin with them; PostgreSQL knows by itself. The result is not ordered; slice it, for a common word
    is held by many rows.
    """
    if queryset.model._meta.db_table != index.table:
        raise ValueError(f"the index {index.name} is over {index.table}, not {queryset.model._meta.db_table}")
    vendor = connections[queryset.db].vendor
    spell, both, either = (_tsquery, " & ", " | ") if vendor == "postgresql" else (_fts5, " AND ", " OR ")
    groups = [f"({either.join(spelled)})" for spellings in words if (spelled := list(dict.fromkeys(filter(None, map(spell, spellings)))))]
    if not groups or len(groups) < len(words):
        return queryset.none()
    choices = combinations(groups, len(groups) - 1) if but_one and len(groups) > 2 else [groups]
    question = either.join(f"({both.join(choice)})" for choice in choices)
    if vendor == "postgresql":
        return queryset.filter(_Holds(F(index.text_column), Value(question)))
    key = queryset.model._meta.pk.attname if index.id_column == queryset.model._meta.pk.column else index.id_column
    return queryset.filter(_Among(F(key), Value(question), fts=index.virtual_table, sign="+" if narrow else ""))


def beginning(queryset: QuerySet[Row, Any], index: WordIndex, text: str) -> QuerySet[Row, Any]:
    """The rows of `queryset` whose whole text begins with `text`, by the index made with `beginnings`; not ordered."""
    column = index.text_column
    if connections[queryset.db].vendor == "postgresql":
        return queryset.filter(**{f"{column}__startswith": text})
    return queryset.filter(**{f"{column}__gte": text, f"{column}__lt": text + _LAST})  # LIKE takes no index there


def among(queryset: QuerySet[Row, Any], column: str, numbers: Iterable[int], *, narrow: bool = False) -> QuerySet[Row, Any]:
    """The rows of `queryset` whose `column` is one of these numbers. Without `narrow` SQLite does not begin with them.

    They are written out: to prepare a thousand parameters one by one takes longer than the search.
    """
    sign = "+" if not narrow and connections[queryset.db].vendor == "sqlite" else ""
    listed = ", ".join(f"{number:d}" for number in numbers)
    return queryset.filter(_OneOf(F(column), template=f"({sign}%(expressions)s IN ({listed}))")) if listed else queryset.none()


def _tsquery(word: str) -> str:
    bare = _bare(word)
    return f"'{bare}':*" if bare and word.endswith("*") else f"'{bare}'" if bare else ""


def _fts5(word: str) -> str:
    bare = _bare(word)
    return f'"{bare}" *' if bare and word.endswith("*") else f'"{bare}"' if bare else ""


def _bare(word: str) -> str:
    """The word without any sign that the query languages know."""
    return re.sub(r"[\W_]+", "", word)


class _OneOf(Func):
    output_field = BooleanField()


class _Holds(Func):
    """to_tsvector('simple', text) @@ question, in the words of the index."""

    template = "(to_tsvector('simple', %(expressions)s::tsquery)"
    arg_joiner = ") @@ "
    output_field = BooleanField()


class _Among(Func):
    """The row is one of those that FTS5 finds. With a plus before the column SQLite does not begin with them."""

    template = "(%(sign)s%(expressions)s))"
    output_field = BooleanField()

    def __init__(self, *expressions: Any, fts: str, sign: str) -> None:
        super().__init__(*expressions, sign=sign)
        self.arg_joiner = f' IN (SELECT rowid FROM "{fts}" WHERE "{fts}" MATCH '  # noqa: S608 - our own name
