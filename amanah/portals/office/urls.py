from django.urls import include, path

from amanah.portals.office import home, trail

urlpatterns = [
    path("kerja/", home.home, name="office_home"),
    path("kerja/jejak/", trail.trail, name="office_trail"),
    path("kerja/jejak/titik-periksa/", trail.checkpoint, name="office_checkpoint"),
    path("kerja/antrean-sistem/", trail.queue, name="office_queue"),
    path("kerja/antrean-sistem/coba-lagi/", trail.retry, name="office_queue_retry"),
    path("kerja/akun/", include("amanah.portals.office.accounts.urls")),
    path("kerja/perawatan/", include("amanah.portals.office.upkeep.urls")),
]
