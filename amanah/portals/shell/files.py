"""Handing out stored files. Nobody gets an address of the storage itself: every byte passes the permission, and the record, here."""
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from amanah.foundation.acts import look
from amanah.foundation.files import queries
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound

CHUNK = 64 * 1024


@require_GET
def download(request: HttpRequest, file: UUID) -> HttpResponseBase:
    """One file. `?keperluan=` names the purpose for which somebody else's personal file is opened; `?lihat` shows a picture in the page.

    A file that does not exist and one that is not for this reader get the same answer; visitors are led to sign-in either way.
    """
    actor: Actor = request.actor
    try:
        stored = queries.find(actor, file)
    except NotFound:
        if actor.account_id is None:
            return redirect_to_login(request.get_full_path())
        raise
    with ExitStack() as stack:
        stream = stack.enter_context(queries.open_for(actor, stored))
        if stored.personal and stored.owner != actor.ref:
            look(actor, stored.needs, stored, purpose=request.GET.get("keperluan", "").strip()[:200])
        response = StreamingHttpResponse(_chunks(stream, stack.pop_all()), headers=queries.response_headers(stored, inline="lihat" in request.GET))
    response["Content-Encoding"] = "identity"  # packed already; compressing again would only take the length away that a phone shows progress by
    return response


def _chunks(stream: IO[bytes], opened: ExitStack) -> Iterator[bytes]:
    with opened:
        while part := stream.read(CHUNK):
            yield part
