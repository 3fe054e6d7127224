"""Who looked at one's data: every trace, newest first, in words, each with a way to ask about it."""
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amanah.foundation.kernel import dates
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.kernel.names import displayed
from amanah.portals.citizen.data.door import tied
from amanah.portals.citizen.data.forms import QuestionForm
from amanah.portals.citizen.data.telling import days, tell
from amanah.portals.shell.components import Filter, Option, Pager
from amanah.registries.people.models import Person
from amanah.registries.people.queries import looks
from amanah.registries.people.queries.ties import children_of
from amanah.registries.people.services import requests

SIZE, TALL = 20, 6


@require_safe
@tied
def who(request: HttpRequest, person: Person) -> HttpResponse:
    """One's own traces, or those of a child under eighteen (`?anak=`); `?hanya=nomor` narrows to opened numbers."""
    children = children_of(person)
    subject = _subject(person, children, request.GET.get("anak", ""))
    whose = _("Anda") if subject is person else displayed(subject.name)
    only = request.GET.get("hanya", "") == "nomor"
    page = looks.looks(subject, cursor=request.GET.get("dari", ""), size=SIZE, opened_only=only)
    rows = tell(page.rows, mine=request.actor.ref, whose=whose)
    kept = {"anak": str(subject.pk) if subject is not person else "", "hanya": "nomor" if only else ""}
    counted = looks.months(subject, mine=request.actor.ref)
    filters = [Filter("hanya", _("Tampilkan"), (Option("", _("Semua"), not only), Option("nomor", _("Hanya yang membuka nomor"), only)))]
    if children:
        filters.insert(0, Filter("anak", _("Data siapa"), (Option("", _("Data saya"), subject is person),
                                                          *(Option(str(child.pk), displayed(child.name), child is subject) for child in children))))

    def address(cursor: str | None) -> str:
        return "?" + urlencode({key: value for key, value in {**kept, "dari": cursor}.items() if value}) if cursor else ""

    return render(request, "citizen/data/looked.html", {
        "name": displayed(subject.name), "child": subject is not person, "days": days(rows), "filters": filters, "only": only, "newest": not request.GET.get("dari"),
        "pager": Pager(address(page.previous), address(page.next)), "asking": f"?{urlencode({'anak': kept['anak']})}" if kept["anak"] else "",
        "chart": _chart(counted), "total": sum(count for _month, count in counted), "months": counted})


@require_http_methods(["GET", "POST"])
@tied
def question(request: HttpRequest, person: Person, key: str) -> HttpResponse:
    """Ask the data-protection officer about one trace: they see which one it is, and answer within three times 24 hours."""
    subject = _subject(person, children_of(person), request.GET.get("anak", ""))
    look = looks.look_of(subject, key)
    form = QuestionForm(request.POST or None)

    def ask(text: str) -> object:
        return requests.ask(request.actor, subject, kind="question", about=key, text=text)

    if request.method == "POST" and form.attempt(ask):
        messages.success(request, _("Pertanyaan Anda sudah terkirim. Jawabannya datang paling lambat 3 × 24 jam lagi."))
        return redirect("citizen_requests")
    [told] = tell([look], mine=request.actor.ref, whose=_("Anda") if subject is person else displayed(subject.name))
    back = reverse("citizen_looked") + (f"?anak={subject.pk}" if subject is not person else "")
    return render(request, "citizen/data/question.html", {"told": told, "form": form, "back": back}, status=422 if form.errors else 200)


def _subject(person: Person, children: list[Person], wanted: str) -> Person:
    """Oneself, or the child that was chosen. Raises NotFound for anybody else."""
    if not wanted:
        return person
    found = next((child for child in children if str(child.pk) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _chart(counted: list[tuple[object, int]]) -> dict[str, object]:
    """A dot for each look, stacked by month; a tall stack ends in its number."""
    lang = get_language() or "id"
    step = 300 / len(counted)
    dots = [{"x": round(step * (n + 0.5), 1), "y": 104 - 17 * level} for n, (_month, count) in enumerate(counted) for level in range(min(count, TALL))]
    tall = [{"x": round(step * (n + 0.5), 1), "y": 104 - 17 * TALL + 4, "count": count} for n, (_month, count) in enumerate(counted) if count > TALL]
    names = [dates.month_and_year(month, lang) for month, _count in counted]  # type: ignore[arg-type]
    said = ", ".join(f"{name}: {count}" for name, (_month, count) in zip(names, counted, strict=True))
    return {"dots": dots, "tall": tall, "first": names[0], "last": names[-1], "said": said}
