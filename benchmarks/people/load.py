"""Loading an extract against a bare COPY (PostgreSQL) or executemany INSERT (SQLite) of the very rows it leaves, followed by the same indexes.

Each turn has a fresh database and a process of its own, on both databases: first load, bare load, the same file again, an extract in which 1 % has
changed. Counts are checked first. AMANAH_BENCH_RESIDENTS says how many (default 1,000,000), AMANAH_BENCH_TURNS how often (default 3).
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, Figure, keep, postgres_url, say

RESIDENTS = int(os.environ.get("AMANAH_BENCH_RESIDENTS", "1000000"))
TURNS = int(os.environ.get("AMANAH_BENCH_TURNS", "3"))
ASKED = {"first": 0.5, "again": 1.0, "update": 0.8}
TABLES = ("people_family", "people_person", "people_event", "people_past")
MOST_MB = 1024


def run(*, seconds: float = 0) -> list[Figure]:
    """Figures for both databases. `seconds` is not asked: a turn lasts as long as its rows do."""
    figures = []
    for vendor in ("postgresql", "sqlite"):
        say(f"  loads of {RESIDENTS:,} residents on {vendor}")
        turns = [_turn(vendor) for _n in range(TURNS)]
        for name, title in (("first", "first load of an extract"), ("again", "the same extract again"), ("update", "an extract with 1 % changes")):
            pairs = [(turn["rows"] / turn[name], turn["rows"] / (turn["first"] if name == "again" else turn["bare"])) for turn in turns]
            ours, theirs = (statistics.median(rates) for rates in zip(*pairs, strict=True))
            figure = Figure(f"{title}, {vendor}", f"{turns[0]['rows']:,} rows", ours, theirs,
                            "the first load" if name == "again" else "bare COPY of the rows it left, then the same indexes" if vendor == "postgresql"
                            else "bare executemany INSERT of the rows it left, then the same indexes", ASKED[name], pairs,
                            {"peak MB, both processes": max(turn["mb"] for turn in turns), "asked MB": MOST_MB} if name == "first" else {})
            keep(figure)
            figures.append(figure)
    return figures


def _turn(vendor: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        url, control = f"sqlite:///{folder}/bench.sqlite3", None
        if vendor == "postgresql":
            import psycopg
            from psycopg import sql

            server, _, name = postgres_url().rpartition("/")
            url, control = f"{server}/{name}_load", psycopg.connect(f"{server}/postgres", autocommit=True)
            control.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{name}_load")))
            control.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{name}_load")))
        try:
            environment = {**os.environ, "AMANAH_DATABASE_URL": url, "AMANAH_MODE": "demo", "AMANAH_VAR": folder, "AMANAH_LOG_LEVEL": "ERROR",
                           "DJANGO_SETTINGS_MODULE": "amanah.settings"}
            done = subprocess.run([sys.executable, "-m", "benchmarks.people.load"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
            if done.returncode:
                sys.exit(f"the load on {vendor} failed")
            told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        finally:
            if control is not None:
                control.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{name}_load")))
                control.close()
    say(f"    first {told['rows'] / told['first']:,.0f}/s, bare {told['rows'] / told['bare']:,.0f}/s = {told['bare'] / told['first']:.3f}; again"
        f" {told['rows'] / told['again']:,.0f}/s; update {told['rows'] / told['update']:,.0f}/s = {told['bare'] / told['update']:.3f}; {told['mb']:.0f} MB")
    return told


def extracts() -> tuple[Path, Path]:
    """Two invented extracts, made once for each size and kept beside the database."""
    from django.core.management import call_command

    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    first, second = (folder / f"extract-{RESIDENTS}-{n}.csv" for n in (1, 2))
    if not second.exists():
        call_command("people_invent_extract", residents=RESIDENTS, seed=1, years=0, out=first, after=second, dirty=0.005, changes=0.01, stdout=sys.stderr)
    return first, second


# ---------------------------------------------------------------- one turn, in its own process

def turn() -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    for command in ("territory_load", "territory_model_neighbourhoods"):
        call_command(command, stdout=sys.stderr)
    first, second = extracts()
    told: dict[str, float] = {}
    extract, told["first"] = _load(first, date(2026, 6, 30))
    told["rows"] = extract.rows
    told["mb"] = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    counts = extract.counts["counts"]
    _right(counts["new"] + counts["rejected"] == extract.rows, "every row is new or rejected")
    _right(_count("people_person") == counts["new"] and _count("people_family") == counts["families"], "as many rows as were counted")
    told["bare"] = _bare_copy() if connection.vendor == "postgresql" else _bare_insert()
    again, told["again"] = _load(first, date(2026, 6, 30))
    _right(again.counts["counts"].get("unchanged") == counts["new"] and _count("people_person") == counts["new"], "the same file changes nothing")
    update, told["update"] = _load(second, date(2026, 9, 30))
    _right(0 < update.counts["counts"]["changed"] < 0.03 * told["rows"], "about one in a hundred has changed")
    return told


def _load(path: Path, position: date) -> tuple[Any, float]:
    from amanah.foundation.kernel.actor import Actor
    from amanah.registries.people.services.importing import deeds

    actor, begun = Actor.system("bench"), time.perf_counter()
    extract = deeds.bring(actor, deeds.source_of("siak", "SIAK"), path=path, name=path.name, position=position, store=False)
    extract = deeds.carry_out(deeds.load_extract(actor, extract, background=False), actor, path=path, alone=False)
    return extract, time.perf_counter() - begun


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - our own table
        return int(cursor.fetchone()[0])


def _right(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"wrong answer: {what}")


def _bare_copy() -> float:
    """Seconds for COPY of the same rows into tables without anything, then the same primary keys, indexes and unique constraints."""
    from django.db import connection

    from amanah.foundation.stores.aside import MEMORY

    spent = 0.0
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, connection.cursor() as cursor:
        for table in TABLES:
            with open(f"{folder}/{table}", "wb") as out, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for part in copy:
                    out.write(part)
        cursor.execute("CREATE SCHEMA bench")
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [MEMORY])
        for table in TABLES:
            cursor.execute("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = to_regclass(%s)", [table])
            indexes = [statement.replace(f" ON public.{table} ", f" ON bench.{table} ") for (statement,) in cursor.fetchall()]
            cursor.execute(f"CREATE TABLE bench.{table} (LIKE public.{table})")
            with open(f"{folder}/{table}", "rb") as source:
                begun = time.perf_counter()
                with cursor.copy(f"COPY bench.{table} FROM STDIN") as copy:
                    while part := source.read(1 << 20):
                        copy.write(part)
                for statement in indexes:
                    cursor.execute(statement)
                spent += time.perf_counter() - begun
        cursor.execute("DROP SCHEMA bench CASCADE")
    return spent


def _bare_insert() -> float:
    """Seconds for executemany of the same rows into tables that check nothing, then the same indexes; reading the rows is not counted."""
    import sqlite3

    from django.conf import settings
    from django.db import connection

    spent, name = 0.0, Path(settings.DATABASES["default"]["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        schema = [row for row in cursor.fetchall() if row[2] in TABLES or row[1].split("_fts")[0] in ("people_names", "people_addresses")]
    bare = sqlite3.connect(name.with_name("bare.sqlite3"), isolation_level=None)
    source = sqlite3.connect(name)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY", "mmap_size=268435456"):
        bare.execute(f"PRAGMA {pragma}")
    for kind, _name, table, statement in schema:
        if kind == "table" and table in TABLES:
            bare.execute(statement)
    for table in TABLES:
        rows = source.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - our own table
        places = ", ".join("?" * len(rows.description))
        while some := rows.fetchmany(25_000):
            begun = time.perf_counter()
            bare.execute("BEGIN")
            bare.executemany(f"INSERT INTO {table} VALUES ({places})", some)  # noqa: S608 - our own table
            bare.execute("COMMIT")
            spent += time.perf_counter() - begun
    begun = time.perf_counter()
    for kind, _name, table, statement in schema:
        if kind == "index" and table in TABLES:
            bare.execute(statement)
        elif statement.startswith("CREATE VIRTUAL TABLE"):
            bare.execute(statement)
            bare.execute(f'INSERT INTO "{_name}"("{_name}") VALUES (\'rebuild\')')  # noqa: S608 - our own table
    spent += time.perf_counter() - begun
    source.close()
    bare.close()
    return spent


if __name__ == "__main__":
    print(json.dumps(turn()))
