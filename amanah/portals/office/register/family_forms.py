"""Forms of what happens to a family. Names of fields are the keywords of the acts; `arguments` makes what an act is called with."""
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.register.forms import (
    EVIDENCE,
    WHEN,
    FamilyField,
    PersonField,
    RegisterForm,
    coded,
    day,
    name_field,
    note_field,
    number_field,
    sex_field,
    text,
)
from amanah.portals.office.register.places import PlaceFields, kelurahan_for
from amanah.registries.people.models import Person
from amanah.registries.people.rules import codes

FACTS = ("name", "sex", "born", "birthplace", "relation", "religion", "marital", "education", "occupation", "blood", "citizenship", "disability", "nik",
         "phone", "mother_name", "father_name")
FERTILE = {codes.FEMALE: (12, 60), codes.MALE: (14, 90)}  # years of those whom a form of a birth offers; others are found by searching
COUPLE = (codes.HEAD, codes.HUSBAND, codes.WIFE)


class TableField(forms.Field):
    """Stands for the table of members in summaries of errors; the table itself is drawn by the page."""

    def __init__(self, label: Any, hint: Any = "") -> None:
        super().__init__(label=label, help_text=hint, required=False)


class BirthForm(RegisterForm):
    """A child is born into the family."""

    name = name_field(_("Nama anak"))
    sex = sex_field()
    born = day(_("Tanggal lahir"))
    birthplace = text(_("Tempat lahir"), required=False, longest=100, autocapitalize="words")
    mother = PersonField(label=_("Ibu"), hint=_("Pilih, atau cari bila ibunya tidak di keluarga ini."), required=False)
    father = PersonField(label=_("Ayah"), required=False)
    mother_name = text(_("Nama ibu, bila bukan penduduk kota"), required=False, longest=200, autocapitalize="words")
    father_name = text(_("Nama ayah, bila bukan penduduk kota"), required=False, longest=200, autocapitalize="words")
    relation = coded("relation", _("Hubungan dengan kepala keluarga"), required=True, without=(codes.HEAD,))
    evidence = text(_("Nomor surat keterangan lahir"), required=False, longest=200)
    nik = number_field(_("NIK"), _("Biarkan kosong bila belum terbit."))
    note = note_field()
    layout = (("", (("name",), ("sex",), ("born", "birthplace"), ("relation", "evidence"))), (_("Orang tua"), (("mother", "father"), ("mother_name", "father_name"))),
              (_("Bila ada"), (("nik",), ("note",))))

    def prepare(self) -> None:
        self.initial.setdefault("relation", codes.CHILD)
        for name, sex in (("mother", codes.FEMALE), ("father", codes.MALE)):
            couple = [one for one in self.members if one.sex == sex and one.relation in COUPLE and one.marital != codes.SINGLE
                      and FERTILE[sex][0] <= one.age <= FERTILE[sex][1]]
            if len(couple) == 1:
                self.initial.setdefault(name, couple[0].id)

    def offered(self, name: str) -> Iterable[Any]:
        sex = codes.FEMALE if name == "mother" else codes.MALE
        return [one for one in self.members if one.sex == sex and FERTILE[sex][0] <= one.age <= FERTILE[sex][1]]


class StillbirthForm(RegisterForm):
    """A child was born dead; nobody enters the register."""

    on = day(_("Tanggal"))
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()

    def prepare(self) -> None:
        del self.fields["seen"]


class DeathForm(RegisterForm):
    """Somebody of the family died."""

    person = PersonField(label=_("Siapa yang meninggal"), sought=False)
    on = day(_("Tanggal meninggal"))
    evidence = text(_("Nomor surat keterangan kematian"), required=False, longest=200)
    new_head = PersonField(label=_("Kepala keluarga yang baru"), hint=_("Hanya bila yang meninggal kepala keluarga."), required=False, sought=False)
    note = note_field()
    layout = (("", (("person",), ("on", "evidence"), ("new_head",), ("note",))),)

    def prepare(self) -> None:
        if len(self.members) == 1:
            del self.fields["new_head"]

    def offered(self, name: str) -> Iterable[Any]:
        return self.members if name == "person" else [one for one in self.members if one.relation != codes.HEAD]


class FactsForm(RegisterForm):
    """Somebody whom the register does not know yet."""

    name = name_field()
    sex = sex_field()
    born = day(_("Tanggal lahir"))
    birthplace = text(_("Tempat lahir"), required=False, longest=100, autocapitalize="words")
    nik = number_field(_("NIK"), _("Kosongkan bila belum ada."))
    relation = coded("relation", _("Hubungan dengan kepala keluarga"), required=True, without=(codes.HEAD,))
    religion = coded("religion", _("Agama"))
    marital = coded("marital", _("Status perkawinan"))
    education = coded("education", _("Pendidikan"))
    occupation = coded("occupation", _("Pekerjaan"))
    blood = coded("blood", _("Golongan darah"))
    citizenship = coded("citizenship", _("Kewarganegaraan"))
    disability = coded("disability", _("Disabilitas"))
    mother_name = text(_("Nama ibu kandung"), required=False, longest=200, autocapitalize="words")
    father_name = text(_("Nama ayah"), required=False, longest=200, autocapitalize="words")
    phone = text(_("Nomor telepon"), required=False, longest=30, inputmode="tel")
    on = day(_("Tanggal datang"))
    evidence = text(_("Nomor surat pindah"), hint=_("SKPWNI atau surat dari daerah asal."), longest=200)
    note = note_field()
    biodata = (("religion", "marital"), ("education", "occupation"), ("blood", "citizenship"), ("disability", "phone"), ("mother_name", "father_name"))
    who = (("name",), ("sex",), ("born", "birthplace"), ("nik", "relation"))

    def prepare(self) -> None:
        self.initial.setdefault("citizenship", 1)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        facts = {name: value for name in FACTS if (value := given.pop(name, None)) not in (None, "")}
        given[self.into] = facts
        return given

    into = "facts"


class ArrivalForm(FactsForm):
    """Somebody moves into the city, into this family."""

    layout = ((_("Siapa"), FactsForm.who), (_("Biodata"), FactsForm.biodata), (_("Kedatangan"), (("on", "evidence"), ("note",))))


class OpenForm(FactsForm):
    """A family comes to the city; its head first."""

    into = "head_facts"
    address = text(_("Alamat"), hint=_("Jalan dan nomor rumah, tanpa RT dan RW."), longest=200, autocapitalize="words")
    number = number_field(_("Nomor KK"), _("Kosongkan bila belum terbit."))
    layout = ((_("Tempat tinggal"), (("address",), ("kelurahan",), ("rw", "rt"), ("number",))), (_("Kepala keluarga"), FactsForm.who),
              (_("Biodata"), FactsForm.biodata), (_("Kedatangan"), (("on", "evidence"), ("note",))))

    def prepare(self) -> None:
        super().prepare()
        del self.fields["relation"], self.fields["seen"]
        groups = kelurahan_for(self.actor, "people.open_family")
        PlaceFields.add(self, groups)
        if len(groups) == 1 and len(groups[0][1]) == 1:
            self.initial.setdefault("kelurahan", groups[0][1][0][0])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        PlaceFields.place_of(self, given)
        return given


class MembersForm(RegisterForm):
    """A form with a line for each member: a box to choose them, a relation to give them, or both."""

    boxes, asks_relation, head_offered = True, True, True

    def prepare(self) -> None:
        for one in self.members:
            if self.boxes:
                self.fields[f"m_{one.id}"] = forms.BooleanField(label=one.name, required=False)
            if self.asks_relation:
                field = coded("relation", _now("Hubungan %(name)s") % {"name": one.name}, without=() if self.head_offered else (codes.HEAD,))
                self.fields[f"relation_{one.id}"] = field
                if one.relation != codes.HEAD or self.head_offered:
                    self.initial.setdefault(f"relation_{one.id}", one.relation)

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """(member, its box or None, its select or None)."""
        return [(one, self[f"m_{one.id}"] if self.boxes else None, self[f"relation_{one.id}"] if self.asks_relation else None) for one in self.members]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        boxed = {one.id for one in self.members if given.pop(f"m_{one.id}", False)}
        told = {one.id: relation for one in self.members if (relation := given.pop(f"relation_{one.id}", None)) is not None}
        given.pop("relations", None)
        if self.boxes:
            given["members"] = list(Person.objects.filter(pk__in=boxed))
        if self.asks_relation:
            given["relations"] = {key: relation for key, relation in told.items() if key in boxed or not self.boxes}
        return given


class SplitForm(MembersForm):
    """Some leave for a card of their own."""

    members = TableField(_("Siapa yang pisah, dan apa hubungannya di KK baru"), _("Satu di antaranya menjadi kepala keluarga."))
    relations = TableField(_("Hubungan"))
    new_head = PersonField(label=_("Kepala keluarga lama diganti oleh"), hint=_("Hanya bila kepala keluarga ikut pisah."), required=False, sought=False)
    moves = forms.BooleanField(label=_("Tinggal di alamat lain"), required=False)
    address = text(_("Alamat baru"), required=False, longest=200, autocapitalize="words")
    on = day(WHEN)
    number = number_field(_("Nomor KK baru"), _("Kosongkan bila belum terbit."))
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()
    layout = (("", (("members",), ("new_head",))), (_("Alamat KK baru"), (("moves",), ("address",), ("kelurahan",), ("rw", "rt"))),
              (_("Pencatatan"), (("on", "number"), ("evidence",), ("note",))))

    def prepare(self) -> None:
        super().prepare()
        PlaceFields.add(self, kelurahan_for(None), initial=self.subject.place)
        for name in ("kelurahan", "rw", "rt"):
            self.fields[name].required = False

    def offered(self, name: str) -> Iterable[Any]:
        return [one for one in self.members if one.relation != codes.HEAD]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if any(one.pk not in given["relations"] for one in given["members"]):
            self.add_error("members", _("Pilih hubungan setiap orang yang pisah."))
        if given.pop("moves", False):
            for name in ("address", "kelurahan", "rw", "rt"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
            PlaceFields.place_of(self, given)
        else:
            for name in ("address", "kelurahan", "rw", "rt"):
                given.pop(name, None)
        return given


class MoveForm(RegisterForm):
    """The whole family moves inside the city."""

    address = text(_("Alamat baru"), hint=_("Jalan dan nomor rumah, tanpa RT dan RW."), longest=200, autocapitalize="words")
    on = day(_("Tanggal pindah"))
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()
    layout = ((_("Ke mana"), (("address",), ("kelurahan",), ("rw", "rt"))), (_("Pencatatan"), (("on", "evidence"), ("note",))))

    def prepare(self) -> None:
        PlaceFields.add(self, kelurahan_for(None))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        PlaceFields.place_of(self, given)
        return given


class LeaveForm(MembersForm):
    """Members, or all of them, leave the city."""

    asks_relation = False
    members = TableField(_("Siapa yang pindah keluar"))
    new_head = PersonField(label=_("Kepala keluarga yang baru"), hint=_("Hanya bila kepala keluarga pergi dan ada yang tinggal."), required=False, sought=False)
    destination = text(_("Kota atau kabupaten tujuan"), longest=200, autocapitalize="words")
    on = day(_("Tanggal pindah"))
    evidence = text(_("Nomor surat pindah"), longest=200)
    note = note_field()
    layout = (("", (("members",), ("new_head",), ("destination",), ("on", "evidence"), ("note",))),)

    def offered(self, name: str) -> Iterable[Any]:
        return [one for one in self.members if one.relation != codes.HEAD]


class HeadForm(MembersForm):
    """Another member leads the family."""

    boxes, head_offered = False, False
    head = PersonField(label=_("Kepala keluarga yang baru"), sought=False)
    relations = TableField(_("Hubungan anggota lain dengan kepala keluarga baru"), _("Yang dikosongkan tetap seperti sekarang."))
    on = day(WHEN)
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()
    layout = (("", (("head",), ("relations",), ("on", "evidence"), ("note",))),)

    def offered(self, name: str) -> Iterable[Any]:
        return [one for one in self.members if one.relation != codes.HEAD]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        head = given.get("head")
        given["relations"] = {key: relation for key, relation in given["relations"].items() if head is None or key != head.pk}
        return given


class MergeForm(MembersForm):
    """All members join another family; this card ends."""

    boxes, head_offered = False, False
    into = FamilyField(label=_("Keluarga yang dituju"), hint=_("Cari salah satu anggotanya."))
    relations = TableField(_("Hubungan mereka dengan kepala keluarga yang dituju"))
    on = day(WHEN)
    evidence = text(EVIDENCE, required=False, longest=200)
    note = note_field()
    layout = (("", (("into",), ("relations",), ("on", "evidence"), ("note",))),)


class NumberForm(RegisterForm):
    """The family gets another number."""

    number = text(_("Nomor KK baru"), hint=_("16 angka."), longest=40, inputmode="numeric")
    on = day(WHEN)
    evidence = text(EVIDENCE, required=False, longest=200)
    layout = (("", (("number",), ("on", "evidence"))),)
