"""A figure to touch: one canvas for eye and finger, named nodes below it for screen readers."""

from collections.abc import Callable, Mapping

import flet as ft
import flet.canvas as cv

from diary_app.ground.controls import Sem
from diary_app.state.body import (
    FIGURES,
    HEIGHT,
    WIDTH,
    Outline,
    amount_label,
    region_label,
    touched,
)
from diary_app.text import _

_FILLS = {
    "none": ft.Colors.SURFACE_CONTAINER_HIGHEST,
    "few_spots": "#f6d5a8",
    "quarter": "#efb06a",
    "half": "#e07b39",
    "three_quarters": "#bf3b2b",
    "all": "#7d1020",
}


def body_map(
    side: str,
    regions: Mapping[str, str],
    pick: Callable[[str], None],
    *,
    scale: float,
    open_region: str | None = None,
) -> ft.Control:
    """Return one figure.

    Args:
        side: ``front`` or ``back``.
        regions: Amount by region, as far as marked.
        pick: Called with the region that was touched.
        scale: Pixels per unit; the figure is 200 by 400 units.
        open_region: Drawn with a thick outline.
    """
    outlines = FIGURES[side]

    def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position is None:
            return
        region = touched(side, event.local_position.x / scale, event.local_position.y / scale)
        if region is not None:
            pick(region)

    shapes: list[cv.Shape] = []
    for key, outline in outlines.items():
        shapes += _drawn(outline, regions.get(key, "none"), scale, strong=key == open_region)
    return ft.Stack(
        [
            *(
                _node(key, outline, regions.get(key, "none"), pick, scale)
                for key, outline in outlines.items()
            ),
            ft.GestureDetector(
                on_tap_down=tap,
                exclude_from_semantics=True,
                key=f"map-{side}",
                content=cv.Canvas(shapes, width=WIDTH * scale, height=HEIGHT * scale),
            ),
        ],
        width=WIDTH * scale,
        height=HEIGHT * scale,
    )


def _drawn(outline: Outline, amount: str, scale: float, *, strong: bool) -> list[cv.Shape]:
    (first_x, first_y), *others = outline
    path: list[cv.Path.PathElement] = [
        cv.Path.MoveTo(first_x * scale, first_y * scale),
        *(cv.Path.LineTo(x * scale, y * scale) for x, y in others),
        cv.Path.Close(),
    ]
    line = ft.Colors.PRIMARY if strong else ft.Colors.OUTLINE
    return [
        cv.Path(path, paint=ft.Paint(style=ft.PaintingStyle.FILL, color=_FILLS[amount])),
        cv.Path(
            path,
            paint=ft.Paint(
                style=ft.PaintingStyle.STROKE, stroke_width=4 if strong else 1.5, color=line
            ),
        ),
    ]


def _node(
    key: str, outline: Outline, amount: str, pick: Callable[[str], None], scale: float
) -> ft.Control:
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    return ft.Container(
        left=min(xs) * scale,
        top=min(ys) * scale,
        content=Sem(
            key=f"region-{key}",
            label=_("{region}: {amount}").format(
                region=region_label(key), amount=amount_label(amount).lower()
            ),
            identifier=f"region-{key}",
            button=True,
            selected=amount != "none",
            container=True,
            on_click=lambda: pick(key),
            content=ft.Container(
                width=(max(xs) - min(xs)) * scale, height=(max(ys) - min(ys)) * scale
            ),
        ),
    )
