from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "amanah.portals.shell"
    label = "shell"
    verbose_name = "Kerangka halaman"
    default_auto_field = "django.db.models.BigAutoField"
