"""Telling people something: stored first, in the caller's transaction; sent after it is committed."""
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid, NotFound
from amanah.foundation.kernel.identifiers import Phone
from amanah.foundation.messages import sending, templates
from amanah.foundation.messages.models import Channel, Delivery, Message, State

_RECEIPTS = {"delivered": State.DELIVERED, "failed": State.PERMANENT}


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Whom a message is for. Without an account there is no inbox; without any address there is only the inbox."""

    account_id: int | None = None
    email: str = ""
    phone: str = ""
    language: str = "id"

    def address(self, channel: Channel) -> str:
        """The address for a channel, "" when it cannot be reached that way. A telephone that is no mobile gets no messages."""
        if channel == Channel.EMAIL:
            return self.email.strip()
        try:
            phone = Phone.parse(self.phone) if self.phone else None
        except Invalid:
            phone = None
        return phone.value if phone and phone.mobile else ""


def send(template: templates.Template | str, to: Recipient, context: Mapping[str, object], *, dedupe_key: str) -> Message:
    """Store a message and what is needed to bring it; give the stored row. It is sent once the caller's transaction is committed.

    The same `dedupe_key` stores and sends nothing twice, whatever else is given: name the event, not the moment ("case:12:received").
    Raises KeyError when `context` lacks a field of the template, ValueError without a key.
    """
    if isinstance(template, str):
        template = templates.named(template)
    if not dedupe_key:
        raise ValueError("a message needs a dedupe_key")
    words, now = template.render(to.language, context), clock.now()
    with transaction.atomic():
        message, fresh = Message.objects.get_or_create(dedupe_key=dedupe_key, defaults={
            "template": template.name, "account_id": to.account_id, "language": words.language, "subject": words.subject[:300], "body": words.body,
            "link": words.link[:300], "sensitive": template.sensitive, "urgent": template.urgent, "created_at": now})
        if fresh:
            ways = [(channel, address) for channel in template.channels if (address := to.address(channel))]
            deliveries = Delivery.objects.bulk_create([
                Delivery(message=message, channel=channel, rank=rank, address=address, state=State.HELD if rank else State.CREATED,
                         subject=words.outside_subject[:300] if channel == Channel.EMAIL else "",
                         text=words.outside_body if channel == Channel.EMAIL else words.outside_short,
                         due_at=sending.when(channel, now, urgent=template.urgent), changed_at=now)
                for rank, (channel, address) in enumerate(ways)])
            if deliveries and deliveries[0].due_at <= now:  # should the process die before this runs, the minute's round finds it
                transaction.on_commit(lambda: sending.deliver.enqueue(deliveries[0].pk), robust=True)
    return message


def mark_read(account_id: int, message_id: object) -> None:
    """Mark one message of an account's inbox as read; again does no harm. Raises NotFound for a message of somebody else."""
    mine = Message.objects.filter(pk=message_id, account_id=account_id)
    if not mine.filter(read_at=None).update(read_at=clock.now()) and not mine.exists():
        raise NotFound()


def mark_all_read(account_id: int) -> int:
    """Mark a whole inbox as read; says how many messages were not."""
    return Message.objects.filter(account_id=account_id, read_at=None).update(read_at=clock.now())


def receipt(channel: str, provider_ref: str, outcome: str) -> bool:
    """What the provider says later about a message it accepted: "delivered" or "failed"; whether that was news. Unknown messages are ignored."""
    delivery = Delivery.objects.filter(channel=channel, provider_ref=provider_ref, state=State.SENDING).first() if provider_ref else None
    if delivery is None or outcome not in _RECEIPTS:
        return False
    return sending.conclude(delivery, _RECEIPTS[outcome], error="" if outcome == "delivered" else "receipt")
