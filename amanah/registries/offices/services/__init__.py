"""The acts of the offices: the only ways in which their rows change."""
from .calendar import load_calendar, load_calendar_from, set_hours
from .demonstration import demo_officials
from .loading import Loaded, load, load_from
from .people import appoint, end_appointment, link_account, register_official
from .structure import add_position, close, open_, rename

__all__ = [
    "Loaded", "add_position", "appoint", "close", "demo_officials", "end_appointment", "link_account", "load", "load_calendar", "load_calendar_from",
    "load_from", "open_", "register_official", "rename", "set_hours",
]
