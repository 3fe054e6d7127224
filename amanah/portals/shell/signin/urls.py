"""Addresses of sign-in: allauth's views under its own names and our own words. `urlpatterns` belongs at the root of the site."""
from allauth.account import views as account
from allauth.idp.oidc import views as provider
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from amanah.portals.shell.signin import views

sign_in = [
    path("", views.SignInView.as_view(), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("daftar/", account.signup, name="account_signup"),
    path("demo/<slug:role>/", views.demo_sign_in, name="signin_demo"),
    path("akun-ditutup/", account.account_inactive, name="account_inactive"),
    path("pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("email/periksa/", account.email_verification_sent, name="account_email_verification_sent"),
    path("email/periksa/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("sandi/", account.password_change, name="account_change_password"),
    path("sandi/buat/", account.password_set, name="account_set_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    re_path(r"^sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, name="account_reset_password_from_key"),
    path("sandi/baru/selesai/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("bukti/", mfa.index, name="mfa_index"),
    path("bukti/masuk/", mfa.authenticate, name="mfa_authenticate"),
    path("bukti/pastikan/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bukti/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("bukti/aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("bukti/kode/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("bukti/kode/buat/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("bukti/kode/unduh/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("bukti/kunci/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("bukti/kunci/tambah/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("bukti/kunci/masuk/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("bukti/kunci/pastikan/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("bukti/kunci/<int:pk>/nama/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("bukti/kunci/<int:pk>/lepas/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("perangkat/", sessions.list_usersessions, name="usersessions_list"),
    path("akun-lain/", social.connections, name="socialaccount_connections"),
    path("akun-lain/batal/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("akun-lain/gagal/", social.login_error, name="socialaccount_login_error"),
    path("akun-lain/daftar/", social.signup, name="socialaccount_signup"),
    path("akun-lain/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("akun-lain/<slug:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
]

# Our accounts for other applications: the standard's own addresses, there only when a key is configured.
provider_patterns: list[URLPattern | URLResolver] = [
    path(".well-known/openid-configuration", provider.configuration, name="configuration"),
    path(".well-known/jwks.json", provider.jwks, name="jwks"),
    path("oidc/authorize", views.ConsentView.as_view(), name="authorization"),
    path("oidc/token", provider.token, name="token"),
    path("oidc/userinfo", provider.user_info, name="userinfo"),
    path("oidc/revoke", provider.revoke, name="revoke"),
    path("oidc/logout", provider.logout, name="logout"),
    path("oidc/device", provider.device_authorization, name="device_authorization"),
    path("oidc/device/code", provider.device_code, name="device_code"),
]
provider_urls = path("", include(([path("", include((provider_patterns, "oidc")))], "idp")))

urlpatterns: list[URLPattern | URLResolver] = [path("masuk/", include(sign_in))]
if settings.IDP_OIDC_PRIVATE_KEY:
    urlpatterns.append(provider_urls)
