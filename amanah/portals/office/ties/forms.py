from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.deeds import DeedForm, reason, text


class WhoForm(DeedForm):
    """Which account: exactly as its owner says it."""

    who = text(_("Nama pengguna, email, atau nomor ponsel akun"), hint=_("Tulis lengkap seperti disebut pemiliknya."), longest=254, autocapitalize="none",
               spellcheck="false")


class CheckedForm(DeedForm):
    """That the official saw the card and that this is the account."""

    account = forms.IntegerField(widget=forms.HiddenInput)
    checked = forms.BooleanField(label=_("Saya sudah memeriksa KTP-nya, dan ini orangnya"), error_messages={"required": _("Periksa dulu KTP-nya, lalu centang.")})


class UntieForm(DeedForm):
    reason = reason()
