"""What a client may touch: enabled, visible controls, and only the values people can enter."""

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

    A dialog may be closed by the client but not opened.
    """
    if name == "open" and value is not False:
        return False
    return any(hasattr(type(control), handler) for handler in _TOLD_BY.get(name, ()))


def page_facts(properties: dict[str, object]) -> dict[str, object]:
    """Return only what a browser knows about itself: size, route, brightness and the like."""
    return {
        name: _without_internals(value)
        for name, value in properties.items()
        if name in PAGE_PROPERTIES
    }


def _without_internals(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _without_internals(inner)
            for key, inner in value.items()
            if not str(key).startswith("_")
        }
    return value
