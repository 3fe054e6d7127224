"""Invented officials for the demonstration: heads of a handful of offices, every one of them named "… Contoh". No real person appears."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor

from ..models import Appointment, Kind, Level, Official, Position
from .people import appoint, link_account, register_official

SINCE = date(2025, 3, 3)
INVENTED = "rekaan untuk peragaan"


@dataclass(frozen=True, slots=True)
class DemoOfficial:
    """Somebody invented, in the seat they hold; the demonstration's accounts are made from these."""

    name: str
    office: str  # code
    path: str
    territory: str  # dotted code, "" for none
    level: str
    title: str
    kind: str
    official: int


# name, level of the seat, code of the office ("" takes the first seat of that level), kind of the appointment
CAST = (
    ("Zainal Contoh", Level.KEPALA_DAERAH, "", Appointment.Kind.DEFINITIVE),
    ("Nurlela Contoh", Level.SEKDA, "", Appointment.Kind.PJ),
    ("Hendri Contoh", Level.KEPALA, "inspektorat", Appointment.Kind.DEFINITIVE),
    ("Yulia Contoh", Level.KEPALA, "diskominfo", Appointment.Kind.DEFINITIVE),
    ("Bambang Contoh", Level.KEPALA, "dpmptsp", Appointment.Kind.DEFINITIVE),
    ("Sari Contoh", Level.KEPALA, "disdukcapil", Appointment.Kind.DEFINITIVE),
)
CAMAT, LURAH, ACTING_LURAH = "Syafrizal Contoh", "Nofri Contoh", "Wati Contoh"


def demo_officials(actor: Actor, leads: Sequence[tuple[str, str, int | None]] = ()) -> list[DemoOfficial]:
    """Appoint invented heads: mayor, Sekda, Inspektur, a few dinas, one camat, two lurah (one of them Plt). Calling it again appoints nobody twice.

    `leads` are those who have a demonstration account already: (path of the office they lead, name, number of the account). They take their
    seats first, with the account linked; whoever else was cast for such a seat is passed over, and so are offices that do not exist.
    """
    with transaction.atomic():
        seats = Position.objects.filter(is_head=True, abolished_on=None, office__valid_to=None).select_related("office").order_by("office__path")
        wanted = [(name, seats.filter(office__path=path).first(), Appointment.Kind.DEFINITIVE, account) for path, name, account in leads]
        wanted += [(name, seats.filter(level=level, **({"office__code": code} if code else {})).first(), kind, None) for name, level, code, kind in CAST]
        lurah = list(seats.filter(office__kind=Kind.KELURAHAN).order_by("office__territory__code")[:2])
        wanted += [(name, seat, kind, None) for name, seat, kind in zip(
            (LURAH, ACTING_LURAH), lurah, (Appointment.Kind.DEFINITIVE, Appointment.Kind.PLT), strict=False)]
        wanted += [(CAMAT, seats.filter(office=lurah[0].office.parent_id).first(), Appointment.Kind.DEFINITIVE, None)] if lurah else []
        seated: dict[int, DemoOfficial] = {}
        for name, seat, kind, account in wanted:
            if seat is not None and seat.pk not in seated:
                seated[seat.pk] = _seated(actor, name, seat, kind, account)
        return list(seated.values())


def _seated(actor: Actor, name: str, seat: Position, kind: str, account: int | None) -> DemoOfficial:
    there = Appointment.objects.filter(position=seat, official__name=name, official__invented=True).select_related("official").first()
    official = there.official if there else Official.objects.filter(name=name, invented=True).first() or register_official(
        actor, seat.office, name=name, invented=True)
    if account is not None and official.account_id != account:
        official = link_account(actor, official=official, account_id=account)
    if there is None:
        acting = kind in Appointment.ACTING
        appoint(actor, seat, official=official, kind=kind, since=clock.today() if acting else SINCE,
                until=clock.today() + timedelta(days=90) if acting else None, legal_basis=INVENTED,
                reason="Jabatan kosong menunggu pengangkatan" if acting else "")
    return DemoOfficial(name=name, office=seat.office.code, path=seat.office.path, territory=seat.office.territory_id or "", level=seat.level,
                        title=seat.title, kind=kind, official=official.pk)
