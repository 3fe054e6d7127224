"""The encoder in a process of its own, so that reading and sealing run beside the database. Small files are encoded where they are: starting costs seconds."""
from collections.abc import Iterator
from itertools import islice

from amanah.foundation.jobs.process import results

from ...rules.extract import BadFile
from ...rules.extract_rows import Places
from .encoding import STEP, Encoder, Known, Step, Task
from .files import Form, rows

SMALL = 20_000  # rows


def steps(task: Task, known: Known, places: Places, form: Form, *, alone: bool | None = None, size: int = STEP) -> Iterator[Step]:
    """The file in steps, the last one empty of rows and full of what only shows at the end. Raises BadFile where the file breaks off.

    `alone`: in this very process; None decides by size.
    """
    here = form.rows < SMALL if alone is None else alone
    for got in encode(task, known, places, form, size) if here else results(f"{__name__}:encode", task, known, places, form, size):
        if isinstance(got, tuple):
            code, line, about = got
            raise BadFile(code, line=line, about=about)
        yield got


def encode(task: Task, known: Known, places: Places, form: Form, size: int) -> Iterator[Step | tuple[str, int, str]]:
    """The steps one after the other; a file that breaks off ends in a tuple that says how (exceptions with values do not travel)."""
    encoder = Encoder(task, known, places)
    source = rows(form)
    try:
        for row in islice(source, task.skip):
            encoder.skip(row)
        while (step := encoder.step(islice(source, size))).rows:
            yield step
    except BadFile as error:
        yield error.problem.code, error.line, error.about
        return
    yield encoder.last()
