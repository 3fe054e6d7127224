"""The acts of the register: the only ways in which it changes. Each module one subject."""
from . import events, families, opening, positions, requests, retention, ties

__all__ = ["events", "families", "opening", "positions", "requests", "retention", "ties"]
