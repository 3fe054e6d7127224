"""The first page of each role: what they hold, where they work, and nothing of what is not theirs."""
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from amanah.foundation.access.tests import factories as access
from amanah.foundation.kernel import clock
from amanah.portals.office.permissions import READ_JOBS

from .people import KEL_1, browser, text

pytestmark = pytest.mark.django_db
HOME = reverse("office_home")
STAFF = ("verifikator_kelurahan", "lurah", "camat", "kepala_opd", "admin_opd", "operator_112", "wali_kota", "sekda", "inspektorat_auditor", "pelindung_data",
         "pengelola_aplikasi", "evaluator", "mitra_bank")


def home(account):
    return text(browser(account).get(HOME))


def test_a_lurah_sees_her_office_its_territory_and_what_she_holds(city):
    page = home(city.lurah)
    assert "Yusra Contoh" in page and "Kelurahan Muara 1" in page and "Kelurahan Muara 2" not in page
    assert "Lurah di Kelurahan Muara 1, tanpa batas waktu. Alasan: Contoh" in page
    assert "Kerja sistem" not in page and "Catatan jejak" not in page and "Kantor berdiri" not in page


def test_who_works_for_the_whole_city_sees_the_city(city):
    page = home(city.sekda)
    assert "Kantor berdiri" in page and "Jabatan kosong" in page and "Catatan jejak" not in page


def test_the_trail_stands_on_the_home_of_those_who_may_read_it(city):
    page = home(city.auditor)
    assert "Catatan jejak" in page and "Kerja sistem" not in page


def test_background_work_stands_on_the_home_of_those_who_may_read_it(city):
    city.roles["pengelola"].permissions = [*city.roles["pengelola"].permissions, READ_JOBS]
    city.roles["pengelola"].save()
    page = home(city.pengelola)
    assert "Kerja sistem" in page and "Catatan jejak" not in page


def test_without_a_role_the_page_says_whom_to_ask(city):
    new = access.account("Dedi Contoh", username="demo.dedi")
    page = home(new)
    assert "Belum ada peran yang berlaku. Hubungi admin kantor Anda." in page and "Belum ada pekerjaan untuk peran Anda" in page


def test_an_ended_role_is_gone_and_a_coming_one_is_announced(city):
    today = clock.today()
    access.granted(city.lurah, city.roles["operator"], office=city.offices["dinas"].path, valid_from=today.replace(year=today.year - 2),
                   valid_to=today.replace(year=today.year - 1, day=1))
    access.granted(city.lurah, city.roles["verifikator"], office=city.offices["kel_2"].path, territory=KEL_1, valid_from=today.replace(year=today.year + 1, day=1))
    page = home(city.lurah)
    assert "Operator" not in page and "Verifikator di Kelurahan Muara 2, mulai 1" in page


def test_a_running_duty_session_is_said_on_top(city):
    client = browser(city.pengelola)
    assert "Sesi tugas" not in text(client.get(HOME))
    client.post(reverse("office_duty"), {"reason": "Mencabut peran lama", "minutes": "60"})
    page = text(client.get(HOME))
    assert "Sesi tugas sampai" in page and "Mencabut peran lama" in page


def test_an_office_that_is_gone_breaks_no_home(city):
    account = access.account("Budi Contoh", username="demo.budi")
    access.granted(account, city.roles["operator"], office="kota.sudah_bubar")
    access.granted(account, city.roles["verifikator"], office=city.offices["kel_1"].path, territory="99.71.09.1999")
    assert browser(account).get(HOME).status_code == 200


def test_residents_are_led_to_their_own_page_and_visitors_to_sign_in(city, client):
    assert browser(city.warga).get(HOME)["Location"] == reverse("citizen_home")
    assert client.get(HOME)["Location"].startswith(reverse("account_login"))
    assert browser(city.lurah).post(HOME).status_code == 405


def test_a_home_costs_the_same_however_many_accounts_and_mandates_there_are(city, same_statements):
    client = browser(city.camat)

    def more(count):
        for _each in range(count):
            access.granted(access.account(office=city.offices["kel_1"].path), city.roles["verifikator"], office=city.offices["kel_1"].path, territory=KEL_1)

    same_statements(more, lambda: client.get(HOME))


def test_every_role_of_the_demonstration_has_a_home_that_names_its_role(db):
    call_command("city")
    for role in STAFF:
        client = Client()
        client.post(reverse("signin_demo", args=[role]))
        answer = client.get(HOME)
        held = answer.context["held"]
        assert answer.status_code == 200 and [row.role for row in held] == [role], role
        assert text(answer).count("<h1>") == 1 and held[0].sentence.split(",")[0] in text(answer)
