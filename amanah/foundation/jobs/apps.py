from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Jobs(AppConfig):
    name = "amanah.foundation.jobs"
    label = "jobs"
    verbose_name = "Pekerjaan latar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("tasks")  # handlers and schedules register themselves when their module is read
