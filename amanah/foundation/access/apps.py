from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "amanah.foundation.access"
    label = "access"
    verbose_name = "Akun dan wewenang"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from amanah.foundation.access import phones, roles  # noqa: F401  their acts declare themselves when they are imported
