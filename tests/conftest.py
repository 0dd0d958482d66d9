"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import House, build_house

LONGEST_FIRST = ("tests/stories/", "tests/ground/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long stories, so that two at a time end together."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two clinics in a SQLite file of their own."""
    built = build_house(tmp_path)
    yield built
    built.database.close()
