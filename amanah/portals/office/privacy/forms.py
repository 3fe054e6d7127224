from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.deeds import DeedForm, reason, text


class AnswerForm(DeedForm):
    """Grant or refuse, in words for the one who asked."""

    granted = forms.TypedChoiceField(label=_("Keputusan"), choices=[("1", _("Penuhi")), ("0", _("Tolak, dengan alasan"))], coerce=lambda value: value == "1",
                                     widget=forms.RadioSelect)
    answer = reason(_("Jawaban untuk warga"), hint=_("Bahasa sehari-hari: apa yang dilakukan, atau mengapa tidak."), longest=2000)
    evidence = text(_("Bukti"), hint=_("Untuk pembetulan: nomor akta, surat, atau putusan."), required=False, longest=200)

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if kind == "question":
            self.fields["granted"].choices = [("1", _("Jawab")), ("0", _("Tidak dapat dijawab, dengan alasan"))]
        if kind != "correction":
            del self.fields["evidence"]
