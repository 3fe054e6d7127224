from django.urls import path

from amanah.portals.office.accounts import duty, roles, views

urlpatterns = [
    path("", views.index, name="office_accounts"),
    path("buka/", views.open_account, name="office_account_open"),
    path("mandat/", roles.mandates, name="office_mandates"),
    path("mandat/<int:pk>/akhiri/", roles.end_mandate, name="office_mandate_end"),
    path("sesi-tugas/", duty.sessions, name="office_duty"),
    path("sesi-tugas/<int:pk>/akhiri/", duty.end, name="office_duty_end"),
    path("peran/<int:pk>/cabut/", roles.revoke, name="office_grant_revoke"),
    path("<int:pk>/", views.account, name="office_account"),
    path("<int:pk>/undang/", views.invite, name="office_account_invite"),
    path("<int:pk>/tutup/", views.close, name="office_account_close"),
    path("<int:pk>/buka-lagi/", views.reopen, name="office_account_reopen"),
    path("<int:pk>/bukti-kedua/", views.reset_proofs, name="office_account_proofs"),
    path("<int:pk>/peran/", roles.grant, name="office_account_grant"),
    path("<int:pk>/mandat/", roles.give_mandate, name="office_account_mandate"),
]
