"""Processes that start again and again import only what they need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("module", "spared"),
    [("db.photos.decoder", ("sqlalchemy", "pydantic", "cryptography", "db.engine"))],
)
def test_starts_without(module: str, spared: tuple[str, ...]) -> None:
    words = f"import sys, {module}; print(*[n for n in {spared!r} if n in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
