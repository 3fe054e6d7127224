"""Every act by the right one, by the wrong one, and twice."""
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from amanah.foundation.access import services
from amanah.foundation.access.models import Account, DutySession, Grant, Mandate
from amanah.foundation.access.services import Place
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Scope
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused

from . import factories as make

pytestmark = pytest.mark.django_db
HERE, THERE = Scope(office="kota.a", territory=""), Scope(office="kota.b", territory="")
ALL = ("access.read", "access.open_account", "access.invite", "access.grant", "access.revoke", "access.give_mandate", "access.end_mandate",
       "access.close_account", "access.reopen_account", "access.reset_proofs")


@pytest.fixture
def verifier_role():
    return make.role("verifikator", ("territory.add_rw",))


@pytest.fixture
def head_role():
    return make.role("kepala", ("offices.set_hours", "access.give_mandate", "access.end_mandate"))


@pytest.fixture
def fitri(verifier_role):
    """The administrator of office A."""
    person = make.account("Fitri Contoh", office="kota.a")
    make.granted(person, make.role("admin", ALL, may_grant=("verifikator",)), office="kota.a")
    return person


@pytest.fixture
def sari(head_role):
    """The head of office A."""
    person = make.account("Sari Contoh", office="kota.a")
    make.granted(person, head_role, office="kota.a")
    return person


@pytest.fixture
def dedi():
    return make.account("Dedi Contoh", office="kota.a")


def entries(deed: str, kind: str = "deed") -> int:
    return Entry.objects.filter(deed=deed, kind=kind).count()


# ---------------------------------------------------------------- accounts

def test_an_administrator_opens_accounts_in_their_own_office_and_not_next_door(fitri) -> None:
    made = services.open_account(make.acting(fitri), Place(HERE), name="Baru Contoh", kind="staff", username="Baru")
    assert (made.username, made.office, made.has_usable_password()) == ("baru", "kota.a", False)
    with pytest.raises(Refused):
        services.open_account(make.acting(fitri), Place(THERE), name="Baru Contoh", kind="staff", username="lain")
    assert entries("access.open_account") == 1 and entries("access.open_account", "refusal") == 1


def test_a_username_or_address_is_taken_once_whatever_the_letters(fitri) -> None:
    actor = make.acting(fitri)
    services.open_account(actor, Place(HERE), name="Satu", kind="staff", username="satu", email="satu@contoh.id")
    for twice in ({"username": "SATU"}, {"email": "Satu@Contoh.id"}):
        with pytest.raises(Conflict):
            services.open_account(actor, Place(HERE), name="Dua", kind="staff", **twice)
    assert entries("access.open_account") == 1


@pytest.mark.parametrize(("wrong", "field"), [({"name": " "}, "name"), ({"kind": "raja"}, "kind"), ({"username": ""}, "username"),
                                              ({"email": "bukan alamat"}, "email")])
def test_an_account_needs_a_name_a_kind_and_a_way_to_sign_in(fitri, wrong, field) -> None:
    with pytest.raises(Invalid) as caught:
        services.open_account(make.acting(fitri), Place(HERE), **({"name": "Baru", "kind": "staff", "username": "baru"} | wrong))
    assert caught.value.fields == [field]


def test_closing_an_account_ends_all_it_has_and_happens_once(fitri, dedi, verifier_role) -> None:
    make.granted(dedi, verifier_role, office="kota.a")
    UserSession.objects.create(user=dedi, ip="127.0.0.1", session_key="k" * 32, user_agent="x")
    closed = services.close_account(make.acting(fitri), dedi, reason="Pensiun")
    assert not closed.is_active and closed.closed_at is not None
    assert not make.acting(dedi).holdings and not UserSession.objects.exists()
    assert dedi.grants.get().ended_reason == "Pensiun"
    with pytest.raises(Conflict):
        services.close_account(make.acting(fitri), dedi, reason="Pensiun")


def test_nobody_closes_their_own_account_or_one_of_another_office(fitri) -> None:
    for other in (fitri, make.account(office="kota.b"), make.account(kind="resident")):
        with pytest.raises(Refused):
            services.close_account(make.acting(fitri), other, reason="Coba")


def test_a_reopened_account_has_lost_its_roles(fitri, dedi, verifier_role) -> None:
    make.granted(dedi, verifier_role, office="kota.a")
    services.close_account(make.acting(fitri), dedi, reason="Keliru")
    dedi.refresh_from_db()
    assert services.reopen_account(make.acting(fitri), dedi, reason="Keliru").is_active
    assert not make.acting(dedi).holdings
    with pytest.raises(Conflict):
        services.reopen_account(make.acting(fitri), dedi, reason="Keliru")


def test_an_invitation_is_for_new_accounts_only(fitri, dedi) -> None:
    assert "/masuk/sandi/baru/" in services.invite(make.acting(fitri), dedi)
    for used in (make.account(office="kota.a", password="kuda besi di pasar"), make.account(office="kota.a", last_login=clock.now())):
        with pytest.raises(Conflict):
            services.invite(make.acting(fitri), used)


def test_an_invitation_is_no_way_to_take_over_a_stronger_account(fitri, sari) -> None:
    with pytest.raises(Refused):
        services.invite(make.acting(fitri), sari)
    with pytest.raises(Refused):
        services.reset_proofs(make.acting(fitri), sari, reason="Ponsel hilang")


def test_lost_proofs_are_removed_by_somebody_else_with_a_reason(fitri, dedi) -> None:
    Authenticator.objects.create(user=dedi, type="totp", data={})
    with pytest.raises(Invalid):
        services.reset_proofs(make.acting(fitri), dedi, reason="")
    services.reset_proofs(make.acting(fitri), dedi, reason="Ponsel hilang")
    assert not Authenticator.objects.exists() and entries("access.reset_proofs") == 1
    with pytest.raises(Refused):
        services.reset_proofs(make.acting(fitri), fitri, reason="Ponsel hilang")


# ---------------------------------------------------------------- grants

def test_a_grant_gives_the_role_there_and_only_there(fitri, dedi, verifier_role) -> None:
    services.grant(make.acting(fitri), Place(HERE), account=dedi, role=verifier_role, reason="SK 12/2026")
    actor = make.acting(dedi)
    assert actor.may("territory.add_rw", Scope(office="kota.a.unit")) and not actor.may("territory.add_rw", THERE)
    assert actor.via("territory.add_rw", HERE) == "role:verifikator"


def test_nobody_grants_what_they_may_not_grant_there(fitri, dedi, verifier_role, head_role) -> None:
    actor = make.acting(fitri)
    for place, role in ((THERE, verifier_role), (EVERYWHERE, verifier_role), (HERE, head_role), (HERE, make.role("lain", ("offices.close",)))):
        with pytest.raises(Refused):
            services.grant(actor, Place(place), account=dedi, role=role, reason="Coba")
    assert not dedi.grants.exists() and entries("access.grant", "refusal") == 4


def test_nobody_grants_anything_to_themselves(fitri, verifier_role) -> None:
    with pytest.raises(Refused):
        services.grant(make.acting(fitri), Place(HERE), account=fitri, role=verifier_role, reason="Coba")


def test_the_same_grant_stands_once(fitri, dedi, verifier_role) -> None:
    services.grant(make.acting(fitri), Place(HERE), account=dedi, role=verifier_role, reason="SK")
    with pytest.raises(Conflict):
        services.grant(make.acting(fitri), Place(HERE), account=dedi, role=verifier_role, reason="SK")
    assert entries("access.grant") == 1


def test_a_grant_fits_kind_reach_dates_and_an_open_account(fitri, dedi, verifier_role) -> None:
    today, actor = clock.today(), make.acting(fitri)
    resident, closed = make.account(kind="resident"), make.account(is_active=False)
    for wrong, field in (({"account": resident}, "role"), ({"account": closed}, "account"), ({"reason": " "}, "reason"),
                         ({"valid_to": today - timedelta(days=1)}, "valid_to")):
        with pytest.raises(Invalid) as caught:
            services.grant(actor, Place(HERE), **({"account": dedi, "role": verifier_role, "reason": "SK"} | wrong))
        assert caught.value.fields == [field]
    with pytest.raises(Invalid) as caught:  # the whole city cannot be had by leaving a field empty
        services.grant(Actor.system("test"), Place(EVERYWHERE), account=dedi, role=verifier_role, reason="SK")
    assert caught.value.fields == ["office"]


def test_a_revoked_grant_is_gone_at_once_and_stays_on_record(fitri, dedi, verifier_role) -> None:
    made = services.grant(make.acting(fitri), Place(HERE), account=dedi, role=verifier_role, reason="SK")
    services.revoke(make.acting(fitri), made, reason="Pindah tugas")
    assert not make.acting(dedi).holdings and Grant.objects.get(pk=made.pk).ended_by == fitri.ref
    with pytest.raises(Conflict):
        services.revoke(make.acting(fitri), made, reason="Pindah tugas")


def test_an_administrator_cannot_take_a_role_away_that_they_could_not_give(fitri, sari) -> None:
    with pytest.raises(Refused):
        services.revoke(make.acting(fitri), sari.grants.get(), reason="Coba")
    assert make.acting(sari).holdings


# ---------------------------------------------------------------- mandates

def mandate(actor: Actor, holder: Account, role, **changes):
    today = clock.today()
    return services.give_mandate(actor, Place(HERE), **({
        "holder": holder, "role": role, "kind": "plh", "position": "Kepala Dinas Contoh", "reason": "Dinas luar", "legal_basis": "Surat 5/2026",
        "starts": today, "ends": today + timedelta(days=3)} | changes))


def test_a_head_lends_the_role_to_somebody_until_a_day(sari, dedi, head_role, clock_at) -> None:
    clock_at("2026-11-24 09:00")
    made = mandate(make.acting(sari), dedi, head_role, on_behalf_of=sari)
    assert make.acting(dedi).via("offices.set_hours", HERE) == f"mandate:{made.pk}"
    clock_at("2026-11-27 23:00")
    assert make.acting(dedi).may("offices.set_hours", HERE)
    clock_at("2026-11-28 00:01")
    assert not make.acting(dedi).may("offices.set_hours", HERE)


@pytest.mark.parametrize("kind", ["plt", "plh"])
def test_plt_and_plh_need_a_last_day_and_pj_does_not(sari, dedi, head_role, kind) -> None:
    with pytest.raises(Invalid) as caught:
        mandate(make.acting(sari), dedi, head_role, kind=kind, ends=None)
    assert caught.value.fields == ["ends"]
    assert mandate(make.acting(sari), dedi, head_role, kind="pj", ends=None).ends is None


def test_a_mandate_needs_its_legal_basis(sari, dedi, head_role) -> None:
    with pytest.raises(Invalid):
        mandate(make.acting(sari), dedi, head_role, legal_basis="")


def test_a_mandate_cannot_be_passed_on_nor_given_to_oneself_nor_beyond_ones_role(sari, dedi, head_role, verifier_role) -> None:
    mandate(make.acting(sari), dedi, head_role)
    for giver, holder, role in ((dedi, make.account(), head_role), (sari, sari, head_role), (sari, make.account(), verifier_role)):
        with pytest.raises(Refused):
            mandate(make.acting(giver), holder, role)


def test_the_same_mandate_stands_once(sari, dedi, head_role) -> None:
    mandate(make.acting(sari), dedi, head_role)
    with pytest.raises(Conflict):
        mandate(make.acting(sari), dedi, head_role)


def test_a_mandate_is_ended_by_the_one_who_is_back_by_its_holder_or_by_an_administrator_and_by_nobody_else(sari, dedi, fitri, head_role) -> None:
    for day, person in enumerate((sari, dedi, fitri)):
        made = mandate(make.acting(sari), dedi, head_role, on_behalf_of=sari, starts=clock.today() + timedelta(days=day),
                       ends=clock.today() + timedelta(days=9))
        with pytest.raises(Refused):
            services.end_mandate(make.acting(make.account()), made, reason="Coba")
        services.end_mandate(make.acting(person), made, reason="Sudah kembali")
        with pytest.raises(Conflict):
            services.end_mandate(make.acting(person), made, reason="Sudah kembali")
    assert not Mandate.objects.filter(ended_at=None).exists() and not make.acting(dedi).holdings


# ---------------------------------------------------------------- duty sessions

@pytest.fixture
def taufik():
    person = make.account("Taufik Contoh")
    make.granted(person, make.role("pengelola", ("access.read", "access.start_duty"), reach="city", may_grant=("verifikator",),
                                   duty=("access.grant", "access.register_client", "access.end_duty")))
    return person


def test_a_duty_session_lends_the_dangerous_permissions_until_its_end_and_marks_what_is_done(taufik, dedi, verifier_role, clock_at) -> None:
    clock_at("2026-11-24 09:00")
    with pytest.raises(Refused):
        services.grant(make.acting(taufik), Place(HERE), account=dedi, role=verifier_role, reason="SK")
    duty = services.start_duty(make.acting(taufik), reason="Pegawai baru", minutes=30)
    services.grant(make.acting(taufik), Place(HERE), account=dedi, role=verifier_role, reason="SK")
    assert f'"via":"duty:{duty.pk} role:pengelola"' in Entry.objects.get(deed="access.grant", kind="deed").body.replace('": "', '":"')
    clock_at("2026-11-24 09:30")
    assert not make.acting(taufik).holds("access.grant")


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_a_duty_session_is_no_longer_than_four_hours(taufik, minutes) -> None:
    with pytest.raises(Invalid):
        services.start_duty(make.acting(taufik), reason="Uji", minutes=minutes)


def test_a_duty_session_needs_a_reason_and_a_role_with_duties(taufik, dedi) -> None:
    with pytest.raises(Invalid):
        services.start_duty(make.acting(taufik), reason=" ")
    with pytest.raises(Refused):
        services.start_duty(make.acting(dedi), reason="Coba")


def test_one_duty_session_at_a_time_and_a_new_one_after_the_last(taufik, clock_at) -> None:
    clock_at("2026-11-24 09:00")
    services.start_duty(make.acting(taufik), reason="Satu", minutes=30)
    with pytest.raises(Conflict):
        services.start_duty(make.acting(taufik), reason="Dua")
    clock_at("2026-11-24 10:00")
    services.start_duty(make.acting(taufik), reason="Dua")
    first = DutySession.objects.earliest("pk")
    assert first.ended_at == first.ends_at


def test_a_duty_session_is_ended_by_its_holder_and_not_by_a_stranger(taufik, dedi) -> None:
    duty = services.start_duty(make.acting(taufik), reason="Uji")
    with pytest.raises(Refused):
        services.end_duty(make.acting(dedi), duty)
    services.end_duty(make.acting(taufik), duty)
    assert not make.acting(taufik).holds("access.grant")
    with pytest.raises(Conflict):
        services.end_duty(make.acting(taufik), duty)


# ---------------------------------------------------------------- clients

def test_a_client_is_registered_in_a_duty_session_and_its_secret_is_shown_once(taufik) -> None:
    with pytest.raises(Refused):
        services.register_client(make.acting(taufik), name="Aplikasi Contoh", redirect_uris=["https://contoh.id/kembali"])
    services.start_duty(make.acting(taufik), reason="Aplikasi baru")
    client = services.register_client(make.acting(taufik), name="Aplikasi Contoh", redirect_uris=["https://contoh.id/kembali"])
    stored = Client.objects.get()
    assert stored.check_secret(client.plain_secret) and client.plain_secret not in (stored.secret, Entry.objects.latest("id").body)


@pytest.mark.parametrize("uri", ["http://contoh.id/kembali", "https://*.contoh.id/", "javascript:alert(1)", "https://contoh.id/#x"])
def test_a_client_returns_only_to_safe_addresses(uri) -> None:
    with pytest.raises(Invalid):
        services.register_client(Actor.system("test"), name="Aplikasi", redirect_uris=[uri])


def test_removing_a_client_ends_its_tokens(dedi) -> None:
    actor = Actor.system("test")
    client = services.register_client(actor, name="Aplikasi", redirect_uris=["https://contoh.id/kembali"])
    Token.objects.create(type="at", hash="x", client=client, user=dedi)
    with pytest.raises(Refused):
        services.remove_client(make.acting(dedi), client, reason="Coba")
    services.remove_client(actor, client, reason="Tidak dipakai")
    assert not Token.objects.exists() and not Client.objects.exists()
