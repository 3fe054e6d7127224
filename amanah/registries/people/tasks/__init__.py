"""The background work of the register, loaded at start-up; each module one subject."""
from . import counting, protection

__all__ = ["counting", "protection"]
