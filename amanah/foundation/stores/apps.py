from django.apps import AppConfig
from django.core import checks


class StoresConfig(AppConfig):
    name = "amanah.foundation.stores"
    label = "stores"
    verbose_name = "Penyimpanan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from amanah.foundation.stores import aside, triggers
        checks.register(triggers.check, checks.Tags.database)
        checks.register(aside.check, checks.Tags.database)
