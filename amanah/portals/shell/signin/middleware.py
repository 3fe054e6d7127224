"""Whoever works with other people's data sets up a second proof before anything else."""
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from amanah.foundation.access import rules
from amanah.foundation.access.actors import assurance_of

Handler = Callable[[HttpRequest], HttpResponse]


class SecondProof:
    """Leads staff, evaluators and partners without a second proof in this session to the page where they set one up or show it.

    Politeness only: without the proof they hold nothing anyway (`access.actors.actor_of`). Sign-in itself, the shell's own files and
    appearance stay open. A visitor without a session cookie costs no statement.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or match is None or self._open(request, match.url_name or ""):
            return None
        user = request.user
        if not user.is_authenticated or rules.strong_enough(user.kind, assurance_of(request)):
            return None
        return redirect("mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_index")

    def _open(self, request: HttpRequest, url_name: str) -> bool:
        return request.path.startswith((reverse("account_login"), settings.STATIC_URL)) or url_name.startswith("shell_")
