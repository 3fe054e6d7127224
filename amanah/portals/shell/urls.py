from django.urls import path

from amanah.portals.shell import files, receipts, views

urlpatterns = [
    path("tampilan/", views.display, name="shell_display"),
    path("komponen/", views.gallery, name="shell_gallery"),
    path("berkas/<uuid:file>/", files.download, name="shell_file"),
    path("kabar/<slug:channel>/resi/", receipts.receipt, name="shell_receipt"),
    path("luring/", views.offline, name="shell_offline"),
    path("healthz", views.healthz, name="shell_healthz"),
    path("readyz", views.readyz, name="shell_readyz"),
    path("manifest.webmanifest", views.manifest, name="shell_manifest"),
    path("sw.js", views.service_worker, name="shell_service_worker"),
    path("robots.txt", views.robots, name="shell_robots"),
    path(".well-known/security.txt", views.security_txt, name="shell_security_txt"),
]
