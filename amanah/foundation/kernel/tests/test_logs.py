import json
import logging

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amanah.foundation.kernel.logs import JsonFormatter, redact, request_id, set_request_id

digits = st.text("0123456789", min_size=16, max_size=16)
around = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
separators = st.sampled_from(["", " ", "-", "."])


def line(message="x", *args, exc_info=None, **extras):
    record = logging.LogRecord("amanah.test", logging.INFO, __file__, 1, message, args, exc_info)
    record.__dict__.update(extras)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


@given(around, digits, around)
def test_no_nik_survives(before, nik, after):
    assert nik not in redact(before + nik + after)
    assert nik not in line("%s", before + nik + after)["message"]


@given(digits, separators)
def test_no_nik_in_groups_survives(nik, separator):
    written = separator.join((nik[:6], nik[6:12], nik[12:]))
    assert nik[6:12] not in redact(f"warga {written} datang")


@given(around.filter(lambda text: not text[-1:].isdecimal()),
       st.sampled_from(["08", "+628", "628", "+62 8", "0062 8", "%2B628", "(0751) ", "0751-", "+62 751 "]),
       st.text("0123456789", min_size=8, max_size=10), separators)
@example(before="0@", prefix="08", rest="00000000", separator=" ")
@example(before="token=", prefix="08", rest="12345678", separator=" ")
def test_no_phone_number_survives(before, prefix, rest, separator):
    written = prefix + separator.join((rest[:2], rest[2:5], rest[5:]))
    assert written not in redact(before + written) and rest not in redact(before + written + " ")
    assert rest[2:] not in redact(f"{before}{written}").replace(separator or "\x00", "")


@given(around, st.emails())
def test_no_email_address_survives(before, email):
    assert email not in redact(f"{before} {email} sudah terdaftar")
    assert email not in redact(before + email)


def test_an_encoded_email_address_does_not_survive_either():
    assert "rina" not in redact("/masuk?next=/&email=rina%40contoh.id")


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=40),
       st.sampled_from(["token={}", "password={}", "api_key={}", "key={}", "Authorization: Bearer {}", "access_token: {}", '"password": "{}"',
                        "'secret': '{}'", "Cookie: sessionid={}", "/unduh?token={}&x=1", "postgres://amanah:{}@db/amanah",
                        "csrfmiddlewaretoken={}", "otp={}",
                        "X-SIGNATURE: {}", "kata_sandi={}", 'client_secret="{}"']))
def test_no_secret_survives(secret, shape):
    secret = "Q7" + secret
    assert secret not in redact("panggilan " + shape.format(secret) + " selesai")


@pytest.mark.parametrize("text", ["Bearer ab1371011708900001cd", "key=ab081234567890cd x", "eyJhbGciOi081234567890J9.eyJzdWIiOiIx.c2ln"])
def test_a_secret_that_holds_a_long_number_leaves_nothing_behind(text):
    assert not any(part in redact(text) for part in ("ab", "cd", "J9", "c2ln"))


@pytest.mark.parametrize("text", [
    'IntegrityError: DETAIL:  Key (name)=(Rina Wahyuni) already exists.',
    "DETAIL:  Failing row contains (1, Rina Wahyuni, 2026-11-24).",
])
def test_what_a_database_repeats_from_a_row_is_hidden(text):
    assert "Rina" not in redact(text)


@given(around, digits)
def test_redacting_twice_changes_nothing(text, nik):
    once = redact(f"{text} {nik} token={nik}")
    assert redact(once) == once


@pytest.mark.parametrize("text", [
    "urusan 2026-000123 naik ke dinas", "KeyError: 'kelurahan'", "duplicate key value violates unique constraint", "Rp12.500.000", "selesai 12.5 ms",
    "2026-11-24T09:40:12Z", "13.71.01.1001", 'File "/srv/amanah/acts.py", line 120, in act', "port 8000", "@act refused", "primary key: 12",
])
def test_harmless_text_stays_readable(text):
    assert redact(text) == text


def test_long_text_is_cut_and_quickly_searched():
    assert len(redact("a" * 1_000_000)) < 40_000


def test_a_line_holds_the_permitted_extras_and_no_others():
    made = line("halo %s", "dunia", method="GET", path="/kasus/1371011708900001/?token=abc", status=200, ms=12.5, actor_kind="staff", statements=4,
                nik="1", body="x")
    assert made.pop("time").endswith("Z")
    assert made == {"level": "INFO", "logger": "amanah.test", "message": "halo dunia", "method": "GET", "path": "/kasus/••••••••••••••••/",
                    "status": 200, "ms": 12.5, "actor_kind": "staff", "statements": 4}


def test_an_extra_that_smuggles_a_number_of_a_person_is_hidden():
    assert "137101" not in json.dumps(line(status=1371011708900001, actor_kind="1371011708900001"))


def test_every_line_of_a_request_carries_its_id():
    token = set_request_id("a1b2c3")
    try:
        assert line()["request_id"] == "a1b2c3"
    finally:
        request_id.reset(token)
    assert "request_id" not in line()


def test_a_traceback_shows_where_but_not_whom():
    def open_record(nik):
        raise ValueError(f"no person {nik}, tel. 0812 3456 7890, rina@contoh.id")

    try:
        open_record("13710" + "11708900001")
    except ValueError as error:
        made = line("gagal", exc_info=(type(error), error, error.__traceback__))
    assert "open_record" in made["traceback"] and "ValueError" in made["traceback"]
    assert not any(part in json.dumps(made) for part in ("1371011708900001", "3456", "rina@"))
