"""Tells somebody who waits how far the work is: a bar on a terminal, a line now and then in a log; silent while it takes under two seconds."""
import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TextIO, TypeVar

T = TypeVar("T")
PATIENCE = 2.0  # seconds before the first word
WIDTH = 30


def progress(things: Iterable[T], what: str, *, total: int | None = None, out: TextIO | None = None) -> Iterator[T]:
    """Yield `things` one by one and show how many are done; without a known total, only the count.

    `what` is a word or two in the plural ("offices"). A terminal gets a bar four times a second, anything else a line every ten seconds.
    """
    out = out or sys.stderr
    total = total if total is not None else (len(things) if isinstance(things, Sized) else None)
    terminal = out.isatty()
    begin, done = time.monotonic(), 0
    due = begin + PATIENCE
    shown = False
    for thing in things:
        yield thing
        done += 1
        moment = time.monotonic()
        if moment >= due:
            _show(out, what, done, total, moment - begin, terminal)
            due, shown = moment + (0.25 if terminal else 10), True
    if shown:
        _show(out, what, done, total, time.monotonic() - begin, terminal)
        if terminal:
            out.write("\n")


def _show(out: TextIO, what: str, done: int, total: int | None, seconds: float, terminal: bool) -> None:
    if total:
        full = round(WIDTH * min(done / total, 1))
        text = f"[{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {total:,} {what}, {seconds:.0f} s"
    else:
        text = f"{done:,} {what}, {seconds:.0f} s"
    out.write(f"\r\x1b[K  {text}" if terminal else f"  {text}\n")
    out.flush()
