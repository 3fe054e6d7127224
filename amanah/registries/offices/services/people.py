"""Who holds which seat. One filling holder (definitive or Pj) and one acting one (Plt or Plh) at a time, never two of a kind."""
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid

from ..models import Appointment, Office, Official, Position


@act("offices.register_official", title=gettext_lazy("Mencatat pejabat"),
     says=gettext_lazy("{actor} mencatat seorang pejabat"), creates=True, secret=("name",))
def register_official(actor: Actor, office: Office, *, name: str, account_id: int | None = None, invented: bool = False) -> Official:
    """Note somebody who will hold a seat, in the name of the office that asks for it. Raises Invalid without a name."""
    if not name.strip():
        raise Invalid(name=_("Isi nama pejabat."))
    return Official.objects.create(name=name.strip(), account_id=account_id, invented=invented)


@act("offices.appoint", title=gettext_lazy("Mengangkat pejabat"),
     says=gettext_lazy("{actor} mengangkat {official} sebagai {subject}"), emits=("offices.appointed",))
def appoint(actor: Actor, position: Position, *, official: Official, since: date, kind: str = Appointment.Kind.DEFINITIVE, until: date | None = None,
            legal_basis: str = "", reason: str = "") -> Appointment:
    """Put an official in a seat from a day on. Plt and Plh need a last day and a reason (UU 30/2014 art. 14).

    Raises Invalid on dates that do not fit, Conflict when the seat is taken in that time: of two who appoint at once, one wins.
    """
    if kind not in Appointment.Kind.values:
        raise Invalid(kind=_("Sifat pengangkatan ini tidak dikenal."))
    if until is not None and until < since:
        raise Invalid(until=_("Hari terakhir lebih awal daripada hari pertama."))
    acting = kind in Appointment.ACTING
    if acting and until is None:
        raise Invalid(until=_("Plt. dan Plh. harus punya hari terakhir."))
    if acting and not reason.strip():
        raise Invalid(reason=_("Sebutkan mengapa jabatan ini dijalankan Plt. atau Plh."))
    # Held until the act is done: of two who appoint at once, the second comes here after the first has committed.
    seat = Position.objects.select_for_update(of=("self",)).select_related("office").get(pk=position.pk)
    if not seat.office.stands_on(since) or (until and not seat.office.stands_on(until)):
        raise Invalid(since=_("Kantornya tidak berdiri pada hari-hari itu."))
    if seat.abolished_on and (until is None or until >= seat.abolished_on):
        raise Invalid(until=_("Jabatan ini dihapus sebelum hari itu."))
    taken = Appointment.objects.filter(position=seat, kind__in=Appointment.ACTING if acting else Appointment.FILLING)
    taken = taken.filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        taken = taken.filter(since__lte=until)
    if taken.exists():
        raise Conflict(_("Jabatan ini sudah terisi pada waktu itu. Akhiri dulu pengangkatan yang ada."))
    appointment = Appointment.objects.create(position=seat, official=official, kind=kind, since=since, until=until, legal_basis=legal_basis,
                                             reason=reason.strip())
    emit("offices.appointed", appointment=appointment.pk, position=seat.pk)
    return appointment


@act("offices.end_appointment", title=gettext_lazy("Mengakhiri masa jabatan"),
     says=gettext_lazy("{actor} mengakhiri {subject} per {last_day}"), emits=("offices.appointment_ended",))
def end_appointment(actor: Actor, appointment: Appointment, *, last_day: date, reason: str) -> Appointment:
    """Let an appointment end on a day. Raises Invalid before its first day or without a reason, Conflict when it ends by then already."""
    if not reason.strip():
        raise Invalid(reason=_("Sebutkan alasannya."))
    if last_day < appointment.since:
        raise Invalid(last_day=_("Hari terakhir lebih awal daripada hari pertama."))
    changed = Appointment.objects.filter(Q(until=None) | Q(until__gt=last_day), pk=appointment.pk).update(until=last_day, end_reason=reason.strip())
    if not changed:
        raise Conflict(_("Pengangkatan ini sudah berakhir."))
    appointment.refresh_from_db()
    emit("offices.appointment_ended", appointment=appointment.pk, position=appointment.position_id)
    return appointment


@act("offices.link_account", title=gettext_lazy("Menghubungkan pejabat dengan akunnya"),
     says=gettext_lazy("{actor} menghubungkan seorang pejabat dengan akunnya"), emits=("offices.account_linked",))
def link_account(actor: Actor, *, official: Official, account_id: int | None) -> Official:
    """Say which account an official signs in with (None: none). Needs the permission for the whole city, since it decides who signs for whom."""
    Official.objects.filter(pk=official.pk).update(account_id=account_id)
    official.refresh_from_db()
    emit("offices.account_linked", official=official.pk, account=account_id)
    return official
