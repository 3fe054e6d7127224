"""Parts that only staff pages have."""
from typing import Any

from django import forms, template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amanah.foundation.access.models import Account
from amanah.foundation.access.queries import running_duty
from amanah.foundation.kernel import dates
from amanah.portals.office import system

register = template.Library()


@register.inclusion_tag("office/parts/duty_bar.html", takes_context=True)
def duty_bar(context: dict[str, Any]) -> dict[str, Any]:
    """While a duty session runs: why, until when, and the button that ends it. Costs nothing for everybody else."""
    actor = context["request"].actor
    duty = None
    if actor.account_id is not None and any("duty:" in holding.via for holding in actor.holdings):
        duty = running_duty(Account(pk=actor.account_id, name=actor.name))
    return {"duty": duty, "until": dates.time_of_day(duty.ends_at, get_language() or "id") if duty else ""}


@register.inclusion_tag("office/parts/system_tabs.html", takes_context=True)
def system_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The pages about the program itself that this reader may open, the one of now marked."""
    request = context["request"]
    return {"tabs": [{"url": reverse(page), "label": label, "here": reverse(page) == request.path}
                     for page, label, needs in system.PAGES if request.actor.holds(needs)]}


@register.simple_tag
def timecell(bound: forms.BoundField) -> SafeString:
    """The control of one cell of the week's table, joined to its message like every other field."""
    attrs = {"class": "form-control"} | ({"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}-galat"} if bound.errors else {})
    return bound.as_widget(attrs=attrs)
