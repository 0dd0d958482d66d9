"""The doors fixture."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import open_database
from diary_app.services import passwords
from tests.diary_app.doors.house import QUICK, Doors, build_doors
from tests.people import House, build_house


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house built once; every test gets its own copy of the file."""
    built = build_house(tmp_path_factory.mktemp("pattern"))
    built.database.close()
    return built


def copied(pattern: House, folder: Path) -> House:
    """A house of its own in a folder."""
    shutil.copy(str(pattern.database.engine.url.database), folder / "diary.db")
    return replace(pattern, database=open_database(f"sqlite:///{folder / 'diary.db'}"))


@pytest.fixture
def house(pattern: House, tmp_path: Path) -> Iterator[House]:
    """Two clinics in a SQLite file of their own."""
    own = copied(pattern, tmp_path)
    yield own
    own.database.close()


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2id at a fraction of its cost; one test looks at the real cost."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)


@pytest.fixture
def doors(house: House, tmp_path: Path) -> Iterator[Doors]:
    """The web app of the doors over the house."""
    built = build_doors(house, tmp_path)
    yield built
    built.close()
