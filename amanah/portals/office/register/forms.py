"""What the forms of the register have in common: fields of code lists, choosing persons, and the layout of a form in groups of rows."""
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.deeds import DeedForm, day, reason, text
from amanah.portals.office.register.choosing import FamilyField, Offer, PersonField, families_of, of_member, of_row
from amanah.registries.people.queries import search
from amanah.registries.people.rules import codes

Layout = Sequence[tuple[Any, Sequence[tuple[str, ...]]]]
WHEN = _("Sejak tanggal")
EVIDENCE = _("Nomor surat atau akta")


def coded(name: str, label: Any, *, required: bool = False, hint: Any = "", without: Iterable[int] = ()) -> forms.TypedChoiceField:
    """A code list as a select; the clean value is the code, None for nothing."""
    options = [(code, words) for code, words in codes.LISTS[name].items() if code not in set(without)]
    return forms.TypedChoiceField(label=label, required=required, help_text=hint, coerce=int, empty_value=None, choices=[("", _("Pilih")), *options])


def sex_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=_("Jenis kelamin"), coerce=int, empty_value=None, choices=list(codes.SEX.items()), widget=forms.RadioSelect)


FULL_NAME = _("Nama lengkap")


def name_field(label: Any = FULL_NAME) -> forms.CharField:
    return text(label, hint=_("Seperti di akta atau KTP. Satu kata pun cukup."), longest=200, autocapitalize="words", spellcheck="false")


def number_field(label: Any, hint: Any = "") -> forms.CharField:
    return text(label, hint=hint, required=False, longest=40, inputmode="numeric")


def note_field() -> forms.CharField:
    return reason(_("Catatan"), hint=_("Tersimpan pada peristiwanya. Jangan tulis nomor orang di sini."), required=False)


class RegisterForm(DeedForm):
    """A form of the register. `subject` is the person or family; `members` are the family's residents; `found` what a search within it brought.

    `layout`: groups (heading, rows); a row of two names stands side by side. Fields that it does not name follow at the end.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    layout: Layout = ()

    def __init__(self, *args: Any, actor: Actor, subject: Any = None, members: Sequence[Any] = (), found: dict[str, Sequence[Any]] | None = None,
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.subject, self.members, self.found = actor, subject, list(members), found or {}
        self.initial.setdefault("seen", subject.event if subject is not None and hasattr(subject, "event") else None)
        if "on" in self.fields:
            self.initial.setdefault("on", clock.today())
        self.prepare()
        empty: list[str] = []
        for name, field in self.fields.items():
            if isinstance(field, PersonField):
                brought = self.found.get(name, ())
                more = families_of(brought, but=getattr(subject, "pk", None)) if isinstance(field, FamilyField) else [of_row(row) for row in brought]
                own = [] if isinstance(field, FamilyField) else [of_member(one) for one in self.offered(name)]
                known = {one.key for one in own}
                chosen = self.data.get(name) if self.is_bound else self.initial.get(name)
                if not field.sought and not own and not field.required:
                    empty.append(name)
                field.offer(actor, [*own, *(one for one in more if one.key not in known)], chosen)
        for name in empty:  # nobody could be chosen there
            del self.fields[name]

    def prepare(self) -> None:
        """Where a form adds fields that depend on the family."""

    def offered(self, name: str) -> Iterable[Any]:
        """The members offered in a field that chooses a person."""
        return self.members

    @property
    def groups(self) -> list[tuple[Any, list[list[Any]]]]:
        """The layout with its fields; the rest at the end."""
        named = {name for _title, rows in self.layout for row in rows for name in row}
        made = [(title, [[self[name] for name in row if name in self.fields] for row in rows]) for title, rows in self.layout]
        rest = [[bound] for bound in self.visible_fields() if bound.name not in named and not bound.name.startswith(("m_", "relation_"))]
        return [*((title, [row for row in rows if row]) for title, rows in made), *([("", rest)] if rest else [])]

    @classmethod
    def kept(cls, data: Any) -> dict[str, Any]:
        """What was typed so far, as initial values: for a form that comes back from a search and is not to be checked yet."""
        return {name: data.get(name) for name in data if name not in ("csrfmiddlewaretoken", "cari")}


def searched(request: Any, form_class: type[RegisterForm]) -> tuple[str, str] | None:
    """(field, text) when the form was sent to search for somebody, by the button or by Enter in the field of the search."""
    data = request.POST
    names = [name for name, field in form_class.base_fields.items() if isinstance(field, PersonField) and field.sought]
    pressed = data.get("cari", "")
    if pressed in names:
        return pressed, data.get(f"cari_{pressed}", "").strip()[:100]
    for name in names:
        typed = data.get(f"cari_{name}", "").strip()[:100]
        if typed and typed != data.get(f"dicari_{name}", ""):  # also when somebody is chosen already: nothing is recorded by a search
            return name, typed
    return None


def look_for(actor: Actor, typed: str, field: str, subject: Any) -> Sequence[Any]:
    """Residents whom a search within a form finds, at most eight: women for a mother, men for a father, the other sex for a spouse."""
    if not typed:
        return ()
    sex = {"mother": codes.FEMALE, "father": codes.MALE, "spouse": codes.MALE if getattr(subject, "sex", 0) == codes.FEMALE else codes.FEMALE}.get(field)
    found = search.find(actor, typed, status=(codes.RESIDENT,), size=50).rows
    return [row for row in found if sex in (None, row.sex)][:8]


__all__ = ["EVIDENCE", "WHEN", "FamilyField", "Offer", "PersonField", "RegisterForm", "coded", "day", "look_for", "name_field", "note_field", "number_field",
           "reason", "searched", "sex_field", "text"]
