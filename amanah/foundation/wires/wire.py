"""A wire: everything that holds for calls to one partner, declared once. `call` is the only way out of the program.

    WHATSAPP = Wire("whatsapp", says="penyedia pesan WhatsApp", auth=Bearer(secret("whatsapp")), twin=sandbox.TWIN)
    reply = WHATSAPP.call("POST", "/messages/{id}", values={"id": delivery.pk}, json={...}, idempotency_key=str(delivery.pk))

AMANAH_WIRE_<NAME>_URL names the partner's address, AMANAH_WIRE_<NAME>_SECRET (or …_SECRET_FILE) the credentials. Without an address the
sandbox twin answers, except in production: there the call fails for good, with a sentence.
"""
import json as jsonlib
import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from amanah.foundation.kernel import environment as env
from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.wires import journal, rules
from amanah.foundation.wires.sandbox import SIMULATED, Twin

log = logging.getLogger("amanah.wires")
_declared: dict[str, "Wire"] = {}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class CallFailed(Unavailable):
    """A call that brought no usable answer. `reply` is the partner's refusal if there was one; `arrived` says whether it may have taken effect."""

    def __init__(self, message: str, *, permanent: bool, kind: str, reply: "Reply | None" = None, arrived: bool = False, wait: float = 0) -> None:
        super().__init__(message, permanent=permanent)
        self.reply, self.arrived, self.kind, self.wait = reply, arrived, kind, wait


@dataclass(frozen=True, slots=True)
class Reply:
    """What a partner answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def simulated(self) -> bool:
        """Whether a sandbox twin answered, and nothing happened in the world."""
        return self.headers.get(SIMULATED.lower()) == "1"

    def json(self) -> Any:
        """The body as JSON; a body that is none is a failure of the partner and will be the same next time."""
        try:
            return jsonlib.loads(self.content)
        except ValueError as error:
            raise CallFailed(_("Jawaban mitra tidak dapat dibaca."), permanent=True, reply=self, arrived=True, kind="not-json") from error


def secret(wire: str) -> Callable[[], str]:
    """Reads the partner's credentials from the environment when they are needed; absent ones fail for good, except for the sandbox twin."""
    name = f"{_prefix(wire)}_SECRET"

    def read() -> str:
        value = env.text(name, default="" if settings.PRODUCTION else "sandbox")
        if not value:
            raise Unavailable(_("Kunci sambungan belum diatur oleh pengelola."), permanent=True)
        return value
    return read


class Wire:
    """Calls to one partner.

    `timeout` bounds the wait for a connection or for the next bytes, `deadline` a whole call with its repetitions, both in seconds; `attempts`
    counts the first try. `personal` names further fields of this partner's bodies that the journal must hide.
    """

    def __init__(self, name: str, *, says: str, base_url: str = "", auth: httpx.Auth | None = None, twin: Twin | None = None,
                 timeout: float = 10.0, deadline: float = 30.0, attempts: int = 3, longest_answer: int = 10_000_000, personal: Collection[str] = (),
                 circuit: rules.Circuit | None = None, sleep: Callable[[float], None] = time.sleep,
                 chance: Callable[[], float] = random.random) -> None:
        self.name, self.says, self.auth, self.twin, self.personal = name, says, auth, twin, frozenset(personal)
        self.timeout, self.deadline, self.attempts, self.longest_answer = timeout, deadline, attempts, longest_answer
        self._base_url, self._sleep, self._chance = base_url, sleep, chance
        self._circuit, self._lock = circuit or rules.Circuit(), threading.Lock()
        self._client: httpx.Client | None = None
        _declared[name] = self

    # ------------------------------------------------------------ state

    @property
    def state(self) -> str:
        """"configured", "sandbox", or "missing" (a call would fail with a sentence)."""
        if self._configured_url():
            return "configured"
        return "sandbox" if self.twin is not None and not settings.PRODUCTION else "missing"

    @property
    def resting(self) -> bool:
        """Whether this process has stopped asking for a while because the partner kept failing."""
        return not self._circuit.closed(time.monotonic())

    def address(self) -> str:
        """Where calls go: the configured address, or the sandbox twin's on this machine."""
        url = self._configured_url() or (self.twin.url if self.state == "sandbox" and self.twin else "")
        if not url:
            says = _("Sambungan ke %(partner)s belum diatur oleh pengelola.") % {"partner": self.says}
            raise CallFailed(says, permanent=True, kind="not-configured")
        parts = httpx.URL(url)
        local = parts.host in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and (local or not settings.PRODUCTION)):
            raise CallFailed(_("Sambungan ke %(partner)s harus memakai https.") % {"partner": self.says}, permanent=True, kind="not-https")
        return url.rstrip("/")

    # ------------------------------------------------------------ calls

    def call(self, method: str, path: str, *, values: Mapping[str, object] | None = None, params: Mapping[str, Any] | None = None, json: Any = None,
             content: bytes | None = None, headers: Mapping[str, str] | None = None, idempotency_key: str = "", retry: bool | None = None,
             accept: Collection[int] = (), deadline: float | None = None) -> Reply:
        """Send one request and give the answer: any 2xx, or a status named in `accept`.

        `path` is a template such as "/bills/{number}", filled from `values`; only the template is kept. A failure is repeated when it is temporary
        and repeating is safe (`rules.may_repeat`; `retry` overrules). Raises CallFailed; `permanent` says whether the same words can ever succeed.
        Raises RuntimeError inside a transaction: the network is slow and cannot be rolled back. Store first, send after.
        """
        if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
            raise RuntimeError(f"a call on wire {self.name} inside a transaction: store first, send after")
        method, url = method.upper(), self._url(path, values or {})
        sending: dict[str, Any] = {"params": params, "headers": dict(headers or {})}
        if idempotency_key:
            sending["headers"]["Idempotency-Key"] = idempotency_key
        if json is not None:
            sending["content"] = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode()
            sending["headers"].setdefault("Content-Type", "application/json")
        elif content is not None:
            sending["content"] = content
        end = time.monotonic() + (self.deadline if deadline is None else deadline)
        attempt = 1
        while True:
            try:
                return self._attempt(method, path, url, sending, attempt, end, frozenset(accept))
            except CallFailed as failure:
                again = not failure.permanent and rules.may_repeat(method, idempotency_key=idempotency_key, asked=retry, arrived=failure.arrived)
                wait = max(rules.wait_before(attempt + 1, self._chance()), failure.wait)
                if not again or attempt >= self.attempts or time.monotonic() + wait >= end or self.resting:
                    raise
                self._sleep(wait)
                attempt += 1

    def _attempt(self, method: str, path: str, url: str, sending: dict[str, Any], attempt: int, end: float, accept: frozenset[int]) -> Reply:
        self._ask_circuit()
        started, reply, failure = time.monotonic(), None, None
        request = self._http().build_request(method, url, timeout=max(min(self.timeout, end - started), 0.001), **sending)
        try:
            reply = self._exchange(request, end)
            failure = self._judge(reply, accept)
        except httpx.HTTPError as error:
            failure = CallFailed(self._away(), permanent=False, arrived=not isinstance(error, _NOT_SENT), kind=type(error).__name__)
        except CallFailed as error:
            failure = error
        self._note(failure)
        journal.write(self.name, method=method, path=path, request=request, reply=reply, failure=failure, attempt=attempt,
                      seconds=time.monotonic() - started, personal=self.personal)
        if failure is not None:
            log.warning("wire %s: %s %s failed (%s), try %d", self.name, method, path, failure.kind, attempt)
            raise failure
        assert reply is not None  # noqa: S101 - no failure means an answer
        return reply

    def _exchange(self, request: httpx.Request, end: float) -> Reply:
        """Send and read, but never longer than the deadline nor more than the limit."""
        response = self._http().send(request, stream=True, auth=self.auth)
        try:
            content = bytearray()
            for part in response.iter_bytes():
                content += part
                if len(content) > self.longest_answer:
                    raise CallFailed(_("Jawaban mitra terlalu besar."), permanent=True, arrived=True, kind="too-long")
                if time.monotonic() > end:
                    raise CallFailed(self._away(), permanent=False, arrived=True, kind="deadline")
            return Reply(response.status_code, response.headers, bytes(content))
        finally:
            response.close()

    def _judge(self, reply: Reply, accept: frozenset[int]) -> CallFailed | None:
        if 200 <= reply.status < 300 or reply.status in accept:
            return None
        if reply.status in rules.TEMPORARY or reply.status > 504:
            after = reply.headers.get("retry-after", "")
            return CallFailed(self._away(), permanent=False, reply=reply, arrived=reply.status != 429, kind=f"status-{reply.status}",
                              wait=float(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0)
        return CallFailed(_("%(partner)s menolak permintaan ini.") % {"partner": self.says.capitalize()}, permanent=True, reply=reply, arrived=True,
                          kind=f"status-{reply.status}")

    def close(self) -> None:
        """Let go of open connections; the next call makes new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    # ------------------------------------------------------------ inside

    def _configured_url(self) -> str:
        return env.text(f"{_prefix(self.name)}_URL", default=self._base_url)

    def _url(self, path: str, values: Mapping[str, object]) -> str:
        """The full address. Values cannot leave their place in the path, and no path can leave the partner's host."""
        base = self.address()
        if not path.startswith("/") or path.startswith("//") or ".." in path or any(char in path for char in "\\@#?"):
            raise ValueError(f"{path!r} is not the template of a path")
        if any(str(value) in ("", ".", "..") for value in values.values()):
            raise ValueError(f"a value for {path!r} is no part of a path")
        filled = path.format(**{name: quote(str(value), safe="") for name, value in values.items()})
        url, home = httpx.URL(base + filled), httpx.URL(base)
        if (url.scheme, url.host, url.port) != (home.scheme, home.host, home.port):
            raise ValueError(f"{path!r} leaves the host of wire {self.name}")
        return str(url)

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                # No redirects (a partner could send us anywhere), no proxies or passwords from files of the machine.
                self._client = httpx.Client(follow_redirects=False, trust_env=False, headers={"User-Agent": "Amanah", "Accept": "application/json"})
            return self._client

    def _ask_circuit(self) -> None:
        with self._lock:
            now = time.monotonic()
            if not self._circuit.closed(now):
                raise CallFailed(self._away(), permanent=False, kind="resting")
            self._circuit = self._circuit.after_trial(now)

    def _note(self, failure: CallFailed | None) -> None:
        """A refusal is an answer: only a partner that does not work makes us rest."""
        with self._lock:
            working = failure is None or failure.permanent or (failure.reply is not None and failure.reply.status == 429)
            self._circuit = self._circuit.after_success() if working else self._circuit.after_failure(time.monotonic())

    def _away(self) -> str:
        return _("%(partner)s sedang tidak menjawab. Kami coba lagi nanti.") % {"partner": self.says.capitalize()}


def declared() -> dict[str, Wire]:
    """Every wire of the program, by name."""
    return dict(_declared)


def _prefix(wire: str) -> str:
    return "AMANAH_WIRE_" + wire.upper().replace("-", "_")

