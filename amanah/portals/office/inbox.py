"""What Amanah tells those who work here: roles given and ended, mandates, and whatever later rooms have to say."""
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from amanah.foundation.messages import queries, services
from amanah.portals.office.deeds import staff
from amanah.portals.shell.components import Pager


@require_safe
@staff()
def inbox(request: HttpRequest) -> HttpResponse:
    """Everybody's own messages, newest first."""
    account_id = request.actor.account_id
    page = queries.inbox(account_id, request.GET.get("dari"), size=20)
    return render(request, "office/inbox.html", {
        "news": page.rows, "unread": queries.unread_count(account_id), "here": request.GET.get("dari", ""),
        "pager": Pager(f"?dari={page.previous}" if page.previous else "", f"?dari={page.next}" if page.next else "")})


@require_POST
@staff()
def read(request: HttpRequest, message: UUID) -> HttpResponse:
    """Mark one message as read."""
    services.mark_read(request.actor.account_id, message)
    return redirect("office_inbox")


@require_POST
@staff()
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the whole inbox as read."""
    count = services.mark_all_read(request.actor.account_id)
    notes.success(request, ngettext("%(count)d kabar ditandai sudah dibaca.", "%(count)d kabar ditandai sudah dibaca.", count) % {"count": count}
                  if count else _("Semua kabar memang sudah dibaca."))
    return redirect("office_inbox")
