"""The tables of the register; each module one subject."""
from .counts import Counting, Position, Shift, Strip
from .matching import Pair
from .protection import Request, Sighting, Tie
from .register import Event, Extract, Family, Past, Person, Source
from .words import Word

__all__ = ["Counting", "Event", "Extract", "Family", "Pair", "Past", "Person", "Position", "Request", "Shift", "Sighting",
           "Source", "Strip", "Tie", "Word"]
