"""The doors fixture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.diary_app.doors.house import Doors, build_doors
from tests.people import House


@pytest.fixture
def doors(house: House, tmp_path: Path) -> Iterator[Doors]:
    """The web app of the doors over the house."""
    built = build_doors(house, tmp_path)
    yield built
    for browser in built.browsers:
        browser.close()
