"""Forms of what happens to one person."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.register.forms import (
    EVIDENCE,
    WHEN,
    PersonField,
    RegisterForm,
    coded,
    day,
    name_field,
    note_field,
    number_field,
    reason,
    sex_field,
    text,
)
from amanah.registries.people.models import Event
from amanah.registries.people.rules import codes
from amanah.registries.people.rules.state import SEALED
from amanah.registries.people.services.events import BIODATA

KEEP = _("Dikosongkan: tetap yang sekarang.")


class MarriageForm(RegisterForm):
    """Two residents marry."""

    spouse = PersonField(label=_("Dengan siapa"), hint=_("Cari namanya."))
    on = day(_("Tanggal perkawinan"))
    evidence = text(_("Nomor akta atau buku nikah"), longest=200)
    note = note_field()
    layout = (("", (("spouse",), ("on", "evidence"), ("note",))),)

    def prepare(self) -> None:
        del self.fields["seen"]

    def offered(self, name: str) -> list[Any]:
        return []


class DivorceForm(MarriageForm):
    """A marriage ends by the court's decision."""

    spouse = PersonField(label=_("Dari siapa"), hint=_("Pilih, atau cari namanya."))
    on = day(_("Tanggal putusan"))
    evidence = text(_("Nomor putusan atau akta cerai"), longest=200)

    def offered(self, name: str) -> list[Any]:
        return [one for one in self.members if one.id != self.subject.pk and one.sex != self.subject.sex and one.marital == codes.MARRIED]


class ParentsForm(RegisterForm):
    """Adoption, recognition, or parents found in the register."""

    kind = forms.ChoiceField(label=_("Apa yang dicatat"), widget=forms.RadioSelect, initial=Event.Kind.LINK, choices=[
        (Event.Kind.LINK, _("Orang tua kandung ditemukan dalam register")), (Event.Kind.ADOPTION, Event.Kind.ADOPTION.label),
        (Event.Kind.RECOGNITION, Event.Kind.RECOGNITION.label)])
    mother = PersonField(label=_("Ibu"), required=False)
    father = PersonField(label=_("Ayah"), required=False)
    on = day(WHEN)
    evidence = text(EVIDENCE, hint=_("Penetapan, akta, atau surat."), longest=200)
    note = note_field()
    layout = (("", (("kind",), ("mother", "father"), ("on", "evidence"), ("note",))),)

    def prepare(self) -> None:
        del self.fields["seen"]

    def offered(self, name: str) -> list[Any]:
        sex = codes.FEMALE if name == "mother" else codes.MALE
        return [one for one in self.members if one.sex == sex and one.id != self.subject.pk and one.born.year + 10 <= self.subject.born.year]


class NameForm(RegisterForm):
    """Another name, by a court's decision."""

    name = name_field(_("Nama baru"))
    on = day(WHEN)
    evidence = text(_("Nomor penetapan"), longest=200)
    note = note_field()
    layout = (("", (("name",), ("on", "evidence"), ("note",))),)

    def prepare(self) -> None:
        del self.fields["seen"]


class FactsOfForm(RegisterForm):
    """Fields of a person as they are now; only what is changed is told. Sealed ones stay empty: what is not typed stays."""

    names: tuple[str, ...] = BIODATA

    def prepare(self) -> None:
        made = {
            "name": name_field(), "sex": sex_field(), "born": day(_("Tanggal lahir")), "birthplace": text(_("Tempat lahir"), required=False, longest=100),
            "religion": coded("religion", _("Agama")), "marital": coded("marital", _("Status perkawinan")), "education": coded("education", _("Pendidikan")),
            "occupation": coded("occupation", _("Pekerjaan")), "blood": coded("blood", _("Golongan darah")),
            "citizenship": coded("citizenship", _("Kewarganegaraan")), "disability": coded("disability", _("Disabilitas")),
            "nik": number_field(_("NIK"), KEEP), "phone": text(_("Nomor telepon"), required=False, hint=KEEP, longest=30, inputmode="tel"),
            "mother_name": text(_("Nama ibu kandung"), required=False, hint=KEEP, longest=200),
            "father_name": text(_("Nama ayah"), required=False, longest=200)}
        for name in self.names:
            self.fields[name] = made[name]
            if name not in SEALED:
                self.initial.setdefault(name, getattr(self.subject, name))

    def clean(self) -> dict[str, Any]:
        given, changes = super().clean() or {}, {}
        for name in self.names:
            if name in given and name not in self.errors:
                value = given.pop(name)
                now = None if name in SEALED else getattr(self.subject, name)
                if (value not in (None, "")) if name in SEALED else (value or None) != (now or None):
                    changes[name] = value
        given["changes"] = changes
        if not changes and not self.errors:
            self.add_error(None, _("Belum ada yang diubah. Ubah paling sedikit 1 isian."))
        return given


class UpdateForm(FactsOfForm):
    """Biodata that changed in life."""

    on = day(WHEN, hint=_("Sejak kapan keadaannya begitu."))
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()
    layout = ((_("Biodata"), (("religion", "education"), ("occupation", "blood"), ("citizenship", "disability"), ("birthplace", "phone"),
                              ("mother_name", "father_name"))), (_("Pencatatan"), (("on", "evidence"), ("note",))))


class CorrectForm(FactsOfForm):
    """What was written wrongly, put right."""

    names = ("name", "sex", "born", "nik", *BIODATA, "marital")
    reason = reason(_("Apa yang keliru, dan dari mana Anda tahu"))
    evidence = text(EVIDENCE, hint=_("Akta, ijazah, atau surat yang menjadi dasar."), longest=200)
    since = day(_("Keliru sejak"), hint=_("Dikosongkan: sejak pertama tercatat."), required=False)
    layout = ((_("Yang dibetulkan"), (("name",), ("sex",), ("born", "birthplace"), ("nik", "phone"), ("religion", "marital"), ("education", "occupation"),
                                       ("blood", "citizenship"), ("disability",), ("mother_name", "father_name"))),
              (_("Dasarnya"), (("reason",), ("evidence", "since"))))


class UndoForm(RegisterForm):
    """An event that never happened is taken back."""

    reason = reason(_("Mengapa peristiwa ini dibatalkan"))

    def prepare(self) -> None:
        del self.fields["seen"]
