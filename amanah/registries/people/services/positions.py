"""Freezing the counts of a day for good."""
import json
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Invalid

from ..models import Position
from ..queries.positions import body_of
from ..rules.counting import digest


@act("people.freeze_position", title=gettext_lazy("Membekukan posisi penduduk"), says=gettext_lazy("{actor} membekukan posisi penduduk {subject}"),
     creates=True)
def freeze_position(actor: Actor, *, day: date, note: str = "") -> Position:
    """Freeze the counts of a past day as known now, with a hash. An earlier freezing of the same day stays; the new one is its next edition.

    Raises Invalid for a day that has not passed: events of a running day may still come.
    """
    if day >= clock.today():
        raise Invalid(day=_("Pilih hari yang sudah lewat."))
    now = clock.now()
    with transaction.atomic():
        body = body_of(day, now)
        last = Position.objects.filter(day=day).order_by("-edition").values_list("edition", flat=True).first() or 0
        people = json.loads(body)["people"]
        return Position.objects.create(day=day, known_at=now, edition=last + 1, digest=digest(body), body=body, people=people, by=actor.ref, at=now,
                                       note=note.strip()[:500])
