"""`./run demo`: builds the demonstration city on SQLite, once, and serves it with a worker beside it until Ctrl-C."""
import argparse
import io
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout, suppress
from hashlib import sha256
from pathlib import Path
from types import FrameType

from tools.serve import collect, collected, granian

ROOT = Path(__file__).resolve().parent.parent
RESIDENTS = 20_000
NEIGHBOURHOODS = "territory_model_neighbourhoods"


def main(args: list[str]) -> int:
    options = parse(args)
    address = f"http://127.0.0.1:{options.port}"
    os.environ.setdefault("AMANAH_SITE_URL", address)
    os.environ.setdefault("AMANAH_LOG_LEVEL", "WARNING")  # a line for each request would push the accounts off the screen
    import django
    from django.conf import settings

    from amanah.foundation.kernel.progress import steps
    django.setup()
    if not settings.DEMO:
        sys.exit("./run demo is for looking and trying; with AMANAH_MODE=production use ./run serve")
    build(reset=options.reset, residents=options.residents)
    if not collected():
        for _ in steps(("static files",)):
            collect()
    if options.build_only:
        return 0
    return serve(address, options.port)


def parse(args: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./run demo", description="The demonstration city on this machine, with one-click sign-in for each role.")
    reader.add_argument("--port", type=int, default=8000)
    reader.add_argument("--reset", action="store_true", help="forget everything and build the city anew")
    reader.add_argument("--residents", type=int, default=RESIDENTS, metavar="N", help="invented people in a city that is built anew (default: %(default)s)")
    reader.add_argument("--build-only", action="store_true", help="build the city and stop")
    return reader.parse_args(args)


def build(*, reset: bool, residents: int = RESIDENTS) -> None:
    """Make the database of the demonstration, unless it was made from exactly these migrations, this code of the rooms and this data."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from amanah.foundation.kernel.progress import steps
    from amanah.portals.shell.management.commands.city import invent
    from amanah.portals.shell.management.commands.city_load import LOADS
    if connection.vendor != "sqlite":
        sys.exit("./run demo builds on SQLite only; unset AMANAH_DATABASE_URL")
    database = Path(settings.DATABASES["default"]["NAME"])
    stamp, value = database.with_suffix(".stamp"), fingerprint(settings.CITY_DIR)
    if reset:
        connection.close()
        for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm")), stamp):
            path.unlink(missing_ok=True)
    if stamp.exists() and database.exists() and stamp.read_text() == value:
        return
    begin = time.monotonic()
    say("building the demonstration city")
    for step in steps(("tables", *LOADS, NEIGHBOURHOODS, "people")):
        if step == "tables":
            call_command("migrate", verbosity=0, interactive=False)
        elif step == "people":
            invent(residents=residents)
        else:
            with redirect_stdout(io.StringIO()):
                call_command(step)
    stamp.write_text(value)
    say(f"built in {time.monotonic() - begin:.0f} s; --reset builds it anew")


def fingerprint(city: Path) -> str:
    """A hash over everything the database is built from: the city's data, migrations, and the code that loads."""
    digest = sha256()
    for path in sorted([*city.rglob("*"), *(ROOT / "amanah").glob("*/*/migrations/*.py"), *(ROOT / "amanah").glob("*/*/demo.py"),
                        *(ROOT / "amanah").glob("*/*/invention/*.py"), *(ROOT / "amanah").glob("*/*/management/commands/*load*.py")]):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def serve(address: str, port: int) -> int:
    """Run the web server and the worker; end both cleanly when asked, or when either ends by itself."""
    running = [subprocess.Popen(granian("127.0.0.1", port, 1), cwd=ROOT, start_new_session=True),
               subprocess.Popen([sys.executable, "-m", "django", "worker"], cwd=ROOT, start_new_session=True)]

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        if answers(address, running[0]):
            greet(address)
        while all(process.poll() is None for process in running):
            time.sleep(0.3)
        say("the web server or the worker ended by itself; see above")
        return 1
    except KeyboardInterrupt:
        say("\nstopping")
        return 0
    finally:
        end(running)


def end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        with suppress(ProcessLookupError):
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it ended or stayed silent for half a minute."""
    import httpx
    for _ in range(150):
        if server.poll() is not None:
            return False
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/healthz", timeout=2, trust_env=False).status_code == 200:
                return True
        time.sleep(0.2)
    return False


def greet(address: str) -> None:
    """The address, and who one can be."""
    from django.urls import reverse

    from amanah.foundation.access.demo import PREFIX
    from amanah.foundation.access.models import Grant
    print(f"\n  {address}\n\n  Sign in with one click as anyone of these: {address}{reverse('account_login')}\n")
    for grant in Grant.objects.filter(account__username__startswith=PREFIX, ended_at=None).select_related("account", "role").order_by("pk"):
        print(f"  {grant.account.name:<22}{grant.role.name:<34}{grant.account.username}")
    print("\n  Ctrl-C ends it.\n", flush=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
