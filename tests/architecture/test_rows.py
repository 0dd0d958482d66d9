"""Rows are read and written in db/stores; everybody else hands a session on."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The sessions of the ground are Flet's.
FILES = [
    path
    for folder in ("diary_app", "alerts")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "ground" not in path.parts
]
# A savepoint reads and writes no row.
ALLOWED_CALLS = {"begin_nested"}


def imports_of_sql(tree: ast.AST) -> list[str]:
    """What is imported of SQLModel or SQLAlchemy, the type of a session aside."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [
        name
        for name in found
        if name.partition(".")[0] in {"sqlmodel", "sqlalchemy"} and name != "sqlmodel.Session"
    ]


def calls_of_a_session(tree: ast.AST) -> list[str]:
    """The methods that are called on `session` or `something.session`."""
    methods = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        method.attr
        for method in methods
        if isinstance(method, ast.Attribute)
        and method.attr not in ALLOWED_CALLS
        and getattr(method.value, "attr", getattr(method.value, "id", "")).lstrip("_") == "session"
    ]


def test_only_the_stores_make_queries():
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    made = {
        str(path.relative_to(ROOT)): found
        for path, tree in trees.items()
        if (found := imports_of_sql(tree) + calls_of_a_session(tree))
    }

    assert made == {}


@pytest.mark.parametrize(
    ("code", "imported", "called"),
    [
        ("from sqlmodel import Session, select", ["sqlmodel.select"], []),
        ("import sqlmodel", ["sqlmodel"], []),
        ("import sqlalchemy.orm as orm", ["sqlalchemy.orm"], []),
        ("from sqlalchemy.exc import SQLAlchemyError", ["sqlalchemy.exc.SQLAlchemyError"], []),
        ("session.get_one(Patient, key)", [], ["get_one"]),
        ("self._session.add(row)", [], ["add"]),
        ("with session.begin_nested(): people.patients(session, viewer)", [], []),
    ],
)
def test_would_notice_a_query(code, imported, called):
    tree = ast.parse(code)

    assert imports_of_sql(tree) == imported
    assert calls_of_a_session(tree) == called
