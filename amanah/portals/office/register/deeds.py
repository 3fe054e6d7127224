"""The deeds of the register: each act with its words and its form. Pages list those an actor may do; `filling` is the one view of all of them."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Actor
from amanah.portals.office.register import family_forms, person_forms
from amanah.portals.office.register.forms import RegisterForm
from amanah.registries.people.models import Family, Person
from amanah.registries.people.rules import codes
from amanah.registries.people.services import events, families

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One act as pages offer it. `slug` ends its address; `often`: what people queue for."""

    act: str
    slug: str
    label: Any
    lead: Any
    button: Any
    icon: str
    form: type[RegisterForm]
    call: Callable[[Actor, Any, Given], Any]
    often: bool = False
    grave: bool = False

    @property
    def permission(self) -> str:
        return f"people.{self.act}"

    @property
    def url(self) -> str:
        return f"office_register_{self.act}"


def _death(actor: Actor, _family: Family, given: Given) -> Person:
    return events.record_death(actor, given.pop("person"), **given)


def _plain(act: Callable[..., Any]) -> Callable[[Actor, Any, Given], Any]:
    return lambda actor, subject, given: act(actor, subject, **given)


def fits_family(deed: Deed, living: int) -> bool:
    """Whether a deed makes sense for a family of so many residents."""
    return living >= {"register_arrival": 0, "split_family": 2, "change_head": 2}.get(deed.act, 1)


def fits_person(deed: Deed, person: Any, years: int) -> bool:
    """Whether a deed makes sense for somebody: nobody is divorced who is not married."""
    married = person.marital == codes.MARRIED
    if deed.act == "record_marriage":
        return years >= 15 and not (married and person.sex == codes.FEMALE)
    return deed.act != "record_divorce" or married


OF_FAMILY = (
    Deed("record_birth", "kelahiran", _("Kelahiran"), _("Anak langsung masuk KK ini. Sampai SIAK memastikan, tandanya “Belum dipastikan”."),
         _("Catat kelahiran"), "baby-carriage", family_forms.BirthForm, _plain(events.record_birth), often=True),
    Deed("record_death", "kematian", _("Kematian"), _("Suami atau istri yang ditinggalkan menjadi cerai mati dengan sendirinya."),
         _("Catat kematian"), "heart-handshake", family_forms.DeathForm, _death, often=True),
    Deed("move_family", "pindah", _("Pindah dalam kota"), _("Seluruh keluarga pindah. Bila hanya sebagian, gunakan Pisah KK."), _("Catat pindah"), "home-move",
         family_forms.MoveForm, _plain(families.move_family), often=True),
    Deed("move_out", "keluar", _("Pindah keluar kota"), _("Pilih siapa yang pergi. Datanya tetap tersimpan dengan status Pindah keluar."),
         _("Catat pindah keluar"), "arrow-up-right", family_forms.LeaveForm, _plain(families.move_out), often=True),
    Deed("register_arrival", "kedatangan", _("Kedatangan"), _("Orang dari luar kota masuk ke keluarga ini."), _("Catat kedatangan"), "login",
         family_forms.ArrivalForm, _plain(families.register_arrival), often=True),
    Deed("split_family", "pisah", _("Pisah KK"), _("Sebagian anggota mendapat KK sendiri."), _("Pisahkan KK"), "layers-intersect", family_forms.SplitForm,
         _plain(families.split_family)),
    Deed("change_head", "kepala", _("Ganti kepala keluarga"), _("Satu keluarga selalu punya satu kepala."), _("Ganti kepala keluarga"), "user-check",
         family_forms.HeadForm, _plain(families.change_head)),
    Deed("merge_families", "gabung", _("Gabung ke KK lain"), _("Semua anggota pindah ke KK lain, dan KK ini berakhir."), _("Gabungkan KK"), "users-group",
         family_forms.MergeForm, _plain(families.merge_families), grave=True),
    Deed("change_number", "nomor", _("Nomor KK baru"), _("Keluarganya tetap sama; hanya nomornya yang baru."), _("Simpan nomor KK"), "id",
         family_forms.NumberForm, _plain(families.change_number)),
    Deed("record_stillbirth", "lahir-mati", _("Lahir mati"), _("Tercatat sebagai peristiwa keluarga. Tidak ada orang yang ditambahkan."),
         _("Catat lahir mati"), "note", family_forms.StillbirthForm, _plain(events.record_stillbirth)),
)
OF_PERSON = (
    Deed("update", "biodata", _("Mutakhirkan biodata"), _("Untuk keadaan yang memang berubah: pendidikan, pekerjaan, telepon."), _("Simpan biodata"), "edit",
         person_forms.UpdateForm, _plain(events.update), often=True),
    Deed("record_marriage", "perkawinan", _("Perkawinan"), _("KK keduanya tidak berubah dengan sendirinya. Sesudah ini catat pisah atau gabung KK."),
         _("Catat perkawinan"), "users", person_forms.MarriageForm, _plain(events.record_marriage)),
    Deed("record_divorce", "perceraian", _("Perceraian"), _("Dasarnya putusan pengadilan."), _("Catat perceraian"), "gavel", person_forms.DivorceForm,
         _plain(events.record_divorce)),
    Deed("record_parents", "orang-tua", _("Orang tua, pengangkatan, pengakuan"), _("Menghubungkan seorang anak dengan ibu atau ayahnya."),
         _("Catat orang tua"), "hierarchy-2", person_forms.ParentsForm, _plain(events.record_parents)),
    Deed("change_name", "nama", _("Perubahan nama"), _("Nama yang lama tetap tersimpan."), _("Catat nama baru"), "writing-sign", person_forms.NameForm,
         _plain(events.change_name)),
    Deed("correct", "pembetulan", _("Betulkan data"), _("Untuk yang sejak awal keliru tulis. Yang pernah tercatat tetap bisa dibaca."), _("Betulkan"), "tools",
         person_forms.CorrectForm, _plain(events.correct)),
)
OPEN_FAMILY = Deed("open_family", "keluarga-baru", _("KK baru untuk pendatang"),
                   _("Satu keluarga datang dari luar kota. Catat kepala keluarganya dulu; anggota lain menyusul."), _("Buka KK"), "plus",
                   family_forms.OpenForm, lambda actor, place, given: families.open_family(actor, place, **given))
UNDO = Deed("undo_event", "batal", _("Batalkan peristiwa"), _("Untuk peristiwa yang tidak pernah terjadi. Catatan dan alasannya tetap terbaca."),
            _("Batalkan peristiwa"), "arrow-back-up", person_forms.UndoForm, _plain(events.undo_event), grave=True)
BY_ACT: Mapping[str, Deed] = {deed.act: deed for deed in (*OF_FAMILY, *OF_PERSON, OPEN_FAMILY, UNDO)}
