from django.urls import include, path

from amanah.portals.office import home, inbox, positions, system, trail

urlpatterns = [
    path("kerja/", home.home, name="office_home"),
    path("kerja/kabar/", inbox.inbox, name="office_inbox"),
    path("kerja/kabar/semua/", inbox.read_all, name="office_inbox_read_all"),
    path("kerja/kabar/<uuid:message>/", inbox.read, name="office_inbox_read"),
    path("kerja/jejak/", trail.trail, name="office_trail"),
    path("kerja/jejak/titik-periksa/", trail.checkpoint, name="office_checkpoint"),
    path("kerja/sistem/", system.queue, name="office_queue"),
    path("kerja/sistem/coba-lagi/", system.retry, name="office_queue_retry"),
    path("kerja/sistem/pesan/", system.outbox, name="office_outbox"),
    path("kerja/sistem/panggilan/", system.calls, name="office_calls"),
    path("kerja/akun/", include("amanah.portals.office.accounts.urls")),
    path("kerja/perawatan/", include("amanah.portals.office.upkeep.urls")),
    path("kerja/pelindung-data/", include("amanah.portals.office.privacy.urls")),
    path("kerja/akun-warga/", include("amanah.portals.office.ties.urls")),
    path("kerja/", include("amanah.portals.office.register.urls")),
    path("kerja/ekstrak/", include("amanah.portals.office.register_import.urls")),
    path("kerja/data-ganda/", include("amanah.portals.office.pairs.urls")),
    path("kerja/posisi-penduduk/", positions.frozen, name="office_positions"),
    path("kerja/susunan/", include("amanah.portals.office.structure.urls")),
]
