"""Names of scopes for whole lists at once, and the choices of offices and territories that forms offer."""
from collections.abc import Callable, Iterable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanah.foundation.kernel.actor import Actor, Scope
from amanah.registries.offices import permissions, queries
from amanah.registries.offices.models import Kind, Office
from amanah.registries.territory import queries as territory

Choices = list[tuple[str, object]]


def office_names(paths: Iterable[str]) -> dict[str, str]:
    """Names of the offices at these paths, in one statement."""
    return dict(Office.objects.filter(path__in={path for path in paths if path}).values_list("path", "name"))


def namer() -> Callable[[Scope], str]:
    """From a scope to words, for as many scopes as a page has: the offices are asked once, the map is in memory."""
    known: dict[str, str] = {}

    def name(scope: Scope) -> str:
        if scope.office:
            if not known:
                known.update(Office.objects.values_list("path", "name"))
            if scope.office in known:
                return known[scope.office]
        if scope.territory:
            found = territory.by_codes([scope.territory])
            return territory.full_title(found[scope.territory]) if found else scope.territory
        return _("seluruh kota")

    return name


def place_name(scope: Scope) -> str:
    """One scope in words; for several use `namer`."""
    return namer()(scope)


def offices_for(actor: Actor, permission: str) -> QuerySet[Office]:
    """The standing offices in which the actor holds `permission`, in the order of their paths."""
    return permissions.visible(actor, permission).filter(pk__in=queries.standing().values("pk")).order_by("path")


def grouped(offices: Iterable[Office]) -> Choices:
    """Options of a select, by kind: the most general first, names in order."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for office in offices:
        by_kind.setdefault(office.kind, []).append((office.code, office.name))
    return [(str(label), sorted(by_kind[kind], key=lambda option: option[1])) for kind, label in Kind.choices if kind in by_kind]


def territories_for(actor: Actor, permission: str) -> Choices:
    """Kecamatan and kelurahan in which the actor holds `permission`, kelurahan beneath their kecamatan. No statement."""
    found: Choices = []
    for kecamatan in sorted(territory.of_level("kecamatan"), key=lambda row: row.name):
        rows = [row for row in (kecamatan, *sorted(territory.children(kecamatan.code), key=lambda row: row.name))
                if actor.may(permission, Scope(office=None, territory=row.code))]
        if rows:
            found.append((kecamatan.title, [(row.code, row.title) for row in rows]))
    return found


class OfficeField(forms.ChoiceField):
    """Choose one of the given offices; the clean value is the office itself, None for the empty choice."""

    def __init__(self, *, offices: Iterable[Office], nothing: str | None = None, **kwargs: object) -> None:
        self.offices = {office.code: office for office in offices}
        first: Choices = [("", nothing)] if nothing is not None else []
        super().__init__(choices=[*first, *grouped(self.offices.values())], required=nothing is None, **kwargs)

    def clean(self, value: str) -> Office | None:
        return self.offices.get(super().clean(value))
