"""The figure of a course under a finger or a mouse: a day in words, days to zoom to, photos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import flet as ft
from flet import canvas

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import FINE, button, fine, text
from diary_app.components.care_photo import picture_path
from diary_app.exports.bundle import PhotoLine
from diary_app.exports.code_words import region_words
from diary_app.figures.axis import DayAxis
from diary_app.figures.canvas import to_canvas
from diary_app.figures.palette import Palette
from diary_app.figures.photo_lane import TARGET as PHOTO_TARGET
from diary_app.figures.photo_lane import PhotoMark
from diary_app.figures.read_out import DayTold, ReadOut
from diary_app.figures.timeline import Drawn
from diary_app.figures.window import day_at
from diary_app.figures.wording import day_words
from diary_app.ground.controls import Sem
from diary_app.text import _, _n

CARD_WIDTH = 320.0
# What a finger meets, in pixels.
TOUCH = 48.0
_BESIDE = 14.0
# A drag shorter than this is a finger that trembles.
_SHORTEST_DRAG = 12.0


@dataclass(frozen=True)
class _At:
    """The day that is read: where it was pointed at, and whether it stays when the mouse goes."""

    on: date
    x: float
    y: float
    stays: bool = False
    photos: tuple[PhotoLine, ...] = ()


@keyed
def DayReader(
    made: Drawn,
    told: ReadOut,
    palette: Palette,
    zoom: Callable[[date, date], None],
    enlarge: Callable[[str], None],
) -> ft.Control:
    """Show a figure; pointing at a day tells it in words, dragging across days zooms to them."""
    nowhere: _At | None = None
    nothing: tuple[float, float] | None = None
    at, set_at = ft.use_state(nowhere)
    drag, set_drag = ft.use_state(nothing)
    axis, figure = made.axis, made.figure
    if drag is not None or (at is not None and not axis.first_on <= at.on <= axis.last_on):
        at = None

    def place(position: ft.Offset | None) -> tuple[float, float] | None:
        if position is None or not axis.left <= position.x <= axis.right:
            return None
        return float(position.x), float(position.y)

    def hover(event: ft.HoverEvent[ft.GestureDetector]) -> None:
        where = place(event.local_position)
        if where is None or drag is not None or (at is not None and at.stays):
            return
        on = day_at(axis, where[0])
        if at is None or at.on != on:
            set_at(_At(on, *where))

    def leave() -> None:
        set_at(lambda before: before if before is not None and before.stays else None)

    def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        where = place(event.local_position)
        if where is None:
            set_at(None)
            return
        set_at(_At(day_at(axis, where[0]), *where, stays=True))

    def step(days: int) -> None:
        def moved(before: _At | None) -> _At | None:
            if before is None:
                return None
            on = min(axis.last_on, max(axis.first_on, before.on + timedelta(days=days)))
            return replace(before, on=on, x=axis.middle(on), photos=())

        set_at(moved)

    def open_mark(mark: PhotoMark) -> None:
        if len(mark.photos) == 1:
            enlarge(picture_path(mark.photos[0].id))
            return
        on = mark.photos[-1].taken_on
        set_at(_At(on, axis.middle(on), mark.y, stays=True, photos=mark.photos))

    layers: list[ft.Control] = [_Chart(made, palette)]
    if at is not None:
        layers.append(_line(axis.middle(at.on), made, palette))
    if drag is not None:
        layers.append(_shade(drag, made))
    layers.append(_days(made, hover, leave, tap, _Dragging(axis, drag, set_drag, zoom)))
    layers += [_photo_target(mark, open_mark) for mark in made.photos]
    if at is not None:
        card = _card(told.told(at.on), at, enlarge, step, lambda: set_at(None))
        layers.append(_beside(card, at, figure.width, figure.height))
    first = _At(axis.last_on, axis.middle(axis.last_on), made.top + TOUCH, stays=True)
    return ft.Column(
        [
            _head(lambda: set_at(first)),
            ft.Row(
                [ft.Stack(layers, width=figure.width, height=figure.height)],
                scroll=ft.ScrollMode.AUTO,
            ),
        ],
        spacing=6,
    )


def _head(read: Callable[[], None]) -> ft.Control:
    return ft.Row(
        [
            button(_("Day by day"), read, key="day-by-day", icon=ft.Icons.CALENDAR_TODAY),
            fine(_("Point at a day to read it. Drag across days to see only those.")),
        ],
        wrap=True,
        spacing=12,
        run_spacing=4,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _days(
    made: Drawn,
    hover: Callable[[ft.HoverEvent[ft.GestureDetector]], None],
    leave: Callable[[], None],
    tap: Callable[[ft.TapEvent[ft.GestureDetector]], None],
    drag: "_Dragging",
) -> ft.Control:
    return ft.GestureDetector(
        key="course-days",
        exclude_from_semantics=True,
        mouse_cursor=ft.MouseCursor.PRECISE,
        hover_interval=40,
        drag_interval=40,
        on_hover=hover,
        on_exit=leave,
        on_tap_up=tap,
        on_horizontal_drag_start=drag.begin,
        on_horizontal_drag_update=drag.go_on,
        on_horizontal_drag_end=drag.end,
        content=ft.Container(width=made.figure.width, height=made.bottom),
    )


@dataclass(frozen=True)
class _Dragging:
    """A stretch of the axis under a finger or mouse, in pixels, and what happens at its end."""

    axis: DayAxis
    shown: tuple[float, float] | None
    show: Callable[..., None]
    zoom: Callable[[date, date], None]

    def begin(self, event: ft.DragStartEvent[ft.GestureDetector]) -> None:
        """Begin where the finger is."""
        x = self._held(event.local_position)
        self.show((x, x))

    def go_on(self, event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        """Follow the finger."""
        x = self._held(event.local_position)
        self.show(lambda before: None if before is None else (before[0], x))

    def end(self) -> None:
        """Zoom to the days, when there are some."""
        if self.shown is not None and abs(self.shown[1] - self.shown[0]) >= _SHORTEST_DRAG:
            self.zoom(day_at(self.axis, self.shown[0]), day_at(self.axis, self.shown[1]))
        self.show(None)

    def _held(self, position: ft.Offset) -> float:
        return min(self.axis.right, max(self.axis.left, float(position.x)))


@ft.component
def _chart(made: Drawn, palette: Palette) -> ft.Control:
    """Draw the figure itself; nothing of it changes while a day is read."""
    figure = made.figure
    return ft.Semantics(
        container=True,
        image=True,
        exclude_semantics=True,
        label=figure.description,
        content=ft.Container(
            canvas.Canvas(to_canvas(figure, palette), width=figure.width, height=figure.height),
            bgcolor=palette["background"],
        ),
    )


_Chart = ft.memo(_chart)  # type: ignore[no-untyped-call]


def _line(x: float, made: Drawn, palette: Palette) -> ft.Control:
    return ft.Container(
        left=x - 0.75,
        top=made.top,
        width=1.5,
        height=made.bottom - made.top,
        bgcolor=palette["text"],
        ignore_interactions=True,
    )


def _shade(drag: tuple[float, float], made: Drawn) -> ft.Control:
    return ft.Container(
        left=min(drag),
        top=made.top,
        width=abs(drag[1] - drag[0]),
        height=made.bottom - made.top,
        bgcolor=ft.Colors.with_opacity(0.25, ft.Colors.PRIMARY),
        ignore_interactions=True,
    )


def _photo_target(mark: PhotoMark, open_mark: Callable[[PhotoMark], None]) -> ft.Control:
    days = list(dict.fromkeys(day_words(photo.taken_on) for photo in mark.photos))
    words = _n("Open {n} photo of {days}", "Open {n} photos of {days}", len(mark.photos)).format(
        n=len(mark.photos), days=", ".join(days)
    )
    return ft.Container(
        left=mark.x - PHOTO_TARGET / 2,
        top=mark.y - PHOTO_TARGET / 2,
        content=Sem(
            key=f"mark-{mark.photos[0].id}",
            label=words,
            button=True,
            container=True,
            exclude_semantics=True,
            on_click=lambda: open_mark(mark),
            content=ft.GestureDetector(
                key=f"mark-touch-{mark.photos[0].id}",
                exclude_from_semantics=True,
                mouse_cursor=ft.MouseCursor.CLICK,
                on_tap=lambda: open_mark(mark),
                content=ft.Container(width=PHOTO_TARGET, height=PHOTO_TARGET, tooltip=words),
            ),
        ),
    )


def _beside(card: ft.Control, at: _At, width: float, height: float) -> ft.Control:
    """Return the card near the day, on the side where there is more room."""
    room = min(CARD_WIDTH, width - 8)
    left = at.x + _BESIDE if at.x < width / 2 else at.x - _BESIDE - room
    held = min(max(0.0, left), width - room)
    if at.y < height / 2:
        return ft.Container(card, left=held, top=at.y + _BESIDE, width=room)
    return ft.Container(card, left=held, bottom=height - at.y + _BESIDE, width=room)


def _card(
    day: DayTold,
    at: _At,
    enlarge: Callable[[str], None],
    step: Callable[[int], None],
    close: Callable[[], None],
) -> ft.Control:
    lines: list[ft.Control] = [text(day.heading, strong=True)]
    if day.since_step:
        lines.append(ft.Text(day.since_step, size=FINE, weight=ft.FontWeight.W_600))
    lines += [ft.Text(line, size=FINE) for line in day.lines]
    inside: list[ft.Control] = [
        ft.Semantics(
            container=True,
            live_region=True,
            exclude_semantics=True,
            label=day.sentence,
            content=ft.Column(lines, spacing=3, tight=True),
        )
    ]
    if at.stays:
        inside += _photo_buttons(at.photos or day.photos, enlarge)
        inside.append(
            ft.Row(
                [
                    _icon(ft.Icons.CHEVRON_LEFT, _("The day before"), "day-before", step, -1),
                    _icon(ft.Icons.CHEVRON_RIGHT, _("The day after"), "day-after", step, 1),
                    ft.TextButton(_("Close"), key="day-close", height=TOUCH, on_click=close),
                ],
                spacing=4,
                tight=True,
            )
        )
    return ft.Container(
        key="day-read",
        padding=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE),
        border_radius=10,
        ignore_interactions=not at.stays,
        content=ft.Column(inside, spacing=6, tight=True),
    )


def _icon(
    icon: ft.IconData, words: str, key: str, step: Callable[[int], None], days: int
) -> ft.Control:
    return ft.IconButton(
        ft.Icon(icon, semantics_label=words),
        key=key,
        tooltip=words,
        width=TOUCH,
        height=TOUCH,
        on_click=lambda: step(days),
    )


def _photo_buttons(photos: Sequence[PhotoLine], enlarge: Callable[[str], None]) -> list[ft.Control]:
    return [
        ft.TextButton(
            ft.Text(
                _("Photo of {day}: {place}").format(
                    day=day_words(photo.taken_on),
                    place=_("place not said")
                    if photo.region is None
                    else region_words(photo.region),
                ),
                size=FINE,
            ),
            key=f"open-photo-{photo.id}",
            icon=ft.Icons.PHOTO,
            height=TOUCH,
            on_click=partial(enlarge, picture_path(photo.id)),
        )
        for photo in photos
    ]
