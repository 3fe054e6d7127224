"""Tells somebody who waits how far the work is: a bar on a terminal, a line now and then in a log; silent while it takes under two seconds."""
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence, Sized
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


def steps(names: Sequence[str], *, out: TextIO | None = None) -> Iterator[str]:
    """Yield the names of steps one by one, each while it is done. A terminal sees a bar that moves while a long step runs, a log a line a step."""
    out = out or sys.stderr
    terminal, begin, ended = out.isatty(), time.monotonic(), threading.Event()
    at = 0

    def draw() -> None:
        while not ended.wait(0.25):
            if time.monotonic() - begin >= PATIENCE:
                _show(out, f"steps: {names[at]}", at, len(names), time.monotonic() - begin, terminal)

    painter = threading.Thread(target=draw, daemon=True)
    if terminal:
        painter.start()
    try:
        for at, name in enumerate(names):
            if not terminal:
                out.write(f"  [{at + 1}/{len(names)}] {name}\n")
                out.flush()
            yield name
    finally:
        ended.set()
        if terminal:
            painter.join()
            out.write("\r\x1b[K")
            out.flush()
