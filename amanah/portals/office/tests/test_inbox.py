"""The inbox of those who work here: their own messages and nobody else's, and the number on the bell."""
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from amanah.foundation.access import services as access_acts
from amanah.foundation.jobs import outbox
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.messages.models import Message

from .people import KEL_1, browser, text

pytestmark = pytest.mark.django_db
INBOX = reverse("office_inbox")


def news(account, count=1, *, subject="Kabar", read=False):
    now = clock.now()
    return Message.objects.bulk_create(
        Message(template="x", account_id=account.pk, language="id", subject=f"{subject} {n}", body="Isi kabar", dedupe_key=uuid4().hex,
                created_at=now - timedelta(minutes=n), read_at=now if read else None) for n in range(count))


def test_a_role_given_by_the_camat_stands_in_the_inbox_with_the_place_by_name(city):
    place = access_acts.Place(Scope(office=city.offices["kel_1"].path, territory=KEL_1))
    access_acts.grant(Actor.system("test"), place, account=city.lurah_2, role=city.roles["verifikator"], reason="SK 12/2026")
    outbox.drain()
    page = text(browser(city.lurah_2).get(INBOX))
    assert "Anda diberi peran Verifikator" in page and "Di: Kelurahan Muara 1" in page and "Alasan: SK 12/2026" in page


def test_everybody_reads_their_own_messages_only(city):
    news(city.lurah, subject="Untuk lurah satu")
    news(city.lurah_2, subject="Untuk lurah dua")
    page = text(browser(city.lurah).get(INBOX))
    assert "Untuk lurah satu" in page and "Untuk lurah dua" not in page


def test_the_bell_counts_what_is_not_read(city):
    news(city.lurah, 3)
    news(city.lurah, 2, read=True)
    client = browser(city.lurah)
    assert '<b class="rail-count">3<' in text(client.get(reverse("office_home")))
    assert text(client.get(INBOX)).count("Sudah saya baca") == 3
    assert "rail-count" not in text(browser(city.camat).get(reverse("office_home")))


def test_a_message_is_marked_as_read_once_and_by_its_owner_only(city):
    [message] = news(city.lurah)
    mark = reverse("office_inbox_read", args=[message.pk])
    assert browser(city.lurah_2).post(mark).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None
    client = browser(city.lurah)
    for _twice in range(2):
        assert client.post(mark)["Location"] == INBOX
    message.refresh_from_db()
    assert message.read_at is not None and "Sudah saya baca" not in text(client.get(INBOX))


def test_all_are_marked_at_once_and_nobody_elses(city):
    news(city.lurah, 2)
    news(city.camat)
    client = browser(city.lurah)
    page = text(client.post(reverse("office_inbox_read_all"), follow=True))
    assert "2 kabar ditandai sudah dibaca." in page and "Tandai semua" not in page
    assert Message.objects.filter(read_at=None).count() == 1
    assert "memang sudah dibaca" in text(client.post(reverse("office_inbox_read_all"), follow=True))


def test_a_long_inbox_has_pages(city):
    news(city.lurah, 25)
    client = browser(city.lurah)
    first = client.get(INBOX)
    shown = [row.subject for row in first.context["news"]]
    second = client.get(INBOX + first.context["pager"].next)
    assert shown[0] == "Kabar 0" and len(shown) == 20
    assert [row.subject for row in second.context["news"]] == [f"Kabar {n}" for n in range(20, 25)] and second.context["pager"].next == ""
    assert client.get(INBOX, {"dari": "dibuat-buat"}).status_code == 422


def test_what_somebody_wrote_into_a_message_stays_text(city):
    Message.objects.create(template="x", account_id=city.lurah.pk, language="id", subject="<b>x</b>", body="<script>x</script>", dedupe_key="x",
                           created_at=clock.now())
    page = text(browser(city.lurah).get(INBOX))
    assert "<script>x" not in page and "&lt;script&gt;x" in page and "<b>x</b>" not in page


def test_residents_have_no_desk_and_visitors_sign_in(city, client):
    warga = browser(city.warga)
    assert [warga.get(INBOX).status_code, warga.post(reverse("office_inbox_read_all")).status_code] == [404, 404]
    assert client.get(INBOX)["Location"].startswith(reverse("account_login"))


def test_a_long_inbox_costs_no_more_statements(city, same_statements):
    client = browser(city.lurah)
    same_statements(lambda count: news(city.lurah, count), lambda: client.get(INBOX))
