"""Handlers that a test may register for its own length, and rows to try them on."""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from amanah.foundation.jobs import outbox, registry
from amanah.foundation.jobs.models import Delivery


@contextmanager
def handling(event: str, *handlers: registry.Handler, calling_out: tuple[registry.Handler, ...] = ()) -> Iterator[None]:
    """Let exactly these functions handle the event inside the block; those of `calling_out` outside of transactions."""
    before, outside = registry._handlers.pop(event, None), set(registry._calling_out)
    for handler in handlers:
        registry.on(event)(handler)
    for handler in calling_out:
        registry.on(event, calls_out=True)(handler)
    registry._handlers.setdefault(event, {})
    try:
        yield
    finally:
        registry._handlers.pop(event)
        if before is not None:
            registry._handlers[event] = before
        registry._calling_out.clear()
        registry._calling_out.update(outside)


@contextmanager
def scheduled(work: Callable[[], None], **rhythm: Any) -> Iterator[str]:
    """Put a function on the schedule inside the block; gives its name."""
    path = registry.path_of(work)
    registry.every(**rhythm)(work)
    try:
        yield path
    finally:
        registry._schedule.pop(path)


def put(name: str, **payload: Any) -> None:
    with transaction.atomic():
        outbox.put([(name, payload)], actor="account:1", request_id="r-1")


def only_delivery() -> Delivery:
    return Delivery.objects.get()
