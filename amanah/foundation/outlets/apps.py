from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutletsConfig(AppConfig):
    name = "amanah.foundation.outlets"
    label = "outlets"
    verbose_name = "Keluaran data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("outlets")  # the module of that name in every room: importing it offers
