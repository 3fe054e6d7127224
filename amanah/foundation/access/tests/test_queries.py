from datetime import date, timedelta

import pytest

from amanah.foundation.access import demo, queries, services
from amanah.foundation.access.models import Account, Grant
from amanah.foundation.access.roles import load_roles
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import NotFound

from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def fitri():
    person = make.account("Fitri Contoh", office="kota.a")
    make.granted(person, make.role("admin", ("access.read",), may_grant=("verifikator",)), office="kota.a")
    return person


@pytest.fixture
def auditor():
    person = make.account("Malik Contoh")
    make.granted(person, make.role("auditor", ("access.read",), reach="city"))
    return person


def words(scope: Scope) -> str:
    return {"kota.a": "Dinas Contoh"}.get(scope.office or "", "")


def test_an_administrator_sees_the_accounts_of_their_office_and_no_others(fitri, auditor) -> None:
    make.account("Dedi Contoh", office="kota.a.unit")
    make.account("Lain Contoh", office="kota.ab")
    make.account("Rina Contoh", kind="resident")
    assert [row.name for row in queries.accounts(make.acting(fitri)).rows] == ["Dedi Contoh", "Fitri Contoh"]
    assert len(queries.accounts(make.acting(auditor)).rows) == 5
    assert queries.accounts(make.acting(make.account())).rows == []


def test_the_list_finds_by_the_beginning_of_a_name_and_by_kind(auditor) -> None:
    make.account("Rina Contoh", kind="resident")
    assert [row.name for row in queries.accounts(make.acting(auditor), search="rin").rows] == ["Rina Contoh"]
    assert [row.name for row in queries.accounts(make.acting(auditor), kind="staff").rows] == ["Malik Contoh"]


def test_the_list_takes_one_statement_and_its_pages_join(auditor, same_statements) -> None:
    actor = make.acting(auditor)
    assert same_statements(lambda n: [make.account(f"Orang {i:03}") for i in range(n)], lambda: queries.accounts(actor)) == 1
    names, cursor = [], ""
    while cursor is not None:
        page = queries.accounts(actor, cursor=cursor, size=7)
        names, cursor = names + [row.id for row in page.rows], page.next
    assert len(names) == len(set(names)) == Account.objects.count()


def test_an_account_one_may_not_see_does_not_exist_and_ones_own_does(fitri) -> None:
    stranger = make.account(office="kota.b")
    assert queries.account(make.acting(fitri), fitri.pk) == fitri
    assert queries.account(make.acting(stranger), stranger.pk) == stranger
    for number in (stranger.pk, 999_999):
        with pytest.raises(NotFound):
            queries.account(make.acting(fitri), number)


def test_what_somebody_holds_reads_like_a_sentence(fitri, clock_at) -> None:
    clock_at("2026-11-24 09:00")
    dedi = make.account("Dedi Contoh")
    role = make.role("lurah")
    Grant.objects.create(account=dedi, role=role, office="kota.a", reason="SK 12/2026", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), made_by="x")
    Grant.objects.create(account=dedi, role=role, office="kota.b", reason="SK 1/2025", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), made_by="x")
    services.give_mandate(Actor.system("test"), services.Place(Scope(office="kota.a", territory="")), holder=dedi, role=role, kind="plt", position="Camat Contoh",
                          reason="Jabatan kosong", legal_basis="SK 7/2026", starts=date(2026, 12, 1), ends=date(2027, 2, 28))
    held = queries.held_by(dedi, name_of=words)
    assert [(row.state, row.sentence) for row in held] == [
        ("waiting", "Plt. Camat Contoh di Dinas Contoh, mulai 1 Des 2026. Alasan: Jabatan kosong (SK 7/2026)"),
        ("active", "Lurah di Dinas Contoh, sampai 31 Des 2026. Alasan: SK 12/2026"),
        ("ended", "Lurah, berakhir 31 Des 2025. Alasan: SK 1/2025")]


def test_the_log_of_duty_sessions_is_whole_for_auditors_and_ones_own_for_others(auditor) -> None:
    keeper = make.account("Taufik Contoh")
    make.granted(keeper, make.role("pengelola", ("access.start_duty",), reach="city"))
    services.start_duty(make.acting(keeper), reason="Uji")
    assert [row.reason for row in queries.duty_sessions(make.acting(auditor)).rows] == ["Uji"]
    assert [row.running for row in queries.duty_sessions(make.acting(keeper)).rows] == [True]
    assert queries.duty_sessions(make.acting(make.account())).rows == []
    assert queries.running_duty(keeper).reason == "Uji" and queries.running_duty(auditor) is None


def test_mandates_in_force_are_those_of_the_day_within_reach(fitri) -> None:
    today, dedi, role = clock.today(), make.account(), make.role("lurah")
    for office, start in (("kota.a", today), ("kota.b", today), ("kota.a", today + timedelta(days=5))):
        services.give_mandate(Actor.system("test"), services.Place(Scope(office=office, territory="")), holder=dedi, role=role, kind="plh", position="Lurah",
                              reason="Cuti", legal_basis="Surat", starts=start, ends=start + timedelta(days=2))
    assert [m.office for m in queries.mandates(make.acting(fitri))] == ["kota.a"]


def test_the_form_of_a_grant_offers_only_what_may_be_given_there(fitri) -> None:
    make.role("verifikator", ("territory.add_rw",))
    make.role("kepala", ("offices.set_hours",))
    assert [role.code for role in queries.grantable(make.acting(fitri), Scope(office="kota.a", territory=""))] == ["admin", "verifikator"]
    assert queries.grantable(make.acting(fitri), Scope(office="kota.b", territory="")) == []


def test_the_demonstration_has_one_person_for_each_role_and_makes_nobody_twice(settings) -> None:
    load_roles(Actor.system("test"), folder=settings.CITY_DIR)
    people = demo.demo_accounts(settings.CITY_DIR)
    again = demo.demo_accounts(settings.CITY_DIR)
    assert [person.pk for person in people] == [person.pk for person in again] and len(people) == 16 == Grant.objects.count()
    assert all(person.name.endswith(" Contoh") and not person.has_usable_password() for person in people)
