"""The acts of the register: the only ways in which it changes. Each module one subject."""
from . import doubles, events, families, importing, matching, opening, positions, requests, retention, ties

__all__ = ["doubles", "events", "families", "importing", "matching", "opening", "positions", "requests", "retention", "ties"]
