from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "amanah.portals.office"
    label = "office"
    verbose_name = _("Meja kerja")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from amanah.foundation.access.templates import places_are_named_by
        from amanah.portals.office import menu, places

        menu.fill()
        places_are_named_by(places.place_name)
