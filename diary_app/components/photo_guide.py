"""How to take a good photo: four small drawings, open before the first, folded afterwards."""

from collections.abc import Callable, Mapping

import flet as ft
import flet.canvas as cv

from diary_app.components.buttons import other_button
from diary_app.components.heading import body
from diary_app.components.notice import card
from diary_app.state.photo_tips import Tip, tips
from diary_app.text import _

WIDTH, HEIGHT = 84.0, 64.0

_SKIN = "#e9c6a8"
_RED = "#c4423b"
_GROUND = "#eaf1f6"
_INK = "#2c333a"
_SUN = "#f2b632"
_GLASS = "#bfe0f2"
_COIN = "#c9a13b"


@ft.component
def PhotoGuide(*, is_first: bool) -> ft.Control:
    """Draw the rules, or the button that opens them.

    Args:
        is_first: No photo was ever added.
    """
    chosen: bool | None = None
    opened, set_opened = ft.use_state(chosen)
    if not (is_first if opened is None else opened):
        return other_button(
            _("How to take a good photo"),
            lambda: set_opened(True),
            key="guide-open",
            icon=ft.Icons.LIGHTBULB_OUTLINE,
        )
    close = other_button(_("Understood"), lambda: set_opened(False), key="guide-close")
    return card([*(_row(tip) for tip in tips()), close])


def _row(tip: Tip) -> ft.Control:
    drawing = ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            cv.Canvas([_rect(0, 0, WIDTH, HEIGHT, _GROUND), *_DRAWINGS[tip.picture]()],
                      width=WIDTH, height=HEIGHT),
            width=WIDTH,
            height=HEIGHT,
            border_radius=10,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ),
    )  # fmt: skip
    words = ft.Column([body(tip.title, strong=True), body(tip.words)], spacing=0, expand=True)
    return ft.Row([drawing, words], spacing=14, vertical_alignment=ft.CrossAxisAlignment.START)


def _fill(color: str) -> ft.Paint:
    return ft.Paint(style=ft.PaintingStyle.FILL, color=color)


def _pen(color: str, width: float = 2.5) -> ft.Paint:
    return ft.Paint(
        style=ft.PaintingStyle.STROKE,
        color=color,
        stroke_width=width,
        stroke_cap=ft.StrokeCap.ROUND,
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> cv.Shape:
    return cv.Rect(x, y, width, height, border_radius=4, paint=_fill(color))


def _spots(x: float, y: float) -> list[cv.Shape]:
    return [
        cv.Circle(x + dx, y + dy, radius, paint=_fill(_RED))
        for dx, dy, radius in ((0, 0, 4), (10, 5, 3), (4, 12, 3.5), (-7, 8, 2.5))
    ]


def _phone(x: float, y: float) -> list[cv.Shape]:
    return [_rect(x, y, 14, 26, _INK), cv.Circle(x + 7, y + 6, 2.5, paint=_fill(_GLASS))]


def _arrow(left: float, right: float, y: float) -> list[cv.Shape]:
    pen = _pen(_INK, 2)
    return [
        cv.Line(left, y, right, y, paint=pen),
        *(cv.Line(left, y, left + 5, y + rise, paint=pen) for rise in (-4, 4)),
        *(cv.Line(right, y, right - 5, y + rise, paint=pen) for rise in (-4, 4)),
    ]


def _light() -> list[cv.Shape]:
    bolt = [
        cv.Path.MoveTo(66, 8), cv.Path.LineTo(58, 22), cv.Path.LineTo(64, 22),
        cv.Path.LineTo(60, 34), cv.Path.LineTo(72, 18), cv.Path.LineTo(65, 18), cv.Path.Close(),
    ]  # fmt: skip
    return [
        _rect(8, 8, 32, 44, _GLASS),
        cv.Circle(28, 20, 7, paint=_fill(_SUN)),
        cv.Line(24, 8, 24, 52, paint=_pen(_INK, 2)),
        cv.Line(8, 30, 40, 30, paint=_pen(_INK, 2)),
        cv.Path(bolt, paint=_fill(_SUN)),
        cv.Line(54, 36, 76, 6, paint=_pen(_RED, 4)),
        _rect(50, 44, 30, 14, _SKIN),
        *_spots(64, 47)[:2],
    ]


def _distance() -> list[cv.Shape]:
    return [
        *_phone(6, 4),
        *_arrow(24, 60, 17),
        _rect(64, 4, 16, 26, _SKIN),
        *_phone(34, 36),
        *_arrow(51, 62, 49),
        _rect(64, 36, 16, 26, _SKIN),
        *(cv.Circle(72, y, 3, paint=_fill(_RED)) for y in (14, 22, 44, 54)),
    ]


def _size() -> list[cv.Shape]:
    return [
        _rect(6, 6, 72, 34, _SKIN),
        *_spots(28, 14),
        cv.Circle(58, 23, 11, paint=_fill(_COIN)),
        cv.Circle(58, 23, 8, paint=_pen("#8a6a1c", 1.5)),
        _rect(6, 46, 72, 12, "#ffffff"),
        *(cv.Line(12 + 8 * n, 46, 12 + 8 * n, 52, paint=_pen(_INK, 1.5)) for n in range(8)),
    ]


def _pose() -> list[cv.Shape]:
    shapes: list[cv.Shape] = []
    for left, ink in ((8, "#9aa5b0"), (46, _INK)):
        shapes += [
            cv.Circle(left + 15, 14, 7, paint=_fill(ink)),
            cv.Line(left + 15, 22, left + 15, 42, paint=_pen(ink, 7)),
            cv.Line(left + 15, 26, left + 28, 14, paint=_pen(ink, 4)),
            cv.Line(left + 15, 26, left + 4, 36, paint=_pen(ink, 4)),
            cv.Line(left + 15, 42, left + 9, 58, paint=_pen(ink, 4)),
            cv.Line(left + 15, 42, left + 21, 58, paint=_pen(ink, 4)),
        ]
    return shapes


_DRAWINGS: Mapping[str, Callable[[], list[cv.Shape]]] = {
    "light": _light,
    "distance": _distance,
    "size": _size,
    "pose": _pose,
}
