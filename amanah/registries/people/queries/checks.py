"""What somebody should look after: events that the national register has not confirmed, and families in which something cannot be right."""
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from amanah.foundation.acts import covered
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.names import displayed
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset
from amanah.registries.territory.models import Level, Territory

from ..models import Event, Family, Person
from ..permissions import READ, visible_families
from ..rules import codes
from ..rules.counting import latest_birth

BACK = 365      # days in which an event waits to be confirmed before it is a matter for the yearly consolidation
LEADS_FROM = 17  # years: younger heads are rare enough to be looked at
_ANSWERED = (Event.Kind.CONFIRM, Event.Kind.UNDO, Event.Kind.CONTRADICT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that SIAK has not confirmed. `days` since we recorded it."""

    id: int
    title: str
    person: int | None
    family: int | None
    name: str           # of the person; "" for an event of a whole family
    restricted: bool
    place: str          # code
    valid_from: date
    recorded_at: datetime
    days: int


def unconfirmed(actor: Actor, place: str, *, cursor: str = "", size: int = 30) -> Page[Waiting]:
    """Events of the last year that SIAK has neither confirmed nor denied, the longest waiting first, of one kelurahan. Two statements."""
    mine = (Q(person__isnull=False) & covered(actor, READ, territory="person__place__code") & _within("person__place", place)
            | Q(person__isnull=True, family__isnull=False) & covered(actor, READ, territory="family__place__code") & _within("family__place", place))
    answers = Event.objects.filter(about=OuterRef("pk"), kind__in=_ANSWERED)
    rows = Event.objects.filter(mine, provisional=True, valid_from__gte=clock.today() - timedelta(days=BACK)).exclude(kind=Event.Kind.UNDO).filter(
        ~Exists(answers), Q(extract__isnull=True) | Q(extract__undone_at__isnull=True)).select_related("person__place", "family__place")
    found = keyset(rows, order=("id",), cursor=cursor, size=size)
    today = clock.today()
    return replace(found, rows=[Waiting(
        e.pk, str(Event.Kind(e.kind).label), e.person_id, e.family_id, displayed(e.person.name) if e.person else "", bool(e.person and e.person.restricted),
        (e.person or e.family).place.code, e.valid_from, e.recorded_at, (today - e.recorded_at.astimezone(clock.WIB).date()).days) for e in found.rows])


PROBLEMS = {
    "no_head": _("Tidak ada kepala keluarga"), "young_head": _("Kepala keluarga di bawah 17 tahun"), "apart": _("Ada anggota yang tercatat tinggal di tempat lain"),
    "nobody": _("Tidak ada anggota lagi, tetapi KK belum ditutup"), "no_rt": _("RT belum diketahui"),
}


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A family in which something cannot be right, and what."""

    id: int
    address: str
    place: Territory
    problems: tuple[str, ...]


def doubtful(actor: Actor, place: str, *, problem: str = "", cursor: str = "", size: int = 30) -> Page[Doubtful]:
    """Families of one kelurahan that need looking after; `problem` narrows to one of PROBLEMS. One statement.

    That a family has two heads cannot be: the database refuses it. A head who died or left counts as none.
    """
    inside = Person.objects.filter(family=OuterRef("pk"), status=codes.RESIDENT)
    families: QuerySet[Family] = visible_families(actor).filter(_within("place", place), ended=False).select_related("place__parent")
    somebody, head = Exists(inside), Exists(inside.filter(relation=codes.HEAD))
    families = families.annotate(somebody=somebody, head=head, young=Exists(inside.filter(relation=codes.HEAD, born__gt=latest_birth(LEADS_FROM, clock.today()))),
                                 away=Exists(inside.exclude(place=OuterRef("place"))))
    asks = {"no_head": Q(somebody=True, head=False), "young_head": Q(young=True), "apart": Q(away=True), "nobody": Q(somebody=False),
            "no_rt": ~Q(place__level=Level.RT)}
    wanted = asks.get(problem)
    if wanted is None:
        wanted = asks["no_head"] | asks["young_head"] | asks["apart"] | asks["nobody"] | asks["no_rt"]
    found = keyset(families.filter(wanted), order=("id",), cursor=cursor, size=size)
    return replace(found, rows=[Doubtful(f.pk, f.address, f.place, tuple(code for code, there in (
        ("no_head", f.somebody and not f.head), ("young_head", f.young), ("apart", f.away), ("nobody", not f.somebody),
        ("no_rt", f.place.level != Level.RT)) if there)) for f in found.rows])


def _within(field: str, code: str) -> Q:
    """By the primary keys of the places: a walk of the index of places, whatever the size of the city."""
    places = Territory.objects.filter(Q(code=code) | Q(code__startswith=f"{code}."))
    return Q(**{f"{field}__in": list(places.values_list("pk", flat=True))})


__all__ = ["PROBLEMS", "Doubtful", "Waiting", "doubtful", "unconfirmed"]
