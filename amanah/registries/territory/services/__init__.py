"""The acts of the territory room: load the list, load boundaries, rename, add and close RW and RT."""
from .boundaries import BoundaryReport, known_territories, load_boundaries
from .register import LoadReport, load
from .upkeep import add_neighbourhoods, add_rt, add_rw, close, rename

__all__ = [
    "BoundaryReport", "LoadReport", "add_neighbourhoods", "add_rt", "add_rw", "close", "known_territories", "load", "load_boundaries", "rename",
]
