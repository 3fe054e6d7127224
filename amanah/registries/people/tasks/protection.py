"""The work in the background that protects data: copies on request, news to those concerned, the nightly deletion."""
from django.utils import translation
from django.utils.translation import gettext as _

from amanah.foundation.access import phones
from amanah.foundation.access.actors import actor_for
from amanah.foundation.access.models import Account, Grant
from amanah.foundation.access.rules import MFA
from amanah.foundation.jobs import Event, every, on
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.messages import services as messages
from amanah.foundation.messages.templates import Template
from amanah.registries.people import notices
from amanah.registries.people.models import Request
from amanah.registries.people.permissions import PROTECT
from amanah.registries.people.queries.requests import ANSWER, counts
from amanah.registries.people.services import retention
from amanah.registries.people.services.requests import answer


@on("people.asked")
def make_copy(event: Event) -> None:
    """A copy needs nobody's decision: the program makes it at once. Access is the page of one's data, which is there already."""
    request = Request.objects.select_related("person__place", "person__family").get(pk=event.payload["request"])
    words = {Request.Kind.COPY: _("Salinan siap diunduh di halaman ini."), Request.Kind.ACCESS: _("Data Anda ada di halaman Data saya.")}
    if request.kind in words and request.state == Request.State.OPEN:
        answer(Actor.system("people"), request, granted=True, answer=words[Request.Kind(request.kind)])


@on("people.asked")
def tell_asked(event: Event) -> None:
    """The one who asked has it in writing; those who answer know of it. A copy is made by the program, so nobody needs to hear of it."""
    request = Request.objects.select_related("person__place").get(pk=event.payload["request"])
    _tell_owner(event, notices.ASKED, request)
    if request.kind in (Request.Kind.COPY, Request.Kind.ACCESS):
        return
    question = request.kind == Request.Kind.QUESTION
    for account in those_who_answer(None if question else request.scope, needs=PROTECT if question else ANSWER):
        with translation.override(account.language):
            _send(event, notices.TO_ANSWER, account, what=request.get_kind_display(), due=dates.date_and_time(request.due_at, account.language), request=request.pk)


@on("people.answered")
def tell_answered(event: Event) -> None:
    _tell_owner(event, notices.ANSWERED, Request.objects.get(pk=event.payload["request"]))


@on("people.tied")
def tell_tied(event: Event) -> None:
    _tell(event, notices.TIED)


@on("people.untied")
def tell_untied(event: Event) -> None:
    _tell(event, notices.UNTIED)


@every(daily_at="07:30")
def remind() -> None:
    """Every morning: what is overdue and what falls due within 24 hours, to those who answer. Holidays too, for the clock runs on them."""
    for account in those_who_answer():
        waiting = counts(actor_for(account, assurance=MFA))
        if waiting["late"] or waiting["soon"]:
            messages.send(notices.WAITING, phones.recipient(account), {"late": waiting["late"], "soon": waiting["soon"]},
                          dedupe_key=f"people.requests_waiting:{clock.today()}:{account.pk}")


@every(daily_at="03:10")
def delete_expired() -> None:
    """Delete what the processing register says, before the files room clears away what is left."""
    retention.expire()


def those_who_answer(scope: Scope | None = None, *, needs: str = ANSWER) -> list[Account]:
    """The accounts that hold `needs` there today; without a scope, over the whole city. One statement."""
    today = clock.today()
    wanted = scope or Scope(office="", territory="")
    found = {grant.account_id: grant.account for grant in Grant.objects.filter(ended_at=None, account__is_active=True).select_related("role", "account")
             if needs in grant.role.permissions and not grant.role.retired and grant.span.holds_on(today) and grant.scope.covers(wanted)}
    return [found[key] for key in sorted(found)]


def _tell_owner(event: Event, template: Template, request: Request) -> None:
    account = Account.objects.filter(pk=request.account, is_active=True).first()
    if account is None:
        return
    with translation.override(account.language):
        words = {"what": request.get_kind_display()}
        if template is notices.ASKED:
            words["due"] = dates.date_and_time(request.due_at, account.language)
        else:
            words["result"] = request.get_state_display()
        _send(event, template, account, **words)


def _tell(event: Event, template: Template) -> None:
    account = Account.objects.filter(pk=event.payload["account"], is_active=True).first()
    if account is not None and event.payload.get("how") != "demo":
        _send(event, template, account)


def _send(event: Event, template: Template, account: Account, **words: object) -> None:
    messages.send(template, phones.recipient(account), words, dedupe_key=f"event:{event.id}:{template.name}:{account.pk}")
