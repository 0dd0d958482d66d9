"""Components that are given a key where they are used, so that their state follows it."""

from collections.abc import Callable
from typing import Any, cast

import flet as ft


def keyed(draw: Callable[..., ft.Control]) -> Callable[..., ft.Control]:
    """Make a Flet component; the result also takes ``key=``, which ``ft.component`` hides."""
    component: Callable[..., Any] = ft.component
    return cast("Callable[..., ft.Control]", component(draw))
