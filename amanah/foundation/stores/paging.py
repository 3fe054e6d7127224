"""Keyset paging over a queryset: no OFFSET, no COUNT, the same pages on both databases. Cursors and pages: `amanah.foundation.kernel.paging`."""
from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, F, Field, Model, Q, QuerySet

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.paging import Cursor, Page, decode, encode, size_within


def keyset(queryset: QuerySet[Any, Any], *, order: Sequence[str] = ("-created_at", "-id"), cursor: str | None = None, size: int = 50) -> Page[Any]:
    """One page of `queryset`, in `order`, after (or before) `cursor`; `size` is held between 1 and 100.

    `order` names fields or annotations, "-" for descending, directions mixed at will; the primary key is added when it is not there, so that
    no two rows share a key. Empty values come last either way. A relation in the order ("office__name") wants its select_related, or each
    page asks twice more. Works on model rows and on `.values()`. Raises Invalid for a cursor that was not made by the same list.
    """
    queryset = queryset.all()
    terms = [_Term(queryset, name) for name in _with_key(order, queryset.model)]
    names = tuple(term.name for term in terms)
    at = decode(cursor, names) if cursor else None
    backwards = at is not None and at.backwards
    size = size_within(size)

    ordered = queryset.order_by(*(term.ordering(backwards) for term in terms))
    if at is not None:
        ordered = ordered.filter(_beyond(terms, at))
    rows = list(ordered[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()

    def edge(row: Any, *, back: bool) -> str:
        return encode(Cursor(tuple(term.value(row) for term in terms), backwards=back), names)

    has_next, has_previous = (True, more) if backwards else (more, at is not None)
    return Page(rows=rows, size=size,
                next=edge(rows[-1], back=False) if rows and has_next else None,
                previous=edge(rows[0], back=True) if rows and has_previous else None)


def _with_key(order: Sequence[str], model: type[Model]) -> list[str]:
    key = model._meta.pk.name
    order = [name.replace("pk", key) if name in ("pk", "-pk") else name for name in order]
    if any(name.lstrip("-") == key for name in order):
        return order
    return [*order, f"-{key}" if order and order[-1].startswith("-") else key]


class _Term:
    """One column of the order."""

    def __init__(self, queryset: QuerySet[Any, Any], name: str) -> None:
        self.name, self.path, self.descending = name, name.lstrip("-"), name.startswith("-")
        if self.path in queryset.query.annotations:
            self.field, self.nullable = queryset.query.annotations[self.path].output_field, True
        else:
            self.field, self.nullable = _resolve(queryset.model, self.path)

    def ordering(self, backwards: bool) -> Any:
        column, descending = F(self.path), self.descending != backwards
        # Only where empty values can occur: elsewhere NULLS LAST would keep PostgreSQL from walking a plain index.
        nulls = {("nulls_first" if backwards else "nulls_last"): True} if self.nullable else {}
        return column.desc(**nulls) if descending else column.asc(**nulls)

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any, backwards: bool, *, or_equal: bool = False) -> Q | None:
        """The rows further on in the direction of travel by this column alone; None when there can be none."""
        if value is None:
            return (None if not or_equal else self.equal(None)) if not backwards else (Q() if or_equal else Q(**{f"{self.path}__isnull": False}))
        lookup = ("lt" if self.descending != backwards else "gt") + ("e" if or_equal else "")
        further = Q(**{f"{self.path}__{lookup}": value})
        return further | Q(**{f"{self.path}__isnull": True}) if self.nullable and not backwards else further

    def value(self, row: Any) -> Any:
        if isinstance(row, dict):
            return row[self.path]
        return reduce(lambda thing, name: None if thing is None else getattr(thing, name), self.path.split("__"), row)

    def checked(self, value: Any) -> Any:
        """The cursor's value if it is of the column's own kind; a made-up cursor ends here and not in the database."""
        if value is None and self.nullable:
            return None
        same_kind = isinstance(self.field, DateTimeField) == isinstance(value, datetime)
        if value is not None and same_kind and type(self.field.to_python(value)) is type(value):
            return value
        raise ValueError(self.name)


def _beyond(terms: list[_Term], at: Cursor) -> Q:
    """(a, b, c) beyond (x, y, z): a > x, or a = x and b > y, or a = x and b = y and c > z; led by a >= x, which an index can walk."""
    try:
        values = [term.checked(value) for term, value in zip(terms, at.values, strict=True)]
    except (ValueError, TypeError, ValidationError) as error:
        raise Invalid(cursor="Alamat halaman ini tidak berlaku lagi. Mulai dari halaman pertama.") from error
    any_of, same = Q(pk__in=[]), Q()
    for term, value in zip(terms, values, strict=True):
        further = term.beyond(value, at.backwards)
        if further is not None:
            any_of |= same & further
        same &= term.equal(value)
    lead = terms[0].beyond(values[0], at.backwards, or_equal=True)
    return any_of if lead is None else lead & any_of


def _resolve(model: type[Model], path: str) -> "tuple[Field[Any, Any], bool]":
    """The field at the end of a path, and whether an empty value can occur on the way."""
    nullable, options = False, model._meta
    *relations, last = path.split("__")
    for name in relations:
        relation = options.get_field(name)
        if relation.related_model is None or relation.one_to_many or relation.many_to_many:
            raise FieldDoesNotExist(f"{path}: only forward relations can be ordered by")
        nullable = nullable or bool(relation.null)
        options = relation.related_model._meta
    field = options.pk if last == "pk" else options.get_field(last)
    while field.remote_field is not None:
        nullable, field = nullable or bool(field.null), field.target_field
    return field, nullable or bool(field.null)
