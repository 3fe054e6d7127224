"""The background work of the register, loaded at start-up; each module one subject."""
from . import protection

__all__ = ["protection"]
