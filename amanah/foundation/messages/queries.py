"""Inboxes, and what left the city by which channel (with addresses masked)."""
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from amanah.foundation.kernel.paging import Page
from amanah.foundation.messages.models import Delivery, Message, State
from amanah.foundation.messages.rules import masked
from amanah.foundation.stores.paging import keyset


@dataclass(frozen=True, slots=True)
class InboxRow:
    id: UUID
    template: str
    subject: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message by one channel, word for word as it left or would have left."""

    id: int
    template: str
    channel: str
    address: str       # masked
    subject: str
    text: str
    state: str
    says: str          # the state in words
    attempts: int
    error: str
    simulated: bool    # a sandbox twin took it, nobody got it
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelState:
    channel: str
    waiting: int
    sending: int
    delivered: int
    failed: int


def inbox(account_id: int, cursor: str | None = None, *, size: int = 20) -> Page[InboxRow]:
    """An account's messages, newest first."""
    page = keyset(Message.objects.filter(account_id=account_id), order=("-created_at", "-id"), cursor=cursor, size=size)
    return replace(page, rows=[InboxRow(*(getattr(row, name) for name in InboxRow.__slots__)) for row in page.rows])


def unread_count(account_id: int) -> int:
    """How many messages of the inbox have not been read; one look at an index, fit for every page's header."""
    return Message.objects.filter(account_id=account_id, read_at=None).count()


def outbox(cursor: str | None = None, *, channel: str = "", size: int = 50) -> Page[OutboxRow]:
    """What left, or would have left, newest first; channels still in reserve are not shown."""
    rows = Delivery.objects.exclude(state__in=(State.HELD, State.NOT_NEEDED)).select_related("message")
    page = keyset(rows.filter(channel=channel) if channel else rows, order=("-id",), cursor=cursor, size=size)
    return replace(page, rows=[
        OutboxRow(row.pk, row.message.template, row.channel, masked(row.address) if row.address else "", row.subject, row.text, row.state,
                  State(row.state).label, row.attempts, row.error, row.simulated, row.message.created_at, row.changed_at)
        for row in page.rows])


def channels(since: datetime) -> list[ChannelState]:
    """For an operations page: how each channel has done since a moment."""
    def count(*states: State) -> Count:
        return Count("id", filter=Q(state__in=states))

    rows = Delivery.objects.filter(changed_at__gte=since).values("channel").annotate(
        waiting=count(State.CREATED), sending=count(State.SENDING), delivered=count(State.DELIVERED),
        failed=count(State.TEMPORARY, State.PERMANENT, State.TECHNICAL)).order_by("channel")
    return [ChannelState(**row) for row in rows]
