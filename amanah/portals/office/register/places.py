"""Places that forms and filters of the register offer."""
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.deeds import text
from amanah.registries.territory import queries as territory
from amanah.registries.territory.models import Level, Territory
from amanah.registries.territory.rules.codes import at_level, read_label

Groups = list[tuple[str, list[tuple[str, str]]]]


def kelurahan_for(actor: Actor | None, permission: str = "") -> Groups:
    """Kelurahan by kecamatan in which the actor holds `permission` (no actor: all). For an official of one RW: none. No statement."""
    found: Groups = []
    for kecamatan in sorted(territory.of_level("kecamatan"), key=lambda row: row.name):
        rows = [row for row in sorted(territory.children(kecamatan.code), key=lambda row: row.name) if actor is None or actor.may(permission, row.scope)]
        if rows:
            found.append((kecamatan.title, [(row.code, row.title) for row in rows]))
    return found


def codes_of(groups: Groups) -> list[str]:
    return [code for _title, rows in groups for code, _name in rows]


def kelurahan_of(actor: Actor, permission: str, asked: str, groups: Groups) -> str:
    """The kelurahan that was asked for, if it is among them; else the only one, or ""."""
    offered = codes_of(groups)
    return asked if asked in offered else offered[0] if len(offered) == 1 else ""


def where(places: Iterable[Territory]) -> dict[int, str]:
    """"RT 002 RW 001, Kelurahan X" for places read with their parents."""
    said = {}
    for place in places:
        above = territory.by_codes([code for code in (at_level(place.code, "kelurahan"),) if code])
        near = (f"RT {place.label} RW {place.parent.label}" if place.level == Level.RT and place.parent else f"RW {place.label}" if place.level == Level.RW else "")
        said[place.pk] = ", ".join(part for part in (near, next((row.title for row in above.values()), place.name)) if part)
    return said


class PlaceFields:
    """Where somebody goes to live: kelurahan, RW and RT as on paper. `place_of` finds the territory; the narrowest that is written."""

    @staticmethod
    def add(form: Any, groups: Groups, *, initial: Territory | None = None) -> None:
        form.fields["kelurahan"] = forms.ChoiceField(label=_("Kelurahan"), choices=[("", _("Pilih kelurahan")), *groups])
        form.fields["rw"] = text(_("RW"), longest=4, hint=_("Misalnya 003."), inputmode="numeric")
        form.fields["rt"] = text(_("RT"), longest=4, hint=_("Misalnya 002."), inputmode="numeric")
        if initial is not None:
            form.initial.setdefault("kelurahan", at_level(initial.code, "kelurahan"))
            rw = initial if initial.level == Level.RW else initial.parent if initial.level == Level.RT else None
            if rw is not None:
                form.initial.setdefault("rw", rw.label)
            if initial.level == Level.RT:
                form.initial.setdefault("rt", initial.label)

    @staticmethod
    def place_of(form: Any, given: dict[str, Any]) -> None:
        """Replace the three fields by `place`; what cannot be is said at its field."""
        kelurahan, rw, rt = (given.pop(name, "") for name in ("kelurahan", "rw", "rt"))
        if not (kelurahan and rw and rt):
            return
        labels = {}
        for name, value in (("rw", rw), ("rt", rt)):
            try:
                labels[name] = read_label(value)
            except ValueError:
                form.add_error(name, _("Tulis angka, misalnya 003."))
        if len(labels) < 2:
            return
        standing = Territory.objects.filter(valid_to=None).select_related("parent__parent")
        above = standing.filter(parent__code=kelurahan, level=Level.RW, label=labels["rw"]).first()
        if above is None:
            form.add_error("rw", _("RW ini tidak ada di kelurahan itu. Periksa nomornya."))
            return
        place = standing.filter(parent=above, level=Level.RT, label=labels["rt"]).first()
        if place is None:
            form.add_error("rt", _("RT ini tidak ada di RW itu. Periksa nomornya."))
            return
        given["place"] = place
