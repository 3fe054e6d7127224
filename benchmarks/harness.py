"""What every benchmark shares: interleaved legs, medians, a scratch database, a line of history for each figure."""
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.jsonl"
REPEATS = 3


@dataclass(slots=True)
class Figure:
    """One line of the table. `rate` and `limit` are per second and were measured in turn; `ratio` is the median of the pairs."""

    name: str
    size: str
    rate: float
    limit: float
    limit_name: str
    least: float | None = None  # the ratio that the issue asks for
    pairs: list[tuple[float, float]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return statistics.median(ours / theirs for ours, theirs in self.pairs)

    @property
    def verdict(self) -> str:
        return "" if self.least is None else "holds" if self.ratio >= self.least else "MISSED"


def compare(name: str, size: str, ours: Callable[[], float], limit: Callable[[], float], *, limit_name: str, least: float | None = None,
            repeats: int = REPEATS, **notes: Any) -> Figure:
    """Run both legs in turn, `repeats` times each; a leg returns operations per second."""
    say(f"  {name}")
    pairs = []
    for turn in range(repeats):
        pairs.append((ours(), limit()))
        say(f"    {turn + 1}/{repeats}: {pairs[-1][0]:,.0f}/s against {pairs[-1][1]:,.0f}/s = {pairs[-1][0] / pairs[-1][1]:.3f}")
    figure = Figure(name, size, statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs), limit_name, least, pairs, notes)
    keep(figure)
    return figure


def keep(figure: Figure) -> None:
    """Append to the history; a figure whose code has uncommitted changes says so."""
    with RESULTS.open("a") as out:
        out.write(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit(), "machine": machine(),
                              **asdict(figure), "ratio": round(figure.ratio, 4)}) + "\n")


def table(figures: list[Figure]) -> str:
    head = f"{'benchmark':<58}{'size':<22}{'rate/s':>10}{'limit/s':>11}{'ratio':>8}{'asked':>8}  "
    lines = [head, "-" * len(head)]
    for f in figures:
        asked = "" if f.least is None else f"≥ {f.least:.2f}"
        lines.append(f"{f.name:<58}{f.size:<22}{f.rate:>10,.0f}{f.limit:>11,.0f}{f.ratio:>8.3f}{asked:>8}  {f.verdict}")
        lines.append(f"{'':<4}limit: {f.limit_name}" + "".join(f"; {key.replace('_', ' ')}: {value}" for key, value in f.notes.items()))
    return "\n".join(lines)


def machine() -> str:
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
                 platform.processor()) if Path("/proc/cpuinfo").exists() else platform.processor()
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}"


def commit() -> str:
    git = shutil.which("git")
    if not git:
        return "unknown"
    name = subprocess.run([git, "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    dirty = subprocess.run([git, "status", "--porcelain", "--untracked-files=no", "amanah", "benchmarks"], cwd=ROOT, capture_output=True, text=True).stdout
    changed = [line for line in dirty.splitlines() if not line.endswith("results.jsonl")]
    return f"{name or 'unknown'}{'+changes' if changed else ''}"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def rate_of(deed: Callable[[], Any], *, seconds: float = 2.0, batch: int = 1) -> float:
    """How many times a second `deed` runs in this process, over at least `seconds`."""
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        for _ in range(batch):
            deed()
        count += batch
    return count / spent


# ---------------------------------------------------------------- a scratch PostgreSQL database

def postgres_url() -> str:
    return os.environ.get("AMANAH_BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/amanah_bench")


@contextmanager
def scratch_postgres() -> Iterator[str]:
    """An empty database with all migrations, dropped afterwards; Django is set up on it. Needs a role that may create databases."""
    import psycopg
    from psycopg import sql

    url = postgres_url()
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as control:
        control.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        control.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        os.environ.update(AMANAH_DATABASE_URL=url, AMANAH_MODE="demo", AMANAH_LOG_LEVEL="ERROR")
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield url
        finally:
            connections.close_all()
            control.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def pgbench(script: str, url: str, *, clients: int, seconds: float, protocol: str = "simple") -> float:
    """Transactions a second of a pgbench script, two threads. `protocol`: simple is pgbench's own, prepared the most this server can do."""
    found = shutil.which("pgbench") or next(iter(sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), reverse=True)), None)
    if found is None:
        sys.exit("pgbench is missing. On Debian or Ubuntu: apt install postgresql")
    path = ROOT / "var" / "pgbench.sql"
    path.write_text(script)
    done = subprocess.run([found, "-n", "-M", protocol, "-c", str(clients), "-j", "2", "-T", str(int(seconds)), "-f", str(path), url],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return next(float(line.split("=")[1].split()[0]) for line in done.stdout.splitlines() if line.startswith("tps"))


def in_processes(target: str, *, workers: int, seconds: float, **arguments: Any) -> float:
    """Operations a second of `workers` processes that run `target` ("module:function") at the same time.

    Each worker sets Django up, warms itself, waits for the others, then works for `seconds`; the sum of their rates is returned.
    """
    command = [sys.executable, "-m", "benchmarks.worker", target, json.dumps({"seconds": seconds, **arguments})]
    running = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    for process in running:
        if process.stdout and process.stdout.readline().strip() != "ready":
            sys.exit(f"a worker of {target} did not start")
    for process in running:
        if process.stdin:
            process.stdin.write("go\n")
            process.stdin.flush()
    rates = [float(process.communicate()[0]) for process in running]
    return sum(rates)
