"""All entries, newest first, and one entry in full with its earlier versions."""

import asyncio

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card, notice
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.screens.patient.advice_card import seen_line, told_card
from diary_app.screens.patient.around import Around, go, places, use_around
from diary_app.screens.patient.sent import asked_id
from diary_app.state.advice import Advice
from diary_app.state.body import region_label
from diary_app.state.calendar import day_words
from diary_app.state.diary import EntryView, PhotoView
from diary_app.state.faults import NotInDiaryError
from diary_app.state.summary import Line, facts, told_lines
from diary_app.text import _
from diary_app.theme import BODY, ROUND, SMALL, look

# More than anybody scrolls through on a phone, few enough to draw at once.
SHOWN_AT_ONCE = 60


@screen_component
def History() -> ft.View:
    """Draw the list of entries."""
    around = use_around()
    shown, set_shown = ft.use_state(SHOWN_AT_ONCE)
    loaded = use_loaded(around.diary.history)
    use_topic(around.diary.topic, loaded.again)
    path = ft.use_route_location()
    ft.use_effect(loaded.again, [path])
    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    elif not loaded.value:
        content = [body(_("Here you will find your entries once you have saved one."))]
    else:
        content = [_row(entry) for entry in loaded.value[:shown]]
        if len(loaded.value) > shown:
            content.append(
                ft.OutlinedButton(
                    _("Show earlier entries"),
                    key="more",
                    height=56,
                    on_click=lambda: set_shown(lambda count: count + SHOWN_AT_ONCE),
                )
            )
    return framed(
        _("History"),
        content,
        route=routes.HISTORY,
        navigation=places(routes.HISTORY),
        back=False,
    )


def _row(entry: EntryView) -> ft.Control:
    seen = look(entry.level)
    words = [seen.patient_word()]
    if entry.kind == "reading":
        words.append(_("temperature only"))
    if entry.version > 1:
        words.append(corrected_words(entry.version - 1))
    known = " · ".join(facts(entry.answers)) or _("Nothing was answered")
    return ft.OutlinedButton(
        key=f"entry-{entry.id}",
        on_click=lambda: go(routes.history_day(entry.id)),
        style=ft.ButtonStyle(
            padding=14,
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            side=ft.BorderSide(1.5, ft.Colors.OUTLINE_VARIANT),
            shape=ft.RoundedRectangleBorder(radius=ROUND),
        ),
        content=ft.Row(
            [
                ft.Container(
                    ft.Icon(seen.icon, size=30, color=seen.ink),
                    bgcolor=seen.ground,
                    border_radius=ROUND,
                    padding=8,
                ),
                ft.Column(
                    [
                        ft.Text(
                            f"{day_words(entry.on)}, {entry.clock}",
                            size=BODY,
                            weight=ft.FontWeight.W_600,
                            color=ft.Colors.ON_SURFACE,
                        ),
                        ft.Text(" · ".join(words), size=SMALL, color=ft.Colors.ON_SURFACE),
                        ft.Text(known, size=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
                    ],
                    spacing=2,
                    expand=True,
                    tight=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=28),
            ],
            spacing=12,
        ),
    )


def corrected_words(times: int) -> str:
    """Return how often an entry was corrected."""
    return _("corrected once") if times == 1 else _("corrected {n} times").format(n=times)


@screen_component
def HistoryEntry() -> ft.View:
    """Draw one entry."""
    around = use_around()
    route = ft.use_view_path()
    wanted = ft.use_route_params().get("id", "")

    def read() -> tuple[EntryView, Advice]:
        view = around.diary.entry_view(asked_id(wanted))
        return view, around.diary.sent(view.id).advice

    loaded = use_loaded(read, [wanted])
    use_topic(around.diary.topic, loaded.again)
    entry, advice = loaded.value or (None, None)
    foot: list[ft.Control] = []
    if isinstance(loaded.error, NotInDiaryError):
        content: list[ft.Control] = [notice(str(loaded.error), level=None)]
    elif entry is None or advice is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        content = _content(entry, advice)
        foot = [_correct_button(around, entry)] if entry.can_correct else []
    title = _("Entry") if entry is None else day_words(entry.on)
    return framed(title, content, route=route, foot=foot)


def _correct_button(around: Around, entry: EntryView) -> ft.Control:
    async def correct() -> None:
        await asyncio.to_thread(around.diary.correct, entry.id)
        go(routes.ENTRY)

    return main_button(_("Correct this entry"), correct, key="correct", icon=ft.Icons.EDIT)


def _content(entry: EntryView, advice: Advice) -> list[ft.Control]:
    seen = look(entry.level)
    controls: list[ft.Control] = [
        heading(_("Entry of {day}").format(day=day_words(entry.on, year=True))),
        ft.Row(
            [ft.Icon(seen.icon, color=seen.ink, size=28), body(seen.patient_word(), strong=True)],
            spacing=10,
        ),
        seen_line(entry.clock, entry.seen),
    ]
    if not entry.can_correct:
        controls.append(notice(_("A newer version of this entry counts"), level="digest"))
    why = told_card(advice)
    if why is not None:
        controls.append(why)
    controls.append(_lines(entry))
    controls += [_photo(photo, n) for n, photo in enumerate(entry.photos, start=1)]
    if entry.earlier:
        controls.append(heading(corrected_words(len(entry.earlier)).capitalize(), 2))
        for number, version in enumerate(entry.earlier, start=1):
            controls.append(quiet(_("Version {n}, before it was corrected").format(n=number)))
            controls.append(_lines(version))
    return controls


def _lines(entry: EntryView) -> ft.Control:
    told = list(told_lines(entry.answers, entry.planned, entry.kind))
    if entry.answers.get("words"):
        told.append(Line("words", _("In your own words"), entry.answers["words"]))
    rows = [
        ft.Column([quiet(line.label), body(line.words, strong=True)], spacing=0) for line in told
    ]
    return card(rows or [body(_("Nothing was answered"))])


def _photo(photo: PhotoView, number: int) -> ft.Control:
    words = [photo.description] if photo.description else []
    if photo.region:
        words.insert(0, region_label(photo.region))
    return card(
        [
            ft.Image(
                src=routes.thumbnail(photo.id),
                height=200,
                fit=ft.BoxFit.CONTAIN,
                border_radius=ROUND,
                semantics_label=_("Photo {number}").format(number=number),
                error_content=quiet(_("The picture cannot be shown just now.")),
            ),
            *([quiet(" · ".join(words))] if words else ()),
        ]
    )
