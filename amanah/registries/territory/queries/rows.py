"""What other rooms and pages get to see of a territory."""
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from amanah.foundation.kernel.actor import Scope

from ..models import Territory

FIELDS = ("id", "code", "level", "name", "label", "parent__code", "bps_code", "lat", "lng", "modelled", "valid_from", "valid_to", "source")


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A territory as others see it. `id` is for foreign keys, `code` for scopes and addresses of pages."""

    id: int
    code: str
    level: str
    name: str             # "" for RW and RT
    label: str            # "003" for RW and RT, else ""
    parent: str | None    # code
    bps_code: str
    lat: float | None
    lng: float | None
    modelled: bool
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def scope(self) -> Scope:
        return Scope(office=None, territory=self.code)

    @property
    def title(self) -> str:
        """The name with its kind before it: "Kelurahan X", "RW 003". Cities bear their kind in their name already."""
        match self.level:
            case "province":
                return _("Provinsi %(name)s") % {"name": self.name}
            case "kecamatan":
                return _("Kecamatan %(name)s") % {"name": self.name}
            case "kelurahan":
                return _("Kelurahan %(name)s") % {"name": self.name}
            case "rw":
                return _("RW %(label)s") % {"label": self.label}
            case "rt":
                return _("RT %(label)s") % {"label": self.label}
        return self.name

    def open_on(self, day: date) -> bool:
        """Whether the territory exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def rows(territories: "models.QuerySet[Territory]") -> list[TerritoryRow]:  # type: ignore[name-defined]  # noqa: F821
    """The rows of a queryset, in its order, by one statement."""
    return [TerritoryRow(*values) for values in territories.values_list(*FIELDS)]
