"""What `calendar.yaml` says: days off by year and decree, and the hours of each group of offices by season."""
import re
from datetime import date, time
from itertools import pairwise
from typing import Any

from .calendar import Calendar, DayHours, Group, Holiday, Season, by_day, estimates
from .strict_yaml import Document, Entries, Field, meant

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
KINDS = ("national", "joint_leave", "local")
OWN = "kantor:"  # groups made by the program for one office begin so; the file may not use the word

_FILE = {"joint_leave_counts": Field(bool, required=True), "default_group": Field(str, required=True), "estimate_until": Field(int, default=0),
         "years": Field(dict, required=True), "groups": Field(dict, required=True)}
_YEAR = {"source": Field(str, required=True), "confirmed": Field(bool, required=True), **{kind: Field(dict, default=Entries()) for kind in KINDS}}
_DAY = {"name": Field(str, required=True), "source": Field(str), "note": Field(str, default=""), "confirmed": Field(bool)}
_GROUP = {"name": Field(str, required=True), "confirmed": Field(bool, required=True), "round_the_clock": Field(bool, default=False),
          "open_on_joint_leave": Field(bool, default=False), "source": Field(str, default=""), "note": Field(str, default=""),
          "seasons": Field(list, default=())}
_SEASON = {"name": Field(str, required=True), "from": Field(date), "to": Field(date), "confirmed": Field(bool, required=True),
           "source": Field(str, default=""), "note": Field(str, default=""), "hours": Field(dict, required=True)}
_SPAN = re.compile(r"([01]\d|2[0-3])\.([0-5]\d)-([01]\d|2[0-3])\.([0-5]\d)")


def parse(name: str, text: str) -> Calendar:
    """The calendar that the file describes; years after the last decreed one up to `estimate_until` are computed and marked so.

    Raises ContentError naming every mistake with its line.
    """
    doc = Document(name, text)
    file = doc.read(doc.root, "", _FILE)
    days = [day for year, node in (file["years"] or {}).items() for day in _year(doc, year, node, file["years"].lines[year])]
    groups = {code: _group(doc, code, node, file["groups"].lines[code]) for code, node in (file["groups"] or {}).items()}
    default = file["default_group"]
    if default and default not in groups:
        doc.problem(doc.root.lines["default_group"], "default_group", f'tidak ada kelompok "{default}"{meant(default, groups)}')
    doc.finish()
    last = max((day.day.year for day in days), default=file["estimate_until"])
    days += estimates(range(last + 1, file["estimate_until"] + 1)) if file["estimate_until"] > last else []
    return Calendar(holidays=by_day(days), groups=groups, default_group=default, joint_leave_counts=file["joint_leave_counts"])


def _year(doc: Document, year: str, node: Any, line: int) -> list[Holiday]:
    where = f"years.{year}"
    values = doc.read(node, where, _YEAR, line)
    found = []
    for kind in KINDS:
        listed: Any = values.get(kind) or {}
        for key, given in listed.items():
            at, here = listed.lines[key], f"{where}.{kind}.{key}"
            try:
                day = date.fromisoformat(key)
            except ValueError:
                doc.problem(at, here, "tanggal ditulis YYYY-MM-DD")
                continue
            if str(day.year) != year:
                doc.problem(at, here, f"tanggal ini bukan di tahun {year}")
            facts = doc.read(Entries({"name": given}, at) if isinstance(given, str) else given, here, _DAY, at)
            if facts.get("name"):
                found.append(Holiday(day=day, name=facts["name"], kind=kind, note=facts["note"], source=facts["source"] or values["source"] or "",
                                     confirmed=values["confirmed"] if facts["confirmed"] is None else facts["confirmed"]))
    return found


def _group(doc: Document, code: str, node: Any, line: int) -> Group:
    where = f"groups.{code}"
    if code.startswith(OWN):
        doc.problem(line, where, f'"{OWN}" disediakan untuk jam satu kantor')
    values = doc.read(node, where, _GROUP, line)
    nodes: Any = values.get("seasons") or ()
    seasons = [_season(doc, f"{where}.seasons[{n + 1}]", each, nodes.lines[n]) for n, each in enumerate(nodes)]
    if not values.get("round_the_clock") and not any(s.valid_from is None and s.valid_to is None for s in seasons):
        doc.problem(line, where, "harus punya 1 musim tanpa from dan to, untuk hari-hari biasa")
    if len({s.name for s in seasons}) < len(seasons) or len({s.valid_from for s in seasons}) < len(seasons):
        doc.problem(line, where, "dua musim bernama sama atau mulai pada hari yang sama")
    return Group(code=code, name=values.get("name") or "", seasons=in_order(seasons), confirmed=bool(values.get("confirmed")),
                 round_the_clock=bool(values.get("round_the_clock")), open_on_joint_leave=bool(values.get("open_on_joint_leave")),
                 source=values.get("source") or "", note=values.get("note") or "")


def _season(doc: Document, where: str, node: Any, line: int) -> Season:
    values = doc.read(node, where, _SEASON, line)
    listed: Any = values.get("hours") or {}
    days: dict[int, DayHours] = {}
    for key, text in listed.items():
        at = listed.lines[key]
        for weekday in _weekdays(doc, key, at, f"{where}.hours"):
            if weekday in days:
                doc.problem(at, f"{where}.hours", f"{WEEKDAYS[weekday]} ditulis dua kali")
            hours = _hours(weekday, str(text))
            if hours is None:
                doc.problem(at, f"{where}.hours.{key}", 'tulis jam seperti "07.30-12.00, 13.00-16.00"')
            else:
                days[weekday] = hours
    if not listed and values:
        doc.problem(line, where, "jamnya belum ada")
    if values.get("from") and values.get("to") and values["to"] < values["from"]:
        doc.problem(line, where, "to lebih awal daripada from")
    return Season(name=values.get("name") or "", days=tuple(days[n] for n in sorted(days)), valid_from=values.get("from"), valid_to=values.get("to"),
                  confirmed=bool(values.get("confirmed")), source=values.get("source") or "", note=values.get("note") or "")


def _weekdays(doc: Document, key: str, line: int, where: str) -> range:
    first, _dash, last = key.partition("-")
    for word in (first, last or first):
        if word not in WEEKDAYS:
            doc.problem(line, where, f'hari "{word}" tidak dikenal{meant(word, WEEKDAYS)}')
            return range(0)
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _hours(weekday: int, text: str) -> DayHours | None:
    spans = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
    if not 1 <= len(spans) <= 2 or not all(spans):
        return None
    times = [time(int(m[n]), int(m[n + 1])) for m in spans if m for n in (1, 3)]
    if any(a >= b for a, b in pairwise(times)):
        return None
    return DayHours(weekday, times[0], times[-1], *(times[1:3] if len(times) == 4 else ()))


def in_order(seasons: list[Season]) -> tuple[Season, ...]:
    """Seasons as they are stored: the always valid ones first, then by their first day."""
    return tuple(sorted(seasons, key=lambda s: (s.valid_from or date.min, s.name)))
