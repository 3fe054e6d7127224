from django.urls import path

from amanah.portals.office.ties import views

urlpatterns = [
    path("<int:pk>/", views.tie, name="office_tie"),
    path("<int:pk>/lepas/", views.untie, name="office_untie"),
]
