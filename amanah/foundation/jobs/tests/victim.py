"""Read by worker processes of test_processes.py: handlers whose effect can be counted inside and outside the database."""
import os
import time
from pathlib import Path

from django.db import connection

from amanah.foundation.jobs import Event, every, on

STARTS = Path(os.environ["VICTIM_STARTS"])  # a line for every time a handler was begun, rolled back or not


def _effect(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effects (event) VALUES (%s)", [event.id])
    with STARTS.open("a") as file:
        file.write(f"{event.name}\n")


@on("test.quick")
def quick(event: Event) -> None:
    _effect(event)


@on("test.slow")
def slow(event: Event) -> None:
    _effect(event)
    time.sleep(float(os.environ.get("VICTIM_SLEEP", "0")))


@every(minutes=1)
def scheduled() -> None:
    with STARTS.open("a") as file:
        file.write("scheduled\n")
