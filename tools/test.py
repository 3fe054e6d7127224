"""`./run test [pytest arguments]`: arrows, lint, the suite on SQLite, and the suite on PostgreSQL where one answers.

With arguments only the suites run, in one process, on what the arguments name. The last lines say which databases ran and what did not run;
with CI=true a database or browser that is missing counts as a failure.
"""
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var/test"
STRICT = os.environ.get("CI", "").lower() in ("1", "true", "yes")
HOW_POSTGRES = ("PostgreSQL: none answers. apt install postgresql, then give AMANAH_TEST_POSTGRES=postgres://USER@HOST:PORT/postgres "
                "(a role that may create databases)")
HOW_CHROMIUM = "browser tests: no Chromium here. apt install chromium, or give its path as AMANAH_CHROMIUM"


@dataclass
class Run:
    """One suite on one database, or one check: what it counted and how long it took."""

    name: str
    code: int
    seconds: float
    counts: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)

    @property
    def line(self) -> str:
        outcome = (f"{self.counts['passed']} passed, {self.counts['failed']} failed, {self.counts['skipped']} skipped"
                   if self.counts else ("passed" if self.code == 0 else "FAILED"))
        return f"{self.name:<20}{outcome:<40}{self.seconds:6.0f} s"


def main(args: list[str]) -> int:
    chromium, (postgres, version) = find_chromium(), find_postgres()
    missing = [how for how, found in ((HOW_CHROMIUM, chromium), (HOW_POSTGRES, postgres)) if not found]
    runs = []
    if not args:
        runs.append(check("arrows", str(Path(sys.executable).parent / "lint-imports"), "--config", "importlinter.ini"))
        runs.append(check("lint", sys.executable, "-m", "tools.lint"))
    runs.append(suite("SQLite", "sqlite://", args, without=["postgres"] if chromium else ["postgres", "browser"], chromium=chromium))
    if postgres:
        runs.append(suite(f"PostgreSQL {version}", postgres, args, without=["browser"], chromium=chromium))
    return tell(runs, missing)


def tell(runs: list[Run], missing: list[str]) -> int:
    """Say what ran, what did not and how to get it; answer with the exit code of the whole."""
    failed = any(run.code for run in runs) or (STRICT and bool(missing))
    print("\n" + "-" * 72)
    for run in runs:
        print(run.line)
        for reason, number in run.reasons.most_common():
            print(f"    skipped {number}: {reason}")
    for how in missing:
        print(f"{'FAILED, ' if STRICT else ''}not run - {how}")
    total = sum((run.counts for run in runs), Counter())
    print(f"databases: {', '.join(run.name for run in runs if run.name.startswith(('SQLite', 'PostgreSQL')))}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if failed else 0


def check(name: str, *command: str) -> Run:
    heading(name)
    begin = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return Run(name, code, time.monotonic() - begin)


def suite(name: str, url: str, args: list[str], *, without: list[str], chromium: str) -> Run:
    """Run pytest on one database; `without` are the marks that this database leaves out."""
    heading(f"suite on {name}")
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name.split()[0].lower()}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "-o", "junit_logging=no"]
    if not args:
        command += ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadfile"]
    if "-m" not in args:
        command += ["-m", " and ".join(f"not {mark}" for mark in without)]
    env = {**os.environ, "AMANAH_MODE": "test", "AMANAH_DATABASE_URL": url, "AMANAH_CHROMIUM": chromium}
    begin = time.monotonic()
    code = subprocess.run([*command, *args], cwd=ROOT, env=env, check=False).returncode
    run = Run(name, 0 if code == 5 and args else code, time.monotonic() - begin)  # 5: this database has none of the named tests
    if report.exists():
        count(run, report)
    return run


def count(run: Run, report: Path) -> None:
    """Fill in what the report of pytest counted, and why it skipped what it skipped."""
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 (what our own pytest has just written)
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            run.counts["failed"] += 1
        elif skipped is not None:
            run.counts["skipped"] += 1
            run.reasons[skipped.get("message", "").strip()] += 1
        else:
            run.counts["passed"] += 1


def find_chromium() -> str:
    """The path of a Chromium for the browser tests, or ""."""
    given = os.environ.get("AMANAH_CHROMIUM", "")
    return given or next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "")


def find_postgres() -> tuple[str, str]:
    """The address of a PostgreSQL in which we may create test databases, and its version; ("", "") when there is none."""
    import psycopg
    given = os.environ.get("AMANAH_TEST_POSTGRES", "")
    candidates = [given] if given else [
        "postgres://postgres@127.0.0.1:5432/postgres",
        f"postgres://{quote(os.environ.get('USER', 'root'))}@/postgres?host={quote('/var/run/postgresql')}",
    ]
    for url in candidates:
        try:
            with psycopg.connect(url, connect_timeout=3) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper, current_setting('server_version') FROM pg_roles"
                                         " WHERE rolname = current_user").fetchone()
        except psycopg.OperationalError as error:
            if given:
                print(f"AMANAH_TEST_POSTGRES does not answer: {error}", file=sys.stderr)
            continue
        if row and row[0]:
            # Two checkouts on one server must not share a test database: the name carries the folder.
            name = f"amanah_{sha256(str(ROOT).encode()).hexdigest()[:6]}"
            head, _, options = url.partition("?")
            return f"{head.rsplit('/', 1)[0]}/{name}{'?' + options if options else ''}", row[1].split()[0]
    return "", ""


def heading(text: str) -> None:
    print(f"\n» {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
