"""From an act over the outbox to the message: told once, in the reader's language, by e-mail only to a proven address."""
from datetime import date

import pytest
from allauth.account.models import EmailAddress

from amanah.foundation.access import services
from amanah.foundation.access.models import Kind
from amanah.foundation.access.tests import factories as access
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.messages.models import Delivery, Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
PLACE = services.Place(Scope(office="kota.dinas"))


@pytest.fixture
def dedi():
    return access.account("Dedi Contoh")


@pytest.fixture
def armen(dedi):
    """Hands out the role of a verifier, signed in."""
    chief = access.account("Armen Contoh")
    access.granted(chief, access.role("kepala", ("access.grant", "access.revoke", "access.give_mandate", "access.end_mandate"), may_grant=("verifikator",)),
                   office="kota.dinas")
    return access.acting(chief)


def told(account):
    """What stands in somebody's inbox, oldest first, after the outbox was emptied."""
    outbox.drain()
    return [(row.subject, row.body) for row in Message.objects.filter(account_id=account.pk).order_by("created_at", "dedupe_key")]


def test_whoever_is_given_a_role_reads_where_until_when_by_whom_and_why(armen, dedi, clock_at):
    clock_at("2026-11-24 09:40")
    services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="SK 12/2026", valid_to=date(2026, 12, 24))
    [(subject, body)] = told(dedi)
    assert subject == "Anda diberi peran Verifikator"
    assert "Berlaku: 24 Nov 2026 sampai 24 Des 2026" in body and "Diberikan oleh: Armen Contoh" in body and "Alasan: SK 12/2026" in body
    assert "beri tahu admin kantor Anda" in body


def test_a_role_that_is_taken_away_is_told_as_well(armen, dedi):
    made = services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="SK 12/2026")
    services.revoke(armen, made, reason="Pindah tugas")
    subjects = dict(told(dedi))
    assert set(subjects) == {"Anda diberi peran Verifikator", "Peran Verifikator Anda berakhir"}
    assert "Alasan: Pindah tugas" in subjects["Peran Verifikator Anda berakhir"]


def test_an_act_that_fails_tells_nobody(armen, dedi):
    with pytest.raises(services.Invalid):
        services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="x", valid_from=date(2026, 2, 2), valid_to=date(2026, 2, 1))
    assert told(dedi) == []


def test_a_mandate_is_told_to_both_and_its_end_to_the_one_who_stood_in(armen, dedi):
    away = access.account("Yusra Contoh")
    mandate = services.give_mandate(armen, PLACE, holder=dedi, role=access.role("verifikator"), kind="plh", position="Lurah Contoh", reason="Cuti",
                                    legal_basis="ST 800/12", starts=date(2026, 11, 24), ends=date(2026, 11, 30), on_behalf_of=away)
    assert [subject for subject, _ in told(dedi)] == ["Anda ditunjuk sebagai Plh. Lurah Contoh"]
    [(subject, body)] = told(away)
    assert subject == "Dedi Contoh menggantikan Anda sebagai Plh. Lurah Contoh" and "Dasar: ST 800/12" in body
    services.end_mandate(armen, mandate, reason="Sudah kembali")
    assert [subject for subject, _ in told(dedi)][-1] == "Tugas Anda sebagai Plh. Lurah Contoh berakhir" and len(told(away)) == 1


def test_english_readers_are_told_in_english(armen):
    jane = access.account("Jane Contoh", language="en")
    services.grant(armen, PLACE, account=jane, role=access.role("verifikator"), reason="Decree 12/2026")
    [(subject, body)] = told(jane)
    assert subject == "You were given the role Verifikator" and "Reason: Decree 12/2026" in body and "Alasan" not in body


def test_an_email_goes_to_a_proven_address_only(armen, dedi):
    EmailAddress.objects.create(user=dedi, email="belum@example.id", verified=False, primary=True)
    services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="SK 12/2026")
    told(dedi)
    assert not Delivery.objects.exists()
    siti = access.account("Siti Contoh")
    EmailAddress.objects.create(user=siti, email="siti@example.id", verified=True, primary=True)
    services.grant(armen, PLACE, account=siti, role=access.role("verifikator"), reason="SK 12/2026")
    told(siti)
    assert [(row.channel, row.address) for row in Delivery.objects.all()] == [("email", "siti@example.id")]


def test_a_new_account_of_staff_is_welcomed_and_that_of_a_resident_makes_no_event():
    made = services.open_account(SYSTEM, PLACE, name="Hasnah Contoh", kind=Kind.STAFF, username="hasnah")
    assert told(made)[0][0] == "Akun Anda sudah dibuka"
    services.open_account(SYSTEM, PLACE, name="Rina Contoh", kind=Kind.RESIDENT, username="rina")
    assert outbox.OutboxEvent.objects.filter(name="access.account_opened").count() == 1


def test_a_handler_that_runs_again_tells_nothing_twice(armen, dedi):
    from amanah.foundation.access.tasks import tell_granted
    services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="SK 12/2026")
    told(dedi)
    row = outbox.OutboxEvent.objects.get(name="access.granted")
    tell_granted(outbox._event(row))
    assert len(told(dedi)) == 1


def test_a_closed_account_is_told_nothing(armen, dedi):
    services.grant(armen, PLACE, account=dedi, role=access.role("verifikator"), reason="SK 12/2026")
    services.close_account(SYSTEM, dedi, reason="Pensiun")
    assert told(dedi) == []
