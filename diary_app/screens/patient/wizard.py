"""The entry being written: one question a screen, every answer kept at once."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button, other_button
from diary_app.components.frame import framed
from diary_app.components.heading import heading, quiet
from diary_app.components.notice import notice
from diary_app.ground.faults import report
from diary_app.screens.patient import (
    ask_contact,
    ask_danger,
    ask_doses,
    ask_itch,
    ask_photos,
    ask_rash,
    ask_regions,
    ask_symptoms,
    ask_temperature,
)
from diary_app.screens.patient.around import Around, go
from diary_app.screens.patient.ask_review import review
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.screens.patient.steering import Steering
from diary_app.state.diary import DraftView
from diary_app.state.draft_keeper import Keeping
from diary_app.state.entry_draft import EntryDraft, place, progress
from diary_app.state.faults import DiaryError
from diary_app.state.questions import REVIEW, PlannedDay
from diary_app.text import _

SHEETS: Mapping[str, Callable[[Asking], Sheet]] = {
    "temperature": ask_temperature.temperature,
    "site": ask_temperature.site,
    "medicine": ask_temperature.medicine,
    "itch": ask_itch.itch,
    "itch_extent": ask_itch.itch_extent,
    "itch_pattern": ask_itch.itch_pattern,
    "sleep": ask_itch.sleep,
    "rash": ask_rash.rash,
    "regions": ask_regions.regions,
    "handprints": ask_rash.handprints,
    "morphology": ask_rash.morphology,
    "photos": ask_photos.photos,
    "danger": ask_danger.danger,
    "eyelids": ask_symptoms.eyelids,
    "mouth": ask_symptoms.mouth,
    "eating": ask_symptoms.eating,
    "stools": ask_symptoms.stools,
    "nausea": ask_symptoms.nausea,
    "fatigue": ask_symptoms.fatigue,
    "limbs": ask_symptoms.limbs,
    "weight": ask_symptoms.weight,
    "adl": ask_itch.adl,
    "adl_due_to": ask_itch.adl_due_to,
    "imatinib": ask_doses.imatinib,
    "prednisolone": ask_doses.prednisolone,
    "contact": ask_contact.contact,
}


@dataclass(eq=False)
class Line:
    """The line that says whether the answers are kept, wherever it is drawn now."""

    follow: Callable[[Keeping], None] = lambda _now: None


ENDS = {"changed", "sent", "refused"}


@ft.component
def Wizard(around: Around, view: DraftView, route: str, reload: Callable[[], None]) -> ft.View:
    """Draw the open question of a draft.

    Args:
        view: The draft as it was read.
        reload: Reads the draft again, after another window changed it.
    """
    start = ft.use_memo(lambda: EntryDraft.from_content(view.content), [])
    draft, set_draft = ft.use_state(start)
    keeping, set_keeping = ft.use_state(Keeping("saved", view.saved_clock))
    busy, set_busy = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")
    photos, set_photos = ft.use_state(view.photos)
    line = ft.use_memo(Line, [])

    def tell(now: Keeping) -> None:
        # Every answer changes the line twice; only an end of keeping changes the screen.
        line.follow(now)
        set_keeping(lambda before: now if {now.condition, before.condition} & ENDS else before)

    steering = ft.use_memo(
        lambda: Steering(around.diary, view, around.bounce_seconds, set_draft, tell), []
    )
    question = place(draft, view.planned)

    async def load_photos() -> None:
        if question == REVIEW:
            set_photos(await asyncio.to_thread(around.diary.photos, view.id))

    ft.use_effect(load_photos, [question == REVIEW], cleanup=lambda: None)

    async def save() -> None:
        # A second tap comes before the button is drawn anew, or late, after a lost connection.
        if steering.is_sending:
            return
        set_busy(True)
        set_trouble("")
        try:
            outcome = await steering.send()
        except DiaryError as error:
            set_trouble(str(error))
        except Exception as error:
            report("an entry could not be saved", error)
            set_trouble(_("This could not be saved just now. Your answers are kept; try again."))
        else:
            if outcome == "not_kept" and steering.is_waiting:
                set_trouble(_("Not saved yet. Please check your connection and try again."))
            elif not isinstance(outcome, str):
                go(routes.sent(outcome))
        finally:
            set_busy(False)

    def back() -> None:
        if not steering.back(question):
            go(routes.HOME)

    if keeping.condition in {"changed", "sent"}:
        return _frame(draft, route, [_elsewhere(keeping, str(view.id), reload)], [], question)
    asking = Asking(
        question=question,
        draft=draft,
        planned=view.planned,
        clinic=around.clinic,
        diary=around.diary,
        draft_id=str(view.id),
        photos=photos,
        logged=view.doses,
        wide=around.wide,
        answer=partial(steering.answer, question),
        answer_on=partial(steering.answer_on, question),
        pass_on=partial(steering.pass_on, question),
        on=partial(steering.on, question),
        to_review=steering.to_review,
    )
    if question == REVIEW:
        sheet = review(asking, save, steering.open, busy=busy)
    else:
        sheet = SHEETS[question](asking)
    buttons: list[ft.Control] = [
        other_button(_("Back"), back, key="back", icon=ft.Icons.ARROW_BACK)
    ]
    if sheet.main is not None:
        sheet.main.expand = True
        buttons.append(sheet.main)
    return _frame(
        draft,
        route,
        [
            *_top(draft, view.planned, keeping, trouble, KeptLine(steering.keeping, line)),
            *_asked(sheet),
        ],
        [*sheet.foot, ft.Row(buttons, spacing=12)],
        question,
    )


def _top(
    draft: EntryDraft, planned: PlannedDay, keeping: Keeping, trouble: str, line: ft.Control
) -> list[ft.Control]:
    at_end = place(draft, planned) == REVIEW
    number, count = progress(draft, planned)
    told = (_("Last step") if at_end else _("Question {number} of {count}")).format(
        number=number, count=count
    )
    controls: list[ft.Control] = [
        ft.ProgressBar(
            value=1.0 if at_end else (number - 1) / max(count, 1),
            bar_height=8,
            border_radius=4,
            semantics_label=told,
        ),
        ft.Row(
            [quiet(told), line],
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            wrap=True,
        ),
    ]
    for sentence in (trouble, keeping.sentence if keeping.condition == "refused" else ""):
        if sentence:
            controls.append(notice(sentence, level="prompt", live=True))
    return controls


def _asked(sheet: Sheet) -> list[ft.Control]:
    hint = [quiet(sheet.hint)] if sheet.hint else []
    return [heading(sheet.title, live=True), *hint, *sheet.controls]


@ft.component
def KeptLine(now: Keeping, line: Line) -> ft.Control:
    """Draw whether the answers are kept; follows what is told to ``line``, alone."""
    keeping, set_keeping = ft.use_state(now)
    line.follow = set_keeping
    return kept_words(keeping)


def kept_words(keeping: Keeping) -> ft.Control:
    """Return whether the answers are on the disk, truthfully.

    Without a connection nothing here can change; then the page's own strip says what is not kept.
    """
    clock = keeping.clock
    icon, words = {
        "saved": (ft.Icons.CHECK, _("Kept at {clock} · not sent yet").format(clock=clock)),
        "saving": (ft.Icons.MORE_HORIZ, _("Keeping ...")),
        "waiting": (
            ft.Icons.SYNC_PROBLEM,
            _("Not kept since {clock} · trying again").format(clock=clock),
        ),
    }.get(
        keeping.condition,
        (ft.Icons.SYNC_PROBLEM, _("Not kept since {clock}").format(clock=clock)),
    )
    return ft.Semantics(
        container=True,
        content=ft.Row(
            [ft.Icon(icon, size=20, color=ft.Colors.ON_SURFACE_VARIANT), quiet(words)],
            spacing=6,
            tight=True,
        ),
    )


def _elsewhere(keeping: Keeping, entry_id: str, reload: Callable[[], None]) -> ft.Control:
    if keeping.condition == "sent":
        return notice(
            _("This entry was already saved at {clock} in another window.").format(
                clock=keeping.clock
            ),
            level="prompt",
            live=True,
            actions=[
                main_button(
                    _("Show what it means"), lambda: go(routes.sent(entry_id)), key="show-sent"
                )
            ],
        )
    return notice(
        _("This entry was changed in another window."),
        [_("What you see there is kept. Your last change here was not.")],
        level="prompt",
        live=True,
        actions=[main_button(_("Show the newest"), reload, key="show-newest")],
    )


def _frame(
    draft: EntryDraft,
    route: str,
    controls: list[ft.Control],
    foot: list[ft.Control],
    question: str,
) -> ft.View:
    title = _("Temperature") if draft.kind == "reading" else _("Your entry")
    close = ft.IconButton(
        ft.Icon(ft.Icons.CLOSE, size=28, semantics_label=_("Stop here and keep it for later")),
        on_click=lambda: go(routes.HOME),
        key="close",
    )
    return framed(
        title,
        controls,
        route=route,
        foot=foot,
        leading=close,
        body_key=f"question-{question}",
    )
