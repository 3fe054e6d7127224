"""Sign-ins, sign-outs, failures and changes of proofs, written to the audit record. Never what was typed: people type passwords into the wrong field."""
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from amanah.foundation.access.models import Account
from amanah.foundation.acts import ref
from amanah.foundation.audit.services import Note, record


def note(request: HttpRequest | None, deed: str, subject: Account | None, *, actor: str = "", **details: Any) -> None:
    """One entry of kind sign_in. `actor` is the account itself unless said otherwise."""
    record(Note(kind="sign_in", deed=deed, actor=actor or (subject.ref if subject else "public"), subject=ref(subject) if subject else "",
                request=getattr(request, "request_id", ""), details=details))


def connect() -> None:
    """Listen to Django and allauth. Called once, when the program starts."""
    for signal, receiver in _RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"signin.{receiver.__name__}")


def signed_in(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note(request, "access.sign_in", user)


def signed_out(request: HttpRequest, user: Account | None, **_rest: Any) -> None:
    if user is not None:
        note(request, "access.sign_out", user)


def signed_up(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note(request, "access.sign_up", user)


def password_changed(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note(request, "access.change_password", user)


def password_reset(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note(request, "access.reset_password", user)


def proof_used(request: HttpRequest, user: Account, authenticator: Any, **_rest: Any) -> None:
    note(request, "access.second_proof", user, proof=authenticator.type)


def proof_added(request: HttpRequest, user: Account, authenticator: Any, **_rest: Any) -> None:
    """A proof that was just made has just been shown: this session counts as proven twice from here on."""
    note(request, "access.add_proof", user, proof=authenticator.type)
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def proof_removed(request: HttpRequest, user: Account, authenticator: Any, **_rest: Any) -> None:
    note(request, "access.remove_proof", user, proof=authenticator.type)


def codes_made(request: HttpRequest, user: Account, authenticator: Any, **_rest: Any) -> None:
    note(request, "access.make_recovery_codes", user)


def email_changed(request: HttpRequest, user: Account, **_rest: Any) -> None:
    note(request, "access.change_email", user)


def house_added(request: HttpRequest, sociallogin: Any, **_rest: Any) -> None:
    note(request, "access.connect_other_house", sociallogin.user, provider=sociallogin.account.provider)


def house_removed(request: HttpRequest, socialaccount: Any, **_rest: Any) -> None:
    note(request, "access.disconnect_other_house", socialaccount.user, provider=socialaccount.provider)


_RECEIVERS = (
    (user_logged_in, signed_in), (user_logged_out, signed_out), (account.user_signed_up, signed_up),
    (account.password_changed, password_changed), (account.password_set, password_changed), (account.password_reset, password_reset),
    (account.email_changed, email_changed), (mfa.authenticator_used, proof_used), (mfa.authenticator_added, proof_added),
    (mfa.authenticator_removed, proof_removed), (mfa.authenticator_reset, codes_made),
    (social.social_account_added, house_added), (social.social_account_removed, house_removed),
)
