"""SMS and WhatsApp through a provider that takes {"to", "text"} and answers {"id", "status"}; a provider with another form gets a module like this.

AMANAH_WIRE_SMS_URL and AMANAH_WIRE_WHATSAPP_URL name the providers, AMANAH_WIRE_SMS_SECRET and AMANAH_WIRE_WHATSAPP_SECRET their keys.
Without an address the sandbox twin takes the message, outside of production.
"""
from functools import partial

from amanah.foundation.messages.adapters import Accepted, Outgoing, Undeliverable
from amanah.foundation.wires.sandbox import Answer, Asked, Twin
from amanah.foundation.wires.signing import Bearer
from amanah.foundation.wires.wire import CallFailed, Wire, secret

_NO_SUCH_ADDRESS = (400, 404, 410, 422)


def _twin(name: str) -> Twin:
    twin = Twin(name)

    @twin.route("POST", "/messages")
    def take(asked: Asked) -> Answer:
        """Numbers ending in 00 do not exist, those ending in 99 are accepted but wait for a receipt; everything else is delivered."""
        to = str((asked.json or {}).get("to", ""))
        if to.endswith("00"):
            return Answer(422, {"error": "simulated: no such number"})
        return Answer(202, {"id": f"{name}-{asked.headers.get('idempotency-key', '')}", "status": "accepted" if to.endswith("99") else "delivered"})

    return twin


SMS = Wire("sms", says="penyedia SMS", auth=Bearer(secret("sms")), twin=_twin("sms"), timeout=10, deadline=20)
WHATSAPP = Wire("whatsapp", says="penyedia WhatsApp", auth=Bearer(secret("whatsapp")), twin=_twin("whatsapp"), timeout=10, deadline=20)


def send(wire: Wire, out: Outgoing) -> Accepted:
    try:
        reply = wire.call("POST", "/messages", json={"to": out.address, "text": out.text}, idempotency_key=out.key)
    except CallFailed as failure:
        if failure.reply is not None and failure.reply.status in _NO_SUCH_ADDRESS:
            raise Undeliverable(simulated=failure.reply.simulated) from failure
        raise
    answer = reply.json()
    fits = isinstance(answer, dict)
    return Accepted(str(answer.get("id", ""))[:100] if fits else "", fits and answer.get("status") == "delivered", reply.simulated)


send_sms, send_whatsapp = partial(send, SMS), partial(send, WHATSAPP)
