from datetime import UTC, datetime

import pytest
from django.core import mail

from amanah.foundation.messages import sending
from amanah.foundation.messages.adapters import gateway
from amanah.foundation.messages.models import Delivery
from amanah.foundation.wires import rules

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def twins(monkeypatch):
    """The simulated providers, fresh; calls to them do not really wait between tries."""
    for wire in (gateway.SMS, gateway.WHATSAPP):
        wire.twin.reset()
        monkeypatch.setattr(wire, "_sleep", lambda seconds: None)
        monkeypatch.setattr(wire, "timeout", 0.3)
        monkeypatch.setattr(wire, "_circuit", rules.Circuit(failures_to_open=10_000))
    yield {"sms": gateway.SMS.twin, "whatsapp": gateway.WHATSAPP.twin}
    for wire in (gateway.SMS, gateway.WHATSAPP):
        wire.close()
        wire.twin.stop()


@pytest.fixture
def adapter(monkeypatch):
    """Put a function in the place of a channel's adapter."""
    def put(channel, function):
        monkeypatch.setitem(sending.ADAPTERS, channel, function)
    return put


@pytest.fixture
def states():
    return lambda: list(Delivery.objects.order_by("message__created_at", "rank").values_list("channel", "state", "attempts"))


@pytest.fixture
def mails():
    return mail.outbox
