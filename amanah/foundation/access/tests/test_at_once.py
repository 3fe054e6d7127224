"""The same deed from two sides at the same moment: one happens, the other hears that somebody was first."""
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from amanah.foundation.access import services
from amanah.foundation.access.models import DutySession, Grant
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Conflict

from . import factories as make

pytestmark = [
    pytest.mark.postgres, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time: only PostgreSQL can show this"),
]
PLACE = services.Place(Scope(office="kota.a", territory=""))


def twice_at_once(deed: Callable[[], object]) -> list[str]:
    """How two runs of `deed`, begun together on connections of their own, ended."""
    gate, ended = Barrier(2), []

    def run() -> None:
        gate.wait()
        try:
            deed()
            ended.append("done")
        except Conflict:
            ended.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(ended)


def test_one_grant() -> None:
    person, role = make.account(), make.role("lurah")
    assert twice_at_once(lambda: services.grant(Actor.system("test"), PLACE, account=person, role=role, reason="SK")) == ["conflict", "done"]
    assert Grant.objects.count() == 1


def test_one_account_for_an_address() -> None:
    assert twice_at_once(lambda: services.open_account(Actor.system("test"), PLACE, name="Baru", kind="staff", email="baru@contoh.id")) == ["conflict", "done"]


def test_one_duty_session() -> None:
    keeper = make.account()
    make.granted(keeper, make.role("pengelola", ("access.start_duty",), reach="city"))
    actor = make.acting(keeper)
    assert twice_at_once(lambda: services.start_duty(actor, reason="Uji")) == ["conflict", "done"]
    assert DutySession.objects.count() == 1


def test_one_end_of_a_grant_and_one_closing_of_an_account() -> None:
    person = make.account()
    made = make.granted(person, make.role("lurah"), office="kota.a")
    assert twice_at_once(lambda: services.revoke(Actor.system("test"), Grant.objects.get(pk=made.pk), reason="Uji")) == ["conflict", "done"]
    assert twice_at_once(lambda: services.close_account(Actor.system("test"), type(person).objects.get(pk=person.pk), reason="Uji")) == ["conflict", "done"]
