"""The scanner in a process of its own, so that reading and sealing run beside numbering and the database. Small files are scanned where they are: starting
costs seconds.
"""
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from amanah.foundation.jobs.process import ahead, results

from ...rules.extract import BadFile
from ...rules.extract_rows import Places
from .encoding import STEP, Encoder, Known, Scanned, Scanner, Step, Task
from .files import Form, rows

SMALL = 20_000  # rows


def steps(task: Task, known: Known, places: Places, form: Form, *, alone: bool | None = None, size: int = STEP) -> Iterator[Step]:
    """The file in steps, the last one empty of rows and full of what only shows at the end. Raises BadFile where the file breaks off.

    `alone`: in this very process; None decides by size.
    """
    encoder = Encoder(task, known, places)
    for row in islice(rows(form), task.skip):
        encoder.skip(row)
    prints = {mark: known.ids[n] for n, mark in enumerate(known.prints) if mark}
    here = form.rows < SMALL if alone is None else alone
    if here:
        yield from _encoded(encoder, scan(task, prints, places, form, size))
        return
    with _no_search_for_circles():
        yield from ahead(_encoded(encoder, results(f"{__name__}:scan", task, prints, places, form, size)))


def _encoded(encoder: Encoder, scanned: Iterator[list[Scanned] | tuple[str, int, str]]) -> Iterator[Step]:
    for got in scanned:
        if isinstance(got, tuple):
            code, line, about = got
            raise BadFile(code, line=line, about=about)
        yield encoder.step(got)
    yield encoder.last()


def scan(task: Task, prints: Mapping[int, int], places: Places, form: Form, size: int) -> Iterator[list[Scanned] | tuple[str, int, str]]:
    """The rows as scanned, some at a time; a file that breaks off ends in a tuple that says how (exceptions with values do not travel)."""
    scanner = Scanner(task, prints, places)
    source = islice(rows(form), task.skip, None)
    try:
        while scanned := scanner.scan(islice(source, size)):
            yield scanned
    except BadFile as error:
        yield error.problem.code, error.line, error.about


@contextmanager
def _no_search_for_circles() -> Iterator[None]:
    """Tables of millions of plain values hold no circles, and are long to look through again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
