from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ActsConfig(AppConfig):
    name = "amanah.foundation.acts"
    label = "acts"
    verbose_name = _("Perbuatan")

    def ready(self) -> None:
        """Load what every room declares: permissions, acts, handlers and schedules, outlets."""
        for config in apps.get_app_configs():
            if config.name.startswith("amanah."):
                for part in ("permissions", "services", "tasks", "outlets"):
                    if find_spec(f"{config.name}.{part}"):
                        import_module(f"{config.name}.{part}")
