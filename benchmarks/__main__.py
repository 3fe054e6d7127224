"""./run bench [ROOM …]: runs the benchmarks of the named rooms (all without a name), prints the table, keeps the history."""
import argparse
import importlib

from benchmarks.harness import machine, commit, say, table

ROOMS = ("foundation", "portals")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("room", nargs="*", choices=[*ROOMS, []], help=f"one or more of: {', '.join(ROOMS)}")
    parser.add_argument("--seconds", type=float, default=5, help="how long a leg runs (default 5)")
    told = parser.parse_args()
    say(f"{machine()}, commit {commit()}")
    figures = []
    for room in told.room or ROOMS:
        say(room)
        figures += importlib.import_module(f"benchmarks.{room}").run(seconds=told.seconds)
    print(table(figures))


if __name__ == "__main__":
    main()
