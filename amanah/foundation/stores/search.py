"""Text search that forgives small mistakes: trigrams in FTS5 on SQLite, in a GIN index (pg_trgm) on PostgreSQL, one order of answers on both.

A room keeps one column with the text to be found, already made comparable (`amanah.foundation.kernel.names.search_key` or plain casefold),
declares the index in a migration after its table, and asks with words made comparable the same way:

    operations = [..., CreateTextIndex("territory_names", table="territory_territory", text_column="search")]

    NAMES = TextIndex("territory_names", table="territory_territory", text_column="search")
    matching(Territory.objects.filter(level="kelurahan"), NAMES, search_key(typed), limit=8)

The databases only bring candidates; how close each comes is decided here, by the same arithmetic for both (`closeness`).
"""
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BooleanField, F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length
from django.db.utils import NotSupportedError, ProgrammingError

from amanah.foundation.stores.triggers import TriggerOperation

CANDIDATES = 200  # rows brought for ranking; SQLite brings more where a scope narrows them afterwards
CLOSE_ENOUGH = 0.62  # of `closeness`: "buayo" still finds "buaya"
_FEWEST_LETTERS = 0.65  # in common order, of two words that still count as spellings of one: "aia" and "aie", "andaleh" and "andalas"
_FEWEST_SHARED = 0.25  # pg_trgm word similarity a candidate must have


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The text index `name` over one column of one table."""

    name: str
    table: str
    text_column: str
    id_column: str = "id"

    @property
    def virtual_table(self) -> str:
        return f"{self.name}_fts"


class CreateTextIndex(TriggerOperation):
    """Create the index over what the table holds, and keep it true from then on."""

    def __init__(self, name: str, *, table: str, text_column: str, id_column: str = "id") -> None:
        self.index = TextIndex(name, table=table, text_column=text_column, id_column=id_column)
        self.table = table

    def describe(self) -> str:
        return f"Create text index {self.index.name} on {self.table}.{self.index.text_column}"

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        connection = schema_editor.connection
        if connection.vendor == "sqlite" and connection.Database.sqlite_version_info < (3, 34):
            raise NotSupportedError(f"text search needs SQLite 3.34 or newer; this is {connection.Database.sqlite_version}")
        if connection.vendor == "postgresql":
            _need_pg_trgm(schema_editor)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def trigger_names(self, vendor: str) -> list[str]:
        return [f"{self.index.virtual_table}_{deed}" for deed in ("insert", "delete", "update")] if vendor == "sqlite" else []

    def put(self, vendor: str) -> list[str]:
        table, key, text, fts = self.table, self.index.id_column, self.index.text_column, self.index.virtual_table
        if vendor == "postgresql":
            return [f'CREATE INDEX "{self.index.name}" ON "{table}" USING gin ("{text}" gin_trgm_ops)']
        insert, delete, update = self.trigger_names(vendor)
        add = f'INSERT INTO "{fts}"(rowid, "{text}") VALUES (new."{key}", new."{text}");'  # noqa: S608 - names from migrations
        remove = f'INSERT INTO "{fts}"("{fts}", rowid, "{text}") VALUES (\'delete\', old."{key}", old."{text}");'  # noqa: S608
        return [
            f'CREATE VIRTUAL TABLE "{fts}" USING fts5("{text}", content="{table}", content_rowid="{key}", tokenize="trigram")',
            f'CREATE TRIGGER "{insert}" AFTER INSERT ON "{table}" BEGIN {add} END',
            f'CREATE TRIGGER "{delete}" AFTER DELETE ON "{table}" BEGIN {remove} END',
            f'CREATE TRIGGER "{update}" AFTER UPDATE OF "{key}", "{text}" ON "{table}" BEGIN {remove} {add} END',
            f'INSERT INTO "{fts}"("{fts}") VALUES (\'rebuild\')',  # noqa: S608
        ]

    def take(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return [f'DROP INDEX IF EXISTS "{self.index.name}"']
        return [*(f'DROP TRIGGER IF EXISTS "{name}"' for name in self.trigger_names(vendor)), f'DROP TABLE IF EXISTS "{self.index.virtual_table}"']


def matching(queryset: QuerySet[Any, Any], index: TextIndex, words: str, limit: int = 20) -> list[Any]:
    """The rows of `queryset` whose indexed text comes closest to `words`, closest first, at most `limit`.

    Rows that hold every word as it stands, also as part of a longer one; only where there are none, rows that differ by a few letters. Words
    are compared as given, in small letters: make them comparable like the column. Words of one or two letters count only for the ranking
    beside longer ones; alone they find texts that begin with them. No words find nothing. At most four statements and a savepoint.
    """
    if queryset.model._meta.db_table != index.table:
        raise ValueError(f"the index {index.name} is over {index.table}, not {queryset.model._meta.db_table}")
    tokens = [token.replace("_", "") for token in re.findall(r"\w+", words.casefold())][:12]
    sought = " ".join(token for token in tokens if token)
    if not sought or limit < 1:
        return []
    column = next(field.attname for field in queryset.model._meta.concrete_fields if field.column == index.text_column)
    long_words = [token for token in sought.split() if len(token) >= 3]
    if not long_words:
        found = dict(queryset.filter(**{f"{column}__startswith": sought}).order_by(Length(column), "pk").values_list("pk", column)[:CANDIDATES])
    else:
        found = _holding_all(queryset, index, column, long_words)
        if not found:
            found = {pk: text for pk, text in _resembling(queryset, index, column, sought, long_words) if closeness(sought, text) >= CLOSE_ENOUGH}
    ranked = sorted(found, key=lambda pk: (-closeness(sought, found[pk]), len(found[pk]), found[pk], pk))[:limit]
    rows = queryset.in_bulk(ranked) if ranked else {}
    return [rows[pk] for pk in ranked if pk in rows]


def closeness(sought: str, text: str) -> float:
    """How close `text` comes to what was sought, 0 to 1.

    Each sought word is compared with the word of the text that resembles it most; an equal word counts 1, the beginning of a word nearly as
    much, a part of one a little less, otherwise the share of letters in common order if that is high. Longer words weigh more. A tenth is for texts
    that hold little else, so that "pasir" finds Pasir before Pasir Putih.
    """
    wanted, there = sought.split(), text.casefold().split()
    if not wanted or not there:
        return 0.0
    total = sum(len(word) * max(_word_closeness(word, other) for other in there) for word in wanted)
    worth = total / sum(map(len, wanted))
    return 0.9 * worth + 0.1 * min(1.0, len(sought) / max(1, len(text)))


def _word_closeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.97
    if len(word) >= 3 and word in other:
        return 0.93
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    if matcher.real_quick_ratio() < _FEWEST_LETTERS or matcher.quick_ratio() < _FEWEST_LETTERS:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _FEWEST_LETTERS else 0.0


def _holding_all(queryset: QuerySet[Any, Any], index: TextIndex, column: str, long_words: list[str]) -> dict[Any, str]:
    """Rows that hold every word as it stands; the shortest texts when there are too many."""
    connection = connections[queryset.db]
    if connection.vendor == "sqlite":
        rows = queryset.filter(pk__in=_fts(index, " AND ".join(f'"{word}"' for word in long_words)))
    else:
        rows = queryset
        for word in long_words:
            rows = rows.filter(**{f"{column}__contains": word})
    return dict(rows.order_by(Length(column), column, "pk").values_list("pk", column)[:CANDIDATES])


def _resembling(queryset: QuerySet[Any, Any], index: TextIndex, column: str, sought: str, long_words: list[str]) -> list[tuple[Any, str]]:
    """Rows that share some trigrams with what is sought, most of them first."""
    connection = connections[queryset.db]
    if connection.vendor == "sqlite":
        trigrams = dict.fromkeys(word[n:n + 3] for word in long_words for n in range(len(word) - 2))
        best = _fts(index, " OR ".join(f'"{trigram}"' for trigram in trigrams), best=10 * CANDIDATES)
        return list(queryset.filter(pk__in=best).order_by().values_list("pk", column))
    with transaction.atomic(using=queryset.db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(_FEWEST_SHARED)])
        near = queryset.filter(_Near(F(column), Value(sought)))
        near = near.annotate(text_index_similarity=Func(Value(sought), F(column), function="word_similarity", output_field=FloatField()))
        return list(near.order_by("-text_index_similarity", "pk").values_list("pk", column)[:CANDIDATES])


class _Near(Func):
    """text %> words: some stretch of the text resembles the words (pg_trgm). The GIN index answers it."""

    template = "(%(expressions)s)"
    arg_joiner = " %%> "
    output_field = BooleanField()


def _fts(index: TextIndex, question: str, best: int | None = None) -> RawSQL:
    fts = index.virtual_table
    order = f" ORDER BY rank LIMIT {best:d}" if best else ""
    return RawSQL(f'SELECT rowid FROM "{fts}" WHERE "{fts}" MATCH %s{order}', [question], output_field=TextField())  # noqa: S608, S611 - our own name


def _need_pg_trgm(schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except (ProgrammingError, NotSupportedError) as error:
        raise NotSupportedError(
            "Text search needs the PostgreSQL extension pg_trgm, and this database role may not create it. As a superuser, once, in this database:"
            " CREATE EXTENSION pg_trgm;") from error
