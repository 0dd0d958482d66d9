"""Flet's insides are touched in one place."""

import ast
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSIDES = ("flet.messaging", "flet.components", "flet.controls.context", "flet.utils", "flet_web")
FILES = [
    path
    for folder in ("diary_app", "alerts", "db")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "ground" not in path.parts
]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return names


def test_flets_insides_are_touched_in_the_ground_alone():
    touched = {
        str(path.relative_to(ROOT)): name
        for path in FILES
        for name in imported(path)
        if name.startswith(INSIDES)
    }

    assert touched == {}


def test_the_pinned_flet_is_installed():
    pins = (ROOT / "requirements.txt").read_text()

    assert "flet==1.0.5" in pins
    assert version("flet") == "1.0.5"
