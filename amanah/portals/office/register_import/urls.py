from django.urls import path

from amanah.portals.office.register_import import views

urlpatterns = [
    path("", views.index, name="office_extracts"),
    path("<int:pk>/", views.extract, name="office_extract"),
    path("<int:pk>/kolom/", views.columns, name="office_extract_columns"),
    path("<int:pk>/periksa/", views.check, name="office_extract_check"),
    path("<int:pk>/muat/", views.load, name="office_extract_load"),
    path("<int:pk>/batalkan/", views.undo, name="office_extract_undo"),
]
