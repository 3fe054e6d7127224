"""Looking at a person: every look names a purpose and leaves a durable record before anything is shown.

`see` is the page of a person, with identifiers behind a mask; `open_field` shows one of them whole; `open_own` shows a resident their own.
Lists need no opening at all: they show no identifiers.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, look
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid

from ..models import Person, Tie
from ..permissions import OPEN_FIELD, READ
from ..queries import purposes

FIELDS: Mapping[str, Any] = {  # what can be opened, with the label it is sealed under → how a page calls it
    "nik": gettext_lazy("NIK"), "kk": gettext_lazy("nomor KK"), "phone": gettext_lazy("nomor telepon"), "mother_name": gettext_lazy("nama ibu kandung"),
}
MASK = "•"


@dataclass(frozen=True, slots=True)
class Seen:
    """Identifiers of one person as the page may show them; "" where we hold none."""

    nik: str
    kk: str
    phone: str
    mother_name: str


def see(actor: Actor, person: Person, *, purpose: str) -> Seen:
    """Record that `actor` looks at the page of `person`, and give the masked identifiers.

    Needs people.read where the person lives. Raises Refused (recorded): no such purpose, not allowed for it, restricted, not theirs to see.
    """
    purposes.need(actor, READ, purpose, person)
    look(actor, READ, person, purpose=purpose)
    return masked(person)


def open_field(actor: Actor, person: Person, field: str, *, purpose: str) -> str:
    """One sealed field, whole, after it is on record which one was opened; "" where we hold nothing. Needs people.open_field.

    Raises Invalid for a field that is not sealed, Refused (recorded) as `see` does.
    """
    if field not in FIELDS:
        raise Invalid(field=_("Pilih dari daftar."))
    purposes.need(actor, OPEN_FIELD, purpose, person)
    look(actor, OPEN_FIELD, person, purpose=purpose, details={"field": field})
    return clear(person, field)


def _own(actor: Actor, _name: str, person: Person, **_keywords: object) -> bool:
    return actor.account_id is not None and Tie.objects.filter(account=actor.account_id, person=person).exists()


@act("people.open_own", title=gettext_lazy("Membuka nomor sendiri"), says=gettext_lazy("{actor} membuka nomor sendiri"), allowed=_own)
def open_own(actor: Actor, person: Person, *, field: str) -> str:
    """A resident opens a sealed field of their own: on record like any other opening, so that they notice when somebody else sits at their account."""
    if field not in FIELDS:
        raise Invalid(field=_("Pilih dari daftar."))
    return clear(person, field)


# ---------------------------------------------------------------- without a record: only for what is shown under one, or sent to the owner

def clear(person: Person, field: str) -> str:
    """The field as it is. Whoever calls this has recorded why."""
    sealed = (person.family.number if person.family else None) if field == "kk" else getattr(person, field)
    return settings.SEAL.open(sealed, field) if sealed else ""


def masked(person: Person) -> Seen:
    """1371••••••••••01, 0812••••••90, S•••: enough for somebody who knows the number to recognise it."""
    return Seen(*(mask(clear(person, field), field) for field in ("nik", "kk", "phone", "mother_name")))


def mask(text: str, field: str) -> str:
    """A value behind its mask. A name keeps the first letter of its first word and nothing of its length."""
    if not text:
        return ""
    if field == "mother_name":
        return f"{text[:1]}{MASK * 3}"
    if field == "phone" and text.startswith("+62"):
        text = f"0{text[3:]}"
    return f"{text[:4]}{MASK * (len(text) - 6)}{text[-2:]}" if len(text) > 8 else MASK * 6
