from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "amanah.registries.offices"
    label = "offices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Perangkat daerah")
