"""Forms of sign-in, in our words, without placeholders, with the hints that password managers understand."""
from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Nama pengguna atau alamat email")
        login.widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254})
        password.label = _("Kata sandi")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)


class SignUpForm(SignupForm):
    """A resident's new account: name, e-mail, password."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Alamat email")
        self.fields["email"].help_text = _("Kami mengirim tautan ke sini untuk memastikan alamatnya milik Anda.")
        self.fields["password1"].label = _("Kata sandi")
        self.fields["password1"].help_text = _("Paling sedikit 12 karakter. Beberapa kata yang Anda ingat sudah cukup.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class _Code(forms.Form):
    """Six digits of the app, or a recovery code: a number pad on the phone, and the code is offered by the phone where it knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Kode")
        code.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})


class ProofForm(_Code, AuthenticateForm):
    """The second proof at sign-in."""


class AgainForm(_Code, ReauthenticateForm):
    """The second proof once more, before a step that matters."""


class NewAppForm(_Code, ActivateTOTPForm):
    """The first code of a new app."""


class NewKeyForm(AddWebAuthnForm):
    """A new passkey or USB key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nama kunci")
        self.fields["name"].help_text = _("Supaya Anda mengenalinya, misalnya “Ponsel” atau “Kunci USB biru”.")
        self.fields["passwordless"].label = _("Masuk cukup dengan kunci ini, tanpa kata sandi")
        self.fields["passwordless"].help_text = ""
