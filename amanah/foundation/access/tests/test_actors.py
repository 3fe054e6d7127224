from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from amanah.foundation.access import actors
from amanah.foundation.kernel.actor import EVERYWHERE

from . import factories as make

pytestmark = pytest.mark.django_db


def request(account: Any = None, *methods: str, cookie: bool = True) -> Any:
    session = {"account_authentication_methods": [{"method": name} for name in methods], "account_authentication_methods_user": str(getattr(account, "pk", ""))}
    return SimpleNamespace(COOKIES={"sessionid": "x"} if cookie else {}, user=account or AnonymousUser(), session=session)


class NoSession:
    """A request whose session and user must not be touched."""

    COOKIES: dict[str, str] = {}

    @property
    def user(self) -> Any:
        raise AssertionError("the session was touched")

    session = user


@pytest.fixture
def wali():
    person = make.account("Zainal Contoh")
    make.granted(person, make.role("wali_kota", ("access.read",), reach="city"))
    return person


def test_a_visitor_without_a_cookie_costs_nothing(statements) -> None:
    with statements() as seen:
        actor = actors.actor_of(NoSession())
    assert (actor.kind, actor.account_id, actor.holdings, len(seen)) == ("public", None, (), 0)


def test_staff_hold_nothing_until_they_prove_themselves_twice(wali) -> None:
    assert not actors.actor_of(request(wali, "password")).holdings
    assert actors.actor_of(request(wali, "password", "mfa")).may("access.read", EVERYWHERE)


def test_one_click_counts_only_where_the_switch_is_on(wali, settings) -> None:
    settings.DEMO_SIGN_IN = True
    assert actors.actor_of(request(wali, "demo")).may("access.read")
    settings.DEMO_SIGN_IN = False
    assert not actors.actor_of(request(wali, "demo")).holdings


def test_the_proof_of_somebody_else_in_the_same_session_does_not_count(wali) -> None:
    asked = request(wali, "password", "mfa")
    asked.session["account_authentication_methods_user"] = str(wali.pk + 1)
    assert not actors.actor_of(asked).holdings


def test_residents_need_no_second_proof() -> None:
    rina = make.account("Rina Contoh", kind="resident")
    make.granted(rina, make.role("ketua_rt", ("territory.add_rt",), kind="resident", reach="territory"), territory="13.71.11")
    assert actors.actor_of(request(rina, "password")).holds("territory.add_rt")


def test_a_closed_account_holds_nothing(wali) -> None:
    wali.is_active = False
    assert not actors.actor_for(wali, assurance="mfa").holdings


def test_an_actor_takes_three_statements_however_much_it_holds_and_none_the_second_time(wali, statements) -> None:
    for number in range(20):
        make.granted(wali, make.role(f"peran{number}", ("access.read",)), office=f"kota.o{number}")
    asked = request(wali, "mfa")
    with statements() as seen:
        actor = actors.actor_of(asked)
        assert actors.actor_of(asked) is actor
    assert len(seen) == 3 and len(actor.holdings) == 21


def test_two_people_in_one_request_are_two_actors(wali) -> None:
    asked = request(wali, "mfa")
    first = actors.actor_of(asked)
    asked.user = AnonymousUser()
    assert first.account_id == wali.pk and actors.actor_of(asked).account_id is None
