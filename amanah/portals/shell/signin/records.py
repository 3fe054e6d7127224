"""Sign-ins, sign-outs, failures and changes of proofs, written to the audit record. Never what was typed: people type passwords into the wrong field."""
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import pre_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from amanah.foundation.access.models import Account
from amanah.foundation.acts import ref
from amanah.foundation.acts.registry import outside
from amanah.foundation.audit.services import Note, record

outside({
    "access.sign_in": gettext_lazy("Masuk"), "access.sign_out": gettext_lazy("Keluar"), "access.sign_up": gettext_lazy("Mendaftar"),
    "access.sign_in_failed": gettext_lazy("Gagal masuk"), "access.sign_in_locked": gettext_lazy("Ditahan setelah terlalu banyak percobaan masuk"),
    "access.change_password": gettext_lazy("Mengganti kata sandi"),
    "access.reset_password": gettext_lazy("Membuat kata sandi baru lewat email"), "access.second_proof": gettext_lazy("Menunjukkan bukti kedua"),
    "access.add_proof": gettext_lazy("Menambah bukti kedua"), "access.remove_proof": gettext_lazy("Melepas bukti kedua"),
    "access.make_recovery_codes": gettext_lazy("Membuat kode cadangan"), "access.change_email": gettext_lazy("Mengganti alamat email"),
    "access.connect_login": gettext_lazy("Menghubungkan akun lain"), "access.disconnect_login": gettext_lazy("Memutus akun lain"),
    "access.lose_claimed_email": gettext_lazy("Kehilangan alamat email yang dibuktikan orang lain"),
})


def note(request: HttpRequest | None, deed: str, subject: Account | None, *, actor: str = "", **details: Any) -> None:
    """One entry of kind sign_in. `actor` is the account itself unless said otherwise."""
    record(Note(kind="sign_in", deed=deed, actor=actor or (subject.ref if subject else "public"), subject=ref(subject) if subject else "",
                request=getattr(request, "request_id", ""), details=details))


def connect() -> None:
    """Listen to Django and allauth. Called once, when the program starts."""
    for signal, receiver in _RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"signin.{receiver.__name__}")
    pre_save.connect(free_address, sender=EmailAddress, dispatch_uid="signin.free_address")


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


def login_connected(request: HttpRequest, sociallogin: Any, **_rest: Any) -> None:
    note(request, "access.connect_login", sociallogin.user, provider=sociallogin.account.provider)


def login_disconnected(request: HttpRequest, socialaccount: Any, **_rest: Any) -> None:
    note(request, "access.disconnect_login", socialaccount.user, provider=socialaccount.provider)


def free_address(instance: EmailAddress, **_rest: Any) -> None:
    """Whoever proves an address owns it: accounts that only claimed it lose it, so that nobody can squat on another's address."""
    if not instance.verified:
        return
    proven = EmailAddress.objects.filter(email__iexact=instance.email, verified=True).values("user")
    for other in Account.objects.filter(email__iexact=instance.email).exclude(pk=instance.user_id).exclude(pk__in=proven):
        Account.objects.filter(pk=other.pk).update(email="")
        note(None, "access.lose_claimed_email", other, actor=f"account:{instance.user_id}")


_RECEIVERS = (
    (user_logged_in, signed_in), (user_logged_out, signed_out), (account.user_signed_up, signed_up),
    (account.password_changed, password_changed), (account.password_set, password_changed), (account.password_reset, password_reset),
    (account.email_changed, email_changed), (mfa.authenticator_used, proof_used), (mfa.authenticator_added, proof_added),
    (mfa.authenticator_removed, proof_removed), (mfa.authenticator_reset, codes_made),
    (social.social_account_added, login_connected), (social.social_account_removed, login_disconnected),
)
