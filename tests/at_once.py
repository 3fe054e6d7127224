"""Several deeds begun at the same moment, each on a connection of its own: for tests of what only PostgreSQL can show."""
from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed returned or raised, all begun at the same moment on connections of their own."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int, deed: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            results[n] = deed()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
