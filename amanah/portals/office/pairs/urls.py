from django.urls import path

from amanah.portals.office.pairs import views

urlpatterns = [
    path("", views.index, name="office_pairs"),
    path("periksa/", views.find, name="office_pairs_find"),
    path("<int:pk>/", views.pair, name="office_pair"),
    path("<int:pk>/batalkan/", views.undo, name="office_pair_undo"),
]
