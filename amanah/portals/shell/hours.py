"""The due clock of a promise in hours of the wall, not in working days: the same words for resident and clerk."""
from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanah.foundation.kernel import dates
from amanah.portals.shell.components import Clock

HOUR = timedelta(hours=1)


def clock_in_hours(begun: datetime, due: datetime, ended: datetime | None, now: datetime) -> Clock:
    """What is left or how late it is, with the last moment; once ended, how long it took. The last third of the promise counts as soon."""
    limit = dates.date_and_time(due, get_language() or "id")
    promise = _("janjinya %(n)d jam") % {"n": _hours(due - begun)}
    if ended is not None:
        took = ended - begun
        words = _("Dijawab dalam %(n)d jam") % {"n": _hours(took)} if took >= HOUR else _("Dijawab dalam waktu kurang dari 1 jam")
        return Clock("done", words, _("terlambat, %(promise)s") % {"promise": promise} if ended > due else promise)
    left = due - now
    if left < timedelta(0):
        return Clock("late", _("Lewat batas %(n)d jam") % {"n": _hours(-left)} if -left >= HOUR else _("Lewat batas kurang dari 1 jam"),
                     _("seharusnya paling lambat %(moment)s") % {"moment": limit})
    words = _("Sisa %(n)d jam") % {"n": _hours(left)} if left >= HOUR else _("Sisa kurang dari 1 jam")
    return Clock("soon" if left <= (due - begun) / 3 else "running", words, _("paling lambat %(moment)s") % {"moment": limit})


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)
