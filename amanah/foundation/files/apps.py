from django.apps import AppConfig


class Files(AppConfig):
    name = "amanah.foundation.files"
    label = "files"
    verbose_name = "Berkas"
    default_auto_field = "django.db.models.BigAutoField"
