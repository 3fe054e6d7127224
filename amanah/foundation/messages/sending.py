"""Bringing stored messages to people: try, note what became of it, try again later or by the next channel.

A delivery moves created → sending → delivered or one of three failures. Each move is a compare-and-set, so that two workers never move it twice.
Temporary failures go back to created and wait; the last one, and every failure for good, wakes the channel that stands in reserve.
"""
import logging
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django_tasks import task

from amanah.foundation.jobs.rules import wait_before
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.messages import rules
from amanah.foundation.messages.adapters import Adapter, Outgoing, Undeliverable, email, gateway
from amanah.foundation.messages.models import Channel, Delivery, State
from amanah.foundation.wires.wire import CallFailed

log = logging.getLogger("amanah.messages")
QUIET = {Channel.SMS: "21:00-06:00", Channel.WHATSAPP: "21:00-06:00"}  # WIB; settings.QUIET_HOURS overrules per channel
ADAPTERS: dict[str, Adapter] = {Channel.EMAIL: email.send, Channel.SMS: gateway.send_sms, Channel.WHATSAPP: gateway.send_whatsapp}


@task()
def deliver(delivery_id: int) -> None:
    """The background task: one try of one delivery."""
    attempt(delivery_id)


def attempt(delivery_id: int) -> bool:
    """Try a delivery that waits to be sent; whether it was this call that tried. Nothing is raised: what went wrong is kept with the delivery."""
    now, waiting = clock.now(), Delivery.objects.filter(pk=delivery_id, state=State.CREATED)
    delivery = waiting.select_related("message").first()
    if delivery is None:
        return False
    allowed = when(delivery.channel, now, urgent=delivery.message.urgent)
    if allowed > now:
        waiting.update(due_at=allowed, changed_at=now)
        return False
    if not waiting.update(state=State.SENDING, attempts=F("attempts") + 1, changed_at=now, error=""):
        return False
    delivery.state, delivery.attempts = State.SENDING, delivery.attempts + 1
    out = Outgoing(f"{delivery.message_id}-{delivery.rank}", delivery.address, delivery.subject, delivery.text)
    try:
        accepted = ADAPTERS[delivery.channel](out)
    except Undeliverable as refusal:
        conclude(delivery, State.PERMANENT, error="address", simulated=refusal.simulated)
    except Unavailable as error:
        kind = error.kind if isinstance(error, CallFailed) else type(error).__name__
        if error.permanent:
            log.error("%s cannot be sent: %s", delivery.channel, kind)
            conclude(delivery, State.TECHNICAL, error=kind)
        else:
            _again_later(delivery, State.TEMPORARY, kind)
    except Exception as error:  # a mistake of ours must not leave the message between two states
        log.error("%s failed unexpectedly: %s", delivery.channel, type(error).__name__)
        _again_later(delivery, State.TECHNICAL, type(error).__name__)
    else:
        if accepted.delivered:
            conclude(delivery, State.DELIVERED, provider_ref=accepted.provider_ref, simulated=accepted.simulated)
        else:  # a receipt will say more
            Delivery.objects.filter(pk=delivery.pk, state=State.SENDING).update(
                provider_ref=accepted.provider_ref or out.key, simulated=accepted.simulated, changed_at=clock.now())
    return True


def conclude(delivery: Delivery, state: State, *, error: str = "", provider_ref: str | None = None, simulated: bool | None = None) -> bool:
    """End a delivery that is being sent; whether it was this call that ended it. Success discards the reserve, failure wakes it."""
    now = clock.now()
    facts = {"provider_ref": provider_ref, "simulated": simulated}
    with transaction.atomic():
        ended = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING).update(
            state=state, changed_at=now, error=error[:60], **{name: value for name, value in facts.items() if value is not None})
        if not ended:
            return False
        reserve = Delivery.objects.filter(message_id=delivery.message_id, state=State.HELD)
        if state == State.DELIVERED:
            reserve.update(state=State.NOT_NEEDED, address="", changed_at=now)
        elif (following := reserve.select_related("message").order_by("rank").first()) is not None:
            due = when(following.channel, now, urgent=following.message.urgent)
            Delivery.objects.filter(pk=following.pk, state=State.HELD).update(state=State.CREATED, due_at=due, changed_at=now)
            if due <= now:
                transaction.on_commit(lambda: deliver.enqueue(following.pk), robust=True)
    return True


def when(channel: str, moment: datetime, *, urgent: bool) -> datetime:
    """The first moment from `moment` on at which the channel may disturb somebody."""
    hours = {**QUIET, **getattr(settings, "QUIET_HOURS", {})}
    return moment if urgent else _quiet(hours.get(channel, "")).next_allowed(moment)


def _again_later(delivery: Delivery, at_last: State, kind: str) -> None:
    if delivery.attempts >= rules.MOST_TRIES:
        conclude(delivery, at_last, error=kind)
        return
    now = clock.now()
    due = when(delivery.channel, now + wait_before(delivery.attempts + 1), urgent=delivery.message.urgent)
    Delivery.objects.filter(pk=delivery.pk, state=State.SENDING).update(state=State.CREATED, due_at=due, changed_at=now, error=kind[:60])


@lru_cache
def _quiet(text: str) -> rules.Quiet:
    return rules.quiet_hours(text, clock.WIB)
