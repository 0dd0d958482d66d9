"""One entry in full, what the clinic did about it, and its earlier versions."""

import asyncio
from collections.abc import Callable

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button
from diary_app.components.clinic_answer import answer_card
from diary_app.components.entry_pictures import EntryPictures
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card, notice
from diary_app.components.past_entry import corrected_words
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.screens.patient.advice_card import seen_line, told_card
from diary_app.screens.patient.around import Around, go, use_around
from diary_app.screens.patient.sent import asked_id
from diary_app.state.advice import Advice
from diary_app.state.calendar import day_words
from diary_app.state.course import ClinicAnswer
from diary_app.state.diary import EntryView
from diary_app.state.faults import AnswerRefusedError, NotInDiaryError
from diary_app.state.summary import Line, told_lines
from diary_app.text import _
from diary_app.theme import look


@screen_component
def HistoryEntry() -> ft.View:
    """Draw one entry."""
    around = use_around()
    route = ft.use_view_path()
    wanted = ft.use_route_params().get("id", "")

    def read() -> tuple[EntryView, Advice, ClinicAnswer | None]:
        view = around.diary.entry_view(asked_id(wanted))
        answer = around.diary.course.answer_about(view.id)
        return view, around.diary.sent(view.id).advice, answer

    loaded = use_loaded(read, [wanted])
    use_topic(around.diary.topic, loaded.again)
    entry, advice, answer = loaded.value or (None, None, None)
    refused, set_refused = ft.use_state("")
    foot: list[ft.Control] = []
    if isinstance(loaded.error, NotInDiaryError):
        content: list[ft.Control] = [notice(str(loaded.error), level=None)]
    elif entry is None or advice is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        content = _content(around, entry, advice, answer)
        if refused:
            content = [notice(refused, level=None), *content]
        foot = [_correct_button(around, entry, set_refused)] if entry.can_correct else []
    title = _("Entry") if entry is None else day_words(entry.on)
    return framed(title, content, route=route, foot=foot)


def _correct_button(around: Around, entry: EntryView, refuse: Callable[[str], None]) -> ft.Control:
    async def correct() -> None:
        try:
            await asyncio.to_thread(around.diary.correct, entry.id)
        except AnswerRefusedError as error:
            refuse(str(error))
        else:
            go(routes.ENTRY)

    return main_button(_("Correct this entry"), correct, key="correct", icon=ft.Icons.EDIT)


def _content(
    around: Around, entry: EntryView, advice: Advice, answer: ClinicAnswer | None
) -> list[ft.Control]:
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
    if answer is not None:
        controls.append(answer_card(answer, title=_("From your clinic")))
    controls.append(_lines(entry))
    if entry.photos:
        controls.append(EntryPictures(around.diary.pictures, around.diary.topic, entry.id))
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
