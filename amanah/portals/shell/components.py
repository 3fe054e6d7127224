"""What components are given: small frozen values, made by a view, drawn by a tag of `templatetags/shell.py`. No database, no request."""
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
TONES = ("", "idle", "ok", "warn", "bad", "info", "pause")


# ---------------------------------------------------------------- status

@dataclass(frozen=True, slots=True)
class Chip:
    """A status: always word, tone and icon together."""

    word: Text
    tone: str = ""
    icon: str = ""


# The words of the city's states (docs/ui.md §5). The same word stands on the page, in the message and on paper.
STATUS: dict[str, Chip] = {
    "received": Chip(_("Diterima"), "", "inbox"),
    "checking": Chip(_("Diperiksa"), "info", "eye-check"),
    "in_work": Chip(_("Dikerjakan"), "info", "progress"),
    "signing": Chip(_("Menunggu tanda tangan"), "info", "writing-sign"),
    "waiting": Chip(_("Menunggu jawaban Anda"), "pause", "message-question"),
    "due_today": Chip(_("Jatuh tempo hari ini"), "warn", "clock"),
    "done": Chip(_("Selesai"), "ok", "circle-check"),
    "refused": Chip(_("Ditolak, dengan alasan"), "bad", "circle-x"),
    "cancelled": Chip(_("Dibatalkan"), "", "ban"),
    "reopened": Chip(_("Dibuka lagi"), "", "refresh"),
    "merged": Chip(_("Digabung"), "", "files"),
    "open": Chip(_("Buka sekarang"), "ok", "clock"),
    "closed": Chip(_("Tutup"), "", "moon"),
    "active": Chip(_("Berlaku"), "ok", "circle-check"),
    "ended": Chip(_("Berakhir"), "", "history"),
    "unconfirmed": Chip(_("Belum dipastikan"), "warn", "help-circle"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise with its last moment, one bead for each promised working day.

    `state`: running, soon, late, paused or done. `headline`: what is left or what happened. `detail`: the absolute last moment.
    `promised`, `late`: whole working days. `used`: working days, .5 while a day is running. Promises in hours leave `promised` at 0 and show words only.
    """

    state: str
    headline: Text
    detail: Text
    promised: int = 0
    used: float = 0
    late: int = 0

    @property
    def icon(self) -> str:
        return {"late": "clock-exclamation", "paused": "clock-pause", "done": "circle-check"}.get(self.state, "clock")

    @property
    def beads(self) -> list[str]:
        """CSS class of each bead: u used, n now, "" left, limit the promise itself, x a day late. Beyond 20 days a bead stands for five."""
        step = 5 if self.promised > 20 else 1
        count, used = -(-self.promised // step), min(self.used, self.promised) / step
        whole = int(used)
        beads = ["u"] * whole + (["n"] if used > whole and whole < count else [])
        beads += [""] * (count - len(beads))
        return beads + (["limit"] + ["x"] * -(-self.late // step) if self.late else [])

    @property
    def grouped(self) -> bool:
        return self.promised > 20


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a timeline. `state`: done, now or next."""

    title: Text
    when: Text = ""
    who: Text = ""
    icon: str = "check"
    state: str = "done"
    text: Text = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as others may see them; whoever makes it has already masked what needs masking."""

    name: str
    line: Text = ""
    href: str = ""

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w[0].isalpha()]
        return "".join(w[0] for w in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


# ---------------------------------------------------------------- lists

NOTHING = _("Belum ada isinya.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `align`: "r" for numbers. `head`: its cells name their row."""

    label: Text
    align: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than a text."""

    text: Text
    href: str = ""
    chip: Chip | None = None
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and row headers. A row is a sequence of texts or `Cell`s, or a `Break`. `hide_caption` when a heading says it."""

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple["tuple[Text | Cell, ...] | Break", ...]
    empty: Text = NOTHING
    hide_caption: bool = False

    @property
    def lines(self) -> list["Line"]:
        return [Line((), row.reason) if isinstance(row, Break)
                else Line(tuple((column, cell if isinstance(cell, Cell) else Cell(cell)) for column, cell in zip(self.columns, row, strict=True)))
                for row in self.rows]


@dataclass(frozen=True, slots=True)
class Break:
    """A row that says: what stands above and below must not be compared."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Line:
    cells: tuple[tuple[Column, Cell], ...]
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: addresses of the neighbours ("" for none) and what is shown, for instance "Kelurahan A sampai M"."""

    previous: str = ""
    next: str = ""
    shown: Text = ""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of a filter bar: choices when it has `options`, otherwise a search field."""

    name: str
    label: Text
    options: tuple[Option, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where somebody is in a form of several pages. `here` counts from 1."""

    names: tuple[Text, ...]
    here: int
    service: Text = ""

    @property
    def marks(self) -> list[str]:
        return ["done" if n < self.here else "here" if n == self.here else "" for n in range(1, len(self.names) + 1)]

    @property
    def name(self) -> Text:
        return self.names[self.here - 1]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a procedure told beforehand: who does what in which time."""

    title: Text
    text: Text = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a number, a chart or a map comes from: shown beneath it, always."""

    source: Text
    dated: Text = ""
    csv: str = ""          # address of the same numbers as CSV
    method: Text = ""      # how computed, with the denominator
    notes: tuple[Text, ...] = field(default=())
