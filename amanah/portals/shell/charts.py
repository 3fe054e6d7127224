"""Small charts as SVG by the server: bars against a target, and a series over time that is never joined across a break."""
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amanah.portals.shell.components import Break, Column, Table

Text = str | Promise


def decimal(value: float, places: int = 0) -> str:
    """A number as Indonesians write it: 1.284 and 3,24."""
    return f"{value:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `said` stands beside it and carries the counts, for instance "91% (1.168 dari 1.284)"."""

    name: Text
    value: float
    said: Text
    target: float | None = None
    verdict: Text = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from zero on one scale. `most`: the end of the scale. The line marks the target, hatching what is missing."""

    title: Text
    bars: tuple[Bar, ...]
    most: float
    unit: str = "%"
    places: int = 0

    WIDE = 500

    @property
    def drawn(self) -> Iterator[dict[str, object]]:
        for bar in self.bars:
            end = round(min(bar.value, self.most) / self.most * self.WIDE)
            mark = None if bar.target is None else round(bar.target / self.most * self.WIDE)
            yield {"bar": bar, "end": end, "mark": mark, "missing": max(0, mark - end) if mark is not None else 0}

    @property
    def has_target(self) -> bool:
        return any(bar.target is not None for bar in self.bars)

    @property
    def table(self) -> Table:
        columns = (Column(_("Nama"), head=True), Column(_("Nilai"), "r"), *((Column(_("Target"), "r"), Column(_("Selisih"), "r")) if self.has_target else ()))
        rows = tuple((bar.name, bar.said, *((self._say(bar.target), self._gap(bar)) if self.has_target else ())) for bar in self.bars)
        return Table(self.title, columns, rows, hide_caption=True)

    def _say(self, value: float | None) -> str:
        return "" if value is None else decimal(value, self.places) + self.unit

    def _gap(self, bar: Bar) -> str:
        return "" if bar.target is None else f"{'+' if bar.value >= bar.target else '−'}{decimal(abs(bar.value - bar.target), self.places)}"


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured point. `target`: what was promised for it."""

    label: str
    value: float
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Points that may be compared with each other. A series has a new run whenever the way of measuring changes."""

    name: Text
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A series over time. Between two runs stands a band with `reason`; the line, the marks and the table are interrupted there."""

    title: Text
    runs: tuple[Run, ...]
    reason: Text = ""
    unit: str = ""
    places: int = 2
    from_zero: bool = False

    LEFT, RIGHT, TOP, FOOT, STEP = 64, 90, 24, 276, 104

    @property
    def width(self) -> int:
        return self.LEFT + self.RIGHT + self.STEP * (self._slots - 1)

    @property
    def _slots(self) -> int:
        return sum(len(run.dots) for run in self.runs) + len(self.runs) - 1  # one empty slot for each break

    def _scale(self) -> tuple[float, float, float]:
        values = [v for run in self.runs for dot in run.dots for v in (dot.value, dot.target) if v is not None]
        low, high = (0.0 if self.from_zero else min(values)), max(values)
        rough = (high - low or abs(high) or 1) / 4
        power = 10 ** floor(log10(rough))
        step = next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough)
        bottom = floor(low / step) * step
        # The lowest point keeps room beneath it for its number.
        if not self.from_zero and low - bottom < step / 2:
            bottom -= step
        return bottom, ceil(high / step) * step, step

    @property
    def drawn(self) -> dict[str, object]:
        bottom, top, step = self._scale()

        def y(value: float) -> int:
            return round(self.FOOT - (value - bottom) / (top - bottom) * (self.FOOT - self.TOP))

        ticks = [(y(v), decimal(v, self.places if step < 1 else 0)) for n in range(round((top - bottom) / step) + 1) for v in [bottom + n * step]]
        marks, paths, targets, bands, x = [], [], [], [], self.LEFT + 26
        for number, run in enumerate(self.runs):
            points = [(x + self.STEP * n, dot) for n, dot in enumerate(run.dots)]
            latest = number == len(self.runs) - 1
            paths.append({"d": "M" + "L".join(f"{px} {y(dot.value)}" for px, dot in points), "latest": latest})
            if any(dot.target is not None for _px, dot in points):
                targets.append("M" + "L".join(f"{px} {y(dot.target)}" for px, dot in points if dot.target is not None))
            marks += [{"x": px, "y": y(dot.value), "said": decimal(dot.value, self.places), "label": dot.label, "latest": latest,
                       "below": dot.target is not None and dot.target >= dot.value} for px, dot in points]
            x = points[-1][0] + self.STEP
            if not latest:
                bands.append(x)
                x += self.STEP
        last = self.runs[-1].dots[-1]
        return {"ticks": ticks, "marks": marks, "paths": paths, "targets": targets, "bands": bands, "end": self.width - self.RIGHT + 26,
                "last_y": y(last.value), "target_y": None if last.target is None else y(last.target)}

    @property
    def table(self) -> Table:
        has_target = any(dot.target is not None for run in self.runs for dot in run.dots)
        columns = (Column(_("Waktu"), head=True), Column(_("Nilai"), "r"), *((Column(_("Target"), "r"),) if has_target else ()), Column(_("Cara ukur")))
        rows: list[tuple[Text, ...] | Break] = []
        for run in self.runs:
            if rows:
                rows.append(Break(self.reason))
            rows += [(dot.label, decimal(dot.value, self.places) + self.unit,
                      *(("" if dot.target is None else decimal(dot.target, self.places) + self.unit,) if has_target else ()), run.name) for dot in run.dots]
        return Table(self.title, columns, tuple(rows), hide_caption=True)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Two groups side by side by age, the youngest first in `rows`: (label, left, right). None: hidden because it is small."""

    title: Text
    left: Text
    right: Text
    rows: tuple[tuple[Text, int | None, int | None], ...]
    hidden: Text = "<5"

    HALF, MIDDLE, ROW, TOP = 240, 72, 24, 28  # of a drawing 552 wide: a side, the ages between, a row, the heading

    @property
    def height(self) -> int:
        return self.TOP + self.ROW * len(self.rows) + 24

    @property
    def width(self) -> int:
        return 2 * self.HALF + self.MIDDLE

    @property
    def _most(self) -> int:
        return max((value for _label, left, right in self.rows for value in (left, right) if value), default=1)

    @property
    def drawn(self) -> dict[str, object]:
        """Bars from the middle outwards on one scale, the oldest on top; three grid lines a side."""
        step = 10 ** floor(log10(max(self._most, 1)))
        step = next(n * step for n in (1, 2, 2.5, 5, 10) if n * step * 3 >= self._most)
        scale = self.HALF / (step * 3)
        right_from, foot = self.HALF + self.MIDDLE, self.TOP + self.ROW * len(self.rows)
        bars = [{"y": foot - self.ROW * (n + 1) + 2, "text_y": foot - self.ROW * n - 7, "label": label, "left": round((left or 0) * scale),
                 "left_x": self.HALF - round((left or 0) * scale), "right": round((right or 0) * scale), "right_x": right_from}
                for n, (label, left, right) in enumerate(self.rows)]
        ticks = [(x, decimal(step * n) if step * n < 10_000 else _("%(n)s rb") % {"n": decimal(step * n / 1000)})
                 for n in (1, 2, 3) for x in (self.HALF - round(step * n * scale), right_from + round(step * n * scale))]
        return {"bars": bars, "ticks": [(min(max(x, 1), self.width - 1), said, "start" if x <= 1 else "end" if x >= self.width else "middle") for x, said in ticks],
                "foot": foot, "middle": self.HALF + self.MIDDLE // 2, "bar": self.ROW - 4}

    @property
    def table(self) -> Table:
        def say(value: int | None) -> str:
            return str(self.hidden) if value is None else decimal(value)

        columns = (Column(_("Umur"), head=True), Column(self.left, "r"), Column(self.right, "r"))
        return Table(self.title, columns, tuple((label, say(left), say(right)) for label, left, right in self.rows), hide_caption=True)
