"""The clock of a data subject's request: 3 times 24 hours of the wall clock, not of working time (UU 27/2022 arts 30, 32 and 41, unconfirmed). Pure."""
from datetime import datetime, timedelta

WITHIN = timedelta(hours=72)
SOON = timedelta(hours=24)

# What somebody may ask to have corrected. Place, family and status change by events of their own, with their own papers.
CORRECTABLE = ("name", "nik", "born", "birthplace", "religion", "marital", "education", "occupation", "blood", "disability", "mother_name", "father_name", "phone")


def due(asked_at: datetime) -> datetime:
    return asked_at + WITHIN
