import logging
import smtplib
from datetime import timedelta

import pytest
from django.db import transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid, NotFound, Unavailable
from amanah.foundation.messages import queries, rules, sending, services, tasks, templates
from amanah.foundation.messages.adapters import Accepted, Undeliverable
from amanah.foundation.messages.models import Channel, Delivery, Message
from amanah.foundation.messages.tests.conftest import NIGHT, NOON
from amanah.foundation.messages.tests.factories import rina, template
from amanah.foundation.wires.models import Call

VALUES = {"number": "K-1", "due": "Rabu"}


def send(to=None, key="case:1:received", at=NOON, **options):
    with clock.fixed(at):
        return services.send(template(**options), to or rina(), VALUES, dedupe_key=key)


def round_at(moment):
    with clock.fixed(moment):
        return tasks.send_waiting()


# ---------------------------------------------------------------- stored first

@pytest.mark.django_db
def test_a_message_is_stored_with_its_first_way_ready_and_the_others_in_reserve(states):
    message = send()
    assert (message.subject, message.account_id, message.language, message.read_at) == ("Permohonan K-1 kami terima", 7, "id", None)
    assert states() == [("whatsapp", "created", 0), ("sms", "held", 0), ("email", "held", 0)]
    assert list(message.deliveries.order_by("rank").values_list("address", flat=True)) == ["+6281234567890", "+6281234567890", "rina@example.id"]


@pytest.mark.django_db
@pytest.mark.parametrize(("to", "ways"), [
    ({"phone": ""}, ["email"]), ({"email": "", "phone": "0751 123456"}, []), ({"email": ""}, ["whatsapp", "sms"]), ({"phone": "bukan nomor"}, ["email"]),
    ({"phone": "", "email": ""}, [])])
def test_only_ways_that_can_reach_somebody_are_kept(states, to, ways):
    send(rina(**to))
    assert [channel for channel, _, _ in states()] == ways and Message.objects.count() == 1


@pytest.mark.django_db
def test_the_same_event_is_told_once(states):
    first, second = send(), send(rina(email="lain@example.id"))
    assert first.pk == second.pk and len(states()) == 3
    send(key="case:2:received")
    assert len(states()) == 6
    with pytest.raises(ValueError, match="dedupe_key"):
        send(key="")


@pytest.mark.django_db
def test_a_missing_value_stores_nothing():
    with pytest.raises(KeyError):
        services.send(template(), rina(), {"number": "1"}, dedupe_key="x")
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_rolled_back_tells_nobody_anything(twins):
    with pytest.raises(Invalid), transaction.atomic():
        send()
        raise Invalid()
    assert not Message.objects.exists() and not twins["whatsapp"].asked


@pytest.mark.django_db(transaction=True)
def test_once_the_deed_is_committed_the_message_leaves_at_once(twins, states):
    with clock.fixed(NOON):
        with transaction.atomic():
            send()
            assert not twins["whatsapp"].asked
        assert twins["whatsapp"].asked[0].json["to"] == "+6281234567890"
    assert states() == [("whatsapp", "delivered", 1), ("sms", "not-needed", 0), ("email", "not-needed", 0)]
    assert list(Delivery.objects.order_by("rank").values_list("address", flat=True)) == ["+6281234567890", "", ""]


@pytest.mark.django_db
def test_a_template_is_also_found_by_its_name(monkeypatch):
    monkeypatch.setattr(templates, "_declared", {})
    templates.declare(template())
    assert services.send("test.received", rina(), VALUES, dedupe_key="x").template == "test.received"


# ---------------------------------------------------------------- sent after

@pytest.mark.django_db
def test_what_left_is_shown_word_for_word_with_masked_addresses_and_that_nobody_got_it(twins):
    send()
    round_at(NOON)
    row, = queries.outbox().rows
    assert (row.channel, row.address, row.state, row.says, row.simulated) == ("whatsapp", "0812••••••90", "delivered", "Sampai", True)
    assert row.text.startswith("Permohonan K-1 kami terima. http") and twins["whatsapp"].asked[0].json["text"] == row.text
    assert queries.outbox(channel="sms").rows == []
    call = Call.objects.get()
    assert "81234567890" not in f"{call.sent}{call.received}" and "Permohonan" not in call.sent


@pytest.mark.django_db
def test_mail_is_plain_marked_as_automatic_and_known_by_the_same_id_at_every_try(mails, settings):
    settings.DEFAULT_FROM_EMAIL = "Kota <halo@kota.example>"
    message = send(rina(phone=""))
    round_at(NOON)
    mail, = mails
    assert (mail.to, mail.subject, mail.from_email) == (["rina@example.id"], "Permohonan K-1 kami terima", "Kota <halo@kota.example>")
    assert mail.extra_headers == {"Message-ID": f"<{message.pk}-0@kota.example>", "Auto-Submitted": "auto-generated"}
    assert "Kami periksa" in mail.body and Delivery.objects.get().state == "delivered"


@pytest.mark.django_db
def test_a_sensitive_message_says_outside_only_that_there_is_news(twins, mails):
    send(sensitive=True, key="a")
    send(rina(phone=""), sensitive=True, key="b")
    round_at(NOON)
    assert twins["whatsapp"].asked[0].json["text"].startswith("Ada kabar untuk Anda. Buka Amanah. http")
    assert mails[0].subject == "Ada kabar untuk Anda. Buka Amanah." and "K-1" not in mails[0].body
    assert {row.subject for row in queries.inbox(7).rows} == {"Permohonan K-1 kami terima"}


@pytest.mark.django_db
def test_at_night_short_messages_wait_mail_goes_and_urgent_ones_go_too(twins, mails, states):
    send(at=NIGHT, key="waits")
    send(rina(phone=""), at=NIGHT + timedelta(seconds=1), key="mail")
    send(at=NIGHT + timedelta(seconds=2), key="urgent", urgent=True)
    round_at(NIGHT + timedelta(minutes=1))
    assert [row for row in states() if row[1] not in ("held", "not-needed")] == [("whatsapp", "created", 0), ("email", "delivered", 1), ("whatsapp", "delivered", 1)]
    morning = NIGHT + timedelta(hours=8)
    assert Delivery.objects.get(state="created").due_at == morning
    round_at(morning)
    assert not Delivery.objects.filter(state="created").exists() and len(twins["whatsapp"].asked) == 2


@pytest.mark.django_db
def test_a_try_that_falls_into_the_night_waits_for_the_morning(adapter, states):
    adapter("whatsapp", lambda out: pytest.fail("sent at night"))
    send(at=NIGHT - timedelta(hours=1, seconds=1))
    assert round_at(NIGHT) == 1
    delivery = Delivery.objects.get(state="created")
    assert (delivery.due_at, delivery.attempts) == (NIGHT + timedelta(hours=8), 0)


@pytest.mark.django_db
def test_quiet_hours_are_a_setting_of_each_channel(adapter, settings, mails):
    settings.QUIET_HOURS = {"email": "00:00-23:59", "whatsapp": ""}
    sent = []
    adapter("whatsapp", lambda out: sent.append(out) or Accepted("", True, False))
    send(at=NIGHT)
    send(rina(phone=""), at=NIGHT, key="mail")
    round_at(NIGHT)
    assert len(sent) == 1 and not mails


# ---------------------------------------------------------------- when it fails

@pytest.mark.django_db
def test_a_number_that_does_not_exist_is_a_permanent_failure_and_the_next_channel_has_its_turn(twins, states, mails):
    send(rina(phone="0812 3456 7800"))
    for _ in range(3):
        round_at(NOON)
    assert states() == [("whatsapp", "permanent-failure", 1), ("sms", "permanent-failure", 1), ("email", "delivered", 1)]
    assert all(Delivery.objects.values_list("simulated", flat=True)), "what a twin refuses is as simulated as what it takes"
    assert len(mails) == 1 and len(twins["sms"].asked) == 1


@pytest.mark.django_db
def test_a_provider_that_is_away_is_tried_again_and_then_another_channel(twins, states):
    twins["whatsapp"].behave("error", times=999)
    send()
    moment = NOON
    for _ in range(rules.MOST_TRIES + 3):
        round_at(moment)
        moment += timedelta(minutes=30)
    assert states()[:2] == [("whatsapp", "temporary-failure", rules.MOST_TRIES), ("sms", "delivered", 1)]
    assert {asked.headers["idempotency-key"] for asked in twins["whatsapp"].asked} == {f"{Message.objects.get().pk}-0"}


@pytest.mark.django_db
def test_a_temporary_failure_waits_a_little_longer_each_time(adapter):
    def away(out):
        raise Unavailable()

    adapter("whatsapp", away)
    send()
    waits, moment = [], NOON
    for _ in range(3):
        round_at(moment)
        delivery = Delivery.objects.get(state="created")
        waits.append((delivery.due_at - moment).total_seconds())
        moment = delivery.due_at
    assert waits == [10, 20, 40] and delivery.error == "Unavailable"


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "state", "tries"), [
    (Undeliverable(), "permanent-failure", 1), (Unavailable(permanent=True), "technical-failure", 1), (Unavailable(), "temporary-failure", 8),
    (ValueError("rina@example.id"), "technical-failure", 8)])
def test_each_kind_of_failure_ends_in_its_own_state_and_no_address_in_the_log(adapter, states, caplog, error, state, tries):
    def fails(out):
        raise error

    adapter("email", fails)
    send(rina(phone=""))
    with caplog.at_level(logging.DEBUG):
        for hour in range(12):
            round_at(NOON + timedelta(hours=hour))
    assert states() == [("email", state, tries)]
    assert "rina" not in caplog.text and "rina" not in Delivery.objects.get().error


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "kind", "permanent"), [
    (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), Undeliverable, None), (smtplib.SMTPRecipientsRefused({"a": (450, b"busy")}), Unavailable, False),
    (smtplib.SMTPAuthenticationError(535, b"no"), Unavailable, True), (smtplib.SMTPServerDisconnected(), Unavailable, False),
    (ConnectionRefusedError(), Unavailable, False), (TimeoutError(), Unavailable, False)])
def test_what_the_mail_server_says_decides_on_another_try(monkeypatch, error, kind, permanent):
    def fails(self, fail_silently=False):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)
    with pytest.raises(kind) as caught:
        sending.email.send(sending.Outgoing("k", "a@b.id", "s", "t"))
    assert getattr(caught.value, "permanent", None) is permanent


def test_a_city_without_a_mail_server_learns_so_and_nothing_is_tried(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    with pytest.raises(Unavailable, match="belum diatur") as caught:
        sending.email.send(sending.Outgoing("k", "a@b.id", "s", "t"))
    assert caught.value.permanent


@pytest.mark.django_db
def test_in_production_without_a_provider_it_is_a_technical_failure(twins, states, settings):
    settings.PRODUCTION = True
    send(channels=(Channel.SMS,))
    round_at(NOON)
    assert states() == [("sms", "technical-failure", 1)] and not twins["sms"].asked


# ---------------------------------------------------------------- receipts and interruptions

@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "state", "reserve"), [("delivered", "delivered", "not-needed"), ("failed", "permanent-failure", "created")])
def test_a_receipt_ends_what_the_provider_only_accepted(twins, states, outcome, state, reserve):
    send(rina(phone="0812 3456 7899"))
    round_at(NOON)
    assert states()[0] == ("whatsapp", "sending", 1)
    ref = Delivery.objects.get(rank=0).provider_ref
    with clock.fixed(NOON):
        assert services.receipt("sms", ref, outcome) is False and services.receipt("whatsapp", ref, "dancing") is False
        assert services.receipt("whatsapp", "", outcome) is False and services.receipt("whatsapp", ref, outcome) is True
        assert services.receipt("whatsapp", ref, outcome) is False
    assert [row[1] for row in states()[:2]] == [state, reserve]


@pytest.mark.django_db
def test_after_three_days_without_a_receipt_another_channel_has_its_turn(twins, states):
    send(rina(phone="0812 3456 7899"))
    round_at(NOON)
    with clock.fixed(NOON + timedelta(hours=71)):
        assert tasks.stop_waiting_for_receipts() == 0
    with clock.fixed(NOON + timedelta(hours=73)):
        assert tasks.stop_waiting_for_receipts() == 1
    assert [row[1] for row in states()] == ["temporary-failure", "created", "held"]


@pytest.mark.django_db
def test_what_was_being_sent_when_the_worker_died_is_sent_again_under_the_same_key(adapter, states):
    keys = []

    def dies(out):
        keys.append(out.key)
        raise KeyboardInterrupt

    adapter("whatsapp", dies)
    send()
    with clock.fixed(NOON), pytest.raises(KeyboardInterrupt):
        sending.attempt(Delivery.objects.get(rank=0).pk)
    assert states()[0] == ("whatsapp", "sending", 1)
    adapter("whatsapp", lambda out: keys.append(out.key) or Accepted("r", True, False))
    with clock.fixed(NOON + timedelta(minutes=9)):
        assert tasks.take_up_interrupted() == 0
    with clock.fixed(NOON + timedelta(minutes=11)):
        assert tasks.take_up_interrupted() == 1
    round_at(NOON + timedelta(minutes=11))
    assert states()[0] == ("whatsapp", "delivered", 2) and len(keys) == 2 and len(set(keys)) == 1


@pytest.mark.django_db
def test_of_two_workers_one_sends(adapter):
    sent = []

    def slow(out):
        sent.append(out)
        assert sending.attempt(Delivery.objects.get(rank=0).pk) is False  # the other one comes while we are at it
        return Accepted("r", True, False)

    adapter("whatsapp", slow)
    send()
    with clock.fixed(NOON):
        assert sending.attempt(Delivery.objects.get(rank=0).pk) is True
        assert sending.attempt(Delivery.objects.get(rank=0).pk) is False
    assert len(sent) == 1


@pytest.mark.django_db
def test_what_one_round_has_queued_the_next_leaves_alone_for_a_while(monkeypatch):
    queued = []
    monkeypatch.setattr(type(sending.deliver), "enqueue", lambda self, pk: queued.append(pk))
    send()
    assert round_at(NOON) == 1 and round_at(NOON + timedelta(minutes=1)) == 0 and round_at(NOON + timedelta(minutes=6)) == 1
    assert len(queued) == 2


@pytest.mark.django_db
def test_addresses_are_forgotten_a_month_after_the_end_and_not_before_it_is_over(twins, adapter):
    send(key="done")
    round_at(NOON)
    send(rina(phone=""), key="waits")
    with clock.fixed(NOON + timedelta(days=29)):
        assert tasks.forget_addresses() == 0
    with clock.fixed(NOON + timedelta(days=31)):
        assert tasks.forget_addresses() == 1
    assert Delivery.objects.get(message__dedupe_key="waits").address == "rina@example.id"
    assert Delivery.objects.get(message__dedupe_key="done", rank=0).address == ""


# ---------------------------------------------------------------- inbox

@pytest.mark.django_db
def test_an_inbox_shows_its_owners_messages_newest_first_page_by_page(django_assert_num_queries):
    for minute in range(5):
        send(key=f"k{minute}", at=NOON + timedelta(minutes=minute))
    send(rina(account_id=8), key="of somebody else")
    send(rina(account_id=None), key="without account")
    with django_assert_num_queries(1):
        first = queries.inbox(7, size=3)
    second = queries.inbox(7, first.next, size=3)
    moments = [row.created_at for row in [*first.rows, *second.rows]]
    assert len(moments) == 5 and moments == sorted(moments, reverse=True) and second.next is None
    assert first.rows[0].link == "/urusan-saya/K-1/"


@pytest.mark.django_db
def test_reading_is_noted_for_the_owner_and_nobody_else(django_assert_num_queries):
    one, two = send(key="1"), send(key="2")
    with django_assert_num_queries(1):
        assert queries.unread_count(7) == 2
    services.mark_read(7, one.pk)
    first_read = Message.objects.get(pk=one.pk).read_at
    services.mark_read(7, one.pk)
    assert Message.objects.get(pk=one.pk).read_at == first_read and queries.unread_count(7) == 1
    with pytest.raises(NotFound):
        services.mark_read(8, two.pk)
    assert services.mark_all_read(7) == 1 and queries.unread_count(7) == 0


@pytest.mark.django_db
def test_the_state_of_each_channel_is_one_look(twins, django_assert_num_queries):
    send(key="a")
    send(rina(phone="0812 3456 7800"), key="b", channels=(Channel.SMS,))
    round_at(NOON)
    with django_assert_num_queries(1):
        rows = {row.channel: row for row in queries.channels(NOON - timedelta(days=1))}
    assert (rows["whatsapp"].delivered, rows["sms"].failed, rows["whatsapp"].waiting) == (1, 1, 0)


def test_a_recipient_does_not_show_itself_in_logs():
    assert "rina" not in repr(rina()) and "0812" not in repr(rina())
