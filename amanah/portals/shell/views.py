"""Pages every city needs whatever it does: appearance, gallery, health, what browsers and search engines ask for."""
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from amanah.foundation.kernel import city as cities
from amanah.foundation.kernel import clock
from amanah.portals.shell import samples
from amanah.portals.shell.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


# No token asked: the worst a stranger's page can do here is switch to dark, and pages without a form stay free of a CSRF cookie.
@csrf_exempt
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember the wished theme or language in a cookie and go back."""
    back = request.POST.get("kembali", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    keep = {"max_age": YEAR, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE, "httponly": True}
    if (theme := request.POST.get("tampilan", "")) in THEMES:
        response.set_cookie(THEME_COOKIE, theme, **keep)
    if (language := request.POST.get("bahasa", "")) in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **keep)
    return response


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, light and dark, with invented people and numbers."""
    return render(request, "shell/gallery.html", samples.all_of_them())


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows without a signal. Holds nothing of the person."""
    return render(request, "shell/offline.html")


# ---------------------------------------------------------------- health

@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so a slow database does not make it look dead."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the process may be sent visitors: the database answers and its tables are those of this version. 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception:  # whatever the database says: not ready
        return JsonResponse({"status": "no", "database": "no"}, status=503)
    if behind:
        return JsonResponse({"status": "no", "database": "ok", "migrations": behind}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "migrations": 0})


# ---------------------------------------------------------------- what browsers and robots ask for

@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Makes the pages installable on a phone."""
    city = cities.load(settings.CITY_DIR)
    return JsonResponse({
        "name": f"Amanah {city.name}", "short_name": "Amanah", "lang": "id", "start_url": "/", "id": "/", "scope": "/", "display": "standalone",
        "background_color": "#fcfbf8", "theme_color": "#17150f",
        "icons": [
            {"src": static("shell/img/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": static("shell/img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": static("shell/img/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }, content_type="application/manifest+json")


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root because a worker governs only what lies beneath its own address."""
    return render(request, "shell/sw.js", content_type="text/javascript; charset=utf-8")


@require_GET
@cache_control(max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/robots.txt", content_type="text/plain; charset=utf-8")


@require_GET
@cache_control(max_age=86400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. Absent until the city has named an address in city.yaml."""
    city = cities.load(settings.CITY_DIR)
    if not city.security_contact:
        raise Http404
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    return HttpResponse(f"Contact: {city.security_contact}\nExpires: {expires}\nPreferred-Languages: id, en\n", content_type="text/plain; charset=utf-8")
