"""Forms of upkeep: hours, seats, officials, RW and RT. Texts in, keyword arguments of an act out."""
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.deeds import DeedForm, day, reason, text
from amanah.registries.offices.models import Appointment, Level, Official, Unit
from amanah.registries.offices.rules.calendar import Group

WEEKDAYS = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
PARTS = (("opens", _("Buka")), ("break_from", _("Mulai istirahat")), ("break_to", _("Selesai istirahat")), ("closes", _("Jam tutup")))


# ---------------------------------------------------------------- hours

class GroupForm(DeedForm):
    """Keep the hours that a group of offices keeps."""

    group = forms.ChoiceField(label=_("Kelompok jam kerja"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(group.code, group.name) for group in groups]


def _time() -> forms.TimeField:
    return forms.TimeField(required=False, input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], widget=forms.TimeInput({"type": "time", "autocomplete": "off"}, "%H:%M"),
                           error_messages={"invalid": _("Tulis jam dan menit, misalnya 07.30.")})


class HoursForm(DeedForm):
    """Hours of an office's own: for each weekday four times, or none for a day on which it is closed."""

    season = text(_("Nama jam ini"), hint=_("Misalnya: Jam biasa, atau Ramadan 2027."), longest=60)
    source = text(_("Dasar"), hint=_("Misalnya nomor surat edaran."), longest=250)
    valid_from = day(_("Berlaku sejak"), hint=_("Kosongkan untuk jam sehari-hari."), required=False)
    valid_to = day(_("Berlaku sampai"), hint=_("Sesudahnya kembali ke jam sehari-hari."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            for part, _label in PARTS:
                self.fields[f"{part}_{weekday}"] = _time()

    @staticmethod
    def initial_of(days: Iterable[Any]) -> dict[str, object]:
        """The fields as the hours of now would fill them. `days` are `rules.calendar.DayHours`."""
        return {f"{part}_{each.weekday}": getattr(each, part) for each in days for part, _label in PARTS}

    def clean(self) -> dict[str, Any]:
        """Turn the times into `week`; a day with some times but not those it needs is told so at that day."""
        given, week = super().clean() or {}, {}
        for weekday in range(7):
            times = {part: given.pop(f"{part}_{weekday}", None) for part, _label in PARTS}
            if not any(times.values()):
                continue
            if not times["opens"] or not times["closes"]:
                self._object(weekday, "opens", _("Isi jam buka dan jam tutup, atau kosongkan semuanya bila tutup."))
            elif bool(times["break_from"]) != bool(times["break_to"]):
                self._object(weekday, "break_from", _("Isi mulai dan selesai istirahat, atau kosongkan keduanya."))
            else:
                week[weekday] = [clock for clock in times.values() if clock]
                if week[weekday] != sorted(set(week[weekday])):
                    self._object(weekday, "opens", _("Urutkan jamnya: buka, istirahat, tutup."))
        return {**given, "week": week}

    def _object(self, weekday: int, part: str, sentence: Any) -> None:
        """Say what is wrong with a day, by its name: the summary on top lists it far from its row."""
        self.add_error(f"{part}_{weekday}", f"{WEEKDAYS[weekday]}: {sentence}")

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        """The table of the week: a weekday and its four fields with their labels."""
        return [(name, [(label, self[f"{part}_{n}"]) for part, label in PARTS]) for n, name in enumerate(WEEKDAYS)]


Week = Mapping[int, list[time]]


# ---------------------------------------------------------------- seats and officials

class PositionForm(DeedForm):
    """A new seat."""

    title = text(_("Nama jabatan"), hint=_("Misalnya: Kepala Seksi Pelayanan."), longest=200, autocapitalize="words")
    level = forms.ChoiceField(label=_("Jenjang"), choices=[("", _("Pilih jenjang")), *Level.choices])
    code = text(_("Kode jabatan"), hint=_("Huruf kecil, angka, garis bawah. Dikosongkan: dibuat dari nama jabatan."), required=False, longest=64,
                autocapitalize="none", spellcheck="false")
    unit = forms.ChoiceField(label=_("Bagian"), required=False)
    is_head = forms.BooleanField(label=_("Jabatan ini memimpin kantor"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [("", _("Tidak di bagian tertentu")), *((pk, unit.name) for pk, unit in self.units.items())]
        if not self.units:
            del self.fields["unit"]

    def clean_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["code"] = given.get("code") or as_code(given.get("title", ""))
        return given


def as_code(title: str) -> str:
    """"Kepala Seksi Pelayanan" → "kepala_seksi_pelayanan"."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:64].strip("_")


class OfficialForm(DeedForm):
    """Somebody who will hold a seat."""

    name = text(_("Nama pejabat"), hint=_("Dengan gelar, seperti di surat keputusan. NIP tidak dicatat."), longest=200, autocapitalize="words")


class AppointForm(DeedForm):
    """Who sits in the seat, how, and for how long."""

    official = forms.ChoiceField(label=_("Siapa"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Sebagai"), choices=Appointment.Kind.choices, initial=Appointment.Kind.DEFINITIVE, widget=forms.RadioSelect,
                             help_text=_("Definitif dan Pj. mengisi jabatan. Plt. dan Plh. menjalankannya untuk sementara."))
    since = day(_("Sejak"))
    until = day(_("Sampai"), hint=_("Wajib untuk Plt. dan Plh."), required=False)
    legal_basis = text(_("Dasar"), hint=_("Nomor dan tanggal surat keputusan."), longest=250)
    reason = reason(hint=_("Wajib untuk Plt. dan Plh., misalnya: pejabat cuti."), required=False, longest=250)

    def __init__(self, *args: Any, officials: Iterable[Official], notes: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officials = {str(official.pk): official for official in officials}
        self.fields["official"].choices = [(pk, f"{official.name} ({notes[official.pk]})" if official.pk in notes else official.name)
                                           for pk, official in self.officials.items()]

    def clean_official(self) -> Official:
        return self.officials[self.cleaned_data["official"]]


class EndForm(DeedForm):
    """The last day of an appointment."""

    last_day = day(_("Hari terakhir"))
    reason = reason(hint=_("Misalnya: pensiun, atau nomor surat keputusan. Ikut tercatat."), longest=250)


# ---------------------------------------------------------------- RW and RT

class NumberForm(DeedForm):
    """The number of a new RW or RT."""

    label = text(_("Nomor"), hint=_("Tiga angka, misalnya 003."), longest=4, inputmode="numeric")
    since = day(_("Ada sejak"), hint=_("Kosongkan bila sudah lama ada."), required=False)
    source = text(_("Dasar"), hint=_("Misalnya nomor keputusan lurah."), required=False, longest=300)


class ManyForm(DeedForm):
    """Many RW with their RT: a line for each RW."""

    plan = forms.CharField(label=_("RW dan RT"), max_length=20_000, widget=forms.Textarea({"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
                           help_text=_("Satu baris untuk satu RW, misalnya 001: 001, 002, 003. RT boleh belum ada."))
    source = text(_("Dasar"), hint=_("Misalnya nomor keputusan lurah."), required=False, longest=300)

    def clean_plan(self) -> dict[str, list[str]]:
        plan: dict[str, list[str]] = {}
        for number, line in enumerate(self.cleaned_data["plan"].splitlines(), start=1):
            if not line.strip():
                continue
            rw, _colon, rts = line.partition(":")
            labels = [part for part in re.split(r"[,;\s]+", rts) if part]
            wrong = next((part for part in (rw.strip(), *labels) if not re.fullmatch(r"\d{1,3}[A-Za-z]?", part)), None)
            if wrong is not None:
                raise forms.ValidationError(_("Baris %(number)d: “%(text)s” bukan nomor. Tulis seperti 001: 001, 002.") % {"number": number, "text": wrong[:20]})
            if rw.strip() in plan:
                raise forms.ValidationError(_("Baris %(number)d: RW %(label)s sudah ditulis di atas.") % {"number": number, "label": rw.strip()})
            plan[rw.strip()] = labels
        return plan


class CloseForm(DeedForm):
    """The last day of an RW or RT."""

    on = day(_("Hari terakhir"), hint=_("Sesudah hari ini RW atau RT itu tidak ada lagi."))
    reason = reason(hint=_("Misalnya: digabung dengan RT 004, keputusan lurah 7/2026. Ikut tercatat."))
