"""The rounds that keep messages moving when a process died in between, and that forget addresses."""
from datetime import timedelta

from django.db import transaction

from amanah.foundation.jobs import every
from amanah.foundation.kernel import clock
from amanah.foundation.messages import rules, sending
from amanah.foundation.messages.models import Delivery, State

A_ROUND = 500
QUEUED_FOR = timedelta(minutes=5)      # how long a round leaves alone what an earlier one has queued
INTERRUPTED_AFTER = timedelta(minutes=10)
KEEP_ADDRESSES = timedelta(days=30)


@every(minutes=1)
def send_waiting() -> int:
    """Queue every delivery whose time has come: after quiet hours, for another try, or because its first start was lost. Says how many."""
    now = clock.now()
    if not (due := Delivery.objects.filter(state=State.CREATED, due_at__lte=now)).exists():
        return 0
    with transaction.atomic():
        keys = list(due.select_for_update(skip_locked=True).order_by("due_at").values_list("pk", flat=True)[:A_ROUND])
        Delivery.objects.filter(pk__in=keys).update(due_at=now + QUEUED_FOR)
    for key in keys:
        sending.deliver.enqueue(key)
    return len(keys)


@every(minutes=5)
def take_up_interrupted() -> int:
    """Send again what was being sent when its worker died. The provider knows it by its key; a mail program by its Message-ID."""
    now = clock.now()
    return Delivery.objects.filter(state=State.SENDING, provider_ref="", changed_at__lt=now - INTERRUPTED_AFTER).update(
        state=State.CREATED, due_at=now, changed_at=now, error="interrupted")


@every(minutes=60)
def stop_waiting_for_receipts() -> int:
    """End what a provider accepted three days ago without a word since; says how many."""
    late = Delivery.objects.filter(state=State.SENDING, changed_at__lt=clock.now() - rules.RECEIPT_WITHIN).exclude(provider_ref="")
    return sum(sending.conclude(delivery, State.TEMPORARY, error="no-receipt") for delivery in late[:A_ROUND])


@every(daily_at="03:00")
def forget_addresses() -> int:
    """Blank telephone numbers and e-mail addresses of deliveries that ended a month ago; says how many."""
    ended = Delivery.objects.exclude(state__in=(State.CREATED, State.SENDING)).filter(changed_at__lt=clock.now() - KEEP_ADDRESSES)
    return ended.exclude(address="").update(address="")
