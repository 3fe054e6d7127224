"""From a signed-in account to the `Actor` every act and query asks. At most three statements, and none for a visitor without a session cookie."""
from dataclasses import replace
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings

from amanah.foundation.access import rules
from amanah.foundation.access.models import Account, DutySession, Grant, Mandate
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import PUBLIC, Actor, Holding
from amanah.foundation.kernel.logs import request_id


def actor_of(request: Any) -> Actor:
    """Who makes this request, with everything they hold; kept on the request, so ask as often as you like.

    Signed out: the public. A visitor without a session cookie costs no statement. Staff without a second proof in this session hold nothing.
    """
    kept = getattr(request, "_access_actor", None)
    if kept is not None and kept.account_id == _account_id(request):
        return kept
    account = _account(request)
    actor = replace(PUBLIC, request_id=request_id.get()) if account is None else actor_for(account, assurance=assurance_of(request))
    request._access_actor = actor
    return actor


def actor_for(account: Account, *, assurance: str) -> Actor:
    """The actor behind an account. `assurance` says how it was proven: "password", "mfa" or "demo"; closed accounts hold nothing."""
    allowed = account.is_active and rules.strong_enough(account.kind, assurance)
    return Actor(ref=account.ref, kind=account.kind, name=account.name, account_id=account.pk,
                 holdings=holdings(account) if allowed else (), request_id=request_id.get())


def holdings(account: Account) -> tuple[Holding, ...]:
    """What the account holds today, from its grants, mandates and duty session (three statements)."""
    spans = [grant.span for grant in Grant.objects.filter(account=account, ended_at=None).select_related("role").order_by("pk")]
    spans += [mandate.span for mandate in Mandate.objects.filter(holder=account, ended_at=None).select_related("role").order_by("pk")]
    duties = [duty.facts for duty in DutySession.objects.filter(account=account, ended_at=None)]
    return rules.effective(spans, duties, day=clock.today(), moment=clock.now())


def assurance_of(request: Any) -> str:
    """How well this session proved who it is: "mfa" (TOTP, passkey, recovery code), "demo" (one click, demonstration only), or "password"."""
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    if rules.MFA in methods:
        return rules.MFA
    return rules.DEMO if settings.DEMO_SIGN_IN and rules.DEMO in methods else rules.PASSWORD


def _account(request: Any) -> Account | None:
    """The signed-in account. Asked only when there is a session cookie or somebody signed in during this very request."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not hasattr(request, "_cached_user"):
        return None
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _account_id(request: Any) -> int | None:
    account = _account(request)
    return None if account is None else account.pk
