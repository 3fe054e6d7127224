"""Dates and times as people read them: "Selasa, 24 Nov 2026", "09.40", "2 hari lagi". Always WIB, in Indonesian or English.

`lang` is "id" or "en" ("en-gb" counts as English). Moments must carry a zone (ValueError): a moment without one is a mistake of ours.
"""
from datetime import date, datetime, timedelta

from amanah.foundation.kernel.clock import WIB

_DAYS = {"id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
         "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
_MONTHS = {"id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
           "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")}
_SHORT = {"id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
          "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")}


def short_date(day: date, lang: str = "id") -> str:
    """"24 Nov 2026". A moment is read on the wall of a city office."""
    day = _day(day)
    return f"{day.day} {_SHORT[_lang(lang)][day.month - 1]} {day.year}"


def long_date(day: date, lang: str = "id") -> str:
    """"24 November 2026", as letters write it."""
    day = _day(day)
    return f"{day.day} {_MONTHS[_lang(lang)][day.month - 1]} {day.year}"


def day_and_date(day: date, lang: str = "id") -> str:
    """"Selasa, 24 Nov 2026"."""
    day = _day(day)
    return f"{_DAYS[_lang(lang)][day.weekday()]}, {short_date(day, lang)}"


def month_and_year(day: date, lang: str = "id") -> str:
    """"November 2026"."""
    day = _day(day)
    return f"{_MONTHS[_lang(lang)][day.month - 1]} {day.year}"


def time_of_day(moment: datetime, lang: str = "id") -> str:
    """"09.40" in Indonesian, "09:40" in English. The page names WIB once."""
    return _wib(moment).strftime("%H.%M" if _lang(lang) == "id" else "%H:%M")


def date_and_time(moment: datetime, lang: str = "id") -> str:
    """"Selasa, 24 Nov 2026, 09.40"."""
    return f"{day_and_date(moment, lang)}, {time_of_day(moment, lang)}"


def duration(minutes: int, lang: str = "id") -> str:
    """"1 jam 25 menit"; a caller that counts working time adds the word "kerja"."""
    if minutes < 0:
        raise ValueError("a duration is not negative; say who is late in words")
    hours, rest = divmod(minutes, 60)
    if _lang(lang) == "id":
        parts = [f"{hours} jam"] * bool(hours) + [f"{rest} menit"] * bool(rest or not hours)
    else:
        parts = [_plural(hours, "hour")] * bool(hours) + [_plural(rest, "minute")] * bool(rest or not hours)
    return " ".join(parts)


def relative(moment: datetime, now: datetime, lang: str = "id") -> str:
    """How far away a moment is, in the words of the calendar on the wall: "25 menit lalu", "hari ini 16.00", "besok 09.40", "2 hari lagi".

    Within an hour it counts minutes; otherwise days change at midnight WIB, not after 24 hours. Calendar days: working days are counted
    by the offices' calendar.
    """
    indonesian = _lang(lang) == "id"
    seconds = (_wib(moment) - _wib(now)).total_seconds()
    minutes, days = int(abs(seconds) // 60), (_day(moment) - _day(now)).days
    if abs(seconds) < 60:
        return "baru saja" if indonesian and seconds <= 0 else "sebentar lagi" if indonesian else "just now" if seconds <= 0 else "in a moment"
    if minutes < 60:
        span = duration(minutes, lang)
        return (f"{span} lagi" if seconds > 0 else f"{span} lalu") if indonesian else (f"in {span}" if seconds > 0 else f"{span} ago")
    if abs(days) <= 1:
        word = (("hari ini", "besok", "kemarin") if indonesian else ("today", "tomorrow", "yesterday"))[days]
        return f"{word} {time_of_day(moment, lang)}"
    if indonesian:
        return f"{abs(days)} hari {'lagi' if days > 0 else 'lalu'}"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def start_of_day(day: date) -> datetime:
    """The moment a day begins in WIB."""
    return datetime(day.year, day.month, day.day, tzinfo=WIB)


def end_of_day(day: date) -> datetime:
    """The last moment of a day in WIB; a promise "by Wednesday" is kept until here."""
    return start_of_day(day) + timedelta(days=1) - timedelta(microseconds=1)


def _wib(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(WIB)


def _day(day: date) -> date:
    return _wib(day).date() if isinstance(day, datetime) else day


def _lang(lang: str) -> str:
    return "en" if lang.lower().startswith("en") else "id"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
