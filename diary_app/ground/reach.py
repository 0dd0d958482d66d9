"""What a client may touch: enabled, visible controls, and only the values people can enter."""

import inspect
import math
import sys
import types
from dataclasses import is_dataclass
from datetime import date, time
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import flet as ft
import msgpack  # type: ignore[import-untyped]
from flet.controls.base_control import BaseControl

PAGE_PROPERTIES = frozenset(
    {
        "debug", "height", "media", "multi_view", "platform", "platform_brightness", "pwa",
        "pyodide", "route", "test", "wasm", "web", "width",
    }
)  # fmt: skip

# A value belongs to an input control when the control can also tell that it changed.
_TOLD_BY = {
    "value": ("on_change", "on_text_change"),
    "text": ("on_text_change",),
    "open": ("on_dismiss",),
    "selected": ("on_change", "on_select", "on_select_change"),
    "selected_index": ("on_change",),
    "start_value": ("on_change",),
    "end_value": ("on_change",),
    "expanded": ("on_change",),
    "entry_mode": ("on_change", "on_entry_mode_change"),
    "selection": ("on_selection_change",),
}


def reachable(control: BaseControl) -> bool:
    """Return whether a person could touch the control: it and all around it shown and enabled."""
    node: BaseControl | None = control
    while node is not None:
        if getattr(node, "visible", True) is False or getattr(node, "disabled", False) is True:
            return False
        node = node.parent
    return True


def enterable(control: BaseControl, name: str, value: object) -> bool:
    """Return whether a client may set this property of this control.

    A dialog may be closed by the client but not opened, and a value must be of the kind that the
    control holds: what is entered goes into the draft.
    """
    kind: Any = type(control)
    if name == "open" and value is not False:
        return False
    if not any(hasattr(kind, handler) for handler in _TOLD_BY.get(name, ())):
        return False
    return _fits(_hint(kind, name), value)


@cache
def _hint(kind: Any, name: str) -> Any:
    """Return the kind of value that a property of a control holds; None when nobody can say."""
    for holder in kind.__mro__:
        own = inspect.get_annotations(holder)
        if name in own:
            known = vars(ft) | vars(sys.modules[holder.__module__])
            bare = type(name, (), {"__annotations__": {name: own[name]}})
            return get_type_hints(bare, globalns=known).get(name)
    return None


def _fits(hint: Any, value: object) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(one, value) for one in inner)
    if origin is list:
        return isinstance(value, list) and all(_fits(inner[0], one) for one in value)
    if hint is type(None):
        return value is None
    if hint in (int, float):
        number = isinstance(value, int if hint is int else int | float)
        return number and not isinstance(value, bool) and math.isfinite(value)  # type: ignore[arg-type]
    if not isinstance(hint, type):
        return hint is not None and value is not None
    if issubclass(hint, Enum) and not isinstance(value, hint):
        return isinstance(value, str | int) and value in {one.value for one in hint}
    if issubclass(hint, date | time | ft.Duration):
        return isinstance(value, str | int | msgpack.ExtType)
    return isinstance(value, dict if is_dataclass(hint) else hint)


def page_facts(properties: dict[str, object]) -> dict[str, object]:
    """Return only what a browser knows about itself: size, route, brightness and the like."""
    return {
        name: _without_internals(value)
        for name, value in properties.items()
        if name in PAGE_PROPERTIES and _fits(_hint(ft.Page, name), value)
    }


def _without_internals(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _without_internals(inner)
            for key, inner in value.items()
            if not str(key).startswith("_")
        }
    return value
