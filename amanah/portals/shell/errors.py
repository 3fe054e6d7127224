"""Pages for what goes wrong: each says what is safe, what to do next and the number to quote."""
import json
import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.access.models import Role
from amanah.foundation.acts import record_refusal
from amanah.foundation.kernel.errors import AmanahError, Conflict, Invalid, NotFound, Refused, Unavailable

log = logging.getLogger("amanah.errors")

# status: heading, what to do, icon
WORDS = {
    400: (gettext_lazy("Permintaan ini tidak terbaca"), gettext_lazy("Kembali ke halaman sebelumnya, lalu coba lagi."), "help-circle"),
    403: (gettext_lazy("Halaman ini bukan untuk akun Anda"), gettext_lazy("Masuk dengan akun lain, atau minta orang yang berwenang."), "lock"),
    404: (gettext_lazy("Tidak ada halaman di alamat ini"),
          gettext_lazy("Mungkin alamatnya salah ketik, sudah pindah, atau bukan untuk Anda."), "map-2"),
    405: (gettext_lazy("Tombol ini tidak bisa dipakai begitu"), gettext_lazy("Kembali ke halaman sebelumnya, lalu tekan tombolnya lagi."), "help-circle"),
    409: (gettext_lazy("Orang lain lebih dulu mengubahnya"), gettext_lazy("Muat ulang halaman sebelumnya untuk melihat isinya sekarang."), "refresh"),
    422: (gettext_lazy("Ada isian yang perlu diperbaiki"), gettext_lazy("Kembali, perbaiki, lalu kirim lagi."), "edit"),
    429: (gettext_lazy("Terlalu banyak percobaan"), gettext_lazy("Tunggu beberapa menit, lalu coba lagi. Akun Anda tetap aman."), "clock-pause"),
    500: (gettext_lazy("Ada yang rusak pada kami"), gettext_lazy("Isian yang sudah tersimpan aman. Coba lagi beberapa menit lagi."), "alert-triangle"),
    503: (gettext_lazy("Layanan ini sedang tidak menjawab"), gettext_lazy("Isian Anda aman. Coba lagi nanti."), "wifi-off"),
}
CSRF = (gettext_lazy("Halaman ini sudah terlalu lama terbuka"),
        gettext_lazy("Kembali, muat ulang, lalu kirim lagi. Tidak ada yang berubah."), "clock-pause")


def show(request: HttpRequest, status: int, *, message: str = "", details: dict[str, object] | None = None,
         words: tuple[str, str, str] | None = None, who: tuple[str, ...] = ()) -> HttpResponse:
    """The page for `status`; only its core for htmx, JSON for whoever asks for JSON and nothing else."""
    heading, advice, icon = words or WORDS.get(status, WORDS[500])
    number = getattr(request, "request_id", "")
    if request.headers.get("Accept", "").startswith("application/json"):
        body = json.dumps({"status": status, "message": str(message or heading), "request": number})
        return HttpResponse(body, status=status, content_type="application/json")
    context = {"status": status, "heading": heading, "advice": advice, "icon_name": icon, "number": number,
               "message": message, "details": {k: str(v) for k, v in (details or {}).items()}, "who": who}
    part = getattr(request, "htmx", None) and not getattr(request.htmx, "boosted", False)
    body = render_to_string("shell/components/error_body.html" if part else "shell/error.html", context, request)
    response = HttpResponse(body, status=status)
    if part:
        response["HX-Retarget"], response["HX-Reswap"] = "#kabar", "innerHTML"  # the page stays; the news stands above it
    return response


def answer(request: HttpRequest, error: AmanahError) -> HttpResponse:
    """The page for a failure that is part of the program's promise."""
    message = error.message if error.message != error.default else ""
    if isinstance(error, Refused):
        # 403 says which role could do it; the permission's name stays in the audit record.
        needs = str(error.details.get("needs", ""))
        if needs and not hasattr(error, "deed"):  # acts and reads have recorded theirs
            record_refusal(request.actor, needs)
        return show(request, 403, message=message, who=roles_with(needs) if needs else ())
    if isinstance(error, NotFound):
        return show(request, 404)  # no message: it might tell that the thing exists
    if isinstance(error, Invalid):
        return show(request, 422, message=message, details=error.details)
    if isinstance(error, Conflict | Unavailable):
        return show(request, error.status, message=message)
    log.error("unexpected kind of failure", extra={"code": error.code})
    return show(request, 500, message=message)


def roles_with(permission: str) -> tuple[str, ...]:
    """Names of the roles that hold `permission`, for the sentence "Ini bisa dilakukan oleh …". Roles are few: one statement."""
    return tuple(role.name for role in Role.objects.filter(retired=False).order_by("name")
                 if permission in role.permissions or permission in role.duty_permissions)


# ---------------------------------------------------------------- Django's own handlers (amanah.urls, settings)

def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return show(request, 403, words=CSRF)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says sorry without asking anything of the database, the session or the city's files: they may be what is broken."""
    number = getattr(request, "request_id", "")
    try:
        body = render_to_string("shell/500.html", {"number": number})
    except Exception:  # whatever it is: a plain page is better than none
        log.exception("the error page itself failed")
        body = f'<!doctype html><html lang="id"><title>Galat</title><h1>{_("Ada yang rusak pada kami")}</h1><p>{number}</p></html>'
    return HttpResponse(body, status=500)
