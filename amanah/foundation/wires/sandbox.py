"""Sandbox twins: small real servers on this machine that answer, refuse and break on request, in the place of a partner.

    TWIN = Twin("whatsapp")

    @TWIN.route("POST", "/messages")
    def send(request: Asked) -> Answer:
        return Answer(202, {"id": "wa-1"})

How the twin behaves is chosen, in this order, by the header X-Amanah-Sandbox of the request, by `twin.behave(...)` in the same process, or by
POST /_sandbox/behave {"behaviour": "refuse", "times": 1}. GET /_sandbox/asked lists what was asked. Each answer says that it is simulated.
Twins listen on 127.0.0.1 only and keep what they were asked in memory only.
"""
import json
import logging
import re
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SIMULATED, BEHAVIOUR = "X-Amanah-Simulated", "X-Amanah-Sandbox"
BEHAVIOURS = {
    "answer": "answers as the partner would",
    "refuse": "422, the request can never succeed",
    "deny": "403, the credentials are not accepted",
    "busy": "429, asks to come back later",
    "error": "500",
    "flaky": "500 at the first try of a request, then answers",
    "slow": "answers after two seconds",
    "timeout": "accepts the request and never answers",
    "truncate": "takes effect, but the answer breaks off in the middle",
    "hang-up": "closes the connection without an answer",
    "nonsense": "answers with a page of HTML",
    "redirect": "sends the caller to another host",
}
log = logging.getLogger("amanah.wires")
_KEPT = 500
_LONGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the twin's routes see it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes
    values: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Route = Callable[[Asked], Answer]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up waiting is part of the play; a route that breaks is a mistake worth seeing."""
        if not isinstance(sys.exception(), ConnectionError):
            log.exception("sandbox twin broke")


class Twin:
    """One simulated partner. `url` starts it at first use; `stop` ends it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: deque[Asked] = deque(maxlen=_KEPT)
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []
        self._planned: deque[str] = deque()
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self.stopping = threading.Event()

    def route(self, method: str, path: str) -> Callable[[Route], Route]:
        """Answer `method` on a path such as "/bills/{number}" with the decorated function."""
        parts = re.split(r"(\{\w+\})", path)
        pattern = re.compile("".join(f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in parts))

        def register(function: Route) -> Route:
            self._routes.append((method.upper(), pattern, function))
            return function
        return register

    def behave(self, behaviour: str, times: int = 1) -> None:
        """Behave like this for the next `times` requests. Raises ValueError for a behaviour that twins do not know."""
        if behaviour not in BEHAVIOURS:
            raise ValueError(f"{behaviour!r} is none of: {', '.join(BEHAVIOURS)}")
        with self._lock:
            self._planned.extend([behaviour] * times)

    def reset(self) -> None:
        """Forget what was asked and planned."""
        with self._lock:
            self.asked.clear()
            self._planned.clear()
            self._seen.clear()

    @property
    def url(self) -> str:
        with self._lock:
            if self._server is None:
                self.stopping.clear()
                self._server = _Server(("127.0.0.1", 0), _handler_for(self))
                threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=f"twin-{self.name}", daemon=True).start()
            return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            self.stopping.set()
            server.shutdown()
            server.server_close()

    # ------------------------------------------------------------ inside

    def choose(self, asked: Asked) -> str:
        """How to behave towards this request; a request is the same when method, path and idempotency key (or body) are."""
        with self._lock:
            behaviour = asked.headers.get(BEHAVIOUR.lower()) or (self._planned.popleft() if self._planned else "answer")
            if behaviour != "flaky":
                return behaviour
            key = f"{asked.method} {asked.path} {asked.headers.get('idempotency-key') or asked.body.hex()}"
            if key in self._seen:
                return "answer"
            self._seen.add(key)
            return "error"

    def answer(self, asked: Asked) -> Answer:
        for method, pattern, function in self._routes:
            match = pattern.fullmatch(asked.path)
            if match and method == asked.method:
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return function(Asked(asked.method, asked.path, asked.query, asked.headers, asked.body, values))
        return Answer(404, {"error": "no such route"})

    def command(self, asked: Asked) -> Answer:
        if asked.path == "/_sandbox/asked":
            return Answer(200, [{"method": one.method, "path": one.path, "json": one.json} for one in self.asked])
        if asked.path == "/_sandbox/behave" and asked.method == "POST" and isinstance(asked.json, dict):
            try:
                self.behave(str(asked.json.get("behaviour")), int(asked.json.get("times", 1)))
            except (ValueError, TypeError) as error:
                return Answer(422, {"error": str(error)})
            return Answer(204)
        return Answer(404, {"error": "no such command", "behaviours": BEHAVIOURS})


def _handler_for(twin: Twin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = self.headers.get("Content-Length") or "0"
            if not length.isdecimal() or int(length) > _LONGEST:
                return self._say(Answer(413, {"error": "too long"}))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), {name.lower(): value for name, value in self.headers.items()},
                          self.rfile.read(int(length)))
            if parts.path.startswith("/_sandbox/"):
                return self._say(twin.command(asked))
            behaviour = twin.choose(asked)
            twin.asked.append(asked)
            self._behave(behaviour, asked)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

        def _behave(self, behaviour: str, asked: Asked) -> None:
            match behaviour:
                case "answer":
                    self._say(twin.answer(asked))
                case "refuse":
                    self._say(Answer(422, {"error": "simulated refusal"}))
                case "deny":
                    self._say(Answer(403, {"error": "simulated: credentials not accepted"}))
                case "busy":
                    self._say(Answer(429, {"error": "simulated: too many requests"}, {"Retry-After": "1"}))
                case "error":
                    self._say(Answer(500, {"error": "simulated fault"}))
                case "slow":
                    twin.stopping.wait(2)
                    self._say(twin.answer(asked))
                case "timeout":
                    twin.stopping.wait(60)
                    self.close_connection = True
                case "truncate":
                    body = json.dumps(twin.answer(asked).body).encode()
                    self._head(200, {"Content-Length": str(len(body) + 1000)})
                    self.wfile.write(body[:len(body) // 2])
                    self.close_connection = True
                case "hang-up":
                    self.close_connection = True
                case "nonsense":
                    self._say(Answer(200, b"<html><h1>Under maintenance</h1></html>", {"Content-Type": "text/html"}))
                case "redirect":
                    self._say(Answer(302, None, {"Location": "http://elsewhere.invalid/"}))
                case _:
                    self._say(Answer(400, {"error": f"unknown behaviour {behaviour!r}", "behaviours": BEHAVIOURS}))

        def _say(self, answer: Answer) -> None:
            body = answer.body if isinstance(answer.body, bytes) else b"" if answer.body is None else json.dumps(answer.body).encode()
            self._head(answer.status, {**answer.headers, "Content-Length": str(len(body))})
            if self.command != "HEAD":
                self.wfile.write(body)

        def _head(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers, SIMULATED: "1", "X-Amanah-Twin": twin.name}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Twins write no log: addresses may hold personal data even in a rehearsal."""

    return Handler
