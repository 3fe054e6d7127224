from django.urls import path

from amanah.portals.public import purposes, views

urlpatterns = [
    path("", views.home, name="public_home"),
    path("kantor/", views.serving, name="public_serving"),
    path("kantor/daftar/", views.offices_list, name="public_offices"),
    path("kantor/<slug:code>/", views.office, name="public_office"),
    path("wilayah/", views.territories, name="public_territories"),
    path("wilayah/<str:code>/", views.territory_by_code, name="public_territory"),
    path("untuk-apa-data-anda/", purposes.purposes, name="public_purposes"),
    path("peta/", views.city_map, name="public_map"),
    path("peta/<str:level>.geojson", views.map_data, name="public_map_data"),
]
