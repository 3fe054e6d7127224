"""Three small layers around every page: a log line with a number, who acts, and errors that help."""
import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from amanah.foundation.access.actors import actor_of
from amanah.foundation.kernel import logs
from amanah.foundation.kernel.errors import AmanahError
from amanah.portals.shell import errors

log = logging.getLogger("amanah.request")
SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

# Letters only, so that no rule of the log takes a run of digits for somebody's telephone; no vowels, so that it spells nothing.
LETTERS = "bcdfghjkmnpqrstvwxz"

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """Gives each request a number, returns it in X-Request-ID and writes one line about the request.

    The line holds the pattern of the address, never the address itself: a path may contain a number of a case or a token, a query
    string a person's whereabouts. A number handed in is kept only when it looks like one, and not
    like somebody's, so nobody can write into the log.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if SAFE_ID.fullmatch(given) and logs.redact(given) == given else _number()
        token = logs.set_request_id(request.request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.request_id
            match = request.resolver_match
            log.info("request", extra={
                "method": request.method, "path": "/" + match.route if match else "", "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1), "actor_kind": getattr(request, "actor_kind", ""),
            })
            return response
        finally:
            logs.request_id.reset(token)


def _number() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(12))


class Language:
    """The language somebody chose (a cookie), otherwise the city's own.

    The browser's wish is not asked: most phones of residents speak English by factory setting, their owners do not.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])  # language and theme are both cookies
        return response


class CurrentActor:
    """Sets `request.actor`; the database is asked only when a page wants to know who acts."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> object:
            actor = actor_of(request)
            request.actor_kind = actor.kind
            return actor
        request.actor = SimpleLazyObject(find)
        return self.get_response(request)


class Errors:
    """Turns the failures of the program's promise into a page with the right status that says what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.answer(request, exception) if isinstance(exception, AmanahError) else None
