from django.urls import path

from amanah.portals.citizen import views
from amanah.portals.citizen.data import asks, looked, own

urlpatterns = [
    path("beranda-saya/", views.mine, name="citizen_mine"),
    path("saya/", views.home, name="citizen_home"),
    path("saya/pesan/semua/", views.read_all, name="citizen_read_all"),
    path("saya/pesan/<uuid:message>/", views.read, name="citizen_read"),
    path("saya/jejak/", views.trail, name="citizen_trail"),
    path("saya/ponsel/", own.phone, name="citizen_phone"),
    path("saya/data/", own.mine, name="citizen_data"),
    path("saya/data/buka/", own.open_field, name="citizen_data_open"),
    path("saya/data/betulkan/", asks.correct, name="citizen_correct"),
    path("saya/data/siapa/", looked.who, name="citizen_looked"),
    path("saya/data/siapa/<slug:key>/tanya/", looked.question, name="citizen_question"),
    path("saya/data/permintaan/", asks.mine, name="citizen_requests"),
    path("saya/data/permintaan/salinan/", asks.copy, name="citizen_copy"),
    path("saya/data/permintaan/batasi/", asks.restrict, name="citizen_restrict"),
]
