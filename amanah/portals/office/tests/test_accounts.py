"""The pages of accounts: every act through its page, by the right one and the wrong one; what was typed stays."""
from datetime import timedelta

import pytest
from django.urls import reverse

from amanah.foundation.access.models import Account, DutySession, Grant, Mandate
from amanah.foundation.access.tests import factories as access
from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock

from .people import KEL_1, browser, text

pytestmark = pytest.mark.django_db
REASON = {"reason": "Surat 12/2026"}
NOT_OFFERED = "Pilih salah satu yang ada di daftar."


@pytest.fixture
def dedi(city) -> Account:
    """A member of the staff of the first kelurahan, without any role."""
    return access.account("Dedi Contoh", office=city.offices["kel_1"].path)


@pytest.fixture
def budi(city) -> Account:
    """The same at the dinas; never signed in."""
    return access.account("Budi Contoh", office=city.offices["dinas"].path)


def on_duty(city):
    """The keeper's browser, in a duty session."""
    client = browser(city.pengelola)
    assert client.post(reverse("office_duty"), {**REASON, "minutes": "60"}).status_code == 302
    return client


# ---------------------------------------------------------------- who gets in

@pytest.mark.parametrize("page", ["office_accounts", "office_account_open", "office_mandates", "office_duty"])
def test_residents_find_no_page_and_visitors_are_led_to_sign_in(city, client, page) -> None:
    answer = client.get(reverse(page))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert browser(city.warga).get(reverse(page)).status_code == 404


def test_a_lurah_sees_the_accounts_of_her_own_office_only(city, dedi, budi) -> None:
    client = browser(city.lurah)
    page = text(client.get(reverse("office_accounts")))
    assert "Dedi Contoh" in page and "Budi Contoh" not in page and "Melati Contoh" not in page
    assert client.get(reverse("office_account", args=[dedi.pk])).status_code == 200
    for hidden in (budi, city.lurah_2, city.sekda):
        assert client.get(reverse("office_account", args=[hidden.pk])).status_code == 404


def test_everybody_at_work_may_see_their_own_account_but_act_on_it_nowhere(city, dedi) -> None:
    dedi.username = "demo.dedi"
    dedi.save()
    page = text(browser(dedi).get(reverse("office_account", args=[dedi.pk])))
    assert "akun Anda sendiri" in page and 'id="tindakan"' not in page
    assert browser(city.warga).get(reverse("office_account", args=[city.warga.pk])).status_code == 404


def test_the_list_searches_filters_and_pages_with_the_same_number_of_statements(city, same_statements) -> None:
    client, number = browser(city.auditor), iter(range(1000))

    def make(count: int) -> None:
        for n in (next(number) for _ in range(count)):
            person = access.account(f"Orang {n:03} Contoh", office=city.offices["kel_1"].path)
            access.granted(person, city.roles["verifikator"], office=city.offices["kel_1"].path, territory=KEL_1)

    assert same_statements(make, lambda: client.get(reverse("office_accounts"), {"cari": "Orang"})) <= 14
    first = text(client.get(reverse("office_accounts"), {"cari": "orang", "jenis": "staff"}))
    assert "Orang 000 Contoh" in first and "Orang 029 Contoh" in first and "Orang 030 Contoh" not in first and 'rel="next"' in first
    assert "Tidak ada yang cocok" in text(client.get(reverse("office_accounts"), {"cari": "zzz"}))


def test_the_page_of_an_account_takes_the_same_number_of_statements_for_many_roles(city, dedi, same_statements) -> None:
    client, number = browser(city.auditor), iter(range(1000))

    def make(count: int) -> None:
        for n in (next(number) for _ in range(count)):
            access.granted(dedi, city.roles["verifikator"], office=city.offices["kel_1"].path, territory=KEL_1, valid_from=clock.today() - timedelta(days=n))

    same_statements(make, lambda: client.get(reverse("office_account", args=[dedi.pk])))


def test_an_account_says_its_roles_in_sentences_and_leads_to_the_trail_only_who_may_read_it(city) -> None:
    page = text(browser(city.auditor).get(reverse("office_account", args=[city.lurah.pk])))
    assert "Lurah di Kelurahan Muara 1, tanpa batas waktu. Alasan: Contoh" in page and f"oleh=account:{city.lurah.pk}" in page
    assert reverse("office_trail") not in text(browser(city.camat).get(reverse("office_account", args=[city.lurah.pk])))


# ---------------------------------------------------------------- opening, inviting

def test_an_administrator_opens_an_account_and_hands_over_the_link_once(city) -> None:
    client = browser(city.admin)
    answer = client.post(reverse("office_account_open"), {
        "office": "dinas", "name": "Baru Contoh", "kind": "staff", "username": "baru", "language": "id"}, follow=True)
    made = Account.objects.get(username="baru")
    assert made.office == city.offices["dinas"].path and "Anda membuka akun Baru Contoh. Sudah tercatat dalam jejak." in text(answer)
    shown = client.post(reverse("office_account_invite", args=[made.pk]))
    link = text(shown).partition('class="copy-once">')[2].partition("<")[0]
    assert shown.status_code == 200 and link.startswith("http") and link.count("/") > 4 and "no-store" in shown["Cache-Control"]
    assert "copy-once" not in text(client.get(reverse("office_account", args=[made.pk])))
    assert Entry.objects.filter(deed="access.invite", kind="deed").count() == 1


@pytest.mark.parametrize(("wrong", "status", "sentence"), [
    ({"name": ""}, 422, "Isi nama lengkap."), ({"email": "bukan alamat"}, 422, "Tulis alamat email lengkap"), ({"office": "kel_1"}, 422, NOT_OFFERED),
    ({"username": "demo.fitri"}, 409, "Nama pengguna atau alamat email itu sudah dipakai."), ({"username": ""}, 422, "Isi nama pengguna atau alamat email.")])
def test_objections_stand_at_their_field_and_what_was_typed_stays(city, wrong, status, sentence) -> None:
    answer = browser(city.admin).post(reverse("office_account_open"), {
        "office": "dinas", "name": "Baru Contoh", "kind": "staff", "username": "baru.contoh", "language": "id"} | wrong)
    assert answer.status_code == status and sentence in text(answer)
    assert 'value="Baru Contoh"' in text(answer) or "name" in wrong
    assert not Account.objects.filter(name="Baru Contoh").exists()


def test_whoever_may_not_open_accounts_finds_no_page_for_it(city) -> None:
    client = browser(city.lurah)
    assert client.get(reverse("office_account_open")).status_code == 404
    assert client.post(reverse("office_account_open"), {"office": "kel_1", "name": "X", "kind": "staff", "username": "x"}).status_code == 404
    assert client.post(reverse("office_account_invite", args=[city.lurah.pk])).status_code == 403


# ---------------------------------------------------------------- closing, reopening, proofs

def test_a_keeper_closes_and_reopens_an_account_only_while_on_duty(city, budi) -> None:
    page, again = reverse("office_account_close", args=[budi.pk]), reverse("office_account_reopen", args=[budi.pk])
    idle = browser(city.pengelola)
    assert idle.get(page).status_code == 403 and "Mulai sesi tugas" in text(idle.get(reverse("office_account", args=[budi.pk])))
    assert idle.post(page, REASON).status_code == 403
    client = on_duty(city)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": " "}).status_code == 422
    assert "Anda menutup akun Budi Contoh. Sudah tercatat" in text(client.post(page, REASON, follow=True))
    assert not Account.objects.get(pk=budi.pk).is_active
    assert client.post(page, REASON).status_code == 409
    assert "Anda membuka kembali akun Budi Contoh." in text(client.post(again, REASON, follow=True))
    assert Account.objects.get(pk=budi.pk).is_active


def test_lost_proofs_are_removed_with_a_reason(city, budi) -> None:
    page = reverse("office_account_proofs", args=[budi.pk])
    assert "Anda menghapus bukti kedua akun Budi Contoh." in text(on_duty(city).post(page, REASON, follow=True))
    assert browser(city.admin).post(page, REASON).status_code == 403
    assert browser(city.lurah).post(page, REASON).status_code == 404


# ---------------------------------------------------------------- roles

def test_an_administrator_gives_and_takes_a_role_in_her_own_office(city, budi) -> None:
    client, page = browser(city.admin), reverse("office_account_grant", args=[budi.pk])
    assert "Operator, untuk Dinas Contoh" in text(client.get(page))
    answer = client.post(page, {"role": "operator", "reason": "Surat 7", "valid_to": (clock.today() + timedelta(days=30)).isoformat()}, follow=True)
    grant = Grant.objects.get(account=budi)
    assert (grant.role.code, grant.office, grant.valid_from) == ("operator", city.offices["dinas"].path, clock.today())
    assert "Anda memberi Budi Contoh peran Operator untuk Dinas Contoh. Sudah tercatat" in text(answer)
    assert client.post(page, {"role": "operator", "reason": "Surat 7 <lagi>"}).status_code == 409
    end = reverse("office_grant_revoke", args=[grant.pk])
    assert client.post(end, {"reason": ""}).status_code == 422
    assert "Anda mencabut peran Operator dari Budi Contoh." in text(client.post(end, REASON, follow=True))
    grant.refresh_from_db()
    assert grant.ended_reason == "Surat 12/2026"


def test_a_role_is_offered_only_where_and_to_whom_it_may_be_given(city, budi, dedi) -> None:
    client = browser(city.admin)
    page = reverse("office_account_grant", args=[budi.pk])
    assert client.post(page, {"role": "lurah", "reason": "Coba"}).status_code == 422
    assert client.get(reverse("office_account_grant", args=[dedi.pk])).status_code == 404
    assert browser(city.lurah).get(reverse("office_account_grant", args=[dedi.pk])).status_code == 403
    assert "Tidak ada peran yang boleh Anda berikan di sini" in text(client.get(page, {"kantor": "kel_1"}))
    assert not Grant.objects.filter(account__in=[budi, dedi]).exists()


def test_a_keeper_on_duty_gives_a_role_for_an_office_and_its_territory_at_once(city, dedi) -> None:
    page = reverse("office_account_grant", args=[dedi.pk]) + "?kantor=kel_1&wilayah="
    client = on_duty(city)
    assert "Verifikator, untuk Kelurahan Muara 1" in text(client.get(page))
    assert client.post(page, {"role": "verifikator", "reason": "Surat 7"}).status_code == 302
    grant = Grant.objects.get(account=dedi)
    assert (grant.office, grant.territory) == (city.offices["kel_1"].path, KEL_1)


def test_wrong_dates_come_back_with_everything_typed(city, budi) -> None:
    answer = browser(city.admin).post(reverse("office_account_grant", args=[budi.pk]), {
        "role": "operator", "reason": "Surat 7", "valid_from": "2026-12-10", "valid_to": "2026-12-01"})
    assert answer.status_code == 422 and "Hari terakhir tidak boleh sebelum hari pertama." in text(answer)
    assert 'value="2026-12-10"' in text(answer) and "Surat 7" in text(answer) and "checked" in text(answer)


def test_somebody_else_may_not_take_a_role_away(city) -> None:
    grant = Grant.objects.get(account=city.lurah)
    for stranger in (city.admin, city.lurah_2, city.camat):
        assert browser(stranger).post(reverse("office_grant_revoke", args=[grant.pk]), REASON).status_code == 404
    grant.refresh_from_db()
    assert grant.ended_at is None


# ---------------------------------------------------------------- mandates

def mandate(**changed):
    today = clock.today()
    return {"kind": "plh", "position": "Lurah Muara 1", "role": "lurah", "on_behalf_of": "", "legal_basis": "SP 3/2026", "starts": today.isoformat(),
            "ends": (today + timedelta(days=5)).isoformat(), "reason": "Lurah cuti"} | changed


def test_a_camat_names_a_stand_in_and_the_one_who_is_back_ends_it(city, dedi) -> None:
    client, page = browser(city.camat), reverse("office_account_mandate", args=[dedi.pk]) + "?kantor=kel_1&wilayah="
    assert "Lurah, untuk Kelurahan Muara 1" in text(client.get(page))
    answer = client.post(page, mandate(on_behalf_of=str(city.lurah.pk)), follow=True)
    assert "Anda menunjuk Dedi Contoh sebagai Plh. Lurah Muara 1. Sudah tercatat" in text(answer)
    made = Mandate.objects.get()
    assert (made.office, made.territory, made.on_behalf_of_id) == (city.offices["kel_1"].path, KEL_1, city.lurah.pk)
    assert "Plh. Lurah Muara 1" in text(client.get(reverse("office_mandates")))
    end = reverse("office_mandate_end", args=[made.pk])
    for stranger in (city.lurah_2, city.admin, city.auditor):
        assert browser(stranger).post(end, REASON).status_code == 404
    back = browser(city.lurah)
    assert back.post(end, {"reason": ""}).status_code == 422
    assert "Anda mengakhiri mandat Plh. Lurah Muara 1 (Dedi Contoh)." in text(back.post(end, REASON, follow=True))
    assert back.post(end, REASON).status_code == 409


@pytest.mark.parametrize(("wrong", "sentence"), [({"ends": ""}, "Plt. dan Plh. harus punya hari terakhir."), ({"legal_basis": ""}, "Isi dasar."),
                                                 ({"starts": "kemarin"}, "Tulis tanggal, bulan, dan tahun"), ({"role": "sekda"}, NOT_OFFERED)])
def test_a_mandate_that_does_not_fit_comes_back(city, dedi, wrong, sentence) -> None:
    answer = browser(city.camat).post(reverse("office_account_mandate", args=[dedi.pk]) + "?kantor=kel_1&wilayah=", mandate(**wrong))
    assert answer.status_code == 422 and sentence in text(answer) and 'value="Lurah Muara 1"' in text(answer)
    assert not Mandate.objects.exists()


def test_a_stand_in_ends_their_own_mandate_without_any_other_right(city, dedi) -> None:
    dedi.username = "demo.dedi"
    dedi.save()
    browser(city.camat).post(reverse("office_account_mandate", args=[dedi.pk]) + "?kantor=kel_1&wilayah=", mandate(role="verifikator"))
    answer = browser(dedi).post(reverse("office_mandate_end", args=[Mandate.objects.get().pk]), REASON)
    assert answer.status_code == 302 and answer["Location"] == reverse("office_account", args=[dedi.pk])


# ---------------------------------------------------------------- duty sessions

def test_a_duty_session_begins_shows_a_bar_on_every_page_and_ends(city) -> None:
    client = on_duty(city)
    duty, page = DutySession.objects.get(), text(client.get(reverse("office_accounts")))
    assert 'class="duty-bar"' in page and "Surat 12/2026" in page
    assert client.post(reverse("office_duty"), {**REASON, "minutes": "60"}).status_code == 409
    end = reverse("office_duty_end", args=[duty.pk])
    assert browser(city.auditor).post(end).status_code == 404
    assert "Anda mengakhiri sesi tugas “Surat 12/2026”." in text(client.post(end, follow=True))
    assert 'class="duty-bar"' not in text(client.get(reverse("office_accounts")))
    assert client.post(end).status_code == 409


def test_a_duty_session_needs_a_reason_a_length_we_offer_and_somebody_who_has_duties(city) -> None:
    client = browser(city.pengelola)
    for wrong in ({"reason": "", "minutes": "60"}, {"reason": "Uji", "minutes": "600"}, {"reason": "Uji", "minutes": ""}):
        assert client.post(reverse("office_duty"), wrong).status_code == 422
    assert browser(city.auditor).post(reverse("office_duty"), {"reason": "Uji", "minutes": "60"}).status_code == 403
    assert not DutySession.objects.exists()


def test_an_auditor_reads_the_whole_log_and_a_lurah_only_her_own(city) -> None:
    on_duty(city)
    assert "Surat 12/2026" in text(browser(city.auditor).get(reverse("office_duty")))
    assert "Surat 12/2026" not in text(browser(city.lurah).get(reverse("office_duty")))


def test_the_log_pages_with_the_same_number_of_statements(city, same_statements) -> None:
    client = browser(city.auditor)

    def make(count: int) -> None:
        start = clock.now() - timedelta(days=30 + DutySession.objects.count())
        for n in range(count):
            at = start - timedelta(hours=5 * n)
            DutySession.objects.create(account=city.pengelola, reason=f"Tugas {n}", starts_at=at, ends_at=at + timedelta(hours=1), ended_at=at + timedelta(hours=1))

    same_statements(make, lambda: client.get(reverse("office_duty")))
    assert 'rel="next"' in text(client.get(reverse("office_duty")))
