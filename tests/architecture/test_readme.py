"""Every line of the README that can be checked by a machine."""

import re
from pathlib import Path

import pytest

from diary_app.cli import app
from diary_app.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Made while it runs, so not part of a fresh checkout.
MADE_LATER = {"tests/screenshots", "demo-data/outbox", ".venv/bin/diary"}


def paths():
    quoted = re.findall(r"`([\w./-]+)`", README)
    looks_like_one = [
        path for path in quoted if path.split("/")[0] in {p.name for p in ROOT.iterdir()}
    ]
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    return sorted({*looks_like_one, *linked} - MADE_LATER)


@pytest.mark.parametrize("path", paths())
def test_every_path_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_table(name):
    assert f"`DIARY_{name.upper()}`" in README


def test_every_setting_in_the_table_exists():
    named = set(re.findall(r"DIARY_([A-Z_]+)", README))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize(
    "command", [c.name or c.callback.__name__ for c in app.registered_commands]
)
def test_every_command_is_in_the_readme(command):
    assert f"diary {command}" in README or f"run.py {command}" in README


def test_pins_have_hashes_and_name_no_host():
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins)
        assert not any("://" in line or line.startswith("-") for line in lines)
