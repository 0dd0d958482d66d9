"""Photos on their way: how far each is, and why one was not added."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from diary_app.components.buttons import other_button
from diary_app.components.heading import body, quiet
from diary_app.components.notice import card, notice
from diary_app.ground.picker import Again
from diary_app.text import _

_SHOWN_NAME = 40


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One photo that was chosen and is not in the entry.

    Attributes:
        part: Of its bytes that were sent, 0.0 to 1.0.
        trouble: Why it was not added; empty while it is sent.
        again: Sends it again; None while it is sent, or when it must be chosen again.
    """

    key: int
    name: str
    part: float = 0.0
    trouble: str = ""
    again: Again | None = None


def sending_row(photo: OnItsWay, forget: Callable[[], None]) -> ft.Control:
    """Return one photo's progress, or its trouble with what can be done."""
    name = photo.name if len(photo.name) <= _SHOWN_NAME else f"{photo.name[:_SHOWN_NAME]}..."
    if not photo.trouble:
        share = round(100 * photo.part)
        told = _("{photo}: {percent} % sent").format(photo=name, percent=share)
        return card(
            [quiet(told), ft.ProgressBar(value=photo.part, bar_height=10, semantics_label=told)],
            key=f"sending-{photo.key}",
        )
    actions: list[ft.Control] = [body(photo.trouble, color=ft.Colors.ON_TERTIARY_CONTAINER)]
    if photo.again is not None:
        actions.append(
            other_button(
                _("Try again"), photo.again, key=f"again-{photo.key}", icon=ft.Icons.REFRESH
            )
        )
    actions.append(other_button(_("Leave this photo out"), forget, key=f"forget-{photo.key}"))
    return notice(
        _("{photo} was not added").format(photo=name), level="prompt", live=True, actions=actions
    )
