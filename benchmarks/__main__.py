"""./run bench [ROOM …]: runs the benchmarks of the named rooms (all without a name), prints the tables, keeps the history."""
import argparse
import importlib
import subprocess
import sys

from benchmarks.harness import commit, machine, say, table

ROOMS = ("foundation", "people", "portals", "territory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("room", nargs="*", choices=[*ROOMS, []], help=f"one or more of: {', '.join(ROOMS)}")
    parser.add_argument("--seconds", type=float, default=5, help="how long a leg runs (default 5)")
    told = parser.parse_args()
    rooms = told.room or ROOMS
    if len(rooms) > 1:  # each in a process of its own: they set the program up on different databases
        sys.exit(max(subprocess.run([sys.executable, "-m", "benchmarks", room, "--seconds", str(told.seconds)]).returncode for room in rooms))
    say(f"{rooms[0]}: {machine()}, commit {commit()}")
    print(table(importlib.import_module(f"benchmarks.{rooms[0]}").run(seconds=told.seconds)))


if __name__ == "__main__":
    main()
