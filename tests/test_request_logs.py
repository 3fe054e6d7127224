"""What a visitor types or carries never reaches the log: no NIK, no telephone number, no token, no password, no text of a message."""
import io
import json
import logging

import pytest

from amanah.foundation.kernel.logs import JsonFormatter
from amanah.portals.shell import views

NIK = "1371096405900003"
SECRETS = {
    "nik": NIK,
    "telephone": "081234567890",
    "email": "rina.rahasia@example.id",
    "password": "Kata-Sandi-Rahasia-7",
    "token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJyaW5hIn0.Zm9vYmFyYmF6",
    "body": "Isi pesan pribadi tentang tetangga saya",
    "cookie": "kue-rahasia-0123456789",
}


@pytest.fixture
def log():
    """Everything that the program logs, as it would be written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: out.getvalue()
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {SECRETS['token']}"
    client.cookies["kue"] = SECRETS["cookie"]
    return client


@pytest.mark.django_db
def test_no_request_leaves_anything_personal_in_the_log(visitor, log):
    visitor.post("/masuk/", {"login": SECRETS["email"], "password": SECRETS["password"]})
    visitor.post("/masuk/", {"login": NIK, "password": SECRETS["password"]})
    visitor.post("/masuk/daftar/", {"email": SECRETS["email"], "password1": SECRETS["password"], "isi": SECRETS["body"]})
    visitor.post("/masuk/sandi/lupa/", {"email": SECRETS["email"]})
    visitor.get("/", {"nik": NIK, "hp": SECRETS["telephone"], "token": SECRETS["token"]})
    visitor.get(f"/tidak-ada/{NIK}/{SECRETS['token']}/")
    visitor.post("/tidak-ada/", json.dumps({"isi": SECRETS["body"], "nik": NIK}), content_type="application/json")
    visitor.get("/", headers={"x-request-id": NIK, "referer": f"https://example.id/?nik={NIK}"})
    written = log()
    assert written.count("\n") >= 8
    assert {name for name, value in SECRETS.items() if value in written} == set()


@pytest.mark.django_db
def test_not_even_an_error_of_ours_writes_them_down(visitor, log, monkeypatch):
    def breaks(request):
        raise RuntimeError(f"{NIK} {SECRETS['email']} password={SECRETS['password']} token: {SECRETS['token']}")

    monkeypatch.setattr(views, "connection", None)
    monkeypatch.setattr("amanah.portals.shell.views.cities.load", breaks)
    answer = visitor.get("/manifest.webmanifest")
    assert answer.status_code == 500
    written = log()
    assert "RuntimeError" in written
    assert {name for name, value in SECRETS.items() if value in written} == set()


@pytest.mark.django_db
def test_every_line_is_json_and_carries_the_number_that_the_visitor_gets(visitor, log):
    numbers = [visitor.get(address).headers["X-Request-ID"] for address in ("/healthz", "/", "/tidak-ada/")]
    lines = [json.loads(line) for line in log().splitlines()]
    requests = [line for line in lines if line["logger"] == "amanah.request"]
    assert [line["request_id"] for line in requests] == numbers
    assert len(set(numbers)) == 3
    assert all(line["time"].endswith("Z") and line["method"] == "GET" and line["ms"] >= 0 for line in requests)
    assert [line["status"] for line in requests] == [200, 200, 404]
