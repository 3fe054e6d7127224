"""A telephone is sealed, found by its exact number, shown masked, and never in the record."""
import pytest
from django.conf import settings

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db
NUMBER = "0812 3456 7890"


@pytest.fixture
def rina():
    return factories.account("Rina Contoh", "resident", username="rina", email="rina@contoh.id")


def own(account):
    return factories.acting(account, "password")


def test_the_owner_sets_it_and_it_lies_sealed(rina):
    phones.set_phone(own(rina), rina, phone=NUMBER)
    row = Account.objects.get(pk=rina.pk)
    assert b"81234567890" not in bytes(row.phone) + bytes(row.phone_key)
    assert settings.SEAL.open(row.phone, "phone") == "+6281234567890"
    assert str(phones.phone_of(row)) == "0812••••••90"
    assert "0812" not in Entry.objects.order_by("-id").first().body and "+62" not in Entry.objects.order_by("-id").first().body


def test_nobody_else_sets_it_and_no_landline_is_taken(rina):
    with pytest.raises(Refused):
        phones.set_phone(own(factories.account("Siti Contoh", "resident")), rina, phone=NUMBER)
    for wrong in ("0751 123456", "bukan nomor"):
        with pytest.raises(Invalid):
            phones.set_phone(own(rina), rina, phone=wrong)
    assert Account.objects.get(pk=rina.pk).phone is None


def test_it_can_be_removed_and_a_closed_account_has_none_set(rina):
    phones.set_phone(own(rina), rina, phone=NUMBER)
    phones.set_phone(own(rina), rina, phone="")
    assert Account.objects.get(pk=rina.pk).phone_key is None
    rina.is_active = False
    with pytest.raises(Conflict):
        phones.set_phone(own(rina), rina, phone=NUMBER)


def test_an_account_is_found_by_exact_name_address_or_number_only(rina):
    phones.set_phone(own(rina), rina, phone=NUMBER)
    for text in ("rina", " RINA@contoh.id ", "+62 812-3456-7890"):
        assert phones.exactly(text) == rina
    for text in ("", "rin", "rina@", "0812 3456 7891", "1371111708900001"):
        assert phones.exactly(text) is None


def test_two_with_one_number_staff_and_closed_accounts_are_not_found(rina):
    other = factories.account("Siti Contoh", "resident", username="siti")
    for each in (rina, other):
        phones.set_phone(own(each), each, phone=NUMBER)
    assert phones.exactly(NUMBER) is None
    factories.account("Dedi Contoh", "staff", username="dedi")
    assert phones.exactly("dedi") is None
    Account.objects.filter(pk=other.pk).update(is_active=False)
    assert phones.exactly("siti") is None
    assert phones.exactly(NUMBER) == rina


def test_messages_know_the_telephone(rina):
    phones.set_phone(own(rina), rina, phone=NUMBER)
    assert phones.recipient(rina).phone == "+6281234567890"
    assert "812" not in repr(phones.recipient(rina))
