"""Changing keys: all that is sealed opens again, whatever happens in between, and the history keeps the key it was written with."""
import io

import pytest
from django.conf import settings as live
from django.core.management import call_command
from django.db import transaction

from amanah.foundation.access import phones
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as access
from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.kernel.seal import Seal
from amanah.registries.people.models import Event, Family, Person, Request
from amanah.registries.people.queries.events import facts_of
from amanah.registries.people.services import keys, requests
from amanah.registries.people.services.ties import tie
from amanah.registries.people.tests import factories

pytestmark = pytest.mark.django_db
NIK, KK = "9971015708859123", "9971010101159001"
NEW, NEW_LOOKUP = "kunci-baru-" + "n" * 40, "kunci-cari-baru-" + "m" * 40


@pytest.fixture
def rina():
    places = factories.territories()
    home = factories.family(factories.rt(places), number=KK, nik=NIK, phone="081234567890", mother_name="Aminah Contoh")
    factories.member(home, "Anak Contoh")  # holds nothing sealed
    person = factories.head_of(home)
    account = access.account("Rina Contoh", "resident")
    own = access.acting(account, "password")
    phones.set_phone(own, account, phone="081234567890")
    tie(factories.SYSTEM, person, account=account)
    requests.ask(own, person, kind="correction", field="birthplace", wanted="Solok")
    return person


@pytest.fixture
def rotated():
    return Seal.from_texts(NEW, old=[live.SEAL_KEY], lookup_key=live.LOOKUP_KEY)


def waiting(seal):
    return {held.title: (held.all, held.waiting) for held in keys.check(seal)}


def test_everything_is_sealed_again_once_and_opens_without_the_old_key(rina, rotated):
    assert set(waiting(live.SEAL).values()) == {(1, 0)}
    assert set(waiting(rotated).values()) == {(1, 1)}
    assert set(keys.reseal(seal=rotated).values()) == {1}
    assert set(waiting(rotated).values()) == {(1, 0)}
    assert set(keys.reseal(seal=rotated).values()) == {0}
    alone = Seal.from_texts(NEW, lookup_key=live.LOOKUP_KEY)
    person, home = Person.objects.get(pk=rina.pk), Family.objects.get()
    assert (alone.open(person.nik, "nik"), alone.open(person.mother_name, "mother_name"), alone.open(home.number, "kk")) == (NIK, "Aminah Contoh", KK)
    assert alone.open(Request.objects.get().wanted, "request") == "Solok"
    assert alone.open(Account.objects.get().phone, "phone") == "+6281234567890"
    assert bytes(person.nik_key) == live.SEAL.lookup(NIK, "nik")


def test_the_history_keeps_its_key_and_is_counted(rina, rotated, settings):
    before = Event.objects.order_by("id").values_list("changes", flat=True)
    assert (keys.history(live.SEAL).all, keys.history(live.SEAL).waiting) == (1, 0)
    keys.reseal(seal=rotated)
    assert (keys.history(rotated).all, keys.history(rotated).waiting) == (1, 1)
    assert list(before) == list(Event.objects.order_by("id").values_list("changes", flat=True))
    assert rotated.open(facts_of(rina.pk)[0].changes["nik"], "nik") == NIK


def test_what_was_rolled_back_is_done_again(rina, rotated, monkeypatch):
    monkeypatch.setattr(keys, "BATCH", 1)
    for n in range(3):
        factories.member(Family.objects.get(), f"Anggota{n} Contoh", nik=factories.nik(rina.born, 1))

    def stop_after_two(things, what, _total):
        for n, one in enumerate(things):
            if what == "people.person.nik" and n == 2:
                raise KeyboardInterrupt
            yield one

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        keys.reseal(seal=rotated, watch=stop_after_two)
    assert keys.reseal(seal=rotated)["people.person.nik"] == 4
    assert waiting(rotated)["people.person.nik"] == (4, 0)


@pytest.mark.django_db(transaction=True)
def test_batches_that_were_written_stay_written(rotated, monkeypatch):
    home = factories.family(factories.rt(factories.territories()), nik=NIK)
    factories.member(home, "Anak Contoh", nik=factories.nik(factories.date(2010, 5, 1), 1))
    monkeypatch.setattr(keys, "BATCH", 1)

    def stop(things, what, _total):
        for n, one in enumerate(things):
            yield one
            if what == "people.person.nik" and n == 0:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.reseal(seal=rotated, watch=stop)
    assert waiting(rotated)["people.person.nik"] == (2, 1)
    assert keys.reseal(seal=rotated)["people.person.nik"] == 1


def test_a_value_that_changed_meanwhile_is_not_overwritten(rina, rotated):
    fresh = rotated.seal("+6281100000000", "phone")

    def change(things, what, _total):
        if what == "people.person.phone":
            Person.objects.filter(pk=rina.pk).update(phone=fresh)
        yield from things

    keys.reseal(seal=rotated, watch=change)
    assert rotated.open(Person.objects.get(pk=rina.pk).phone, "phone") == "+6281100000000"


def test_lookups_are_computed_anew(rina):
    seal = Seal.from_texts(live.SEAL_KEY, lookup_key=NEW_LOOKUP)
    assert keys.rehash(seal=seal) == {"people.person.nik": 1, "people.family.number": 1, "access.account.phone": 1}
    assert bytes(Person.objects.get(pk=rina.pk).nik_key) == seal.lookup(NIK, "nik")
    assert bytes(Family.objects.get().number_key) == seal.lookup(KK, "kk")
    assert bytes(Account.objects.get().phone_key) == seal.lookup("+6281234567890", "phone")
    assert set(keys.rehash(seal=seal).values()) == {0}


def test_a_key_that_is_gone_stops_the_work_in_words(rina):
    with pytest.raises(Unavailable):
        keys.reseal(seal=Seal.from_texts(NEW, lookup_key=live.LOOKUP_KEY))


def test_the_command_says_what_it_did_and_what_stays(rina, rotated, settings):
    settings.SEAL = rotated
    out = io.StringIO()
    call_command("seal_rotate", "--check", stdout=out)
    assert "people.person.nik: 1 values, 1 still under a former key" in out.getvalue()
    call_command("seal_rotate", stdout=out)
    assert "people.person.nik: 1 sealed again" in out.getvalue() and "Keep the former keys" in out.getvalue()
    settings.SEAL = Seal.from_texts(NEW, old=[live.SEAL_KEY], lookup_key=NEW_LOOKUP)
    call_command("seal_rotate", "--lookup", stdout=out)
    assert "people.family.number: 1 lookups computed anew" in out.getvalue()
    assert NIK not in out.getvalue()


def test_with_nothing_under_a_former_key_it_says_so(db):
    out = io.StringIO()
    call_command("seal_rotate", "--check", stdout=out)
    assert "may be emptied" in out.getvalue()
