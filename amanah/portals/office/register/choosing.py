"""Choosing a person or a family inside a form: from the family at hand, or found by a search within the form, with and without a script.

The button of the search sends the whole form back; nothing is checked then, nothing is lost, and the found persons stand among the choices.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.names import displayed
from amanah.registries.people.models import Family, Person
from amanah.registries.people.queries import register
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import age


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody, or a family, as a choice: the name, and what tells them from a namesake."""

    key: int
    name: str
    note: str


def of_member(member: Any) -> Offer:
    """A member of the family at hand."""
    return Offer(member.id, member.name, _("%(relation)s, %(age)d tahun") % {"relation": member.relation_name or _("hubungan belum tercatat"), "age": member.age})


def of_row(row: Any) -> Offer:
    """A person that a search found."""
    years = age(row.born, clock.today())
    return Offer(row.id, displayed(row.name), _("%(sex)s, %(age)d tahun, %(where)s") % {"sex": codes.label("sex", row.sex), "age": years, "where": row.where})


class PersonField(forms.ChoiceField):
    """One person; the clean value is the Person, None for nobody. `sought`: others than those offered may be found by a search."""

    def __init__(self, *, label: Any, hint: Any = "", required: bool = True, sought: bool = True) -> None:
        super().__init__(label=label, help_text=hint, required=required, widget=forms.RadioSelect)
        self.sought, self.actor, self.offers = sought, None, {}

    def offer(self, actor: Actor, offers: Iterable[Offer], *chosen: Any) -> None:
        """Who is offered; whoever was chosen in an earlier round stays among them."""
        self.actor, self.offers = actor, {str(one.key): one for one in offers}
        for value in chosen:
            if self.sought and value and str(value) not in self.offers and (found := self._find(str(value))) is not None:
                self.offers[str(value)] = self._offer_of(found)
        none = [("", _("Tidak dipilih"))] if not self.required and self.offers else []
        self.choices = [*none, *((key, one.name) for key, one in self.offers.items())]

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return self._find(key) if key else None

    def _find(self, key: str) -> Any:
        if not key.isdecimal() or len(key) > 18:
            return None
        try:
            return register.person(self.actor, int(key))
        except NotFound:
            return None

    @staticmethod
    def _offer_of(found: Any) -> Offer:
        return Offer(found.pk, displayed(found.name), _("%(sex)s, %(age)d tahun") % {"sex": codes.label("sex", found.sex), "age": age(found.born, clock.today())})


class FamilyField(PersonField):
    """One family, found by one of its members; the clean value is the Family."""

    def _find(self, key: str) -> Any:
        if not key.isdecimal() or len(key) > 18:
            return None
        try:
            return register.family(self.actor, int(key))
        except NotFound:
            return None

    @staticmethod
    def _offer_of(found: Family) -> Offer:
        head = Person.objects.filter(family=found, relation=codes.HEAD, status=codes.RESIDENT).values_list("name", flat=True).first()
        return Offer(found.pk, _("Keluarga %(name)s") % {"name": displayed(head)} if head else _("Keluarga tanpa kepala"), found.address)


def families_of(rows: Sequence[Any], *, but: int | None = None) -> list[Offer]:
    """The families of found persons, each once."""
    found: dict[int, Offer] = {}
    for row in rows:
        if row.family and row.family != but and row.status == codes.RESIDENT and row.family not in found:
            found[row.family] = Offer(row.family, _("Keluarga tempat %(name)s") % {"name": displayed(row.name)}, row.where)
    return list(found.values())


SEARCH_HINT = gettext_lazy("Cari nama, NIK, atau tanggal lahir")
