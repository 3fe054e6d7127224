"""Tells people what changed in what they may do: in the application, and by e-mail when they have proven an address."""
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from amanah.foundation.access import phones, templates
from amanah.foundation.access.models import Account, Grant, Kind, Mandate
from amanah.foundation.jobs import Event, on
from amanah.foundation.kernel import dates
from amanah.foundation.messages import services as messages
from amanah.foundation.messages.templates import Template


@on("access.account_opened")
def tell_opened(event: Event) -> None:
    account = Account.objects.get(pk=event.payload["account"])
    _tell(event, templates.OPENED, account, name=account.name)


@on("access.granted")
def tell_granted(event: Event) -> None:
    grant = _grant(event)
    with translation.override(grant.account.language):
        _tell(event, templates.GRANTED, grant.account, role=grant.role.name, where=templates.where(grant.scope),
              span=_span(grant.valid_from, grant.valid_to, grant.account), by=_by(event, grant.account), reason=grant.reason)


@on("access.revoked")
def tell_revoked(event: Event) -> None:
    grant = _grant(event)
    with translation.override(grant.account.language):
        _tell(event, templates.REVOKED, grant.account, role=grant.role.name, where=templates.where(grant.scope), by=_by(event, grant.account),
              reason=grant.ended_reason)


@on("access.mandate_given")
def tell_mandate_given(event: Event) -> None:
    """Both the one who stands in and the one who is stood in for: nobody acts in somebody's name without their knowledge."""
    mandate = _mandate(event)
    with translation.override(mandate.holder.language):
        _tell(event, templates.MANDATE_GIVEN, mandate.holder, where=templates.where(mandate.scope), **_terms(event, mandate, mandate.holder))
    if mandate.on_behalf_of is not None:
        with translation.override(mandate.on_behalf_of.language):
            _tell(event, templates.STOOD_IN, mandate.on_behalf_of, holder=mandate.holder.name, **_terms(event, mandate, mandate.on_behalf_of))


@on("access.mandate_ended")
def tell_mandate_ended(event: Event) -> None:
    mandate = _mandate(event)
    with translation.override(mandate.holder.language):
        _tell(event, templates.MANDATE_ENDED, mandate.holder, kind=_short(mandate), position=mandate.position, by=_by(event, mandate.holder),
              reason=mandate.ended_reason)


def _tell(event: Event, template: Template, account: Account, **words: str) -> None:
    """Once for each event and person. A closed account reads nothing any more; residents get no roles but the one that everybody has."""
    if not account.is_active or account.kind == Kind.RESIDENT:
        return
    messages.send(template, phones.recipient(account), words, dedupe_key=f"event:{event.id}:{account.pk}")


def _grant(event: Event) -> Grant:
    return Grant.objects.select_related("account", "role").get(pk=event.payload["grant"])


def _mandate(event: Event) -> Mandate:
    return Mandate.objects.select_related("holder", "on_behalf_of", "role").get(pk=event.payload["mandate"])


def _terms(event: Event, mandate: Mandate, reader: Account) -> dict[str, str]:
    return {"kind": _short(mandate), "position": mandate.position, "span": _span(mandate.starts, mandate.ends, reader), "basis": mandate.legal_basis,
            "by": _by(event, reader), "reason": mandate.reason}


def _short(mandate: Mandate) -> str:
    """"Plt." of "Plt. (pelaksana tugas)"."""
    return mandate.get_kind_display().partition(" ")[0]


def _span(since: date, until: date | None, reader: Account) -> str:
    first = dates.short_date(since, reader.language)
    if until is None:
        return _("sejak %(first)s, tanpa batas waktu") % {"first": first}
    return _("%(first)s sampai %(last)s") % {"first": first, "last": dates.short_date(until, reader.language)}


def _by(event: Event, reader: Account) -> str:
    """Who did it, by name: those who hold power know from whom."""
    kind, _colon, key = event.actor.partition(":")
    if kind != "account" or not key.isdecimal():
        return _("sistem")
    if int(key) == reader.pk:
        return _("Anda sendiri")
    return Account.objects.filter(pk=int(key)).values_list("name", flat=True).first() or _("sistem")
