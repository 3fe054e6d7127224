"""Acts on persons: what people come to tell at the counter. Every one names its evidence; what SIAK has not said yet stays provisional.

Kinds of events: UU 23/2006 (population events and vital events). Limits for reporting are not enforced: a late report is still a report.
"""
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.identifiers import Nik, Phone

from ..models import Event, Family, Person
from ..rules import codes, families
from ..rules.state import FIELDS, has_cycle
from .recording import at_the_counter, enter, locked_family, record

Kind = Event.Kind
HAPPENED = ("people.happened",)
SECRET = ("name", "nik", "mother_name", "father_name", "phone", "changes", "born", "birthplace")  # never in the audit record
BIODATA = ("birthplace", "religion", "education", "occupation", "blood", "citizenship", "disability", "phone", "father_name", "mother_name")
FIXED = ("status", "place", "family", "relation", "mother", "father")  # changed by deeds of their own


@act("people.record_birth", title=gettext_lazy("Mencatat kelahiran"), says=gettext_lazy("{actor} mencatat kelahiran di keluarga {family}"),
     creates=True, secret=SECRET, emits=HAPPENED)
def record_birth(actor: Actor, family: Family, *, name: str, sex: int, born: date, birthplace: str = "", mother: Person | None = None,
                 father: Person | None = None, mother_name: str = "", father_name: str = "", relation: int = codes.CHILD, nik: str = "",
                 evidence: str = "", note: str = "", source: str = "kelurahan", seen: int | None = None) -> Person:
    """Write a birth into a family; without NIK until SIAK gives one, and provisional until SIAK knows it. Raises Invalid, Conflict."""
    families.check_birth(born, clock.today())
    told, held = at_the_counter(actor, source=source, evidence=evidence, note=note), locked_family(family, seen=seen)
    for parent, field in ((mother, "mother"), (father, "father")):
        if parent is not None:
            families.check_parent(born, parent.born, field)
    if mother is not None and mother.sex != codes.FEMALE:
        raise Invalid(mother=_("Ibu haruslah perempuan. Pilih orang yang benar."))
    if father is not None and father.sex != codes.MALE:
        raise Invalid(father=_("Ayah haruslah laki-laki. Pilih orang yang benar."))
    first = mother or father or Person.objects.filter(family=held, relation=codes.HEAD, status=codes.RESIDENT).first()
    return enter(told, Kind.BIRTH, valid_from=born, family=held, state={
        "place": held.place_id, "family": held.pk, "relation": _relation(relation), "name": _name(name), "sex": _code("sex", sex), "born": born,
        "birthplace": birthplace.strip(), "marital": codes.SINGLE, "education": 1, "occupation": 1, "citizenship": 1, "blood": 13,
        "religion": first.religion if first else None, "nik": _nik(nik), "mother": mother.pk if mother else None, "father": father.pk if father else None,
        "mother_name": mother_name.strip() or (mother.name if mother else None), "father_name": father_name.strip() or (father.name if father else "")})


@act("people.record_stillbirth", title=gettext_lazy("Mencatat lahir mati"), says=gettext_lazy("{actor} mencatat lahir mati di keluarga {subject}"))
def record_stillbirth(actor: Actor, family: Family, *, on: date, evidence: str = "", note: str = "", source: str = "kelurahan") -> Family:
    """Write a stillbirth down: an event of the family that adds nobody to the register. Raises Invalid."""
    from .recording import of_family

    families.check_day(on, clock.today())
    held = locked_family(family)
    of_family(at_the_counter(actor, source=source, evidence=evidence, note=note), Kind.STILLBIRTH, held, valid_from=on)
    return held


@act("people.record_death", title=gettext_lazy("Mencatat kematian"), says=gettext_lazy("{actor} mencatat kematian {subject}"), secret=SECRET,
     emits=HAPPENED)
def record_death(actor: Actor, person: Person, *, on: date, new_head: Person | None = None, evidence: str = "", note: str = "",
                 source: str = "kelurahan", seen: int | None = None) -> Person:
    """Write a death down. A husband or wife becomes widowed; a family that loses its head needs a new one. Raises Invalid, Conflict."""
    told = at_the_counter(actor, source=source, evidence=evidence, note=note)
    family = locked_family(person.family, seen=seen) if person.family else None
    person.refresh_from_db()
    if person.status != codes.RESIDENT:
        raise Conflict(_("Orang ini tidak lagi tercatat sebagai penduduk. Muat ulang, lalu periksa."))
    families.check_day(on, clock.today(), born=person.born)
    others = list(Person.objects.filter(family=family, status=codes.RESIDENT).exclude(pk=person.pk)) if family else []
    if person.relation == codes.HEAD and others and (new_head is None or new_head.pk not in {other.pk for other in others}):
        raise Invalid(new_head=_("Yang meninggal adalah kepala keluarga. Pilih kepala keluarga yang baru."))
    event = record(told, Kind.DEATH, person, valid_from=on, changes={"status": codes.DEAD}, family=family)
    couple = (codes.HEAD, codes.HUSBAND, codes.WIFE)
    spouses = [other for other in others if person.marital == codes.MARRIED == other.marital and {person.relation, other.relation} <= set(couple)]
    if len(spouses) == 1:
        record(told, Kind.UPDATE, spouses[0], valid_from=on, changes={"marital": codes.WIDOWED}, family=family, together=event.pk)
    if family and new_head and person.relation == codes.HEAD and others:
        record(told, Kind.HEAD, Person.objects.get(pk=new_head.pk), valid_from=on, changes={"relation": codes.HEAD}, family=family, together=event.pk)
    if family and not others:
        Family.objects.filter(pk=family.pk).update(ended=True)
    return person


@act("people.record_marriage", title=gettext_lazy("Mencatat perkawinan"), says=gettext_lazy("{actor} mencatat perkawinan {subject} dengan {spouse}"),
     secret=SECRET, emits=HAPPENED)
def record_marriage(actor: Actor, person: Person, *, spouse: Person, on: date, evidence: str, note: str = "", source: str = "kelurahan") -> Person:
    """Write a marriage of two residents down; their family cards follow by deeds of their own. UU 1/1974. Raises Invalid, Conflict."""
    if person.pk == spouse.pk or person.sex == spouse.sex:
        raise Invalid(spouse=_("Pilih suami dan istri: dua orang yang berbeda."))
    told = at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note)
    first = None
    for one in sorted((person, spouse), key=lambda one: one.pk):
        one.refresh_from_db()
        families.check_day(on, clock.today(), born=one.born)
        if one.status != codes.RESIDENT:
            raise Conflict(_("Salah satunya tidak lagi tercatat sebagai penduduk."))
        if one.marital == codes.MARRIED and one.sex == codes.FEMALE:
            raise Conflict(_("Perempuan ini masih tercatat kawin. Catat dulu perceraian atau kematian suaminya."))
        event = record(told, Kind.MARRIAGE, one, valid_from=on, changes={"marital": codes.MARRIED}, family=one.family, together=first)
        first = first or event.pk
    return person


@act("people.record_divorce", title=gettext_lazy("Mencatat perceraian"), says=gettext_lazy("{actor} mencatat perceraian {subject} dengan {spouse}"),
     secret=SECRET, emits=HAPPENED)
def record_divorce(actor: Actor, person: Person, *, spouse: Person, on: date, evidence: str, note: str = "", source: str = "kelurahan") -> Person:
    """Write a divorce down, with the court's decision as evidence. Raises Invalid, Conflict."""
    told = at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note)
    first = None
    for one in sorted((person, spouse), key=lambda one: one.pk):
        one.refresh_from_db()
        families.check_day(on, clock.today(), born=one.born)
        if one.marital != codes.MARRIED:
            raise Conflict(_("Salah satunya tidak tercatat kawin. Periksa orang yang dipilih."))
        event = record(told, Kind.DIVORCE, one, valid_from=on, changes={"marital": codes.DIVORCED}, family=one.family, together=first)
        first = first or event.pk
    return person


@act("people.record_parents", title=gettext_lazy("Mencatat pengangkatan atau pengakuan anak"),
     says=gettext_lazy("{actor} mencatat {kind} untuk {subject}"), secret=SECRET, emits=HAPPENED)
def record_parents(actor: Actor, person: Person, *, kind: str, on: date, mother: Person | None = None, father: Person | None = None, evidence: str,
                   note: str = "", source: str = "kelurahan") -> Person:
    """Adoption, recognition, or the linking of parents found in the register. Raises Invalid: also when somebody would be their own ancestor."""
    if kind not in (Kind.ADOPTION, Kind.RECOGNITION, Kind.LINK):
        raise Invalid(kind=_("Pilih pengangkatan, pengakuan, atau penghubungan orang tua."))
    families.check_day(on, clock.today(), born=person.born)
    told = at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note)
    changes: dict[str, Any] = {}
    for parent, field, sex in ((mother, "mother", codes.FEMALE), (father, "father", codes.MALE)):
        if parent is None:
            continue
        families.check_parent(person.born, parent.born, field)
        if parent.sex != sex or parent.pk == person.pk:
            raise Invalid(**{field: _("Pilih ibu yang perempuan dan ayah yang laki-laki, bukan anak itu sendiri.")})
        changes |= {field: parent.pk, f"{field}_name": parent.name}
    if not changes:
        raise Invalid(mother=_("Pilih ibu atau ayah."))
    if has_cycle(_ancestors(person.pk, [parent.pk for parent in (mother, father) if parent]), person.pk):
        raise Invalid(mother=_("Orang tua ini keturunan anak itu sendiri. Periksa orang yang dipilih."))
    record(told, kind, person, valid_from=on, changes=changes, family=person.family)
    return person


@act("people.change_name", title=gettext_lazy("Mencatat perubahan nama"), says=gettext_lazy("{actor} mencatat perubahan nama {subject}"), secret=SECRET,
     emits=HAPPENED)
def change_name(actor: Actor, person: Person, *, name: str, on: date, evidence: str, note: str = "", source: str = "kelurahan") -> Person:
    """Give a person another name from a day on, by a court's decision; the former stays in the past. Raises Invalid."""
    families.check_day(on, clock.today(), born=person.born)
    if _name(name) == person.name:
        raise Invalid(name=_("Isi nama yang baru."))
    record(at_the_counter(actor, source=source, evidence=_evidence(evidence), note=note), Kind.NAME, person, valid_from=on, changes={"name": _name(name)},
           family=person.family)
    return person


@act("people.update", title=gettext_lazy("Memutakhirkan biodata"), says=gettext_lazy("{actor} memutakhirkan biodata {subject}"), secret=SECRET,
     emits=HAPPENED)
def update(actor: Actor, person: Person, *, changes: Mapping[str, Any], on: date, evidence: str = "", note: str = "", source: str = "kelurahan",
           seen: int | None = None) -> Person:
    """Biodata that changed in life: education, occupation, telephone… from a day on. Raises Invalid; Conflict when `seen` is not their last event."""
    if set(changes) - set(BIODATA):
        raise Invalid(changes=_("Isian ini diubah lewat pembetulan atau peristiwa lain, bukan pemutakhiran."))
    families.check_day(on, clock.today(), born=person.born)
    return _change(actor, person, Kind.UPDATE, changes, on, source=source, evidence=evidence, note=note, seen=seen)


@act("people.correct", title=gettext_lazy("Membetulkan data penduduk"), says=gettext_lazy("{actor} membetulkan data {subject}"), secret=SECRET,
     emits=HAPPENED)
def correct(actor: Actor, person: Person, *, changes: Mapping[str, Any], reason: str, evidence: str, since: date | None = None,
            source: str = "kelurahan", seen: int | None = None) -> Person:
    """Correct what was written wrongly, from the day since which it was wrong (None: from the first day we know). What was believed stays readable.

    A change in between stays: a correction of the first name does not undo a later change of name. UU 27/2022 art. 6. Raises Invalid, Conflict.
    """
    if set(changes) - (set(FIELDS) - set(FIXED)):
        raise Invalid(changes=_("Keluarga, tempat tinggal, dan status diubah lewat peristiwanya sendiri."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis apa yang keliru dan dari mana Anda tahu."))
    if since is None:
        since = Event.objects.filter(person=person).order_by("valid_from", "id").values_list("valid_from", flat=True)[0]
    families.check_day(since, clock.today(), field="since")
    if changes.get("born"):
        families.check_birth(changes["born"], clock.today())
    return _change(actor, person, Kind.CORRECTION, changes, since, source=source, evidence=_evidence(evidence), note=reason, seen=seen)


@act("people.undo_event", title=gettext_lazy("Membatalkan peristiwa yang salah catat"), says=gettext_lazy("{actor} membatalkan peristiwa {event} pada {subject}"),
     emits=HAPPENED)
def undo_event(actor: Actor, person: Person, *, event: Event, reason: str) -> Person:
    """Take an event back that never happened: a deed of its own that stays readable. Events of one deed are undone one by one.

    Raises Conflict when it is undone already, or when others build on it so that the family would have two heads.
    """
    if event.person_id != person.pk or event.kind == Kind.UNDO:
        raise Invalid(event=_("Pilih peristiwa milik orang ini."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis mengapa peristiwa ini dibatalkan."))
    if Event.objects.filter(about=event, kind=Kind.UNDO).exists():
        raise Conflict(_("Peristiwa ini sudah dibatalkan."))
    if event.kind in (Kind.REGISTER, Kind.BIRTH, Kind.MOVE_IN) and Person.objects.filter(mother=person).union(Person.objects.filter(father=person)).exists():
        raise Conflict(_("Orang ini sudah tercatat sebagai orang tua. Lepaskan dulu hubungan itu."))
    record(at_the_counter(actor, note=reason), Kind.UNDO, person, valid_from=event.valid_from, changes={}, family=person.family, about=event)
    return person


def _change(actor: Actor, person: Person, kind: str, changes: Mapping[str, Any], on: date, *, source: str, evidence: str, note: str,
            seen: int | None) -> Person:
    told = at_the_counter(actor, source=source, evidence=evidence, note=note)
    clean = {name: _clean(name, value) for name, value in changes.items()}
    if not clean:
        raise Invalid(changes=_("Belum ada yang diubah."))
    if seen is not None and Person.objects.select_for_update().values_list("event", flat=True).get(pk=person.pk) != seen:
        raise Conflict(_("Data orang ini baru saja diubah petugas lain. Muat ulang, lalu periksa lagi."))
    record(told, kind, person, valid_from=on, changes=clean, family=person.family)
    return person


def _clean(name: str, value: Any) -> Any:
    if name in codes.LISTS:
        return _code(name, value)
    if name == "name":
        return _name(value)
    if name == "nik":
        return _nik(value or "")
    if name == "phone":
        return Phone.parse(value).value if value else None
    return value.strip() if isinstance(value, str) else value


def _code(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    if not str(value).isdecimal() or int(value) not in codes.LISTS[name]:
        raise Invalid(**{name: _("Pilih dari daftar.")})
    return int(value)


def _relation(value: Any) -> int:
    code = _code("relation", value)
    if code is None or code == codes.HEAD:
        raise Invalid(relation=_("Pilih hubungan dengan kepala keluarga."))
    return code


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or not any(ch.isalpha() for ch in name):
        raise Invalid(name=_("Isi nama seperti di akta atau KTP. Satu kata pun cukup."))
    if len(name) > 200:
        raise Invalid(name=_("Nama ini terlalu panjang. Tulis paling banyak 200 huruf."))
    return name


def _nik(text: str) -> str | None:
    return Nik.parse(text).value if text.strip() else None


def _evidence(text: str) -> str:
    if not text.strip():
        raise Invalid(evidence=_("Tulis nomor akta, surat, atau putusan yang menjadi dasar."))
    return text.strip()


def _ancestors(person: int, parents: list[int]) -> dict[int, list[int]]:
    """The parents of the proposed parents, generation by generation; a dozen at most are alive in a register."""
    known: dict[int, list[int]] = {person: parents}
    ahead = set(parents)
    while ahead and len(known) < 1000:
        rows = list(Person.objects.filter(pk__in=ahead).values_list("id", "mother_id", "father_id"))
        known |= {id: [parent for parent in (mother, father) if parent] for id, mother, father in rows}
        ahead = {parent for found in known.values() for parent in found} - set(known)
    return known
