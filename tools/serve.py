"""`./run serve`: the production web server. Refuses an unsafe start with sentences that say what to set (docs/operations.md).

The settings themselves refuse what is unsafe in the environment; here follows what can only be seen from outside: migrations that were not
applied, and static files that are older than the code.
"""
import argparse
import os
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(args: list[str]) -> None:
    options = parse(args)
    import django
    django.setup()
    from django.conf import settings
    if problems := unready():
        sys.exit("Amanah does not start like this:\n" + "\n".join(f"- {sentence}" for sentence in problems))
    if not collected():
        print("collecting static files", file=sys.stderr, flush=True)
        collect()
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(sys.executable, granian(options.host, options.port, settings.WORKERS))  # noqa: S606


def parse(args: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./run serve", description="The production web server; its settings: docs/operations.md")
    reader.add_argument("--host", default=os.environ.get("AMANAH_LISTEN", "127.0.0.1"), help="address to listen on (AMANAH_LISTEN)")
    reader.add_argument("--port", default=int(os.environ.get("AMANAH_PORT", "8000")), type=int, help="port to listen on (AMANAH_PORT)")
    return reader.parse_args(args)


def granian(host: str, port: int, workers: int) -> list[str]:
    """The command of the web server. One blocking thread a worker: more made the slowest answers erratic."""
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
            "--blocking-threads", "1", "--backpressure", "128", "--respawn-failed-workers", "--workers-kill-timeout", "20", "--no-ws",
            "--log-level", "warning", "amanah.wsgi:application"]


def unready() -> list[str]:
    """What the database still needs before it can serve this version: a sentence each."""
    from django.conf import settings
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        return [f"The database does not answer ({type(error).__name__}); check AMANAH_DATABASE_URL and that the server runs."]
    problems = []
    if waiting:
        first = f"{waiting[0][0].app_label}.{waiting[0][0].name}"
        problems.append(f"{len(waiting)} migrations were not applied (first: {first}); make a backup, then run: ./run manage migrate")
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache") and settings.CACHES["default"]["LOCATION"] not in tables:
        problems.append("The cache table is missing, so wrong passwords would not be counted; run: ./run manage createcachetable")
    return problems


def collected() -> bool:
    """Whether exactly these static files were collected before."""
    stamp = stamp_of_static()
    return stamp.exists() and stamp.read_text() == fingerprint_of_static()


def collect() -> None:
    """Gather the static files, name them by their content and compress them."""
    from django.core.management import call_command
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp_of_static().write_text(fingerprint_of_static())


def stamp_of_static() -> Path:
    from django.conf import settings
    return Path(settings.STATIC_ROOT) / ".stamp"


def fingerprint_of_static() -> str:
    from django.contrib.staticfiles.finders import get_finders
    digest = sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            seen = Path(storage.path(path)).stat()
            digest.update(f"{path}:{seen.st_size}:{seen.st_mtime_ns};".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
