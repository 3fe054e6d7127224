"""Importing extracts: bring, check, load, undo (`deeds`); how a load goes (`loading`)."""
from . import deeds

__all__ = ["deeds"]
