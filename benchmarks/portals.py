"""What a page costs besides the web server: whole requests through every layer, against a Django view that does nothing."""
import os
import tempfile
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

from benchmarks.harness import Figure, compare, rate_of, say

PAGES = (("home page", "/", 200, "<h1"), ("sign-in page", "/masuk/", 200, "<form"), ("which office serves me, by name", "/kantor/?q=Lolong", 200, "<h1"),
         ("table of territories", "/wilayah/", 200, "<table"))


def empty_application() -> Callable[..., Any]:
    """The limit: Django with no middleware and a view that answers "ok"."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import override_settings
    from django.urls import path

    def ok(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    class Urls:
        urlpatterns = [path("empty", ok)]

    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=Urls):
        handler = WSGIHandler()

    def call(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        with override_settings(ROOT_URLCONF=Urls):
            return handler(environ, start)

    return call


def get(application: Callable[..., Any], path: str) -> Callable[[], tuple[int, bytes]]:
    """A function that asks for `path` once, whole: headers parsed, body read, connection's request closed."""
    name, _, query = path.partition("?")

    def ask() -> tuple[int, bytes]:
        told: list[int] = []
        response = application({
            "REQUEST_METHOD": "GET", "PATH_INFO": name, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(), "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "id",
        }, lambda status, headers, exc=None: told.append(int(status.split()[0])))
        body = b"".join(response)
        response.close()
        return told[0], body

    return ask


def run(*, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(AMANAH_DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3", AMANAH_MODE="demo", AMANAH_LOG_LEVEL="ERROR")
        import django

        django.setup()
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        say("  building the city")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("city_load", verbosity=0, stdout=StringIO())
        application, bare = get_wsgi_application(), get(empty_application(), "/empty")
        if bare() != (200, b"ok"):
            raise SystemExit("the empty view does not answer")
        figures = []
        for name, path, status, needle in PAGES:
            ask = get(application, path)
            ask()
            with CaptureQueriesContext(connection) as asked:
                got, body = ask()
            if got != status or needle.encode() not in body:
                raise SystemExit(f"wrong answer: {path} gave {got}")
            figures.append(compare(name, "the whole city", lambda ask=ask: rate_of(ask, seconds=seconds), lambda: rate_of(bare, seconds=min(seconds, 2)),
                                   limit_name="empty Django view without middleware, one process, no web server", statements=len(asked), bytes=len(body)))
        return figures
