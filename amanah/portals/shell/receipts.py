"""Where providers of SMS and WhatsApp say what became of a message they accepted."""
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.messages import services
from amanah.foundation.wires.signing import SIGNATURE, TIMESTAMP, verified

LONGEST = 4096  # bytes of one receipt


# No token asked: a machine calls, without a cookie. Its signature over method, address, time and body is what proves it.
@csrf_exempt
@require_POST
def receipt(request: HttpRequest, channel: str) -> HttpResponse:
    """{"id": …, "status": "delivered" or "failed"}, signed with the channel's key: 204, whether it was news or not, so that nothing can be asked by it.

    404 while the channel has no key, 413 for too long a body, 403 for a wrong or old signature, 400 for what is no receipt. A receipt that is
    sent again changes nothing: only a message that is still under way can be ended.
    """
    key = settings.RECEIPT_KEYS.get(channel, "")
    if not key:
        raise NotFound
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    if not verified(key, "POST", request.get_full_path(), request.headers.get(TIMESTAMP, ""), body, request.headers.get(SIGNATURE, "")):
        return HttpResponse(status=403)
    try:
        said = json.loads(body)
        reference, status = str(said["id"]), str(said["status"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponse(status=400)
    services.receipt(channel, reference, status)
    return HttpResponse(status=204)
