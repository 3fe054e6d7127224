"""All addresses. Each portal brings its own; sign-in is allauth under our own words."""
from django.urls import include, path

urlpatterns = [
    path("", include("amanah.portals.shell.urls")),
    path("", include("amanah.portals.public.urls")),
    path("", include("amanah.portals.citizen.urls")),
    path("", include("amanah.portals.office.urls")),
    path("", include("amanah.portals.shell.signin.urls")),
]

handler400 = "amanah.portals.shell.errors.bad_request"
handler403 = "amanah.portals.shell.errors.forbidden"
handler404 = "amanah.portals.shell.errors.not_found"
handler500 = "amanah.portals.shell.errors.server_error"
