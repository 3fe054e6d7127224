import pytest
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend


@pytest.fixture
def queue(db):
    """Jobs go into the database, as they do outside of tests, and wait there for a worker."""
    before = task_backends["default"]
    task_backends["default"] = DatabaseBackend("default", {})
    yield
    task_backends["default"] = before
