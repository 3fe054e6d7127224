"""Invented officials for the demonstration: heads of a handful of offices, every one of them named "… Contoh". No real person appears."""
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor

from ..models import Appointment, Kind, Level, Official, Position
from .people import appoint, register_official

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


# name, level of the seat, code of the office ("" takes the first such office that has a territory), kind of the appointment
CAST = (
    ("Fajar Contoh", Level.KEPALA_DAERAH, "", Appointment.Kind.DEFINITIVE),
    ("Ratna Contoh", Level.SEKDA, "", Appointment.Kind.PJ),
    ("Hendra Contoh", Level.KEPALA, "inspektorat", Appointment.Kind.DEFINITIVE),
    ("Yulia Contoh", Level.KEPALA, "diskominfo", Appointment.Kind.DEFINITIVE),
    ("Bambang Contoh", Level.KEPALA, "dpmptsp", Appointment.Kind.DEFINITIVE),
    ("Nurul Contoh", Level.KEPALA, "disdukcapil", Appointment.Kind.DEFINITIVE),
)


def demo_officials(actor: Actor, kelurahan: tuple[str, ...] = ()) -> list[DemoOfficial]:
    """Appoint invented heads: mayor, Sekda, Inspektur, a few dinas, one camat, two lurah (one of them Plt). Calling it again appoints nobody twice.

    `kelurahan` names the codes of two territories; without it the first two of the city are taken. Offices that do not exist are passed over.
    """
    with transaction.atomic():
        seats = Position.objects.filter(is_head=True, abolished_on=None, office__valid_to=None).select_related("office").order_by("office__path")
        wanted: list[tuple[str, Position | None, str]] = [
            (name, seats.filter(level=level, **({"office__code": code} if code else {})).first(), kind) for name, level, code, kind in CAST]
        places = seats.filter(office__kind=Kind.KELURAHAN)
        lurah = [p for p in (places.filter(office__territory__code=code).first() for code in kelurahan) if p] or list(places.order_by(
            "office__territory__code")[:2])
        if lurah:
            camat = seats.filter(office=lurah[0].office.parent).first()
            wanted += [("Syafrizal Contoh", camat, Appointment.Kind.DEFINITIVE), ("Dedi Contoh", lurah[0], Appointment.Kind.DEFINITIVE)]
            wanted += [("Sari Contoh", seat, Appointment.Kind.PLT) for seat in lurah[1:2]]
        return [_seated(actor, name, seat, kind) for name, seat, kind in wanted if seat is not None]


def _seated(actor: Actor, name: str, seat: Position, kind: str) -> DemoOfficial:
    there = Appointment.objects.filter(position=seat, official__name=name, official__invented=True).select_related("official").first()
    official = there.official if there else Official.objects.filter(name=name, invented=True).first() or register_official(
        actor, seat.office, name=name, invented=True)
    if there is None:
        acting = kind in Appointment.ACTING
        appoint(actor, seat, official=official, kind=kind, since=clock.today() if acting else SINCE,
                until=clock.today() + timedelta(days=90) if acting else None, legal_basis=INVENTED,
                reason="Jabatan kosong menunggu pengangkatan" if acting else "")
    return DemoOfficial(name=name, office=seat.office.code, path=seat.office.path, territory=seat.office.territory_id or "", level=seat.level,
                        title=seat.title, kind=kind, official=official.pk)
