"""All addresses of the city, with the provider switched on and the home page of the signed-in replaced by one that says who is there."""
from django.http import HttpRequest, HttpResponse
from django.urls import path

from amanah.portals.shell.signin.urls import provider_urls
from amanah.urls import handler400, handler403, handler404, handler500
from amanah.urls import urlpatterns as city

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.ref} {len(request.actor.holdings)}")


urlpatterns = [path("beranda-saya/", who), provider_urls, *city]
