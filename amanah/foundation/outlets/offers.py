"""What a room can offer, and the list of what was offered. A mistake in an offer stops the start: it raises ValueError where the room offers.

Offers stand in a room's `outlets.py`, which is imported when the program starts.
"""
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.outlets.rules import LEAST, Period, Reading

Direction = Literal["up", "down", "none"]
Refresh = Literal["hourly", "daily", "weekly", "monthly", "quarterly", "yearly"]
Kind = Literal["key", "count", "value"]
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Columns of these names hold a person, whatever their author declares.
_PERSONAL = frozenset({"nik", "kk", "no_kk", "kk_number", "npwp", "phone", "telephone", "telepon", "hp", "no_hp", "email", "surel", "birth_date", "tanggal_lahir"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure the city watches, computed on demand by the room that knows it.

    `compute(period, by)` returns readings: one for the whole city when `by` is None, else one for each group of that kind; `per` names the
    kinds it can do. `definition` says in Indonesian how the figure comes about, `direction` which way is better, `legal_basis` who asks for it.
    """

    name: str
    title: str
    unit: str
    definition: str
    compute: Callable[[Period, str | None], Iterable[Reading]]
    per: tuple[str, ...] = ()
    direction: Direction = "up"
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a dataset holds. `key` marks a number that names something (a year) instead of measuring it."""

    title: str
    personal: bool
    unit: str = ""
    description: str = ""
    key: bool = False


def column(title: str, *, personal: bool, unit: str = "", description: str = "", key: bool = False) -> Any:
    """A field of a row class, with what the public must know about it: `n: int = column("Jumlah", personal=False, unit="pengaduan")`."""
    return field(metadata={"column": Column(title, personal, unit, description, key)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table for the public. `columns` is a dataclass whose fields were made by `column()`; `rows()` returns its instances.

    `counts` names the columns that count persons or cases: cells under `suppress_below` are hidden, with all the other figures of their row, and
    so are as many further rows as it takes to keep them from being computed. `totals` says which sums the reader can know besides: each
    is a tuple of key columns within which a total is published somewhere; the default, `((),)`, is the grand total alone.
    A table that counts nobody (a list of offices) says `counts=()`.
    """

    slug: str
    title: str
    columns: type
    rows: Callable[[], Iterable[Any]]
    refresh: Refresh
    description: str = ""
    licence: str = "CC-BY-4.0"
    counts: tuple[str, ...] = ("n",)
    totals: tuple[tuple[str, ...], ...] = ((),)
    suppress_below: int = LEAST

    def described(self) -> dict[str, Column]:
        """The columns by name, in order."""
        return {each.name: each.metadata["column"] for each in fields(self.columns)}

    def kind(self, name: str) -> Kind:
        """"key" for what names a row, "count" for what counts, "value" for any other figure."""
        if name in self.counts:
            return "count"
        return "value" if _is_number(get_type_hints(self.columns)[name]) and not self.described()[name].key else "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayer:
    """Something to be drawn on the city's map. `features(actor, bounds)` yields GeoJSON features the actor may see, within `bounds` if given.

    `needs` names the permission for seeing the layer at all; None means the public may.
    """

    name: str
    title: str
    features: Callable[[Actor, Bounds | None], Iterable[Mapping[str, Any]]]
    needs: str | None = None


Offer = TypeVar("Offer", Measure, Dataset, MapLayer)
_measures: dict[str, Measure] = {}
_datasets: dict[str, Dataset] = {}
_layers: dict[str, MapLayer] = {}


def offer(thing: Offer) -> Offer:
    """Put a measure, a dataset or a map layer on the list, and return it. Raises ValueError for a name taken or an offer that may not be."""
    match thing:
        case Measure():
            _refuse_bad_measure(thing)
            _enter(_measures, thing.name, thing)
        case Dataset():
            _refuse_bad_dataset(thing)
            _enter(_datasets, thing.slug, thing)
        case MapLayer():
            _need(_SLUG.fullmatch(thing.name) is not None, f"map layer {thing.name!r}: name it in small letters with dashes")
            _need(bool(thing.title), f"map layer {thing.name}: it needs a title")
            _enter(_layers, thing.name, thing)
    return thing


def measures() -> list[Measure]:
    """All measures, by name."""
    return [_measures[name] for name in sorted(_measures)]


def measure(name: str) -> Measure:
    """One measure; raises NotFound."""
    return _found(_measures, name)


def datasets() -> list[Dataset]:
    """All datasets, by slug."""
    return [_datasets[slug] for slug in sorted(_datasets)]


def dataset(slug: str) -> Dataset:
    """One dataset; raises NotFound."""
    return _found(_datasets, slug)


def layers(actor: Actor | None = None) -> list[MapLayer]:
    """All map layers by name; with an actor, those it may see."""
    return [_layers[name] for name in sorted(_layers) if actor is None or (needs := _layers[name].needs) is None or actor.holds(needs)]


def layer(name: str, actor: Actor) -> MapLayer:
    """One map layer; raises NotFound also when the actor may not see it."""
    return _found({each.name: each for each in layers(actor)}, name)


@contextmanager
def emptied() -> Iterator[None]:
    """An empty list for a while: tests offer what they like and leave nothing behind."""
    kept = [(entries, dict(entries)) for entries in (_measures, _datasets, _layers)]
    try:
        for entries, _ in kept:
            entries.clear()
        yield
    finally:
        for entries, before in kept:
            entries.clear()
            entries.update(before)  # type: ignore[arg-type]


def _refuse_bad_measure(thing: Measure) -> None:
    _need(_NAME.fullmatch(thing.name) is not None, f"measure {thing.name!r}: name it room.what, in small letters")
    _need(bool(thing.title and thing.unit and thing.definition), f"measure {thing.name}: it needs a title, a unit and a definition")
    _need(thing.direction in get_args(Direction), f"measure {thing.name}: direction {thing.direction!r} is none of {get_args(Direction)}")


def _refuse_bad_dataset(thing: Dataset) -> None:
    name = f"dataset {thing.slug}"
    _need(_SLUG.fullmatch(thing.slug) is not None, f"{name!r}: name it in small letters with dashes")
    _need(is_dataclass(thing.columns) and isinstance(thing.columns, type), f"{name}: columns must be a dataclass")
    _need(thing.refresh in get_args(Refresh), f"{name}: refresh {thing.refresh!r} is none of {get_args(Refresh)}")
    _need(bool(thing.title and thing.licence), f"{name}: it needs a title and a licence")
    _need(thing.suppress_below >= LEAST, f"{name}: cells under {LEAST} are always hidden; suppress_below may only be larger")
    hints = get_type_hints(thing.columns)
    names = [each.name for each in fields(thing.columns)]
    for each in fields(thing.columns):
        described = each.metadata.get("column")
        _need(isinstance(described, Column), f"{name}: the field {each.name} is not made by column()")
        _need(not described.personal, f"{name}: the column {each.name} is personal and may not be published")
        _need(each.name not in _PERSONAL, f"{name}: a column called {each.name} holds a person and may not be published")
        # A free-form column could carry anything, persons included.
        _need(_is_plain(hints[each.name]), f"{name}: the column {each.name} must hold text, a number, a date or yes/no")
    for count in thing.counts:
        _need(count in names, f"{name}: counts names {count!r}, which is no column; a table that counts nobody says counts=()")
        _need(hints[count] in (int, int | None), f"{name}: the column {count} counts and must be whole numbers")
    for total in thing.totals:
        for key in total:
            _need(key in names and thing.kind(key) == "key", f"{name}: totals names {key!r}, which is no key column")


def _members(hint: Any) -> tuple[Any, ...]:
    members = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(member for member in members if member is not type(None))


def _is_number(hint: Any) -> bool:
    return any(isinstance(member, type) and issubclass(member, int | float | Decimal) and member is not bool for member in _members(hint))


def _is_plain(hint: Any) -> bool:
    return all(isinstance(member, type) and issubclass(member, str | int | float | Decimal | date) for member in _members(hint))


Entry = TypeVar("Entry")


def _enter(entries: dict[str, Entry], name: str, thing: Entry) -> None:
    _need(name not in entries, f"{name} is offered twice")
    entries[name] = thing


def _found(entries: Mapping[str, Entry], name: str) -> Entry:
    try:
        return entries[name]
    except KeyError:
        raise NotFound() from None


def _need(condition: bool, complaint: str) -> None:
    if not condition:
        raise ValueError(complaint)
