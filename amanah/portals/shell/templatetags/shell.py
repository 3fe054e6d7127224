"""The components as template tags. `{% load shell %}`, then for instance `{% chip "Diterima" icon="inbox" %}`; the gallery shows every one."""
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanah.foundation.kernel import dates
from amanah.portals.shell.charts import Bars, Lines, Pyramid
from amanah.portals.shell.components import STATUS, Chip, Clock, Event, Figure, Filter, Pager, Person, Stage, Steps, Table
from amanah.portals.shell.drawing import StillMap

register = template.Library()
FOLDER = "shell/components/"
NOTE_ICONS = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-triangle", "": "info-circle", "info": "info-circle", "pause": "message-question"}
LEVELS = {"success": "ok", "warning": "warn", "error": "bad", "debug": "info"}  # Django's message levels to tones


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A symbol of the sprite. Beside a word it is hidden from screen readers; alone it needs a `label`. `size`: "" or "lg"."""
    return _icon(name, size, str(label))


@lru_cache(maxsize=1024)  # a page has dozens of them, and each asks for the name of the sprite's file
def _icon(name: str, size: str, label: str) -> SafeString:
    href = f"{static('shell/img/icons.svg')}#{name}"
    css = "icon icon-lg" if size == "lg" else "icon"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.inclusion_tag(FOLDER + "chip.html")
def chip(word: "str | Chip", tone: str = "", icon: str = "") -> dict[str, Any]:
    """A status: icon, word, tint. Takes a `Chip` or its three parts. Tones: "" (idle), info, pause, warn, bad, ok."""
    return {"chip": word if isinstance(word, Chip) else Chip(word, tone, icon)}


@register.inclusion_tag(FOLDER + "chip.html")
def status(code: str) -> dict[str, Any]:
    """The chip of a known state: received, checking, in_work, waiting, done, refused … (`components.STATUS`)."""
    return {"chip": STATUS[code]}


@register.inclusion_tag(FOLDER + "clock.html")
def clock(value: Clock, small: bool = False) -> dict[str, Any]:
    """The due clock of a promise; the same for resident and clerk."""
    return {"clock": value, "small": small}


@register.inclusion_tag(FOLDER + "timeline.html")
def timeline(events: "list[Event]") -> dict[str, Any]:
    """What happened, what happens now, what comes next."""
    return {"events": events}


@register.inclusion_tag(FOLDER + "person.html")
def person(value: Person) -> dict[str, Any]:
    """A person's name, initials and one line; masked by whoever made the value."""
    return {"person": value}


@register.inclusion_tag(FOLDER + "datatable.html")
def datatable(table: Table, compact: bool = False) -> dict[str, Any]:
    """A table with caption and row headers that scrolls in its own frame when the screen is narrow."""
    return {"table": table, "compact": compact}


@register.inclusion_tag(FOLDER + "filterbar.html")
def filterbar(filters: "list[Filter]", action: str = "", button: str = "") -> dict[str, Any]:
    """Narrow a list by a plain GET form."""
    return {"filters": filters, "action": action, "button": button or _("Tampilkan")}


@register.inclusion_tag(FOLDER + "pager.html")
def pager(value: Pager) -> dict[str, Any]:
    """Previous and next of a long list (keyset paging: no page numbers)."""
    return {"pager": value}


@register.inclusion_tag(FOLDER + "stepper.html")
def stepper(steps: Steps) -> dict[str, Any]:
    """Which step of how many, as a sentence and a bar."""
    return {"steps": steps}


@register.inclusion_tag(FOLDER + "flow.html")
def flow(stages: "list[Stage]") -> dict[str, Any]:
    """The stages of a procedure, numbered, before somebody begins."""
    return {"stages": stages}


@register.inclusion_tag(FOLDER + "empty.html")
def empty(title: str, text: str = "", icon: str = "inbox", href: str = "", action: str = "", level: int = 2) -> dict[str, Any]:
    """Nothing here yet: what will stand here, and the one next step."""
    return {"title": title, "text": text, "icon_name": icon, "href": href, "action": action, "level": level}


@register.inclusion_tag(FOLDER + "note.html")
def note(text: object, tone: str = "", icon: str = "") -> dict[str, Any]:
    """A short piece of news. Tones: "" (information), ok, warn, bad, pause."""
    tone = LEVELS.get(tone, tone)
    return {"text": text, "tone": tone, "icon_name": icon or NOTE_ICONS.get(tone, "info-circle")}


@register.inclusion_tag(FOLDER + "figure.html")
def figure(value: Figure) -> dict[str, Any]:
    """Source, date, method and CSV beneath a number, chart or map."""
    return {"figure": value}


# ---------------------------------------------------------------- dates, as the page's language says them

def _language() -> str:
    return get_language() or "id"


@register.filter
def on_date(day: date | None) -> str:
    """"24 Nov 2026"."""
    return dates.short_date(day, _language()) if day else ""


@register.filter
def on_day(day: date | None) -> str:
    """"Selasa, 24 Nov 2026"."""
    return dates.day_and_date(day, _language()) if day else ""


@register.filter
def on_month(day: date | None) -> str:
    """"November 2026"."""
    return dates.month_and_year(day, _language()) if day else ""


@register.filter
def at_time(moment: datetime | None) -> str:
    """"09.40" on the wall of a city office."""
    return dates.time_of_day(moment, _language()) if moment else ""


@register.filter
def at_moment(moment: datetime | None) -> str:
    """"Selasa, 24 Nov 2026, 09.40"."""
    return dates.date_and_time(moment, _language()) if moment else ""


# ---------------------------------------------------------------- forms

@register.inclusion_tag(FOLDER + "error_summary.html")
def error_summary(form: forms.BaseForm, focus: bool = True) -> dict[str, Any]:
    """All errors of a sent form on top, each a link to its field. Takes the focus; nothing typed is lost."""
    lines = [(bound.id_for_label or bound.auto_id, message) for bound in form.visible_fields() for message in bound.errors]
    return {"lines": lines, "general": form.non_field_errors(), "count": len(lines) + len(form.non_field_errors()), "focus": focus}


@register.inclusion_tag(FOLDER + "field.html")
def field(bound: forms.BoundField) -> dict[str, Any]:
    """Label, hint, error and control of one form field, joined by aria-describedby.

    `autocomplete` and `inputmode` are the widget's attributes, set in the form. Radio buttons and check boxes become finger-sized choices.
    """
    widget = bound.field.widget
    kind = ("choices" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
            else "check" if isinstance(widget, forms.CheckboxInput) else "hidden" if widget.is_hidden else "control")
    identity = bound.auto_id
    described = [part for part, there in ((f"{identity}-petunjuk", bound.help_text), (f"{identity}-galat", bound.errors)) if there]
    css = "form-select" if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect) else "form-control"
    attrs: dict[str, Any] = {"class": "form-check-input" if kind in ("check", "choices") else css}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    control = bound.as_widget(attrs=attrs) if kind in ("control", "check", "hidden") else ""
    return {"bound": bound, "kind": kind, "identity": identity, "control": control, "described": " ".join(described), "optional": not bound.field.required}


# ---------------------------------------------------------------- drawings

@register.simple_tag
def stillmap(drawing: StillMap, caption: str = "", table: str = "", interactive: str = "") -> SafeString:
    """The still map (SVG by the server). `table`: address of its table twin. `interactive`: address of the page with the map one can move."""
    personal = any(pin.kind == "here" for pin in drawing.pins)  # somebody's own whereabouts: drawn for them, never kept
    return (_map.__wrapped__ if personal else _map)(drawing, str(caption), table, interactive, _language())


@lru_cache(maxsize=128)
def _map(drawing: StillMap, caption: str, table: str, interactive: str, language: str) -> SafeString:
    return render_to_string(FOLDER + "map.html", {"map": drawing, "caption": caption, "table": table, "interactive": interactive})


@register.inclusion_tag(FOLDER + "bars.html")
def barchart(bars: Bars, figure: Figure | None = None) -> dict[str, Any]:
    """Bars against a target: line = target, hatching = what is missing. Table twin folded beneath."""
    return {"bars": bars, "figure": figure}


@register.inclusion_tag(FOLDER + "lines.html")
def linechart(lines: Lines, figure: Figure | None = None) -> dict[str, Any]:
    """A series over time with its target, interrupted where the way of measuring changed. Table twin beneath."""
    return {"lines": lines, "figure": figure}


@register.inclusion_tag(FOLDER + "pyramid.html")
def pyramid(value: Pyramid, figure: Figure | None = None) -> dict[str, Any]:
    """Two groups by age, back to back. Table twin folded beneath; hidden small figures are said there."""
    return {"pyramid": value, "figure": figure}
