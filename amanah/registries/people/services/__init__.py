"""The acts of the register: the only ways in which it changes. Each module one subject."""
from . import deciding, doubles, events, families, importing, invention, opening, positions, requests, retention, ties

__all__ = ["deciding", "doubles", "events", "families", "importing", "invention", "opening", "positions", "requests", "retention", "ties"]
