"""The pages about the program itself: what left by which channel, and which partner was called; nothing that belongs to a resident."""
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from amanah.foundation.kernel import clock
from amanah.foundation.messages.models import Channel, Delivery, Message, State
from amanah.foundation.wires.models import Call
from amanah.portals.office.permissions import READ_JOBS, READ_OUTBOX, READ_WIRES

from .people import browser, text

pytestmark = pytest.mark.django_db
PAGES = [reverse(name) for name in ("office_queue", "office_outbox", "office_calls")]
OUTBOX, CALLS = PAGES[1:]


@pytest.fixture
def keeper(city):
    """The browser of the one who keeps the program running."""
    role = city.roles["pengelola"]
    role.permissions = [*role.permissions, READ_JOBS, READ_OUTBOX, READ_WIRES]
    role.save()
    return browser(city.pengelola)


def delivery(channel=Channel.SMS, state=State.DELIVERED, *, simulated=False, **fields):
    now = fields.pop("at", clock.now())
    message = Message.objects.create(template="cases.received", language="id", subject="Permohonan K-1 kami terima", body="Uni Rina", dedupe_key=uuid4().hex,
                                     created_at=now)
    given = {"address": "+6281234567890", "text": "Permohonan K-1 kami terima", "attempts": 1} | fields
    return Delivery.objects.create(message=message, channel=channel, rank=0, state=state, due_at=now, changed_at=now, simulated=simulated, **given)


def call(wire="sms", outcome=Call.Outcome.ANSWERED, **fields):
    return Call.objects.create(**{"at": clock.now(), "wire": wire, "method": "POST", "path": "/messages/{id}", "outcome": outcome, "status": 202,
                                  "milliseconds": 1234, "attempt": 1, "simulated": False, "sent": '{"isi": "rahasia"}', "received": '{"id": "x"}'} | fields)


# ---------------------------------------------------------------- who gets in

@pytest.mark.parametrize("page", PAGES)
def test_only_those_who_keep_the_program_running_find_the_pages(city, client, keeper, page):
    assert keeper.get(page).status_code == 200
    for other in (city.auditor, city.sekda, city.warga):
        assert browser(other).get(page).status_code == 404
    assert client.get(page).status_code == 404


def test_the_tabs_lead_to_the_pages_one_may_open_and_mark_the_one_of_now(city, keeper):
    for page in PAGES:
        shown = text(keeper.get(page))
        assert all(f'<a href="{other}"' in shown for other in PAGES) and f'<a href="{page}" aria-current="page">' in shown
    city.roles["pengelola"].permissions = [READ_JOBS]
    city.roles["pengelola"].save()
    shown = text(keeper.get(PAGES[0]))
    assert f'<a href="{OUTBOX}"' not in shown and f'<a href="{CALLS}"' not in shown
    assert keeper.get(OUTBOX).status_code == 404


# ---------------------------------------------------------------- messages

def test_addresses_are_masked_and_words_that_reached_somebody_are_not_shown(keeper):
    delivery()
    delivery(Channel.EMAIL, subject="Permohonan K-1 kami terima", address="rina@example.id")
    page = text(keeper.get(OUTBOX))
    assert "0812••••••90" in page and "ri•••@example.id" in page and "cases.received" in page
    assert "81234567890" not in page and "rina@example.id" not in page and "Permohonan K-1" not in page and "Uni Rina" not in page


def test_what_a_twin_took_is_marked_and_shown_word_for_word(keeper):
    delivery(simulated=True)
    page = text(keeper.get(OUTBOX))
    assert "Disimulasikan" in page and "Permohonan K-1 kami terima" in page


@pytest.mark.parametrize(("state", "says"), [(State.CREATED, "Menunggu dikirim"), (State.SENDING, "Sedang dikirim"), (State.DELIVERED, "Sudah sampai"),
                                             (State.TEMPORARY, "Belum sampai"), (State.PERMANENT, "Alamat tidak dapat dicapai"),
                                             (State.TECHNICAL, "Gangguan di pihak kami")])
def test_every_state_has_its_word(keeper, state, says):
    delivery(state=state)
    assert f"{says}</span>" in text(keeper.get(OUTBOX)).replace("\n", "")


def test_channels_in_reserve_are_not_shown(keeper):
    delivery(state=State.HELD)
    delivery(state=State.NOT_NEEDED)
    assert "Belum ada pesan keluar" in text(keeper.get(OUTBOX))


def test_the_outbox_is_narrowed_to_a_channel_and_paging_keeps_it(keeper):
    for _each in range(45):
        delivery(Channel.SMS, address="+6281111111111")
    delivery(Channel.EMAIL, address="rina@example.id")
    first = keeper.get(OUTBOX, {"saluran": "sms"})
    assert len(first.context["table"].rows) == 40 and "@example.id" not in text(first)
    second = keeper.get(OUTBOX + first.context["pager"].next)
    assert len(second.context["table"].rows) == 5 and "@example.id" not in text(second)
    assert "@example.id" in text(keeper.get(OUTBOX, {"saluran": "merpati"}))
    assert "Belum ada pesan lewat saluran ini" in text(keeper.get(OUTBOX, {"saluran": "whatsapp"}))
    assert keeper.get(OUTBOX, {"dari": "dibuat-buat"}).status_code == 422


def test_the_bars_count_a_day(keeper):
    delivery()
    delivery(state=State.PERMANENT)
    delivery(state=State.CREATED)
    delivery(at=clock.now() - timedelta(hours=25))
    [bar] = keeper.get(OUTBOX).context["bars"].bars
    assert (bar.name, bar.value, bar.said, bar.verdict) == ("SMS", 1, "1 sampai dari 3", "1 gagal, 1 menunggu")


def test_a_long_outbox_costs_no_more_statements(keeper, same_statements):
    same_statements(lambda count: [delivery() for _ in range(count)], lambda: keeper.get(OUTBOX))


# ---------------------------------------------------------------- partners

def test_partners_stand_with_how_they_are_connected(keeper, monkeypatch):
    assert "Mitra tiruan" in text(keeper.get(CALLS))
    monkeypatch.setenv("AMANAH_WIRE_SMS_URL", "https://sms.example.id")
    rows = {row[0].note: row for row in keeper.get(CALLS).context["partners"].rows}
    assert str(rows["sms"][1].chip.word) == "Tersambung" and str(rows["whatsapp"][1].chip.word) == "Mitra tiruan"


def test_the_journal_shows_how_a_call_went_and_never_what_was_said(keeper):
    call()
    call(outcome=Call.Outcome.TEMPORARY, status=None, error="timeout", attempt=2, simulated=True)
    page = text(keeper.get(CALLS))
    assert "1.234 md" in page and "POST /messages/{id}" in page and "timeout" in page and "Disimulasikan" in page and "Gagal sementara" in page
    assert "rahasia" not in page
    [row] = [row for row in keeper.get(CALLS).context["partners"].rows if row[0].note == "sms"]
    assert row[2:5] == ("2", "1", "1.234 md")


def test_the_journal_is_narrowed_to_a_partner_and_paging_keeps_it(keeper):
    for _each in range(42):
        call("sms")
    call("whatsapp", path="/hanya-whatsapp")
    first = keeper.get(CALLS, {"mitra": "sms"})
    assert len(first.context["table"].rows) == 40 and "/hanya-whatsapp" not in text(first)
    second = keeper.get(CALLS + first.context["pager"].next)
    assert len(second.context["table"].rows) == 2 and "/hanya-whatsapp" not in text(second)
    assert "/hanya-whatsapp" in text(keeper.get(CALLS, {"mitra": "tak-dikenal"}))


def test_a_partner_that_is_gone_keeps_its_calls(keeper):
    call("mitra-lama")
    assert "mitra-lama" in text(keeper.get(CALLS))


def test_a_long_journal_costs_no_more_statements(keeper, same_statements):
    same_statements(lambda count: [call() for _ in range(count)], lambda: keeper.get(CALLS))
