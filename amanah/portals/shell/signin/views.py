"""The few pages of sign-in that allauth does not have as we need them."""
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView
from allauth.idp.oidc.views import AuthorizationView
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.models import Account, Role
from amanah.foundation.access.rules import DEMO


class SignInView(LoginView):
    """Sign-in; in the demonstration also with one button for each role."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["demo_people"] = demo_people() if settings.DEMO_SIGN_IN else []
        return context


def demo_people() -> list[dict[str, str]]:
    """Role and name of everybody in the demonstration. Two statements."""
    names = {account.username.removeprefix(PREFIX): account.name
             for account in Account.objects.filter(username__startswith=PREFIX, is_active=True) if account.username}
    return [{"role": role.code, "title": role.name, "name": names[role.code], "about": role.description}
            for role in Role.objects.filter(code__in=names, retired=False).order_by("pk")]


@require_POST
def demo_sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """One click, one role: only in the demonstration. A start in production with this switch is refused (`environment.unsafe_production`)."""
    if not settings.DEMO_SIGN_IN:
        raise Http404
    account = get_object_or_404(Account, username=PREFIX + role, is_active=True)
    adapter = get_adapter(request)
    if request.user.is_authenticated:
        adapter.logout(request)
    adapter.login(request, account)
    record_authentication(request, account, DEMO)
    target = request.POST.get(REDIRECT_FIELD_NAME, "")
    return adapter.post_login(request, account, email_verification="none", signal_kwargs=None, email=None, signup=False,
                              redirect_url=target if target and adapter.is_safe_url(target) else None)


@method_decorator(csrf_exempt, name="dispatch")  # as allauth's: a client may post the request; the consent itself is checked for CSRF there
class ConsentView(AuthorizationView):
    """Whether another application may know who somebody is. The answer leads back there, so this page alone may send a form onwards."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if response.status_code == 200 and not hasattr(self, "_request_info"):
            response.status_code = 400  # the page that says what is wrong with the application's request
        elif response.status_code == 200:
            there = urlsplit(self._request_info["redirect_uri"])
            response._csp_update = {"form-action": [f"{there.scheme}://{there.netloc}"]}
        return response
