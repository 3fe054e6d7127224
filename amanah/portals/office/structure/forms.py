"""Forms of the structure: texts in, keyword arguments of an act out."""
from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.deeds import DeedForm, day, reason, text
from amanah.portals.office.places import Choices, OfficeField
from amanah.portals.office.upkeep.forms import as_code
from amanah.registries.offices.models import Kind, Office, OfficeLink
from amanah.registries.offices.rules.calendar import Group
from amanah.registries.territory.models import Territory

# ---------------------------------------------------------------- offices

class OpenForm(DeedForm):
    """A new office. `parent` is where it hangs; at the top only for those who may open offices in the whole city."""

    name = text(_("Nama kantor"), hint=_("Lengkap, seperti di peraturan daerah."), longest=200, autocapitalize="words")
    abbreviation = text(_("Singkatan"), required=False, longest=60)
    kind = forms.ChoiceField(label=_("Jenis"), choices=[("", _("Pilih jenis")), *Kind.choices])
    code = text(_("Kode kantor"), hint=_("Huruf kecil, angka, garis bawah. Dikosongkan: dibuat dari singkatan atau nama. Tidak bisa diganti."),
                required=False, longest=64, autocapitalize="none", spellcheck="false")
    valid_from = day(_("Hari pertama"), hint=_("Boleh hari yang akan datang."))
    territory = forms.ChoiceField(label=_("Wilayah kerja"), required=False)
    hours_group = forms.ChoiceField(label=_("Kelompok jam kerja"), required=False)
    duties = reason(_("Tugas"), hint=_("Dalam 1 kalimat. Warga membacanya."), required=False)
    source = text(_("Dasar"), hint=_("Misalnya nomor peraturan daerah."), longest=300)
    confirmed = forms.BooleanField(label=_("Dasar itu sudah saya baca sendiri"), required=False,
                                   help_text=_("Tanpa ini warga melihat tanda “Belum dipastikan”."))

    def __init__(self, *args: Any, parents: Iterable[Office], top: bool, territories: Choices, groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = OfficeField(label=_("Di bawah kantor"), offices=parents, nothing=_("Paling atas, tanpa induk") if top else None,
                                            error_messages={"required": _("Pilih kantor induknya.")})
        self.fields["territory"].choices = [("", _("Tidak terikat satu wilayah")), *territories]
        self.fields["hours_group"].choices = [("", _("Jam umum kota")), *((group.code, group.name) for group in groups)]
        self.order_fields(["parent"])

    def clean_territory(self) -> Territory | None:
        return Territory.objects.filter(code=self.cleaned_data["territory"]).first()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["code"] = given.get("code") or as_code(given.get("abbreviation") or given.get("name", ""))
        return given


class RenameForm(DeedForm):
    """Another name for an office."""

    name = text(_("Nama baru"), longest=200, autocapitalize="words")
    abbreviation = text(_("Singkatan baru"), hint=_("Dikosongkan: tetap yang sekarang."), required=False, longest=60)
    since = day(_("Berlaku sejak"), hint=_("Hari ini atau sebelumnya."))
    legal_basis = text(_("Dasar hukum"), hint=_("Misalnya nomor peraturan daerah."), longest=250)


class CloseForm(DeedForm):
    """The end of an office and who goes on. Up to four successors: one where offices are merged, several where one is split."""

    SUCCESSORS = ("successors", "successors_2", "successors_3", "successors_4")

    last_day = day(_("Hari terakhir"), hint=_("Sesudah hari ini penerusnya yang menjawab."))
    kind = forms.ChoiceField(label=_("Perubahannya"), initial=OfficeLink.Kind.MERGED, widget=forms.RadioSelect,
                             choices=[(value, capfirst(words)) for value, words in OfficeLink.Kind.choices])
    legal_basis = text(_("Dasar hukum"), hint=_("Misalnya nomor peraturan daerah."), longest=250)
    reason = reason(hint=_("Wajib bila tidak ada penerus. Ikut tercatat."), required=False)

    def __init__(self, *args: Any, successors: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = list(successors)
        for number, name in enumerate(self.SUCCESSORS, start=1):
            label = _("Kantor penerus") if number == 1 else _("Penerus ke-%d") % number
            self.fields[name] = OfficeField(label=label, offices=offices, nothing=_("Tidak ada"))
        self.order_fields(["last_day", *self.SUCCESSORS])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [given.pop(name, None) for name in self.SUCCESSORS]
        return {**given, "successors": [office for office in dict.fromkeys(chosen) if office is not None]}

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields for further successors."""
        return [self[name] for name in self.SUCCESSORS[1:]]

    @property
    def several(self) -> bool:
        """Whether further successors were chosen, or something is wrong there."""
        return any(bound.value() or bound.errors for bound in self.more)


# ---------------------------------------------------------------- officials

class LinkForm(DeedForm):
    """Which account somebody signs in with; the first choice is none."""

    account_id = forms.ChoiceField(label=_("Akun"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, accounts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = [("", _("Tidak dihubungkan")), *((str(pk), words) for pk, words in accounts)]

    def clean_account_id(self) -> int | None:
        return int(self.cleaned_data["account_id"]) if self.cleaned_data["account_id"] else None


# ---------------------------------------------------------------- territories

class TerritoryForm(DeedForm):
    """Another name for a territory."""

    name = text(_("Nama baru"), hint=_("Tanpa kata Kelurahan atau Kecamatan."), longest=120, autocapitalize="words")
    since = day(_("Berlaku sejak"), hint=_("Hari ini atau sebelumnya."))
    source = text(_("Dasar"), hint=_("Keputusan yang mengganti nama ini."), longest=300)


# ---------------------------------------------------------------- applications

class ClientForm(DeedForm):
    """Another application that signs people in with their account here. That somebody is who they are is always told; the rest is chosen."""

    name = text(_("Nama aplikasi"), hint=_("Tampil pada orang yang ditanya, apakah ia mau masuk ke sana."), longest=100)
    redirect_uris = forms.CharField(label=_("Alamat kembali"), max_length=4000, help_text=_("Lengkap dan diawali https://. Satu baris untuk satu alamat."),
                                    widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}))
    scopes = forms.MultipleChoiceField(label=_("Yang boleh diketahui aplikasi"), required=False, initial=["profile"], widget=forms.CheckboxSelectMultiple,
                                       choices=[("profile", _("Nama")), ("email", _("Alamat email"))])
    public = forms.BooleanField(label=_("Tidak bisa menyimpan rahasia"), required=False,
                                help_text=_("Untuk aplikasi ponsel, atau yang seluruhnya berjalan di peramban. Aplikasi itu wajib memakai PKCE."))

    def clean_name(self) -> str:
        """One name, one application: otherwise people cannot tell to whom they say yes, and a page that is sent twice would register twice."""
        name = self.cleaned_data["name"].strip()
        if Client.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Aplikasi dengan nama ini sudah terdaftar."))
        return name

    def clean_redirect_uris(self) -> list[str]:
        return self.cleaned_data["redirect_uris"].split()

    def clean_scopes(self) -> list[str]:
        return ["openid", *self.cleaned_data["scopes"]]
