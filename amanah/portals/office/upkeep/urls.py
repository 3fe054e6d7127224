from django.urls import path

from amanah.portals.office.upkeep import neighbourhoods, seats, views

urlpatterns = [
    path("", views.index, name="office_upkeep"),
    path("kantor/<slug:code>/", views.office, name="office_upkeep_office"),
    path("kantor/<slug:code>/jam/", views.hours, name="office_upkeep_hours"),
    path("kantor/<slug:code>/jabatan/", seats.add_position, name="office_upkeep_position"),
    path("kantor/<slug:code>/pejabat/", seats.register, name="office_upkeep_official"),
    path("jabatan/<int:pk>/angkat/", seats.appoint, name="office_upkeep_appoint"),
    path("pengangkatan/<int:pk>/akhiri/", seats.end, name="office_upkeep_end"),
    path("wilayah/<str:code>/", neighbourhoods.kelurahan, name="office_upkeep_kelurahan"),
    path("wilayah/<str:code>/rw/", neighbourhoods.add_rw, name="office_upkeep_rw"),
    path("wilayah/<str:code>/rt/", neighbourhoods.add_rt, name="office_upkeep_rt"),
    path("wilayah/<str:code>/banyak/", neighbourhoods.add_many, name="office_upkeep_many"),
    path("wilayah/<str:code>/tutup/", neighbourhoods.close, name="office_upkeep_close"),
]
