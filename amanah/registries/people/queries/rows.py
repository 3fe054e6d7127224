"""A person as lists show them: nothing that is sealed, and where they live in words."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanah.foundation.kernel.actor import Scope
from amanah.foundation.kernel.names import displayed
from amanah.registries.territory.models import Level
from amanah.registries.territory.queries import by_codes
from amanah.registries.territory.rules.codes import at_level

from ..models import Person

FIELDS = ("pk", "name", "sex", "born", "status", "family_id", "relation", "provisional", "restricted", "place__code", "place__level", "place__label",
          "place__parent__label")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a list. `id` is for addresses of pages, `place` (a territory's code) decides who may see more."""

    id: int
    name: str
    sex: int
    born: date
    status: int
    family: int | None
    relation: int | None
    provisional: bool
    restricted: bool
    place: str
    where: str          # "RT 002 RW 005, Kelurahan X"

    @property
    def nik(self) -> str:
        """What a list shows in place of the NIK. A sealed number is opened for one person at a time, as a recorded deed."""
        return _("•••• tersegel")

    @property
    def scope(self) -> Scope:
        return Scope(office=None, territory=self.place)


def rows(persons: "QuerySet[Person, Any]") -> list[PersonRow]:
    """The rows of a queryset, in its order, by one statement."""
    found: Sequence[tuple[Any, ...]] = list(persons.values_list(*FIELDS))
    kelurahan = by_codes({code for row in found if (code := at_level(row[9], Level.KELURAHAN))})  # in memory
    made = []
    for row in found:
        *told, code, level, label, above = row
        here = kelurahan.get(at_level(code, Level.KELURAHAN) or "")
        near = (_("RT %(rt)s RW %(rw)s") % {"rt": label, "rw": above} if level == Level.RT else _("RW %(rw)s") % {"rw": label} if level == Level.RW else "")
        told[1] = displayed(told[1])
        made.append(PersonRow(*told, code, ", ".join(part for part in (near, here.title if here else "") if part)))
    return made
