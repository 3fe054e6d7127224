"""The one door for changes: permission ▸ rules ▸ rows ▸ audit ▸ outbox, in one transaction, under one name for each deed.

The name of an act ("offices.appoint") is its permission, its audit entry, its metric and its heading in docs/acts.md.
Reads of protected data go through `look`, which leaves a durable record before anything is shown.

Not for: knowing what is decided (that is each room's `rules.py`), nor who holds what (access).
"""
from .door import act, emit, look, record_refusal, ref
from .registry import permission
from .scope import covered

__all__ = ["act", "covered", "emit", "look", "permission", "record_refusal", "ref"]
