"""Acts on the rooms beneath this one, which cannot declare acts themselves."""
from pathlib import Path

from django.utils.translation import gettext_lazy

from amanah.foundation.audit import verification
from amanah.foundation.jobs import services as jobs
from amanah.foundation.kernel.actor import Actor

from .door import act


@act("jobs.retry", title=gettext_lazy("Mencoba lagi pekerjaan sistem yang gagal"),
     says=gettext_lazy("{actor} mencoba lagi pekerjaan sistem nomor {delivery}"))
def retry(actor: Actor, *, delivery: int) -> None:
    """Try a piece of background work again that failed for good. Raises Conflict when somebody was first."""
    jobs.retry(delivery)


@act("audit.checkpoint", title=gettext_lazy("Menandatangani titik periksa"), says=gettext_lazy("{actor} membuat titik periksa catatan jejak"))
def checkpoint(actor: Actor) -> Path:
    """Sign the state of the whole trail now, besides the daily checkpoint. Returns the file for the other custodian."""
    return verification.make_checkpoint()
