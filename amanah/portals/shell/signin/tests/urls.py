"""The shell and sign-in, with the provider switched on and one page that says who is there: enough for these tests, whatever else the city has."""
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from amanah.portals.shell.signin.urls import provider_urls, sign_in


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.ref} {len(request.actor.holdings)}")


urlpatterns = [path("", include("amanah.portals.shell.urls")), path("masuk/", include(sign_in)), provider_urls, path("beranda-saya/", who), path("", who)]
