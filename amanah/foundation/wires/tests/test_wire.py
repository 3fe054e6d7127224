import time

import pytest
from django.db import IntegrityError, connection, transaction

from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.kernel.logs import request_id
from amanah.foundation.wires import queries, rules
from amanah.foundation.wires.models import Call
from amanah.foundation.wires.sandbox import BEHAVIOUR
from amanah.foundation.wires.signing import Bearer, Hmac, verified
from amanah.foundation.wires.wire import CallFailed, secret


def outcomes():
    return list(Call.objects.order_by("id").values_list("attempt", "outcome", "status", "error"))


def test_an_answer_comes_back_says_that_it_is_simulated_and_is_in_the_journal(wire, twin):
    token = request_id.set("r-42")
    reply = wire.call("get", "/bills/{number}", values={"number": "a/b c"}, params={"nik": "1371015708900001"})
    request_id.reset(token)
    assert reply.simulated and reply.json()["number"] == "a/b c"
    call = Call.objects.get()
    assert (call.wire, call.method, call.path, call.status, call.attempt, call.simulated) == ("bank", "GET", "/bills/{number}", 200, 1, True)
    assert call.request_id == "r-42" and call.outcome == "answered"
    kept = f"{call.sent} {call.received}"
    assert "1371015708900001" not in kept and "Rina" not in kept and '"amount":12500' in kept


def test_a_temporary_failure_is_repeated_with_growing_waits_until_it_ends(wire, twin, sleeps):
    twin.behave("error", times=2)
    assert wire.call("GET", "/bills/{number}", values={"number": 1}).status == 200
    assert sleeps == [0.25, 0.5]
    assert outcomes() == [(1, "temporary", 500, "status-500"), (2, "temporary", 500, "status-500"), (3, "answered", 200, "")]


def test_a_temporary_failure_that_stays_is_given_up_after_the_agreed_tries(wire, twin):
    twin.behave("error", times=10)
    with pytest.raises(CallFailed) as caught:
        wire.call("GET", "/bills/{number}", values={"number": 1})
    assert not caught.value.permanent and "bank daerah" in caught.value.message.lower()
    assert len(twin.asked) == 3 == Call.objects.count()


@pytest.mark.parametrize(("behaviour", "status"), [("refuse", 422), ("deny", 403), ("redirect", 302)])
def test_a_refusal_is_final_and_carries_the_partners_words(wire, twin, behaviour, status):
    twin.behave(behaviour, times=5)
    with pytest.raises(Unavailable) as caught:
        wire.call("GET", "/bills/{number}", values={"number": 1})
    assert caught.value.permanent and caught.value.reply.status == status
    assert len(twin.asked) == 1 and outcomes() == [(1, "refused", status, f"status-{status}")]


def test_a_status_that_the_caller_expects_is_an_answer(wire):
    assert wire.call("GET", "/nowhere", accept=(404,)).status == 404


@pytest.mark.parametrize("behaviour", ["timeout", "truncate", "hang-up", "error"])
def test_a_payment_without_a_key_is_never_sent_twice_when_it_may_have_arrived(wire, twin, behaviour):
    twin.behave(behaviour, times=5)
    with pytest.raises(CallFailed) as caught:
        wire.call("POST", "/bills", json={"amount": 1})
    assert not caught.value.permanent and caught.value.arrived
    assert len(twin.asked) == 1 and Call.objects.count() == 1


@pytest.mark.parametrize("behaviour", ["timeout", "truncate", "hang-up", "error"])
def test_the_same_payment_with_a_key_is_repeated(wire, twin, behaviour):
    twin.behave(behaviour)
    assert wire.call("POST", "/bills", json={"amount": 1}, idempotency_key="bill-7").status == 201
    assert [asked.headers["idempotency-key"] for asked in twin.asked] == ["bill-7", "bill-7"]
    assert set(Call.objects.values_list("key_hash", flat=True)).pop() not in ("", "bill-7")
    assert Call.objects.values("key_hash").distinct().count() == 1


def test_the_caller_may_forbid_or_ask_for_repetition(wire, twin):
    twin.behave("error")
    with pytest.raises(CallFailed):
        wire.call("GET", "/bills/{number}", values={"number": 1}, retry=False)
    twin.behave("error")
    assert wire.call("POST", "/bills", json={}, retry=True).status == 201


def test_a_partner_that_is_not_there_may_be_tried_again_even_without_a_key(wire, monkeypatch, sleeps):
    monkeypatch.setenv("AMANAH_WIRE_BANK_URL", "http://127.0.0.1:9")
    with pytest.raises(CallFailed) as caught:
        wire.call("POST", "/bills", json={})
    assert not caught.value.permanent and not caught.value.arrived and len(sleeps) == 2
    assert outcomes()[0] == (1, "temporary", None, "ConnectError")


def test_a_busy_partner_is_left_alone_as_long_as_it_asks(wire, twin, sleeps):
    twin.behave("busy")
    wire.call("POST", "/bills", json={})
    assert sleeps == [1.0]


def test_the_deadline_bounds_the_whole_call(make, twin):
    twin.behave("timeout", times=9)
    wire = make("slowbank", timeout=0.3, deadline=0.8, attempts=9, sleep=time.sleep, chance=lambda: 0.0)
    started = time.monotonic()
    with pytest.raises(CallFailed):
        wire.call("GET", "/bills/{number}", values={"number": 1})
    assert time.monotonic() - started < 1.5 and 1 < Call.objects.count() < 4


def test_an_answer_beyond_the_limit_is_not_read_to_its_end(make, twin):
    wire = make("bigbank", longest_answer=10_000)
    with pytest.raises(CallFailed) as caught:
        wire.call("GET", "/big")
    assert caught.value.permanent and caught.value.kind == "too-long"


def test_a_page_of_html_in_the_place_of_json_is_a_sentence_and_not_a_crash(wire, twin):
    twin.behave("nonsense")
    reply = wire.call("GET", "/bills/{number}", values={"number": 1})
    with pytest.raises(CallFailed, match="tidak dapat dibaca"):
        reply.json()
    assert Call.objects.get().received == "<text/html, 39 bytes>"


def test_after_enough_failures_the_partner_is_left_in_peace_for_a_while_and_then_tried_once(make, twin, monkeypatch):
    wire = make("tired", attempts=1, circuit=rules.Circuit(failures_to_open=2, open_for=30))
    twin.behave("error", times=3)
    for _ in range(4):
        with pytest.raises(CallFailed):
            wire.call("GET", "/big")
    assert len(twin.asked) == 2 and wire.resting
    now = time.monotonic()
    monkeypatch.setattr("amanah.foundation.wires.wire.time.monotonic", lambda: now + 31)
    for _ in range(2):
        with pytest.raises(CallFailed):
            wire.call("GET", "/big")
    assert len(twin.asked) == 3
    monkeypatch.setattr("amanah.foundation.wires.wire.time.monotonic", lambda: now + 70)
    wire.call("GET", "/big")
    assert not wire.resting


def test_refusals_do_not_make_the_wire_rest(make, twin):
    wire = make("strict", circuit=rules.Circuit(failures_to_open=2))
    twin.behave("refuse", times=5)
    for _ in range(5):
        with pytest.raises(CallFailed):
            wire.call("GET", "/big")
    assert len(twin.asked) == 5 and not wire.resting


# ---------------------------------------------------------------- where calls may go

@pytest.mark.parametrize("path", ["http://evil.example/x", "//evil.example/x", "/a/../../b", "x", "/a?b=c", "/a#b", "/a@b", "\\\\evil"])
def test_no_path_leads_away_from_the_partner(wire, twin, path):
    with pytest.raises(ValueError, match="template"):
        wire.call("GET", path)
    assert not twin.asked


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_no_value_climbs_out_of_its_place_in_the_path(wire, twin, value):
    with pytest.raises(ValueError, match="part of a path"):
        wire.call("GET", "/bills/{number}", values={"number": value})
    assert not twin.asked


@pytest.mark.parametrize("value", ["../../admin", "x?y=1", "x#y", "a@evil.example", "%2e%2e", "1 2", "é"])
def test_whatever_a_value_holds_the_partner_reads_just_that(wire, value):
    assert wire.call("GET", "/bills/{number}", values={"number": value}).json()["number"] == value


def test_a_call_inside_a_transaction_is_a_mistake_of_ours(wire, twin):
    with transaction.atomic(), pytest.raises(RuntimeError, match="store first"):
        wire.call("GET", "/big")
    assert not twin.asked


def test_in_production_nothing_is_sent_without_a_configured_address(wire, twin, settings):
    settings.PRODUCTION = True
    with pytest.raises(CallFailed, match="belum diatur") as caught:
        wire.call("GET", "/big")
    assert caught.value.permanent and not twin.asked and wire.state == "missing"


def test_in_production_the_address_must_be_https(wire, settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setenv("AMANAH_WIRE_BANK_URL", "http://bank.example")
    with pytest.raises(CallFailed, match="https"):
        wire.call("GET", "/big")
    assert wire.state == "configured"


# ---------------------------------------------------------------- credentials

def test_credentials_come_from_the_environment_reach_the_partner_and_stay_out_of_the_journal(make, twin, monkeypatch):
    monkeypatch.setenv("AMANAH_WIRE_KEYED_SECRET", "s3cr3t-of-the-city")
    wire = make("keyed", auth=Bearer(secret("keyed")))
    wire.call("POST", "/bills", json={"token": "s3cr3t-of-the-city", "amount": 5})
    assert twin.asked[0].headers["authorization"] == "Bearer s3cr3t-of-the-city"
    call = Call.objects.get()
    assert "s3cr3t" not in f"{vars(call)}"


def test_in_production_missing_credentials_fail_for_good_before_anything_is_sent(make, twin, settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setenv("AMANAH_WIRE_KEYLESS_URL", twin.url)
    with pytest.raises(Unavailable, match="Kunci") as caught:
        make("keyless", auth=Bearer(secret("keyless"))).call("GET", "/big")
    assert caught.value.permanent and not twin.asked


def test_a_signature_covers_method_path_time_and_body(make, twin, monkeypatch, clock_at):
    clock_at("2026-11-24 09:40")
    monkeypatch.setenv("AMANAH_WIRE_SIGNED_SECRET", "kunci")
    wire = make("signed", auth=Hmac("kota", secret("signed")))
    wire.call("POST", "/bills", json={"a": 1}, params={"q": "x y"})
    asked = twin.asked[0]
    stamp, given = asked.headers["x-amanah-timestamp"], asked.headers["x-amanah-signature"]
    assert asked.headers["x-amanah-key"] == "kota"
    assert verified("kunci", "POST", "/bills?q=x+y", stamp, asked.body, given)
    wrong = [("lain", "POST", "/bills?q=x+y", stamp, asked.body), ("kunci", "PUT", "/bills?q=x+y", stamp, asked.body),
             ("kunci", "POST", "/bills?q=xy", stamp, asked.body), ("kunci", "POST", "/bills?q=x+y", str(int(stamp) + 1), asked.body),
             ("kunci", "POST", "/bills?q=x+y", stamp, b"{}"), ("kunci", "POST", "/bills?q=x+y", "kemarin", asked.body)]
    assert not any(verified(*one, given) for one in wrong)
    clock_at("2026-11-24 09:46")
    assert not verified("kunci", "POST", "/bills?q=x+y", stamp, asked.body, given)


# ---------------------------------------------------------------- journal and twin

def test_the_journal_cannot_be_changed(wire):
    wire.call("GET", "/big")
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.update(status=500)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM wires_call")


def test_pages_of_the_journal_and_the_state_of_each_wire(wire, twin, clock_at, django_assert_num_queries):
    now = clock_at("2026-11-24 09:40")
    twin.behave("refuse")
    with pytest.raises(CallFailed):
        wire.call("GET", "/big")
    wire.call("GET", "/big")
    with django_assert_num_queries(1):
        row = next(row for row in queries.wires(now) if row.name == "bank")
    assert (row.state, row.resting, row.calls, row.failures, row.last_at) == ("sandbox", False, 2, 1, now)
    first = queries.calls("bank", size=1)
    second = queries.calls("bank", size=1, cursor=first.next)
    assert [first.rows[0].status, second.rows[0].status] == [200, 422] and second.next is None


def test_the_twin_takes_its_behaviour_from_the_request_or_from_its_own_page(wire, twin):
    with pytest.raises(CallFailed):
        wire.call("GET", "/big", headers={BEHAVIOUR: "refuse"})
    wire.call("POST", "/_sandbox/behave", json={"behaviour": "refuse", "times": 1})
    with pytest.raises(CallFailed):
        wire.call("GET", "/big")
    assert wire.call("GET", "/big").status == 200
    assert [one["path"] for one in wire.call("GET", "/_sandbox/asked").json()] == ["/big"] * 3
    for body in ({"behaviour": "dance"}, {"behaviour": "error", "times": "x"}, [1]):
        assert wire.call("POST", "/_sandbox/behave", json=body, accept=(404, 422)).status in (404, 422)
    with pytest.raises(ValueError, match="dance"):
        twin.behave("dance")


def test_a_flaky_twin_fails_the_first_time_and_answers_the_second(wire, twin):
    for number in (1, 2):
        wire.call("GET", "/bills/{number}", values={"number": number}, headers={BEHAVIOUR: "flaky"})
    assert [status for _, _, status, _ in outcomes()] == [500, 200, 500, 200]


def test_a_twin_that_was_stopped_starts_again_when_it_is_asked(wire, twin):
    wire.call("GET", "/big")
    twin.stop()
    assert wire.call("GET", "/big").status == 200


def test_forms_are_kept_with_their_names_and_without_persons(wire):
    wire.call("POST", "/form", content=b"nama=Rina&jumlah=3&hp=081234567890", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert "Rina" not in Call.objects.get().sent and "0812" not in Call.objects.get().sent and '"jumlah":"3"' in Call.objects.get().sent


def test_odd_characters_in_a_body_do_not_break_the_journal(wire):
    wire.call("POST", "/bills", content=b'{"amount": "\\u0000\\ud800 x"}', headers={"Content-Type": "application/json"})
    assert "amount" in Call.objects.get().sent
