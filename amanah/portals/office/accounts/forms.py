"""Forms of accounts, roles, mandates and duty sessions: texts in, keyword arguments of an act out."""
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from amanah.foundation.access import rules
from amanah.foundation.access.models import Account, Kind, MandateKind, Role
from amanah.foundation.kernel.actor import Scope
from amanah.portals.office.deeds import DeedForm, day, reason, text
from amanah.portals.office.places import Choices, OfficeField
from amanah.registries.offices.models import Office

RoleHere = tuple[Role, Scope]


class OpenForm(DeedForm):
    """A new account. `office` says whose administrators look after it; empty is the city itself, for those who may."""

    name = text(_("Nama lengkap"), autocomplete="off", autocapitalize="words")
    kind = forms.ChoiceField(label=_("Jenis akun"), choices=Kind.choices, initial=Kind.STAFF, widget=forms.RadioSelect)
    username = text(_("Nama pengguna"), hint=_("Dipakai untuk masuk. Huruf kecil tanpa spasi, misalnya dedi.contoh."), required=False, longest=150,
                    autocapitalize="none", spellcheck="false")
    email = forms.CharField(label=_("Alamat email"), help_text=_("Untuk membuat kata sandi baru sendiri. Isi salah satu: nama pengguna atau email."),
                            required=False, max_length=254, widget=forms.TextInput({"type": "email", "inputmode": "email", "autocomplete": "off"}))
    language = forms.ChoiceField(label=_("Bahasa"), choices=settings.LANGUAGES, initial="id")

    def __init__(self, *args: Any, offices: Iterable[Office], whole_city: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = OfficeField(label=_("Unit kerja"), offices=offices, nothing=_("Kota, tanpa unit kerja") if whole_city else None,
                                            help_text=_("Admin unit ini yang mengurus akunnya."), error_messages={
                                                "required": _("Pilih unit kerja."), "invalid_choice": _("Pilih salah satu yang ada di daftar.")})
        self.order_fields(["office", "name", "kind", "username", "email", "language"])


class ReasonForm(DeedForm):
    """Why."""

    reason = reason()


class WhereForm(forms.Form):
    """For which office and which territory: asked before the roles, since they decide which roles there are to give."""

    def __init__(self, *args: Any, offices: Iterable[Office], territories: Choices, whole_city: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kantor"] = OfficeField(label=_("Kantor"), offices=offices, nothing=_("Tanpa kantor tertentu") if whole_city else None)
        self.fields["wilayah"] = forms.ChoiceField(label=_("Wilayah"), required=False, choices=[("", _("Wilayah kerja kantor itu")), *territories])


class _Handing(DeedForm):
    """A role to hand out, chosen among those that fit the person, the place and the actor."""

    def __init__(self, *args: Any, roles: Sequence[RoleHere], said: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = {role.code: (role, scope) for role, scope in roles}
        self.fields["role"].choices = [(role.code, words) for (role, _scope), words in zip(roles, said, strict=True)]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0][0].code

    def clean_role(self) -> RoleHere:
        return self.roles[self.cleaned_data["role"]]


class GrantForm(_Handing):
    """Give a role."""

    role = forms.ChoiceField(label=_("Peran"), widget=forms.RadioSelect)
    valid_from = day(_("Hari pertama"), hint=_("Kosongkan bila mulai hari ini."), required=False)
    valid_to = day(_("Hari terakhir"), hint=_("Sebaiknya diisi. Sesudah hari ini peran berhenti sendiri."), required=False)
    reason = reason(hint=_("Misalnya nomor surat penugasan. Ikut tercatat."))


class MandateForm(_Handing):
    """Lend a role to somebody who stands in."""

    kind = forms.ChoiceField(label=_("Sebagai"), choices=MandateKind.choices, widget=forms.RadioSelect,
                             help_text=_("Plt. bila jabatan kosong, Plh. bila pejabatnya tidak di tempat."))
    position = text(_("Jabatan yang dijalankan"), hint=_("Seperti tertulis di surat perintah, misalnya Lurah Contoh."), longest=200)
    role = forms.ChoiceField(label=_("Peran yang dipinjamkan"), widget=forms.RadioSelect)
    on_behalf_of = forms.ChoiceField(label=_("Menggantikan"), required=False, help_text=_("Ia boleh mengakhiri mandat ini saat kembali."))
    legal_basis = text(_("Dasar"), hint=_("Nomor dan tanggal surat perintah."), longest=300)
    starts = day(_("Hari pertama"))
    ends = day(_("Hari terakhir"), hint=_("Wajib untuk Plt. dan Plh."), required=False)
    reason = reason(hint=_("Misalnya: Lurah cuti tahunan. Ikut tercatat."))

    def __init__(self, *args: Any, replaceable: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaceable = {str(account.pk): account for account in replaceable}
        self.fields["on_behalf_of"].choices = [("", _("Jabatan sedang kosong")), *((pk, account.name) for pk, account in self.replaceable.items())]

    def clean_on_behalf_of(self) -> Account | None:
        return self.replaceable.get(self.cleaned_data["on_behalf_of"])


class DutyForm(DeedForm):
    """Begin a duty session."""

    LENGTHS = (15, 30, 60, 120, int(rules.LONGEST_DUTY.total_seconds() // 60))

    reason = reason(_("Untuk apa"), hint=_("Misalnya: menutup akun pegawai yang pindah, surat 12/2026."))
    minutes = forms.TypedChoiceField(label=_("Berapa lama"), coerce=int, initial=60, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [(n, _("%(n)d menit") % {"n": n} if n < 60 else _("%(n)d jam") % {"n": n // 60}) for n in self.LENGTHS]
