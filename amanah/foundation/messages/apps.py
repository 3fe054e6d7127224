from django.apps import AppConfig


class Messages(AppConfig):
    name = "amanah.foundation.messages"
    label = "amanah_messages"  # "messages" belongs to django.contrib.messages, the notes on the next page
    verbose_name = "Pesan"
    default_auto_field = "django.db.models.BigAutoField"
