"""The nightly upkeep of stored files."""
from amanah.foundation.files import upkeep
from amanah.foundation.jobs import every


@every(daily_at="03:30")
def clear_away() -> None:
    """Remove files whose time of keeping is over, and what transactions that never committed left in the storage."""
    upkeep.remove_expired()
    upkeep.sweep_orphans()
