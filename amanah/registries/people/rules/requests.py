"""The clock of a data subject's request: 3 times 24 hours of the wall clock, not of working time (UU 27/2022 arts 30, 32 and 41, unconfirmed). Pure."""
from datetime import datetime, timedelta

WITHIN = timedelta(hours=72)
SOON = timedelta(hours=24)

# What somebody may ask to have corrected. Place, family and status change by events of their own, with their own papers.
CORRECTABLE = ("name", "nik", "born", "birthplace", "religion", "marital", "education", "occupation", "blood", "disability", "mother_name", "father_name", "phone")


def due(asked_at: datetime) -> datetime:
    return asked_at + WITHIN


def stage(due_at: datetime, answered_at: datetime | None, now: datetime) -> str:
    """"done", "late", "soon" (less than 24 hours left) or "running"; an answer that came late stays "done"."""
    if answered_at is not None:
        return "done"
    left = due_at - now
    return "late" if left < timedelta(0) else "soon" if left <= SOON else "running"


def hours(span: timedelta) -> int:
    """Whole hours of a span, rounded down, never negative."""
    return max(0, int(span.total_seconds() // 3600))
