"""The background work of the register, loaded at start-up; each module one subject."""
from . import counting, matching, protection

__all__ = ["counting", "matching", "protection"]
