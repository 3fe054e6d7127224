"""The small city of `people`."""
from types import SimpleNamespace

import pytest

from . import people


@pytest.fixture
def city(db: None) -> SimpleNamespace:
    return people.city()
