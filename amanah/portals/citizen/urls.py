from django.urls import path

from amanah.portals.citizen import views

urlpatterns = [
    path("beranda-saya/", views.mine, name="citizen_mine"),
    path("saya/", views.home, name="citizen_home"),
    path("saya/pesan/semua/", views.read_all, name="citizen_read_all"),
    path("saya/pesan/<uuid:message>/", views.read, name="citizen_read"),
    path("saya/jejak/", views.trail, name="citizen_trail"),
]
