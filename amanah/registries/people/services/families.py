"""Acts on families: new cards, splits, moves, heads. What happens to a family is written down for each of its members."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.identifiers import KkNumber
from amanah.registries.territory.models import Level, Territory

from ..models import Event, Family, Person
from ..rules import codes, families
from ..rules.addresses import address_key
from .events import HAPPENED, SECRET, _clean, _code, _evidence, _name
from .recording import Told, at_the_counter, enter, locked_family, of_family, record

Kind = Event.Kind
PRIVATE = (*SECRET, "number", "address", "head_facts", "facts")


@act("people.register_arrival", title=gettext_lazy("Mencatat kedatangan"), says=gettext_lazy("{actor} mencatat kedatangan ke keluarga {family}"),
     creates=True, secret=PRIVATE, emits=HAPPENED)
def register_arrival(actor: Actor, family: Family, *, facts: Mapping[str, Any], on: date, evidence: str, note: str = "", source: str = "kelurahan",
                     seen: int | None = None) -> Person:
    """Somebody moves into the city, into a family. `facts` are fields of rules.state with plain values. PP 40/2019. Raises Invalid, Conflict."""
    held = locked_family(family, seen=seen)
    return _arrive(at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note), held, facts, on)


@act("people.open_family", title=gettext_lazy("Membuka KK untuk pendatang"), says=gettext_lazy("{actor} membuka KK baru di {place}"), creates=True,
     secret=PRIVATE, emits=HAPPENED)
def open_family(actor: Actor, place: Territory, *, address: str, head_facts: Mapping[str, Any], on: date, number: str = "", evidence: str,
                note: str = "", source: str = "kelurahan") -> Family:
    """A family that comes to the city, with its head; the others follow by `register_arrival`. Raises Invalid, Conflict when the number is known."""
    told = at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note)
    family = _new_family(place, address, number, provisional=told.provisional)
    of_family(told, Kind.NEW_FAMILY, family, valid_from=on)
    _arrive(told, family, {**head_facts, "relation": codes.HEAD}, on)
    family.refresh_from_db()
    return family


@act("people.split_family", title=gettext_lazy("Memisahkan KK"), says=gettext_lazy("{actor} memisahkan KK baru dari {family}"), creates=True, secret=PRIVATE,
     emits=HAPPENED)
def split_family(actor: Actor, family: Family, *, members: Sequence[Person], relations: Mapping[int, int], on: date, place: Territory | None = None,
                 address: str = "", number: str = "", new_head: Person | None = None, evidence: str = "", note: str = "", source: str = "kelurahan",
                 seen: int | None = None) -> Family:
    """Some members leave for a card of their own, one of them as its head. A family that thereby loses its head gets `new_head`. Raises Invalid, Conflict."""
    told, held = at_the_counter(actor, source=source, evidence=evidence, note=note), locked_family(family, seen=seen)
    families.check_day(on, clock.today())
    inside, leaving = _members(held), _chosen(held, members)
    staying = [one for one in inside if one not in leaving]
    if not staying:
        raise Invalid(members=_("Semua anggota dipilih. Untuk pindah sekeluarga, gunakan Pindah."))
    families.check_heads([families.Member(one.pk, relations.get(one.pk), one.born) for one in leaving], field="relations")
    other = _new_family(place or held.place, address or held.address, number, provisional=told.provisional)
    first = of_family(told, Kind.SPLIT, other, valid_from=on).pk
    _keep_a_head(told, held, staying, leaving, new_head, on, first)
    for one in leaving:
        record(told, Kind.SPLIT, one, valid_from=on, family=held, together=first,
               changes={"family": other.pk, "relation": relations[one.pk], "place": other.place_id})
    other.refresh_from_db()
    return other


@act("people.move_family", title=gettext_lazy("Mencatat pindah dalam kota"), says=gettext_lazy("{actor} mencatat pindah {subject} ke {place}"),
     secret=PRIVATE, emits=HAPPENED)
def move_family(actor: Actor, family: Family, *, place: Territory, address: str, on: date, evidence: str = "", note: str = "",
                source: str = "kelurahan", seen: int | None = None) -> Family:
    """A whole family moves inside the city. Raises Invalid, Conflict."""
    told, held = at_the_counter(actor, source=source, evidence=evidence, note=note), locked_family(family, seen=seen)
    families.check_day(on, clock.today())
    _check_place(place)
    if not address.strip():
        raise Invalid(address=_("Isi alamat yang baru."))
    inside = _members(held)
    first = of_family(told, Kind.MOVE, held, valid_from=on).pk
    for one in inside:
        record(told, Kind.MOVE, one, valid_from=on, family=held, together=first, changes={"place": place.pk})
    Family.objects.filter(pk=held.pk).update(place=place, address=address.strip()[:200], search=address_key(address))
    held.refresh_from_db()
    return held


@act("people.move_out", title=gettext_lazy("Mencatat pindah keluar kota"), says=gettext_lazy("{actor} mencatat pindah keluar dari keluarga {subject}"),
     secret=PRIVATE, emits=HAPPENED)
def move_out(actor: Actor, family: Family, *, members: Sequence[Person], on: date, destination: str, new_head: Person | None = None, evidence: str,
             note: str = "", source: str = "kelurahan", seen: int | None = None) -> Family:
    """Members, or the whole family, leave the city. A family that loses its head gets `new_head`. Raises Invalid, Conflict."""
    told, held = at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note or destination), locked_family(family, seen=seen)
    families.check_day(on, clock.today())
    if not destination.strip():
        raise Invalid(destination=_("Isi kota atau kabupaten tujuan."))
    inside, leaving = _members(held), _chosen(held, members)
    staying = [one for one in inside if one not in leaving]
    first = of_family(told, Kind.MOVE_OUT, held, valid_from=on, note=destination.strip()).pk
    _keep_a_head(told, held, staying, leaving, new_head, on, first, before=lambda one: record(
        told, Kind.MOVE_OUT, one, valid_from=on, family=held, together=first, changes={"status": codes.MOVED}))
    if not staying:
        Family.objects.filter(pk=held.pk).update(ended=True)
    held.refresh_from_db()
    return held


@act("people.change_head", title=gettext_lazy("Mengganti kepala keluarga"), says=gettext_lazy("{actor} mengganti kepala keluarga {subject}"),
     secret=PRIVATE, emits=HAPPENED)
def change_head(actor: Actor, family: Family, *, head: Person, relations: Mapping[int, int] | None = None, on: date, evidence: str = "", note: str = "",
                source: str = "kelurahan", seen: int | None = None) -> Family:
    """Another member leads the family from a day on; the relations of the others are told anew or stay. Raises Invalid, Conflict."""
    told, held = at_the_counter(actor, source=source, evidence=evidence, note=note), locked_family(family, seen=seen)
    families.check_day(on, clock.today())
    inside = _members(held)
    for code in (relations or {}).values():
        _code("relation", code)
    after = families.relations_after([families.Member(one.pk, one.relation, one.born) for one in inside], head.pk, relations or {})
    families.check_heads([families.Member(one.pk, after[one.pk], one.born) for one in inside])
    first = of_family(told, Kind.HEAD, held, valid_from=on).pk
    # The former head steps down before the new one steps up: there is never a moment with two.
    for one in sorted(inside, key=lambda one: after[one.pk] == codes.HEAD):
        if after[one.pk] != one.relation:
            record(told, Kind.HEAD, one, valid_from=on, family=held, together=first, changes={"relation": after[one.pk]})
    held.refresh_from_db()
    return held


@act("people.merge_families", title=gettext_lazy("Menggabungkan KK"), says=gettext_lazy("{actor} menggabungkan {subject} ke keluarga {into}"),
     secret=PRIVATE, emits=HAPPENED)
def merge_families(actor: Actor, family: Family, *, into: Family, relations: Mapping[int, int], on: date, evidence: str = "", note: str = "",
                   source: str = "kelurahan", seen: int | None = None) -> Family:
    """All members of a family join another; `relations` says what each becomes there. The former card ends. Raises Invalid, Conflict."""
    if family.pk == into.pk:
        raise Invalid(into=_("Pilih keluarga lain."))
    told = at_the_counter(actor, source=source, evidence=evidence, note=note)
    held, other = (locked_family(one, seen=seen if one.pk == family.pk else None) for one in sorted((family, into), key=lambda one: one.pk))
    held, other = (held, other) if held.pk == family.pk else (other, held)
    families.check_day(on, clock.today())
    first = of_family(told, Kind.MERGE, held, valid_from=on).pk
    for one in _members(held):
        relation = _code("relation", relations.get(one.pk))
        if relation is None or relation == codes.HEAD:
            raise Invalid(relations=_("Pilih hubungan setiap anggota dengan kepala keluarga yang dituju."))
        record(told, Kind.MERGE, one, valid_from=on, family=held, together=first,
               changes={"family": other.pk, "relation": relation, "place": other.place_id})
    Family.objects.filter(pk=held.pk).update(ended=True)
    other.refresh_from_db()
    return other


@act("people.change_number", title=gettext_lazy("Mencatat nomor KK baru"), says=gettext_lazy("{actor} mencatat nomor KK baru untuk {subject}"),
     secret=PRIVATE, emits=HAPPENED)
def change_number(actor: Actor, family: Family, *, number: str, on: date, evidence: str = "", source: str = "kelurahan", seen: int | None = None) -> Family:
    """The family gets another number; it stays the same family. Raises Invalid, Conflict when the number is known already."""
    told, held = at_the_counter(actor, source=source, evidence=evidence), locked_family(family, seen=seen)
    families.check_day(on, clock.today())
    sealed, key = _number(number)
    of_family(told, Kind.KK_NUMBER, held, valid_from=on)
    try:
        with transaction.atomic():
            Family.objects.filter(pk=held.pk).update(number=sealed, number_key=key)
    except IntegrityError as error:
        raise Conflict(_("Nomor KK ini sudah dipakai keluarga lain.")) from error
    held.refresh_from_db()
    return held


def _arrive(told: Told, family: Family, facts: Mapping[str, Any], on: date) -> Person:
    state = {name: _clean(name, value) for name, value in facts.items()}
    lacking = [name for name in ("name", "sex", "born", "relation") if not state.get(name)]
    if lacking:
        raise Invalid(**dict.fromkeys(lacking, _("Isi bagian ini.")))
    state["name"] = _name(state["name"])
    families.check_birth(state["born"], clock.today())
    families.check_day(on, clock.today(), born=state["born"])
    return enter(told, Kind.MOVE_IN, valid_from=on, family=family, state={**state, "place": family.place_id, "family": family.pk})


def _new_family(place: Territory, address: str, number: str, *, provisional: bool) -> Family:
    _check_place(place)
    if not address.strip():
        raise Invalid(address=_("Isi alamat: jalan dan nomor rumah."))
    sealed, key = _number(number) if number.strip() else (None, None)
    try:
        with transaction.atomic():
            return Family.objects.create(place=place, address=address.strip()[:200], search=address_key(address), number=sealed, number_key=key,
                                         provisional=provisional)
    except IntegrityError as error:
        raise Conflict(_("Nomor KK ini sudah dipakai keluarga lain.")) from error


def _number(text: str) -> tuple[bytes, bytes]:
    number = KkNumber.parse(text, field="number").value
    return settings.SEAL.seal(number, "kk"), settings.SEAL.lookup(number, "kk")


def _check_place(place: Territory) -> None:
    if place.level not in (Level.KELURAHAN, Level.RW, Level.RT) or place.valid_to is not None:
        raise Invalid(place=_("Pilih RT, RW, atau kelurahan yang masih berlaku."))


def _members(family: Family) -> list[Person]:
    return list(Person.objects.filter(family=family, status=codes.RESIDENT).order_by("pk"))


def _chosen(family: Family, members: Sequence[Person]) -> list[Person]:
    ids = {member.pk for member in members}
    chosen = [one for one in _members(family) if one.pk in ids]
    if not chosen or len(chosen) != len(ids):
        raise Invalid(members=_("Pilih anggota keluarga ini yang masih tercatat sebagai penduduk."))
    return chosen


def _keep_a_head(told: Told, family: Family, staying: Sequence[Person], leaving: Sequence[Person], new_head: Person | None, on: date, first: int,
                 before: Any = None) -> None:
    """Whoever leaves may be the head: then one of those who stay takes over. `before` is done to each who leaves, so that the place is free."""
    loses = any(one.relation == codes.HEAD for one in leaving) and staying
    if loses and (new_head is None or new_head.pk not in {one.pk for one in staying}):
        raise Invalid(new_head=_("Kepala keluarga ikut pergi. Pilih kepala keluarga yang baru dari yang tinggal."))
    if before:
        for one in leaving:
            before(one)
    if loses and new_head is not None:
        if not before:  # the former head still holds the place: step down first
            for one in leaving:
                if one.relation == codes.HEAD:
                    record(told, Kind.HEAD, one, valid_from=on, family=family, together=first, changes={"relation": codes.OTHER})
        record(told, Kind.HEAD, next(one for one in staying if one.pk == new_head.pk), valid_from=on, family=family, together=first,
               changes={"relation": codes.HEAD})
