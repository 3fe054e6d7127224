from django.urls import path

from amanah.portals.office.register import filling, lists, neighbourhood, pages, purpose, roster, searching
from amanah.portals.office.register.deeds import OF_FAMILY, OF_PERSON, OPEN_FAMILY

urlpatterns = [
    path("penduduk/", searching.index, name="office_register"),
    path("penduduk/saran/", searching.suggest, name="office_register_suggest"),
    path("penduduk/keperluan/", purpose.choose, name="office_register_purpose"),
    path("penduduk/daftar/", roster.index, name="office_register_roster"),
    path("penduduk/daftar/unduh/", roster.download, name="office_register_download"),
    path("penduduk/belum-pasti/", lists.unconfirmed, name="office_register_unconfirmed"),
    path("penduduk/perlu-diperiksa/", lists.doubtful, name="office_register_doubtful"),
    path("penduduk/orang/<int:pk>/", pages.person, name="office_register_person"),
    path("penduduk/orang/<int:pk>/buka/", pages.open_field, name="office_register_open"),
    path("penduduk/orang/<int:pk>/peristiwa/<int:event>/batal/", filling.undo, name="office_register_undo_event"),
    *(path(f"penduduk/orang/<int:pk>/{deed.slug}/", filling.of_person(deed), name=deed.url) for deed in OF_PERSON),
    path("penduduk/keluarga/<int:pk>/", pages.family, name="office_register_family"),
    path("penduduk/keluarga/<int:pk>/buka/", pages.open_number, name="office_register_open_number"),
    *(path(f"penduduk/keluarga/<int:pk>/{deed.slug}/", filling.of_family(deed), name=deed.url) for deed in OF_FAMILY),
    path(f"penduduk/{OPEN_FAMILY.slug}/", filling.open_family, name=OPEN_FAMILY.url),
    path("rw/", neighbourhood.index, name="office_register_rws"),
    path("rw/<int:pk>/", neighbourhood.neighbourhood, name="office_register_rw"),
]
