"""How allauth behaves in this house."""
import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanah.foundation.access.models import Account, Kind
from amanah.foundation.kernel import city
from amanah.portals.shell.signin import limits
from amanah.portals.shell.signin.records import note


def display_name(account: Account) -> str:
    """What pages and messages call somebody."""
    return account.name


class AccountAdapter(DefaultAccountAdapter):
    """Residents open their own accounts; everybody else's are opened by an act. Answers never tell whether an account exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Nama atau kata sandi tidak cocok. Periksa lagi keduanya."),
        "email_password_mismatch": _("Nama atau kata sandi tidak cocok. Periksa lagi keduanya."),
        "incorrect_password": _("Kata sandi tidak cocok."),
        "incorrect_code": _("Kode tidak cocok. Ambil kode yang baru dari aplikasi."),
        "enter_current_password": _("Kata sandi sekarang tidak cocok."),
        "invalid_password_reset": _("Tautan ini sudah dipakai atau sudah lewat waktunya."),
        "too_many_login_attempts": _("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
    }

    def new_user(self, request: HttpRequest) -> Account:
        return Account(kind=Kind.RESIDENT)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        user.name = (form.cleaned_data.get("name") or user.name).strip()  # the form after another service does not ask for it
        return super().save_user(request, user, form, commit)

    def populate_username(self, request: HttpRequest, user: Account) -> None:
        """Residents sign in by e-mail and need no username; an empty one is none, so that many may have it."""
        user.username = user.username or None

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "amanah.portals.shell.signin.stages.OwnEmailStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in during the last ten minutes is not asked again at once (WCAG 2.2, 3.3.7); later they are."""
        request = context.request
        proven = max((record["at"] for record in get_authentication_records(request, request.user) if record["method"] in ("password", "mfa")), default=0)
        recent = time.time() - proven < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not recent and super().is_reauthentication_required(app=app, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Five wrong passwords for one name in five minutes, ten from one address in a minute: then a page that says when to try again."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = limits.consume(request, "login_failed", key)
        if not self._login_failed_rl_usage:
            note(request, "access.sign_in_locked", _meant(credentials), actor="public")
            raise ImmediateHttpResponse(limits.page(request, "login_failed", key))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note(request, "access.sign_in_failed", _meant(credentials), actor="public")


def _meant(credentials: dict[str, Any]) -> Account | None:
    """Whose account somebody tried, if it is one; for the audit record only, the page answers the same either way."""
    typed = (credentials.get("email") or credentials.get("username") or "").lower()
    return Account.objects.filter(Q(username=typed) | Q(email__iexact=typed)).first() if typed else None


class MFAAdapter(DefaultMFAAdapter):
    """Second proofs: the seed of the app is sealed at rest, and staff cannot remove their last proof."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Kode tidak cocok. Ambil kode yang baru dari aplikasi."),
        "cannot_delete_authenticator": _("Pegawai selalu punya satu bukti kedua. Pasang yang baru dulu, lalu hapus yang ini."),
    }

    def encrypt(self, text: str) -> str:
        return _seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seals().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        proofs = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=proofs).exclude(pk=authenticator.pk)
        return not authenticator.user.needs_two_proofs or others.exists()

    def _get_site_name(self) -> str:
        return f"Amanah {city.load(settings.CITY_DIR).name}"


def _seals() -> MultiFernet:
    keys = [HKDF(hashes.SHA256(), 32, None, b"amanah second proofs").derive(key.encode()) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class SocialAdapter(DefaultSocialAccountAdapter):
    """Accounts of another service (OpenID Connect) open residents' accounts here, or sign in those that were connected before."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """The one service of the settings, without asking the database on every sign-in page."""
        apps = [SocialApp(provider=kind, **app) for kind, kinds in settings.SOCIALACCOUNT_PROVIDERS.items() for app in kinds["APPS"]]
        return [app for app in apps if (not provider or provider in (app.provider, app.provider_id)) and (not client_id or app.client_id == client_id)]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Account:
        user = super().populate_user(request, sociallogin, data)
        user.username = None  # the other service does not choose names in ours
        user.name = data.get("name") or (data.get("email") or "").partition("@")[0] or str(_("Tanpa nama"))
        return user


class ProviderAdapter(DefaultOIDCAdapter):
    """What other applications learn about somebody who signs in to them with an account of ours, and agrees."""

    scope_display = {"openid": _("Nomor akun Anda"), "profile": _("Nama Anda"), "email": _("Alamat email Anda")}
