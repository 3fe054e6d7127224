"""The tables of the register; each module one subject."""
from .counts import Cell, Counting, Position, Shift
from .matching import Pair
from .protection import Request, Sighting, Tie
from .register import Event, Extract, Family, Past, Person, Source
from .words import Word

__all__ = ["Cell", "Counting", "Event", "Extract", "Family", "Pair", "Past", "Person", "Position", "Request", "Shift", "Sighting",
           "Source", "Tie", "Word"]
