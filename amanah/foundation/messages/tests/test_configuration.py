from pathlib import Path

import pytest

from amanah.foundation.kernel.environment import Misconfigured
from amanah.foundation.messages.configuration import mail, receipt_keys


def read(monkeypatch, url="", production=False):
    monkeypatch.setenv("AMANAH_EMAIL_URL", url)
    return mail(Path("/srv/emails"), production=production)


def test_without_a_server_the_demonstration_writes_files(monkeypatch):
    settings = read(monkeypatch)
    assert settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend") and settings["EMAIL_FILE_PATH"] == "/srv/emails"


def test_without_a_server_a_real_city_has_none(monkeypatch):
    settings = read(monkeypatch, production=True)
    assert settings["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and settings["EMAIL_HOST"] == ""


@pytest.mark.parametrize(("url", "port", "tls", "ssl"), [
    ("smtp://kota:p%40ss@mail.example", 587, True, False), ("smtps://kota:p%40ss@mail.example", 465, False, True),  # pragma: allowlist secret
    ("smtp://kota:p%40ss@127.0.0.1:25", 25, False, False)])  # pragma: allowlist secret
def test_one_address_says_everything(monkeypatch, url, port, tls, ssl):
    settings = read(monkeypatch, url)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("kota", "p@ss")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (port, tls, ssl)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_a_malformed_address_stops_the_start(monkeypatch, url):
    with pytest.raises(Misconfigured, match="AMANAH_EMAIL_URL"):
        read(monkeypatch, url)


def test_keys_for_receipts_are_long_or_absent(monkeypatch):
    assert receipt_keys() == {"sms": "", "whatsapp": ""}
    monkeypatch.setenv("AMANAH_RECEIPT_KEY_SMS", "k" * 32)
    assert receipt_keys()["sms"] == "k" * 32
    monkeypatch.setenv("AMANAH_RECEIPT_KEY_WHATSAPP", "pendek")
    with pytest.raises(Misconfigured, match="AMANAH_RECEIPT_KEY_WHATSAPP"):
        receipt_keys()
