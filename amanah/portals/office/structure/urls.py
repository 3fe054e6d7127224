from django.urls import path

from amanah.portals.office.structure import clients, offices, officials, views

urlpatterns = [
    path("", views.index, name="office_structure"),
    path("buka-kantor/", offices.open_office, name="office_structure_open"),
    path("kantor/<slug:code>/", offices.office, name="office_structure_office"),
    path("kantor/<slug:code>/nama/", offices.rename, name="office_structure_rename"),
    path("kantor/<slug:code>/tutup/", offices.close, name="office_structure_close"),
    path("pejabat/", officials.officials, name="office_structure_officials"),
    path("pejabat/<int:pk>/akun/", officials.link, name="office_structure_link"),
    path("wilayah/", views.territories, name="office_structure_territories"),
    path("wilayah/<str:code>/nama/", views.rename_territory, name="office_structure_territory"),
    path("aplikasi/", clients.clients, name="office_structure_clients"),
    path("aplikasi/daftarkan/", clients.register, name="office_structure_client_register"),
    path("aplikasi/<str:pk>/hapus/", clients.remove, name="office_structure_client_remove"),
]
