"""The background work of the register, loaded at start-up; each module one subject."""
from . import counting, importing, matching, protection

__all__ = ["counting", "importing", "matching", "protection"]
