"""Fields that only forms of the register have: choosing a person, and the table of members."""
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amanah.portals.office.register.choosing import PersonField
from amanah.portals.office.register.family_forms import TableField
from amanah.portals.office.register.forms import RegisterForm
from amanah.portals.shell.templatetags.shell import FOLDER, field

register = template.Library()
PARTS = "office/register/parts/"


@register.simple_tag(takes_context=True)
def register_field(context: dict[str, Any], bound: forms.BoundField, form: RegisterForm) -> SafeString:
    """A field of a form of the register; ordinary ones as everywhere."""
    request = context["request"]
    identity = bound.auto_id
    described = " ".join(part for part, there in ((f"{identity}-petunjuk", bound.help_text), (f"{identity}-galat", bound.errors)) if there)
    common = {"bound": bound, "identity": identity, "described": described, "path": request.get_full_path()}
    if isinstance(bound.field, PersonField):
        return render_to_string(f"{PARTS}who.html", common | _who(bound, form))
    if isinstance(bound.field, TableField):
        if bound.name == "relations" and "members" in form.fields:
            return SafeString("")  # the table of members has a column for them
        more = form["relations"].errors if bound.name == "members" and "relations" in form.fields else []
        for _one, box, select in form.lines:
            if box is not None:
                box.field.widget.attrs.setdefault("class", "form-check-input")
            if select is not None:
                select.field.widget.attrs.setdefault("class", "form-select")
        return render_to_string(f"{PARTS}lines.html", common | {"lines": form.lines, "asks_relation": form.asks_relation, "more": more})
    return render_to_string(f"{FOLDER}field.html", field(bound))


def _who(bound: forms.BoundField, form: RegisterForm) -> dict[str, Any]:
    value = str(bound.value() or "")
    choices = [{"key": key, "name": one.name, "note": one.note, "chosen": key == value} for key, one in bound.field.offers.items()]
    if choices and not bound.field.required:
        choices.append({"key": "", "name": _("Tidak dipilih"), "note": "", "chosen": not value})
    sought = getattr(form, "sought", {}).get(bound.name, {})
    typed = (form.data if form.is_bound else form.initial).get(f"cari_{bound.name}") or ""
    return {"choices": choices, "typed": sought.get("text", typed), "none": sought.get("none", False)}
