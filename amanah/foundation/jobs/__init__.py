"""Work in the background: the outbox that carries events of acts to their handlers, the schedule, and the worker that runs both.

`@on("offices.appointed")` makes a function the handler of an event; `@every(minutes=5)` or `@every(daily_at="02:00")` puts one on the
schedule. Both stand in a room's tasks.py, which is loaded at start-up.

Not for: sending messages (`messages`), calling partners (`wires`), or anything a page waits for.
"""
from amanah.foundation.jobs.registry import Event, every, on

__all__ = ["Event", "every", "on"]
