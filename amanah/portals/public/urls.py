from django.urls import path

from amanah.portals.public import population, purposes, views

urlpatterns = [
    path("", views.home, name="public_home"),
    path("kantor/", views.serving, name="public_serving"),
    path("kantor/daftar/", views.offices_list, name="public_offices"),
    path("kantor/<slug:code>/", views.office, name="public_office"),
    path("wilayah/", views.territories, name="public_territories"),
    path("wilayah/<str:code>/", views.territory_by_code, name="public_territory"),
    path("penduduk/", population.population, name="public_population"),
    path("penduduk/angka.csv", population.population_csv, name="public_population_csv"),
    path("penduduk/<str:code>/", population.population, name="public_population_of"),
    path("untuk-apa-data-anda/", purposes.purposes, name="public_purposes"),
    path("peta/", views.city_map, name="public_map"),
    path("peta/<str:level>.geojson", views.map_data, name="public_map_data"),
]
