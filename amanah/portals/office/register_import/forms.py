"""What is asked before an extract comes in, and which of its columns is what."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel import clock
from amanah.portals.office.deeds import DeedForm, day, reason
from amanah.registries.people.models import Source
from amanah.registries.people.rules.extract import FIELDS, NEEDED, TITLES, guess


class BringForm(DeedForm):
    """A file, where it comes from, and of which day it is."""

    source = forms.ChoiceField(label=_("Sumber"))
    file = forms.FileField(label=_("Berkas"), help_text=_("CSV atau XLSX. Baris pertama berisi judul kolom."),
                           widget=forms.ClearableFileInput({"accept": ".csv,.txt,.xlsx"}))
    position = day(_("Posisi data"), hint=_("Tanggal data itu diambil dari SIAK."))
    complete = forms.BooleanField(label=_("Berkas memuat semua penduduk kota"), required=False,
                                  help_text=_("Penduduk yang tidak ada di berkas dicatat pindah, sementara."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(Source.objects.filter(master=True).order_by("name").values_list("code", "name"))
        self.fields["source"].choices = known or [("siak", "SIAK")]
        self.fields["position"].initial = clock.today()


class ColumnsForm(DeedForm):
    """For each field of ours the heading that the file uses; guesses stand there already."""

    def __init__(self, *args: Any, headings: list[str], saved: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guessed = guess(headings, saved)
        for field in sorted(FIELDS, key=lambda name: (name not in NEEDED, FIELDS.index(name))):
            self.fields[field] = forms.ChoiceField(label=TITLES[field], required=field in NEEDED, initial=guessed.get(field, ""),
                                                   choices=[("", _("Tidak ada")), *((heading, heading) for heading in headings if heading)])

    def chosen(self) -> dict[str, str]:
        return {field: heading for field, heading in self.cleaned_data.items() if heading}


class UndoForm(DeedForm):
    """Why an extract is taken back."""

    reason = reason()
