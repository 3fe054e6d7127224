import logging

from django.apps import AppConfig


class Wires(AppConfig):
    name = "amanah.foundation.wires"
    label = "wires"
    verbose_name = "Sambungan keluar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # httpx writes every address with its query into the log; the journal keeps what may be kept
        logging.getLogger("httpx").setLevel(logging.WARNING)
