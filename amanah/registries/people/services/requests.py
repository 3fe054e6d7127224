"""What somebody may ask of us about their own data, and how it is answered. UU 27/2022 arts 5 to 13."""
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused
from amanah.foundation.kernel.identifiers import Nik, Phone

from ..models import Person, Request, Tie
from ..permissions import PROTECT
from ..queries.looks import look_of
from ..queries.ties import children_of
from ..rules import codes
from ..rules.requests import CORRECTABLE, due
from . import copies
from .events import correct

Kind, State = Request.Kind, Request.State
MOST_OPEN = 20  # of one account at a time: an open door, not a flood gate
LABEL = "request"
FIELD_NAMES = {  # what can be corrected, as pages call it
    "name": gettext_lazy("Nama"), "nik": gettext_lazy("NIK"), "born": gettext_lazy("Tanggal lahir"), "birthplace": gettext_lazy("Tempat lahir"),
    "religion": gettext_lazy("Agama"), "marital": gettext_lazy("Status perkawinan"), "education": gettext_lazy("Pendidikan"),
    "occupation": gettext_lazy("Pekerjaan"), "blood": gettext_lazy("Golongan darah"), "disability": gettext_lazy("Disabilitas"),
    "mother_name": gettext_lazy("Nama ibu kandung"), "father_name": gettext_lazy("Nama ayah"), "phone": gettext_lazy("Nomor telepon"),
}


def _own(actor: Actor, _name: str, person: Person, *, kind: str = "", **_keywords: object) -> bool:
    """The person themselves; about a child under eighteen, a parent of the same family may ask who looked and why."""
    held = Tie.objects.filter(account=actor.account_id).select_related("person").first() if actor.account_id is not None else None
    if held is None:
        return False
    return held.person_id == person.pk or (kind == Kind.QUESTION and any(child.pk == person.pk for child in children_of(held.person)))


@act("people.ask", title=gettext_lazy("Mengajukan permintaan tentang data sendiri"), says=gettext_lazy("{actor} mengajukan permintaan tentang datanya"),
     creates=True, allowed=_own, secret=("text", "wanted"), emits=("people.asked",))
def ask(actor: Actor, person: Person, *, kind: str, text: str = "", about: str = "", field: str = "", wanted: str = "") -> Request:
    """Ask for a copy, a correction, a restriction or its lifting, or question an entry (`about`: queries.looks.Look.key). Answered within 72 hours.

    Raises Invalid for what cannot be asked so, NotFound for an entry that is not theirs, Conflict when the same is asked already.
    """
    if kind not in Kind.values:
        raise Invalid(kind=_("Pilih dari daftar."))
    mine = Request.objects.filter(account=actor.account_id, state=State.OPEN)
    same = mine.filter(kind=kind, person=person)
    sealed = None
    if kind == Kind.QUESTION:
        if not text.strip():
            raise Invalid(text=_("Tulis apa yang ingin Anda ketahui."))
        seen = look_of(person, about)
        field = "" if seen.entry is not None else seen.key
        same = same.filter(entry=seen.entry, field=field)
    elif kind == Kind.CORRECTION:
        seen, sealed = None, _wanted(field, wanted)
        same = same.filter(field=field)
    else:
        seen, field = None, ""
        if kind in (Kind.RESTRICTION, Kind.LIFTING) and person.restricted == (kind == Kind.RESTRICTION):
            raise Conflict(_("Penggunaan data Anda sudah dibatasi.") if person.restricted else _("Penggunaan data Anda sedang tidak dibatasi."))
    if same.exists():
        raise Conflict(_("Permintaan yang sama masih menunggu jawaban."))
    if mine.count() >= MOST_OPEN:
        raise Conflict(_("Terlalu banyak permintaan yang menunggu. Tunggu dulu jawabannya."))
    now = clock.now()
    made = Request.objects.create(person=person, account=actor.account_id or 0, kind=kind, text=text.strip()[:2000], entry=seen.entry if seen else None,
                                  field=field, wanted=sealed, at=now, due_at=due(now))
    emit("people.asked", request=made.pk, kind=kind)
    return made


@act("people.answer", title=gettext_lazy("Menjawab permintaan tentang data pribadi"), says=gettext_lazy("{actor} menjawab permintaan tentang data"),
     secret=("answer", "evidence"), emits=("people.answered",))
def answer(actor: Actor, request: Request, *, granted: bool, answer: str, evidence: str = "") -> Request:
    """Grant or refuse, in words for the one who asked. A granted restriction holds at once, a correction becomes an event, a copy is made for them alone.

    Who grants a correction also needs people.correct there; questions are answered by those who hold people.protect.
    Raises Invalid without words, Conflict when it is answered already.
    """
    if not answer.strip():
        raise Invalid(answer=_("Tulis jawaban untuk warga, dengan alasannya."))
    if request.kind == Kind.QUESTION and not actor.may(PROTECT):
        raise Refused(_("Pertanyaan tentang pembukaan data dijawab pejabat pelindung data pribadi."), needs=PROTECT)
    _conclude(actor, request, State.DONE if granted else State.REFUSED, answer)
    person = request.person
    if granted and person is not None:
        if request.kind == Kind.COPY:
            request.file = copies.make(actor, person, owner=f"account:{request.account}").pk
            request.save(update_fields=["file"])
        elif request.kind in (Kind.RESTRICTION, Kind.LIFTING):
            Person.objects.filter(pk=person.pk).update(restricted=request.kind == Kind.RESTRICTION)
        elif request.kind == Kind.CORRECTION:
            changes = {request.field: _value(request.field, wanted(request))}
            correct(actor, person, changes=changes, reason=_("Atas permintaan pemilik data"), evidence=evidence or _("Permintaan nomor %(n)d") % {"n": request.pk})
    return request


def wanted(request: Request) -> str:
    """What the corrected value should be; whoever shows it has recorded why."""
    return settings.SEAL.open(request.wanted, LABEL) if request.wanted else ""


def correction_value(field: str, text: str) -> str:
    """A wanted value in words: the label of a code, anything else as it is."""
    return codes.label(field, int(text)) if field in codes.LISTS and text.isdecimal() else text


def _conclude(actor: Actor, request: Request, state: str, words: str) -> None:
    facts: Mapping[str, Any] = {"state": state, "answer": words.strip()[:4000], "answered_at": clock.now(), "answered_by": actor.ref}
    if not Request.objects.filter(pk=request.pk, state=State.OPEN).update(**facts):
        raise Conflict(_("Permintaan ini sudah dijawab."))
    for name, value in facts.items():
        setattr(request, name, value)
    emit("people.answered", request=request.pk)


def _wanted(field: str, text: str) -> bytes:
    if field not in CORRECTABLE:
        raise Invalid(field=_("Pilih bagian yang keliru."))
    if not text.strip():
        raise Invalid(wanted=_("Tulis isian yang benar."))
    if len(text) > 200:
        raise Invalid(wanted=_("Terlalu panjang. Paling banyak 200 huruf."))
    try:
        _value(field, text)
    except Invalid as error:
        raise Invalid(wanted=next(iter(error.details.values()), error.message)) from error
    sealed: bytes = settings.SEAL.seal(text.strip(), LABEL)
    return sealed


def _value(field: str, text: str) -> Any:
    """The value that an event would hold; raises Invalid for what can be none."""
    text = text.strip()
    if field == "born":
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise Invalid(born=_("Tulis tanggal, bulan, dan tahun.")) from error
        if day > clock.today():
            raise Invalid(born=_("Tanggal lahir tidak boleh sesudah hari ini."))
        return day
    if field in codes.LISTS:
        if not text.isdecimal() or int(text) not in codes.LISTS[field]:
            raise Invalid(**{field: _("Pilih dari daftar.")})
        return int(text)
    return Nik.parse(text).value if field == "nik" else Phone.parse(text).value if field == "phone" else text
