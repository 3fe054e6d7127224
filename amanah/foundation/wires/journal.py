"""Writes the journal: one row per try, whatever its end."""
from collections.abc import Collection
from typing import Any

import httpx
from django.utils.crypto import salted_hmac

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.logs import request_id
from amanah.foundation.wires.models import Call
from amanah.foundation.wires.rules import kept_body


def write(wire: str, *, method: str, path: str, request: httpx.Request, reply: Any, failure: Any, attempt: int, seconds: float,
          personal: Collection[str]) -> None:
    key = request.headers.get("Idempotency-Key", "")
    outcome = Call.Outcome.ANSWERED if failure is None else Call.Outcome.REFUSED if failure.permanent else Call.Outcome.TEMPORARY
    Call.objects.create(
        at=clock.now(), wire=wire, method=method[:7], path=path[:200], outcome=outcome, status=reply.status if reply else None,
        error=failure.kind[:60] if failure else "", milliseconds=round(seconds * 1000), attempt=attempt,
        key_hash=salted_hmac("amanah.wires", key, algorithm="sha256").hexdigest()[:32] if key else "",
        request_id=request_id.get(), simulated=bool(reply and reply.simulated),
        sent=kept_body(request.content, request.headers.get("Content-Type", ""), personal),
        received=kept_body(reply.content, reply.headers.get("content-type", ""), personal) if reply else "")
