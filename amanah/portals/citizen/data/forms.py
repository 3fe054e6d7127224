"""Forms of a resident about their own data: texts in, keyword arguments of an act out."""
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.registries.people.rules import codes


class OwnForm(forms.Form):
    """A form whose act may object: each sentence then stands at its field."""

    use_required_attribute = False  # the server answers in words; the browser's bubbles speak another language

    def attempt(self, deed: Callable[..., Any]) -> Any | None:
        """What the act gives back, or None when the form or the act objects; nothing typed is lost."""
        if not self.is_valid():
            return None
        try:
            return deed(**self.cleaned_data)
        except Invalid as objection:
            for name, sentence in objection.details.items() or ((None, objection.message),):
                self.add_error(name if name in self.fields else None, str(sentence))
        except Conflict as objection:
            self.add_error(None, objection.message)
        return None


def words(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=2000, widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
                           error_messages={"required": gettext_lazy("Tulis dulu isinya."), "max_length": gettext_lazy("Terlalu panjang. Paling banyak 2.000 huruf.")})


class QuestionForm(OwnForm):
    text = words(gettext_lazy("Apa yang ingin Anda ketahui?"), gettext_lazy("Misalnya: saya tidak ke kantor hari itu, mengapa data saya dibuka?"))


class ReasonForm(OwnForm):
    text = words(gettext_lazy("Alasan"), gettext_lazy("Misalnya: data saya keliru dan sedang dibetulkan."), required=False)


class CorrectionForm(OwnForm):
    """The right value of one field: a list for codes, a date for a date, a line of text for the rest."""

    def __init__(self, *args: Any, field: str, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = _("%(label)s yang benar") % {"label": label}
        missing = {"required": _("Tulis isian yang benar.")}
        attrs = {"autocomplete": {"phone": "tel", "name": "name", "born": "bday"}.get(field, "off")}
        if field in codes.LISTS:
            self.fields["wanted"] = forms.ChoiceField(label=what, choices=[("", _("Pilih")), *((str(code), word) for code, word in codes.LISTS[field].items())],
                                                      error_messages=missing | {"invalid_choice": _("Pilih dari daftar.")})
        elif field == "born":
            self.fields["wanted"] = forms.CharField(label=what, max_length=10, error_messages=missing, widget=forms.DateInput(attrs | {"type": "date"}))
        else:
            numeric = {"inputmode": "numeric"} if field in ("nik", "phone") else {}
            self.fields["wanted"] = forms.CharField(label=what, max_length=200, error_messages=missing, widget=forms.TextInput(attrs | numeric))
        self.fields["text"] = words(_("Bukti yang Anda punya"), _("Misalnya: nomor akta kelahiran. Bawa aslinya bila diminta."), required=False)


class PhoneForm(OwnForm):
    phone = forms.CharField(label=gettext_lazy("Nomor ponsel"), help_text=gettext_lazy("Untuk kabar lewat SMS atau WhatsApp. Kosongkan untuk menghapusnya."),
                            required=False, max_length=30, widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}))
