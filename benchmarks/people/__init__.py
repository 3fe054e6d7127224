"""The register of people at the size of a city: loading, finding, counting, pages, doubles; on PostgreSQL and on SQLite.

AMANAH_BENCH_RESIDENTS says how many (default 1,000,000); a tenth of it is measured as well, for times must not grow with the city.
AMANAH_BENCH_PARTS chooses among load, filled, matching (default all), AMANAH_BENCH_DATABASES among postgresql, sqlite. On two cores the whole takes
more than an hour.
"""
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import ROOT, Figure, keep, say
from benchmarks.people import load, matching

RESIDENTS = int(os.environ.get("AMANAH_BENCH_RESIDENTS", "1000000"))
FLAT = 1.2  # times at the full size against those at a tenth of it
FLAT_NAMES = ("NIK look-up in process, scoped", "family page in process, recorded", "person page in process, recorded")


def run(*, seconds: float) -> list[Figure]:
    parts = os.environ.get("AMANAH_BENCH_PARTS", "load filled matching").split()
    figures: list[Figure] = []
    if "load" in parts:
        figures += load.run()
    for vendor in os.environ.get("AMANAH_BENCH_DATABASES", "postgresql sqlite").split() if "filled" in parts else ():
        small = _filled(vendor, RESIDENTS // 10, seconds)
        large = _filled(vendor, RESIDENTS, seconds, *(["doubles"] if "matching" in parts and vendor == "postgresql" else []))
        figures += [*small, *large, *_flat(small, large)]
    if "matching" in parts and "filled" not in parts:
        figures += matching.run()
    return figures


def _filled(vendor: str, residents: int, seconds: float, *more: str) -> list[Figure]:
    """Each register in a process of its own: the program is set up on one database at a time."""
    told = ROOT / "var" / f"bench-people-{vendor}-{residents}.pickle"
    told.parent.mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-m", "benchmarks.people.filled", vendor, str(residents), str(seconds), str(told), *more], cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"the register of {residents:,} on {vendor} was not measured")
    return _read(told)


def _read(told: Path) -> list[Figure]:
    import pickle

    return list(pickle.loads(told.read_bytes()))  # noqa: S301 - our own file, written a moment ago


def _flat(small: list[Figure], large: list[Figure]) -> list[Figure]:
    """Half of the looks, at both sizes: p50, which a busy neighbour disturbs least."""
    figures = []
    for name in FLAT_NAMES:
        few, many = (next((figure for figure in found if figure.name == name), None) for found in (small, large))
        if few is None or many is None:
            continue
        ours, theirs = 1000 / many.notes["p50_ms"], 1000 / few.notes["p50_ms"]
        figure = Figure(f"{name}: growth", many.size, ours, theirs, f"the same at a tenth of the size; asked: at most {FLAT} times slower", 1 / FLAT,
                        [(ours, theirs)])
        say(f"  {figure.name}: {1 / figure.ratio:.2f} times")
        keep(figure)
        figures.append(figure)
    return figures
