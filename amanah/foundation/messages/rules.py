"""When a message may disturb, how templates are filled, how addresses look to others. No database, no clock."""
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

MOST_TRIES = 8                       # with the queue's waits: about twenty minutes, then another channel has its turn
RECEIPT_WITHIN = timedelta(hours=72)  # a provider that accepted and never says more (GOV.UK Notify waits as long)
HIDDEN = "•"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day in which a channel does not disturb; may reach over midnight. `begins` equal to `ends` means never."""

    begins: time
    ends: time
    zone: timezone

    def next_allowed(self, moment: datetime) -> datetime:
        """The moment itself when it is outside the quiet hours, otherwise their end. Same zone as given."""
        if not self.holds(moment):
            return moment
        local = moment.astimezone(self.zone)
        end = datetime.combine(local.date(), self.ends, self.zone)
        return (end if end > local else end + timedelta(days=1)).astimezone(moment.tzinfo)

    def holds(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends


def quiet_hours(text: str, zone: timezone) -> Quiet:
    """Read "21:00-06:00". Raises ValueError for anything else; "" means never."""
    begins, dash, ends = text.replace(" ", "").replace(".", ":").partition("-")
    if not text.strip():
        return Quiet(time(0), time(0), zone)
    if not dash:
        raise ValueError(f"{text!r} is not like 21:00-06:00")
    return Quiet(time.fromisoformat(begins), time.fromisoformat(ends), zone)


def places(text: str) -> frozenset[str]:
    """The names between braces. Raises ValueError for anything but plain names: templates cannot reach into values."""
    names = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            if not name.isidentifier() or form or conversion:
                raise ValueError(f"{{{name}}} in a template is not a plain name")
            names.add(name)
    return frozenset(names)


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with every place filled; raises KeyError for a missing value. Values are put in as they are, braces and all."""
    return "".join(before + ("" if name is None else str(values[name])) for before, name, _, _ in string.Formatter().parse(text))


def one_line(text: str) -> str:
    """For subjects: line breaks and other control characters become spaces, so that no value can add a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def masked(address: str) -> str:
    """An address as those may see it whose own it is not: "0812••••••90", "ri•••@example.id"."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:2] if len(name) > 2 else ''}{HIDDEN * 3}@{host}"
    local = f"0{address[3:]}" if address.startswith("+62") else address
    return f"{local[:4]}{HIDDEN * (len(local) - 6)}{local[-2:]}" if len(local) > 8 else HIDDEN * 6
