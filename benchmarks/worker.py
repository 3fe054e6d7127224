"""One of several processes of a benchmark: gets ready, waits for the word, works, prints its rate."""
import gc
import importlib
import json
import sys

import django

from benchmarks.harness import rate_of


def main(target: str, arguments: dict) -> None:
    django.setup()
    module, _, name = target.partition(":")
    deed = getattr(importlib.import_module(module), name)(**{k: v for k, v in arguments.items() if k != "seconds"})
    for _ in range(20):
        deed()
    gc.collect()
    gc.freeze()  # as amanah/wsgi.py does
    print("ready", flush=True)
    sys.stdin.readline()
    print(rate_of(deed, seconds=arguments["seconds"], batch=10), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
