"""What every page with a button does: who may come in, an act's objections back at their fields, and a sentence that says what was done."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts.registry import ACTS
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Conflict, Invalid, NotFound, Refused

View = Callable[..., HttpResponse]
Done = TypeVar("Done")
DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]


def staff(*permissions: str) -> Callable[[View], View]:
    """A page for those who hold one of `permissions` somewhere (none named: for everybody who works here). Visitors sign in first, others find no page."""
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor
            if actor.account_id is None:
                return redirect_to_login(request.get_full_path())
            if actor.kind == "resident" or (permissions and not any(actor.holds(name) for name in permissions)):
                raise NotFound
            return view(request, *args, **kwargs)
        return guarded
    return wrap


def must(actor: Actor, permission: str, thing: Scope) -> None:
    """Before a form is shown: Refused unless the act behind it would let this actor through. The act decides again, and records."""
    if not actor.may(permission, thing):
        raise Refused(needs=permission)


# ---------------------------------------------------------------- forms

class DeedForm(forms.Form):
    """The form of an act: texts in, keyword arguments out. What is missing is said with the field's own name."""

    use_required_attribute = False  # the server answers in words; the browser's bubbles speak another language
    conflict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            verb = _("Pilih %(label)s.") if isinstance(field, forms.ChoiceField) else _("Isi %(label)s.")
            label = str(field.label or "")
            field.error_messages["required"] = verb % {"label": label[:1].lower() + label[1:]}
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Pilih salah satu yang ada di daftar.")


def day(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    """A date. The browser's own picker where it has one, otherwise typed."""
    picker = forms.DateInput({"type": "date", "autocomplete": "off"}, "%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, input_formats=DAYS, widget=picker,
                           error_messages={"invalid": gettext_lazy("Tulis tanggal, bulan, dan tahun, misalnya 24-11-2026.")})


def text(label: Any, *, hint: Any = "", required: bool = True, longest: int = 150, **attrs: Any) -> forms.CharField:
    """A line of text. `attrs` are the input's own: autocomplete (off unless given), inputmode …"""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=longest, widget=forms.TextInput({"autocomplete": "off"} | attrs),
                           error_messages={"max_length": gettext_lazy("Terlalu panjang. Paling banyak %(limit_value)d huruf.")})


WHY = gettext_lazy("Alasan")
ON_RECORD = gettext_lazy("Ikut tercatat, dan dapat dibaca pemeriksa.")


def reason(label: Any = WHY, *, hint: Any = ON_RECORD, required: bool = True, longest: int = 500) -> forms.CharField:
    """A sentence or two."""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=longest, widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
                           error_messages={"max_length": gettext_lazy("Terlalu panjang. Paling banyak %(limit_value)d huruf.")})


def attempt(form: DeedForm, deed: Callable[..., Done]) -> Done | None:
    """Call `deed` with what the form holds. None when the form or the act objects: each sentence then stands at its field, nothing typed is lost."""
    if not form.is_valid():
        return None
    try:
        return deed(**form.cleaned_data)
    except Invalid as objection:
        for name, sentence in objection.details.items() or ((None, objection.message),):
            form.add_error(name if name in form.fields else None, str(sentence))
    except Conflict as objection:
        form.add_error(None, objection.message)
        form.conflict = True
    return None


# ---------------------------------------------------------------- pages

@dataclass(frozen=True, slots=True)
class Ask:
    """A page that asks for what one act needs. `crumbs` lead back: (label, address)."""

    title: str
    button: str
    back: str
    crumbs: tuple[tuple[str, str], ...]
    lead: str = ""
    grave: bool = False  # the button takes something away


def ask(request: HttpRequest, page: Ask, form: DeedForm, template: str = "office/deed.html", **context: Any) -> HttpResponse:
    """Show the form: 200 at first, 422 with objections, 409 when somebody else was first."""
    status = 409 if form.conflict else 422 if form.is_bound and form.errors else 200
    return render(request, template, {"ask": page, "form": form, **context}, status=status)


def done(request: HttpRequest, deed: str, **words: object) -> None:
    """Tell the actor what they just did, in the act's own sentence, and that it is on record."""
    sentence = str(ACTS[deed].says).format(actor=_("Anda"), **words)
    messages.success(request, _("%(sentence)s. Sudah tercatat dalam jejak.") % {"sentence": sentence.rstrip(".")})
