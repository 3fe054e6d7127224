import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from amanah.foundation.jobs import outbox, queries, services
from amanah.foundation.jobs.models import Delivery, DeliveryState, OutboxEvent
from amanah.foundation.jobs.tests.factories import handling, only_delivery, put
from amanah.foundation.jobs.worker import Worker
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Conflict, Invalid, Unavailable

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_events_are_written_with_one_statement_and_read_back_as_they_were(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1), clock.fixed(MONDAY):
        outbox.put([("a.done", {"when": date(2026, 11, 23), "n": 1}), ("b.done", {"kata": "é % %s"})], actor="account:7", request_id="q")
    first, second = OutboxEvent.objects.order_by("id")
    assert (first.name, json.loads(first.payload), first.actor, first.request_id) == ("a.done", {"when": "2026-11-23", "n": 1}, "account:7", "q")
    assert json.loads(second.payload) == {"kata": "é % %s"}
    assert first.created_at == second.created_at == MONDAY and first.dispatched_at is None


@pytest.mark.django_db
def test_more_events_than_one_statement_can_carry_are_all_written():
    with transaction.atomic():
        outbox.put([("many", {"n": n}) for n in range(1203)])
        outbox.put([])
    assert OutboxEvent.objects.count() == 1203


@pytest.mark.django_db(transaction=True)
def test_an_event_cannot_be_written_outside_a_transaction():
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.put([("a", {})])
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_rolled_back_leaves_no_event():
    with pytest.raises(Invalid), transaction.atomic():
        outbox.put([("a", {})])
        raise Invalid()
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_each_handler_is_given_the_event_once():
    seen = []

    def one(event):
        seen.append(("one", event.payload["n"], event.actor, event.request_id))

    def two(event):
        seen.append(("two", event.payload["n"], event.actor, event.request_id))

    with handling("a.done", one, two):
        put("a.done", n=1)
        put("nobody.listens", n=2)
        assert outbox.drain() == 2
        assert outbox.drain() == 0
    assert sorted(seen) == [("one", 1, "account:1", "r-1"), ("two", 1, "account:1", "r-1")]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db
def test_a_second_run_of_the_same_delivery_does_nothing():
    seen = []

    def handler(event):
        seen.append(event.id)

    with handling("a", handler):
        put("a")
        outbox.drain()
        delivery = only_delivery()
        assert outbox.run(delivery.event_id, delivery.handler) is False
    assert len(seen) == 1


@pytest.mark.django_db
def test_a_temporary_failure_is_tried_again_later_and_leaves_no_half_effect():
    tries = []

    def handler(event):
        put("effect")
        tries.append(clock.now())
        if len(tries) < 3:
            raise Unavailable("partner 13.71 tidak menjawab")

    with handling("a", handler):
        put("a")
        with clock.fixed(MONDAY):
            outbox.relay_once()
            assert OutboxEvent.objects.filter(name="effect").count() == 0
            assert outbox.drain() == 0
        delivery = only_delivery()
        assert (delivery.state, delivery.attempts, delivery.error) == ("waiting", 1, "Unavailable")
        assert delivery.due_at == MONDAY + timedelta(seconds=10)
        with clock.fixed(MONDAY + timedelta(seconds=9)):
            assert outbox.relay_once() == 0
        with clock.fixed(MONDAY + timedelta(seconds=10)):
            assert outbox.relay_once() == 1
        with clock.fixed(MONDAY + timedelta(seconds=30)):
            outbox.relay_once()
    assert only_delivery().state == "done" and OutboxEvent.objects.filter(name="effect").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "tries"), [
    (Unavailable(permanent=True), 1), (Invalid(), 1), (Conflict(), 12), (Unavailable(), 12), (ValueError("NIK"), 5)])
def test_what_keeps_failing_is_parked_after_as_many_tries_as_its_kind_deserves(error, tries):
    count = []

    def handler(event):
        count.append(1)
        raise error

    moment = MONDAY
    with handling("a", handler):
        put("a")
        for _ in range(20):
            moment += timedelta(hours=2)
            with clock.fixed(moment):
                outbox.relay_once()
    assert (only_delivery().state, len(count)) == ("parked", tries)
    row, = queries.parked().rows
    assert (row.event, row.attempts, row.error) == ("a", tries, type(error).__name__)
    assert "NIK" not in str(row)


@pytest.mark.django_db
def test_a_parked_delivery_runs_again_when_somebody_says_so_and_only_then():
    broken = [True]

    def handler(event):
        if broken:
            raise Unavailable(permanent=True)

    with handling("a", handler):
        put("a")
        outbox.drain()
        delivery = only_delivery()
        assert delivery.state == "parked" and outbox.drain() == 0
        broken.clear()
        services.retry(delivery.pk)
        outbox.drain()
        assert only_delivery().state == "done"
        with pytest.raises(Conflict):
            services.retry(delivery.pk)


@pytest.mark.django_db
def test_an_event_whose_handler_has_left_the_program_is_parked_and_named():
    with handling("a", lambda event: None):
        put("a")
        delivery = Delivery.objects.create(event=OutboxEvent.objects.get(), handler="gone.away", due_at=MONDAY, state="waiting")
        OutboxEvent.objects.update(dispatched_at=MONDAY)
        with clock.fixed(MONDAY):
            outbox.drain()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.PARKED, "HandlerGone")


@pytest.mark.django_db
def test_relaying_a_hundred_events_costs_the_database_no_more_looks_than_ten(django_assert_num_queries):
    with transaction.atomic():
        outbox.put([("nobody.listens", {})] * 100)
    expected = 4 + 2  # exists, read, mark, look for due ones; two for the savepoint of the test
    with django_assert_num_queries(expected):
        assert outbox.relay_once(10) == 10
    with django_assert_num_queries(expected):
        assert outbox.relay_once(90) == 90


@pytest.mark.django_db
def test_pages_of_parked_deliveries_follow_one_another():
    with transaction.atomic():
        outbox.put([("a", {})] * 5)
    for event in OutboxEvent.objects.all():
        Delivery.objects.create(event=event, handler="x.y", due_at=MONDAY, state="parked", error="ValueError")
    first = queries.parked(size=3)
    second = queries.parked(cursor=first.next, size=3)
    ids = [row.id for row in [*first.rows, *second.rows]]
    assert [len(first.rows), len(second.rows)] == [3, 2] and ids == sorted(ids, reverse=True) and second.next is None


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_calls_out_runs_outside_of_any_transaction_and_others_inside(queue):
    inside = []

    def quiet(event):
        inside.append(("quiet", connection.in_atomic_block))

    def caller(event):
        inside.append(("caller", connection.in_atomic_block))
        if len(inside) < 3:
            raise Unavailable()

    with handling("a", quiet, calling_out=(caller,)):
        put("a")
        with clock.fixed(MONDAY):
            Worker().once()
        with clock.fixed(MONDAY + timedelta(minutes=1)):
            Worker().once()
    assert inside == [("quiet", True), ("caller", False), ("caller", False)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
