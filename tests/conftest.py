"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two clinics in a SQLite file of their own."""
    built = build_house(tmp_path)
    yield built
    built.database.close()
