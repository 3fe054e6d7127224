"""Ways to prove to a partner who calls. Credentials come from the environment at the moment of use and are kept nowhere else."""
import base64
import hashlib
import hmac
from collections.abc import Callable, Generator

import httpx

from amanah.foundation.kernel import clock

TIMESTAMP, SIGNATURE, KEY_ID = "X-Amanah-Timestamp", "X-Amanah-Signature", "X-Amanah-Key"
TOLERANCE = 300  # seconds that two clocks may differ

Secret = Callable[[], str]


class Bearer(httpx.Auth):
    """`Authorization: Bearer …` (or another header, with another word in front)."""

    def __init__(self, secret: Secret, *, header: str = "Authorization", word: str = "Bearer") -> None:
        self.secret, self.header, self.word = secret, header, word

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self.header] = f"{self.word} {self.secret()}".strip()
        yield request


class Basic(httpx.Auth):
    """`Authorization: Basic …`; the secret is "user:password"."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = "Basic " + base64.b64encode(self.secret().encode()).decode()
        yield request


class Hmac(httpx.Auth):
    """Signs method, path with query, time and body with HMAC-SHA256. A partner checks it with `verified`, and so do we."""

    requires_request_body = True

    def __init__(self, key_id: str, secret: Secret) -> None:
        self.key_id, self.secret = key_id, secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        stamp = str(int(clock.now().timestamp()))
        request.headers[KEY_ID], request.headers[TIMESTAMP] = self.key_id, stamp
        request.headers[SIGNATURE] = signature(self.secret(), request.method, request.url.raw_path.decode(), stamp, request.content)
        yield request


def signature(secret: str, method: str, path: str, stamp: str, body: bytes) -> str:
    text = "\n".join((method.upper(), path, stamp, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def verified(secret: str, method: str, path: str, stamp: str, body: bytes, given: str) -> bool:
    """Whether `given` is the signature of exactly this request, made at most five minutes from now."""
    fresh = stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and abs(clock.now().timestamp() - int(stamp)) <= TOLERANCE
    return fresh and hmac.compare_digest(signature(secret, method, path, stamp, body).encode(), given.encode())
