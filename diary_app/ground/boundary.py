"""An error boundary: a screen that cannot be drawn must not take the others with it."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import flet as ft

from diary_app.ground.faults import report
from diary_app.text import _

P = ParamSpec("P")
R = TypeVar("R")


def replacement(fn: Callable[..., object]) -> ft.Control:
    """Return what is shown instead of a component that raised.

    A component annotated to return a ``View`` gets a view, because Flet cannot show anything
    else in its place; all others get a sentence.
    """
    sentence = ft.Text(
        _("This part could not be shown. Nothing you saved is lost. Please go back and try again.")
    )
    returns = str(getattr(fn, "__annotations__", {}).get("return", ""))
    if "View'" in returns or returns.endswith(".View") or returns == "View":
        return ft.View(appbar=ft.AppBar(), controls=[sentence])
    return sentence


def guarded(fn: Callable[P, R]) -> Callable[P, R]:
    """Return a function that logs the type of an error and returns a replacement instead."""

    @functools.wraps(fn)
    def body(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return fn(*args, **kwargs)
        except Exception as error:
            report(f"{fn.__name__} could not be drawn", error)
            return cast("R", replacement(fn))

    return body


def screen_component(fn: Callable[P, R]) -> Callable[P, R]:
    """Make a Flet component whose render errors stay inside it.

    The component keeps its signature, and accepts ``key=`` as every Flet component does.
    """
    component: Callable[..., Any] = ft.component
    return cast("Callable[P, R]", component(guarded(fn)))
