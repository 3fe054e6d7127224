"""A resident's own pages: their messages, and who did what with their account; never anybody else's."""
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from amanah.foundation.access import services as access_acts
from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as access
from amanah.foundation.acts import look
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.messages.models import Message

pytestmark = pytest.mark.django_db
HOME, TRAIL, MINE = reverse("citizen_home"), reverse("citizen_trail"), reverse("citizen_mine")
SYSTEM = Actor.system("test")


def person(name: str, kind: str = "resident") -> Account:
    return access.account(f"{name} Contoh", kind, username=f"{PREFIX}{name.lower()}")


def browser(account: Account) -> Client:
    client = Client()
    assert client.post(reverse("signin_demo", args=[account.username.removeprefix(PREFIX)])).status_code == 302
    return client


def news(account, count=1, *, subject="Kabar", link="", sensitive=False):
    now = clock.now()
    return Message.objects.bulk_create(
        Message(template="x", account_id=account.pk, language="id", subject=f"{subject} {n}", body="Isi kabar", link=link, sensitive=sensitive,
                dedupe_key=uuid4().hex, created_at=now - timedelta(minutes=n)) for n in range(count))


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def rina():
    return person("Rina")


# ---------------------------------------------------------------- the first page

def test_residents_read_their_own_messages_only(rina):
    news(rina, 2, subject="Untuk Rina", link="/wilayah/")
    news(person("Siti"), subject="Untuk Siti")
    page = text(browser(rina).get(HOME))
    assert "Untuk Rina 0" in page and "2 belum dibaca" in page and "Untuk Siti" not in page and 'href="/wilayah/"' in page


def test_a_message_is_marked_as_read_by_its_owner_only(rina):
    [message] = news(rina)
    mark = reverse("citizen_read", args=[message.pk])
    assert browser(person("Siti")).post(mark).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None
    client = browser(rina)
    assert client.post(mark)["Location"] == HOME
    page = text(client.get(HOME))
    assert "belum dibaca" not in page and "Sudah saya baca" not in page and "Kabar 0" in page


def test_all_are_marked_at_once_and_nobody_elses(rina):
    news(rina, 3)
    news(person("Siti"))
    client = browser(rina)
    assert "Tandai semua sudah dibaca" in text(client.get(HOME))
    page = text(client.post(reverse("citizen_read_all"), follow=True))
    assert "belum dibaca" not in page and "Tandai semua" not in page and Message.objects.filter(read_at=None).count() == 1
    staff = browser(person("Dedi", "staff"))
    assert staff.post(reverse("citizen_read_all"))["Location"] == reverse("office_home") and Message.objects.filter(read_at=None).count() == 1


def test_an_empty_inbox_says_what_will_stand_there(rina):
    assert "Belum ada kabar" in text(browser(rina).get(HOME))


def test_a_long_inbox_has_pages_and_costs_no_more_statements(rina, same_statements):
    client = browser(rina)
    same_statements(lambda count: news(rina, count), lambda: client.get(HOME))
    first = client.get(HOME)
    second = client.get(HOME + first.context["pager"].next)
    assert len(first.context["news"]) == 20 == len(second.context["news"])
    assert not {row.id for row in first.context["news"]} & {row.id for row in second.context["news"]}


def test_the_page_says_whether_a_second_proof_guards_the_account(rina):
    client = browser(rina)
    assert "Dijaga kata sandi saja" in text(client.get(HOME))
    Authenticator.objects.create(user=rina, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert "Dijaga dua bukti" in text(client.get(HOME))


@pytest.mark.parametrize("page", [HOME, TRAIL])
def test_staff_are_led_to_their_desk_and_visitors_to_sign_in(page):
    assert browser(person("Dedi", "staff")).get(page)["Location"] == reverse("office_home")
    assert Client().get(page)["Location"].startswith(reverse("account_login"))


def test_a_visitor_who_marks_something_comes_back_to_the_page_and_not_to_the_button():
    answer = Client().post(reverse("citizen_read", args=[uuid4()]))
    assert answer.status_code == 302 and answer["Location"].endswith(f"next={HOME}")


def test_sign_in_leads_everybody_to_their_own_first_page(rina):
    assert browser(rina).get(MINE)["Location"] == HOME
    for kind in ("staff", "evaluator", "partner"):
        assert browser(person(f"Orang{kind}", kind)).get(MINE)["Location"] == reverse("office_home")
    assert Client().get(MINE)["Location"].startswith(reverse("account_login"))


# ---------------------------------------------------------------- who looked at my account

def test_residents_see_what_was_done_with_their_account_why_and_that_it_was_the_city(rina):
    keeper = access.account("Taufik Contoh")
    access.granted(keeper, access.role("pengelola", ("access.read", "access.reset_proofs"), reach="city"))
    look(access.acting(keeper), "access.read", rina, purpose="Menjawab keluhan")
    access_acts.close_account(SYSTEM, rina, reason="Diminta pemiliknya")
    access_acts.reopen_account(SYSTEM, rina, reason="Diminta pemiliknya")
    page = text(browser(rina).get(TRAIL))
    assert "Keperluan: Menjawab keluhan" in page and "Petugas kota" in page and "Menutup akun" in page and "Sistem" in page
    assert "Taufik" not in page


def test_the_trail_of_another_account_is_never_shown(rina):
    siti = person("Siti")
    look(SYSTEM, "access.read", siti, purpose="Rahasia Siti")
    access_acts.close_account(SYSTEM, siti, reason="Rahasia Siti")
    client = browser(rina)
    page = text(client.get(TRAIL, {"tentang": f"access.account:{siti.pk}"}))
    assert "Rahasia Siti" not in page and "Menutup akun" not in page


def test_ones_own_sign_in_is_told_as_ones_own(rina):
    assert "Anda sendiri" in text(browser(rina).get(TRAIL))


def test_a_long_trail_has_pages_and_costs_no_more_statements(rina, same_statements):
    client = browser(rina)
    same_statements(lambda count: [look(SYSTEM, "access.read", rina, purpose=f"Keperluan {n}") for n in range(count)], lambda: client.get(TRAIL))
    first = client.get(TRAIL)
    assert len(first.context["events"]) == 20
    assert len(client.get(TRAIL + first.context["pager"].next).context["events"]) == 20
    assert client.get(TRAIL, {"dari": "dibuat-buat"}).status_code == 422
