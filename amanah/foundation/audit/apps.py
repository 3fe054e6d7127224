from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "amanah.foundation.audit"
    label = "audit"
    verbose_name = _("Catatan jejak")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(open_lanes, sender=self)


def open_lanes(**_kwargs: object) -> None:
    """Make the lanes of a record that is still empty. A lane that goes missing later is never made anew: the verifier must see it."""
    from .models import Entry, Lane
    from .rules import START, seal_of
    from .services import LANES, signing_key

    if not Lane.objects.exists() and not Entry.objects.exists():
        key, _name = signing_key()
        Lane.objects.bulk_create(Lane(lane=lane, seq=0, mac=START, seal=seal_of(key, lane, 0, START)) for lane in range(LANES))
