"""Builds a demonstration city of a named size in an empty database and measures what is asked of a filled register: finding, counting, pages.

    python -m benchmarks.people.filled postgresql|sqlite RESIDENTS SECONDS FILE [doubles]
"""
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import ROOT, Figure, say, scratch_postgres


@contextmanager
def scratch(vendor: str) -> Iterator[None]:
    """An empty database of this kind with all migrations; Django is set up on it."""
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        os.environ.update(AMANAH_VAR=folder, AMANAH_MODE="demo", AMANAH_LOG_LEVEL="ERROR")
        if vendor == "postgresql":
            with scratch_postgres():
                yield
            return
        os.environ["AMANAH_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield


def main(vendor: str, residents: int, seconds: float, told: Path, *, doubles: bool = False) -> None:
    with scratch(vendor):
        from django.core.management import call_command
        from django.db import connection

        from amanah.registries.people.services import counting as strips
        from benchmarks.people import counting, finding, matching, pages

        say(f"  inventing a city of {residents:,} on {vendor}")
        started = time.perf_counter()
        call_command("collectstatic", interactive=False, verbosity=0)
        with open(os.devnull, "w") as nowhere:
            call_command("city", residents=residents, seed=1, stdout=nowhere)
        say(f"    {time.perf_counter() - started:.0f} s")
        strips.recount()
        if vendor == "postgresql":
            connection.set_autocommit(True)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        figures: list[Figure] = [*finding.run(seconds=seconds), *pages.run(seconds=seconds), *counting.run(seconds=seconds)]
        if doubles:
            figures += matching.run(truth=Path(os.environ["AMANAH_VAR"]) / "people-truth.csv")
    told.write_bytes(pickle.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]), doubles="doubles" in sys.argv[5:])
