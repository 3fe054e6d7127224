"""The telephone of an account: sealed at rest, masked on screen, found by its keyed hash; and how an account is reached at all.

The number is what its owner says, not proven. So it never signs anybody in, and messages by it say only what template and owner allow.
"""
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.access.models import Account
from amanah.foundation.acts import act
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.identifiers import Phone
from amanah.foundation.messages.services import Recipient

LABEL = "phone"


def _own(actor: Actor, _name: str, account: Account, **_keywords: object) -> bool:
    """Whatever roles say: a telephone is set by the owner of the account and nobody else."""
    return actor.account_id == account.pk


@act("access.set_phone", title=gettext_lazy("Mengubah nomor ponsel akun"), says=gettext_lazy("{actor} mengubah nomor ponsel akun {subject}"), allowed=_own,
     secret=("phone",))
def set_phone(actor: Actor, account: Account, *, phone: str) -> Account:
    """Set or, with "", remove the telephone of one's own account. Raises Invalid for what is no mobile number in Indonesia."""
    if not account.is_active:
        raise Conflict(_("Akun itu sudah ditutup."))
    number = Phone.parse(phone) if phone.strip() else None
    if number and not number.mobile:
        raise Invalid(phone=_("Tulis nomor ponsel, supaya pesan bisa sampai."))
    account.phone = settings.SEAL.seal(number.value, LABEL) if number else None
    account.phone_key = settings.SEAL.lookup(number.value, LABEL) if number else None
    account.save(update_fields=["phone", "phone_key"])
    return account


def phone_of(account: Account) -> Phone | None:
    """The number, for sending messages and for its owner; its text is masked."""
    return Phone(settings.SEAL.open(account.phone, LABEL)) if account.phone else None


def exactly(text: str) -> Account | None:
    """The one open account of a resident with exactly this username, e-mail or telephone; None when there is none, or more than one."""
    text = text.strip().lower()
    if not text:
        return None
    found = Account.objects.filter(kind="resident", is_active=True)
    if "@" in text:
        rows = list(found.filter(email__iexact=text)[:2])
    else:
        rows = list(found.filter(username=text)[:2])
        if not rows:
            try:
                rows = list(found.filter(phone_key=settings.SEAL.lookup(Phone.parse(text).value, LABEL))[:2])
            except Invalid:
                rows = []
    return rows[0] if len(rows) == 1 else None


def recipient(account: Account) -> Recipient:
    """How an account is reached: in the application, at a proven e-mail address, at its telephone. One statement."""
    proven = EmailAddress.objects.filter(user=account, verified=True).order_by("-primary", "pk").first()
    number = phone_of(account)
    return Recipient(account_id=account.pk, email=proven.email if proven else "", phone=number.value if number else "", language=account.language)
