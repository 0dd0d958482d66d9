"""A figure to touch: pictures for the eye, named nodes below them for screen readers."""

from collections.abc import Callable, Mapping

import flet as ft
import flet.canvas as cv

from diary_app.components.body_pictures import Place, figure_layers
from diary_app.ground.controls import Sem
from diary_app.state.body import named
from diary_app.state.figure import FIGURES, SLOP, WHOLE, Point, touched
from diary_app.text import _
from diary_app.theme import TARGET

_INK = ft.Colors.ON_SURFACE_VARIANT
# Names beside the whole figure: where the name ends, and where its line ends; units.
_BESIDE: Mapping[str, tuple[Point, float]] = {
    "upper_arm": ((12, 112), 45),
    "forearm": ((12, 172), 32.5),
    "hand": ((12, 232), 18),
    "thigh": ((12, 274), 64),
    "lower_leg": ((12, 330), 65),
    "foot": ((12, 388), 63.5),
}
_NAME_SIZE = 14


def body_map(
    side: str,
    regions: Mapping[str, str],
    pick: Callable[[str], None],
    place: Place,
    *,
    touch: Callable[[str], None] | None = None,
    open_region: str = "",
) -> ft.Control:
    """Return one figure, or a part of it shown large.

    Args:
        side: ``front`` or ``back``.
        regions: Amount by region, as far as marked.
        pick: Called with the region that was chosen by name.
        touch: Called with the region that was touched; None = as ``pick``.
        open_region: Drawn with a thick outline.
    """

    def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position is None:
            return
        x, y = place.point(event.local_position.x, event.local_position.y)
        # A finger is as wide on a large picture, so that it covers less of the body there.
        region = touched(side, x, y, SLOP / max(1.0, place.scale))
        if region is not None:
            (touch or pick)(region)

    return ft.Container(
        width=place.width,
        height=place.height,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
        border_radius=0 if place.window == WHOLE else 14,
        content=ft.Stack(
            [
                *(
                    _node(key, box, regions.get(key, "none"), pick)
                    for key, outline in FIGURES[side].items()
                    if (box := place.box(outline)) is not None
                ),
                *figure_layers(side, regions, place, strong=open_region),
                _Written(side, place, frozenset(regions)),
                ft.GestureDetector(
                    on_tap_down=tap,
                    exclude_from_semantics=True,
                    key=f"map-{side}",
                    content=ft.Container(width=place.width, height=place.height),
                ),
            ],
            width=place.width,
            height=place.height,
        ),
    )


@ft.component
def _words(side: str, place: Place, covered: frozenset[str]) -> ft.Control:
    """Write the names; a region that is marked is not written on."""
    draw = _names if place.window == WHOLE else _large_names
    return ft.Semantics(
        exclude_semantics=True,
        content=cv.Canvas(draw(side, place, covered), width=place.width, height=place.height),
    )


_Written = ft.memo(_words)  # type: ignore[no-untyped-call]


def short_names() -> dict[str, str]:
    """Return the parts of a body in a word or two, without left and right."""
    return {
        "head_front": _("Face"),
        "head_back": _("Back of the head"),
        "neck": _("Neck"),
        "trunk_front": _("Chest and belly"),
        "trunk_back": _("Back"),
        "buttock": _("Buttock"),
        "genital": _("Genital area"),
        "upper_arm": _("Upper arm"),
        "forearm": _("Forearm"),
        "hand": _("Hand"),
        "thigh": _("Thigh"),
        "lower_leg": _("Lower leg"),
        "foot": _("Foot"),
    }


def _short(key: str) -> str:
    names = short_names()
    return next(names[part] for part in names if key.startswith(part))


def _names(side: str, place: Place, covered: frozenset[str]) -> list[cv.Shape]:
    if not place.margin:
        return []
    near, far = (_("Your right"), _("Your left"))
    if side == "back":
        near, far = far, near
    shapes = [
        _word(near, (place.margin * 0.1, 2), ft.Alignment.TOP_LEFT, weight=ft.FontWeight.W_600),
        _word(
            far,
            (place.width - place.margin * 0.1, 2),
            ft.Alignment.TOP_RIGHT,
            weight=ft.FontWeight.W_600,
        ),
    ]
    for part, (end, edge) in _BESIDE.items():
        x, y = place.at(end)
        shapes.append(_word(short_names()[part], (x, y), ft.Alignment.CENTER_RIGHT))
        shapes.append(
            cv.Line(
                x + 4,
                y,
                place.at((edge, end[1]))[0],
                y,
                paint=ft.Paint(color=ft.Colors.OUTLINE, stroke_width=1),
            )
        )
    trunk = f"trunk_{side}"
    if trunk not in covered:
        middle, width = place.at((100, 104 if side == "front" else 140)), 62 * place.scale
        shapes.append(_word(_short(trunk), middle, ft.Alignment.CENTER, width=width))
    return shapes


def _large_names(side: str, place: Place, covered: frozenset[str]) -> list[cv.Shape]:
    shapes: list[cv.Shape] = []
    for key, outline in FIGURES[side].items():
        box = place.box(outline)
        if (
            box is None
            or key in covered
            or not key.startswith(("head", "neck", "hand", "genital", "foot"))
        ):
            continue
        left, top, width, height = box
        down = {"head_front": 0.2, "genital": 0.36}.get(key, 0.5)
        shapes.append(
            _word(
                _short(key),
                (left + width / 2, top + height * down),
                ft.Alignment.CENTER,
                size=14 if key == "genital" else 16,
                width=width,
            )
        )
    return shapes


def _word(
    word: str,
    at: Point,
    alignment: ft.Alignment,
    *,
    size: int = _NAME_SIZE,
    weight: ft.FontWeight | None = None,
    width: float | None = None,
) -> cv.Shape:
    return cv.Text(
        at[0],
        at[1],
        word,
        style=ft.TextStyle(size=size, color=_INK, weight=weight, height=1.15),
        alignment=alignment,
        text_align=ft.TextAlign.CENTER,
        max_width=width or float("inf"),
    )


def _node(
    key: str,
    box: tuple[float, float, float, float],
    amount: str,
    pick: Callable[[str], None],
) -> ft.Control:
    left, top, width, height = box
    # At least as large as a target has to be, around the same middle.
    more_x, more_y = max(0.0, TARGET - width) / 2, max(0.0, TARGET - height) / 2
    return ft.Container(
        left=left - more_x,
        top=top - more_y,
        content=Sem(
            key=f"region-{key}",
            label=named(key, amount),
            identifier=f"region-{key}",
            button=True,
            selected=amount != "none",
            container=True,
            on_click=lambda: pick(key),
            content=ft.Container(width=width + 2 * more_x, height=height + 2 * more_y),
        ),
    )
