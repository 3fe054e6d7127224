"""What officials decide about two entries that may be one person: an act like any other, and it can be taken back.

The entry that yields becomes void by an event that says which entry remains.
"""
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid

from ..models import Event, Family, Pair, Person, Tie
from ..rules import codes
from .recording import at_the_counter, locked_family, record

State = Pair.State
DECISIONS = (State.SAME, State.DIFFERENT, State.UNSURE)


def yields(first: Person, second: Person) -> Person:
    """Which of the two entries gives way unless the official says otherwise: the one without NIK; of equals the provisional one, then the newer."""
    return max(first, second, key=lambda one: (one.nik_key is None, one.provisional, one.pk))


def _within(actor: Actor, name: str, pair: Pair, **_keywords: object) -> bool:
    """Both entries must lie within the actor's reach: the decision changes one and speaks of both."""
    return all(actor.may(name, one.scope) for one in (pair.first, pair.second))


@act("people.decide_pair", title=gettext_lazy("Memutuskan dugaan data ganda"), says=gettext_lazy("{actor} memutuskan dugaan data ganda {subject}: {decision}"),
     allowed=_within, emits=("people.happened",))
def decide_pair(actor: Actor, pair: Pair, *, decision: str, reason: str, void: Person | None = None) -> Pair:
    """Say of two entries whether they are one person. Same: the entry `void` (or the one that `yields`) becomes void and leaves its family.

    Different: never shown again unless what agrees changes. Reversible by undo_pair. Raises Invalid; Conflict when it was decided already.
    """
    if decision not in DECISIONS:
        raise Invalid(decision=_("Pilih salah satu keputusan."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis alasannya, misalnya dokumen yang Anda cocokkan."))
    held_pair = _locked(pair)
    if held_pair.state not in (State.OPEN, State.UNSURE):
        raise Conflict(_("Dugaan ini sudah diputuskan petugas lain."))
    held_pair.event = None
    if decision == State.SAME:
        held_pair.event = _void(actor, held_pair, void, reason).pk
    held_pair.state, held_pair.decided_by, held_pair.decided_at, held_pair.note = State(decision), actor.ref, clock.now(), reason.strip()[:500]
    held_pair.save()
    return held_pair


@act("people.undo_pair", title=gettext_lazy("Membatalkan keputusan data ganda"), says=gettext_lazy("{actor} membatalkan keputusan data ganda {subject}"),
     allowed=_within, emits=("people.happened",))
def undo_pair(actor: Actor, pair: Pair, *, reason: str) -> Pair:
    """Take a decision back: the pair is open again, and an entry that had become void stands as before. Raises Invalid, Conflict."""
    if not reason.strip():
        raise Invalid(reason=_("Tulis mengapa keputusan ini dibatalkan."))
    held_pair = _locked(pair)
    if held_pair.state == State.OPEN:
        raise Conflict(_("Dugaan ini belum diputuskan, atau keputusannya sudah dibatalkan."))
    if held_pair.event is not None:
        event = Event.objects.select_related("person").get(pk=held_pair.event)
        person: Person = event.person  # type: ignore[assignment]
        record(at_the_counter(actor, note=reason), Event.Kind.UNDO, person, valid_from=event.valid_from, changes={}, about=event)
        if person.family_id and person.status == codes.RESIDENT:
            Family.objects.filter(pk=person.family_id, ended=True).update(ended=False)
    held_pair.state, held_pair.event, held_pair.decided_by, held_pair.decided_at, held_pair.note = State.OPEN, None, "", None, ""
    held_pair.save()
    return held_pair


def _void(actor: Actor, pair: Pair, void: Person | None, reason: str) -> Event:
    """The event by which one entry becomes void: it names the entry that remains, and ends the membership in the family."""
    gone = void or yields(pair.first, pair.second)
    if gone.pk not in (pair.first_id, pair.second_id):
        raise Invalid(void=_("Pilih salah satu dari kedua data ini."))
    remains = pair.second if gone.pk == pair.first_id else pair.first
    if codes.VOID in (gone.status, remains.status):
        raise Conflict(_("Salah satu data ini sudah tidak berlaku. Muat ulang daftar."))
    if Tie.objects.filter(person=gone).exists():
        raise Conflict(_("Data yang akan dibatalkan terhubung dengan akun warga. Lepaskan dulu akunnya, atau pertahankan data itu."))
    family = locked_family(gone.family) if gone.family else None
    others = Person.objects.filter(family=family, status=codes.RESIDENT).exclude(pk=gone.pk) if family else Person.objects.none()
    if gone.relation == codes.HEAD and gone.status == codes.RESIDENT and others.exists():
        raise Conflict(_("Data yang akan dibatalkan adalah kepala keluarga. Ganti kepala keluarganya dahulu, atau pertahankan data itu."))
    note = _("Data yang tetap berlaku: nomor %(remains)d. %(reason)s") % {"remains": remains.pk, "reason": reason.strip()}
    event = record(at_the_counter(actor, note=note[:500]), Event.Kind.SAME, gone, valid_from=clock.today(),
                   changes={"status": codes.VOID, "family": None, "relation": None}, family=family)
    if family is not None and not others.exists():
        Family.objects.filter(pk=family.pk).update(ended=True)
    return event


def _locked(pair: Pair) -> Pair:
    with transaction.atomic():
        return Pair.objects.select_for_update(of=("self",)).select_related("first__place", "second__place", "first__family", "second__family").get(pk=pair.pk)
