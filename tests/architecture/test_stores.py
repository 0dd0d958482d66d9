"""Every store function knows who asks, and asks what they may."""

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable

from sqlmodel import Session

import db.stores
from db.access import ROLE_VERBS, Viewer

# Asked on the machine itself or before anybody is signed in; see their docstrings.
WITHOUT_VIEWER = {
    "audit.chains",
    "audit.first_broken_link",
    "audit.holds",
    "audit.last_link",
    "rules.unlike_approved",
}
# Any signed-in person may: their own clinic's name and number, names of staff, their own password
# and sign-ins.
WITHOUT_VERB = {
    "audit.note",
    "factors.end_own_sign_ins",
    "people.own_clinic",
    "people.own_language",
    "people.own_sign_ins",
    "people.staff_names",
    "people.set_language",
    "people.set_password",
}


def functions() -> dict[str, Callable[..., object]]:
    found = {}
    for module in pkgutil.iter_modules(db.stores.__path__):
        if module.name in {"doors", "proofs"}:
            continue
        loaded = importlib.import_module(f"db.stores.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{module.name}.{name}"] = function
    return found


def test_takes_the_session_and_the_viewer_first():
    others = []
    for name, function in functions().items():
        hints = typing.get_type_hints(function)
        first = list(inspect.signature(function).parameters)[:2]
        types = [hints.get("session"), hints.get("viewer")]
        if (first, types) != (["session", "viewer"], [Session, Viewer]):
            others.append(name)

    assert set(others) <= WITHOUT_VIEWER


def test_asks_for_a_verb_that_some_role_holds():
    known = set().union(*ROLE_VERBS.values())
    others = []
    for name, function in functions().items():
        source = inspect.getsource(function)
        asked = set(re.findall(r'viewer\.require\(\s*"([a-z_.]+)"', source))
        if "viewer.require(" not in source or not asked <= known:
            others.append(name)

    assert set(others) <= WITHOUT_VIEWER | WITHOUT_VERB
