"""Fixtures that many tests share."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

# Nothing that is loaded and collected goes before the end: walking it again and again would take
# as long as the collecting itself.
gc.disable()

from tests.people import House, build_house  # noqa: E402

# Whole files go to one worker each; the longest come first, so that all workers end together.
LONGEST_FIRST = (
    "tests/stories/test_a_rash",
    "tests/stories/",
    "tests/diary_app/test_renew_master",
    "tests/diary_app/access/",
    "tests/ground/",
    "tests/diary_app/test_copy_database",
    "tests/diary_app/doors/test_doors_access",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""

    def turn(item: pytest.Item) -> int:
        turns = [at for at, name in enumerate(LONGEST_FIRST) if item.nodeid.startswith(name)]
        return turns[0] if turns else len(LONGEST_FIRST)

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Walk what the tests make from here on, and nothing else."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two clinics in a SQLite file of their own."""
    built = build_house(tmp_path)
    yield built
    built.database.close()
