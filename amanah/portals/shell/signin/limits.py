"""Throttling of wrong passwords: allauth counts, we say when it ends."""
import time
from datetime import timedelta

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock, dates
from amanah.portals.shell import errors

APP = "allauth.account"


def consume(request: HttpRequest, action: str, key: str) -> ratelimit.RateLimitUsage | None:
    """Count one attempt; None when there have been too many."""
    return ratelimit.consume(request, app=APP, action=action, key=key)


def wait(request: HttpRequest, action: str, key: str) -> int:
    """Seconds until the next attempt will be heard, at least one."""
    left = [1.0]
    for rate in ratelimit.get_rates(app=APP, action=action):
        history = cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])  # newest first
        if len(history) >= rate.amount:
            left.append(history[rate.amount - 1] + rate.duration - time.time())
    return int(max(left)) + 1


def page(request: HttpRequest, action: str, key: str) -> HttpResponse:
    """The 429 page with the time of the wall clock; the header says the same in seconds."""
    seconds = wait(request, action, key)
    moment = clock.now() + timedelta(seconds=seconds + 59)  # the clock on the wall shows no seconds
    message = _("Coba lagi pukul %(time)s. Lupa kata sandi? Anda bisa membuat yang baru sekarang juga.") % {
        "time": dates.time_of_day(moment, get_language() or "id")}
    response = errors.show(request, 429, message=message)
    response["Retry-After"] = str(seconds)
    return response
