import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as make

PASSWORD = "kuda besi di pasar raya"
SECRET = base64.b32encode(b"12345678901234567890").decode()


def totp(secret: str = SECRET) -> str:
    """The code an authenticator app would show now (RFC 6238), computed here and not by the library under test."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture(autouse=True)
def _fresh(settings: object) -> None:
    settings.ROOT_URLCONF = "amanah.portals.shell.signin.tests.urls"  # type: ignore[attr-defined]
    cache.clear()


@pytest.fixture
def rina(db: None) -> Account:
    """Uni Rina, a resident whose e-mail is proven."""
    person = make.account("Rina Contoh", "resident", username=None, email="rina@contoh.id", password=PASSWORD)
    person.emailaddress_set.create(email="rina@contoh.id", verified=True, primary=True)
    return person


@pytest.fixture
def dedi(db: None) -> Account:
    """Pak Dedi, verifier at one kelurahan, without a second proof yet."""
    person = make.account("Dedi Contoh", username="dedi", password=PASSWORD)
    make.granted(person, make.role("verifikator", ("territory.add_rw",)), office="kota.a")
    return person


@pytest.fixture
def with_app() -> Callable[[Account], Account]:
    def arm(person: Account) -> Account:
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
        return person
    return arm


@pytest.fixture
def enter(client: Client) -> Callable[..., object]:
    """Type a name and a password on the sign-in page."""
    return lambda name, password=PASSWORD, **more: client.post("/masuk/", {"login": name, "password": password, **more})
