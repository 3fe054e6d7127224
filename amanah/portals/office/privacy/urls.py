from django.urls import path

from amanah.portals.office.privacy import views

urlpatterns = [
    path("", views.index, name="office_privacy"),
    path("terjawab/", views.answered, name="office_privacy_answered"),
    path("pembukaan/", views.openings, name="office_privacy_openings"),
    path("pemrosesan/", views.processing, name="office_privacy_processing"),
    path("pemrosesan/hapus/", views.delete_expired, name="office_privacy_delete"),
    path("<int:pk>/", views.request_page, name="office_privacy_request"),
]
