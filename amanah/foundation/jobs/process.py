"""A function in a process of its own, whose results are read as they come: for work that keeps one processor busy while the database keeps another.

The child sets the program up anew (a second or so) and shares no connection with its parent.
"""
import multiprocessing
import pickle
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")
AHEAD = 2  # results that wait while their reader is busy


class ProcessFailed(RuntimeError):
    """The child ended with an error; the message names its kind and place, never its values."""


def results(target: str, *arguments: Any) -> Iterator[Any]:
    """What the generator function `target` ("module:name") yields for `arguments`, computed ahead in another process. Raises ProcessFailed."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(there, target, pickle.dumps(arguments, 5)), daemon=True)
    process.start()
    there.close()
    queue: Queue[tuple[str, Any]] = Queue(maxsize=AHEAD)
    Thread(target=_receive, args=(here, queue), daemon=True).start()
    try:
        while True:
            kind, value = queue.get()
            if kind == "failed":
                raise ProcessFailed(value)
            if kind == "end":
                return
            yield value
    finally:
        process.terminate()
        process.join()


def ahead(values: Iterator[T], *, most: int = 1) -> Iterator[T]:
    """The same values, computed ahead in a thread of this process while their reader waits for the database. The thread must not use the database."""
    queue: Queue[tuple[str, Any]] = Queue(maxsize=most)
    stopped = Event()

    def put(kind: str, value: Any) -> bool:
        while not stopped.is_set():
            with suppress(Full):
                queue.put((kind, value), timeout=0.2)
                return True
        return False

    def compute() -> None:
        try:
            if all(put("value", value) for value in values):
                put("end", None)
        except BaseException as error:  # it belongs to the reader
            put("failed", error)

    thread = Thread(target=compute, daemon=True)
    thread.start()
    try:
        while True:
            kind, value = queue.get()
            if kind == "failed":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        stopped.set()
        thread.join()


def _child(out: Connection, target: str, packed: bytes) -> None:
    import gc

    import django

    django.setup()
    gc.disable()  # what is computed here does not go in circles, and large tables are long to look through
    module, _, name = target.partition(":")
    try:
        for value in getattr(import_module(module), name)(*pickle.loads(packed)):  # noqa: S301 - our parent wrote it
            out.send_bytes(pickle.dumps(("value", value), 5))
        out.send_bytes(pickle.dumps(("end", None), 5))
    except Exception as error:
        out.send_bytes(pickle.dumps(("failed", f"{type(error).__name__} in {_place(error)}"), 5))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""


def _receive(source: Connection, queue: "Queue[tuple[str, Any]]") -> None:
    try:
        while True:
            got = pickle.loads(source.recv_bytes())  # noqa: S301 - our own child wrote it
            queue.put(got)
            if got[0] != "value":
                return
    except (EOFError, OSError):
        queue.put(("failed", "the process has ended early"))
