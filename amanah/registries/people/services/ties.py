"""Which account is whose: an official who has seen the identity card ties the account of a resident to their entry."""
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.acts import act, emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid

from ..models import Person, Tie
from ..rules import codes

COUNTER = "counter"


@act("people.tie", title=gettext_lazy("Menghubungkan akun warga dengan datanya"), says=gettext_lazy("{actor} menghubungkan akun {account} dengan {subject}"),
     emits=("people.tied",))
def tie(actor: Actor, person: Person, *, account: Account, how: str = COUNTER) -> Tie:
    """Tie the account to the entry: from now on its owner sees their own data. `how`: "counter" (identity card shown), "demo".

    Raises Invalid for an account that is no resident's or closed, Conflict when either of the two is tied already.
    """
    if account.kind != "resident" or not account.is_active:
        raise Invalid(account=_("Hanya akun warga yang masih aktif yang dapat dihubungkan."))
    if person.status not in (codes.RESIDENT, codes.MOVED):
        raise Invalid(account=_("Data ini tidak berlaku lagi."))
    try:
        with transaction.atomic():
            made = Tie.objects.create(person=person, account=account.pk, how=how, by=actor.ref, at=clock.now())
    except IntegrityError as error:
        raise Conflict(_("Akun atau orang ini sudah terhubung. Lepaskan dulu hubungan yang lama.")) from error
    emit("people.tied", person=person.pk, account=account.pk, how=how)
    return made


@act("people.untie", title=gettext_lazy("Melepas hubungan akun warga dengan datanya"), says=gettext_lazy("{actor} melepas hubungan akun dari {subject}"),
     emits=("people.untied",))
def untie(actor: Actor, person: Person, *, reason: str) -> None:
    """End a tie: wrongly made, or the account is in strange hands. Raises Invalid without a reason, Conflict when there is none."""
    if not reason.strip():
        raise Invalid(reason=_("Tulis mengapa hubungan ini dilepas."))
    held = Tie.objects.filter(person=person).first()
    if held is None:
        raise Conflict(_("Orang ini tidak sedang terhubung dengan akun."))
    emit("people.untied", person=person.pk, account=held.account)
    held.delete()


def account_for_tie(text: str) -> Account:
    """The account with exactly this username, e-mail or telephone that is still free.

    One sentence for all that may be wrong, so that the desk learns nothing about accounts of others. Raises Invalid.
    """
    found = phones.exactly(text)
    if found is None or Tie.objects.filter(account=found.pk).exists():
        raise Invalid(who=_("Tidak ada akun warga yang dapat dihubungkan dengan isian itu. Minta pemiliknya memeriksa."))
    return found
