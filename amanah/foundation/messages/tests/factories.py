"""Templates for tests, and Uni Rina with her addresses."""
from amanah.foundation.messages.models import Channel
from amanah.foundation.messages.services import Recipient
from amanah.foundation.messages.templates import Template, Text


def template(**options):
    given = {
        "name": "test.received", "channels": (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL), "link": "/urusan-saya/{number}/",
        "texts": {"id": Text("Permohonan {number} kami terima", "Kami periksa paling lambat {due}.", "Permohonan {number} kami terima."),
                  "en": Text("We received {number}", "We will check it by {due}.")},
        "example": {"number": "K-1", "due": "Rabu, 25 Nov"}, **options}
    return Template(**given)


def rina(**options):
    return Recipient(**{"account_id": 7, "email": "rina@example.id", "phone": "0812 3456 7890", **options})
