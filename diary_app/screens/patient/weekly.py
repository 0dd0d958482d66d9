"""The weekly questions: one a screen, word for word, a last look, then sent."""

from collections.abc import Callable
from functools import partial

import flet as ft

from diary_app import routes
from diary_app.components.buttons import Act, main_button, other_button
from diary_app.components.choices import Choice, one_of
from diary_app.components.frame import framed
from diary_app.components.heading import heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import notice
from diary_app.ground.boundary import screen_component
from diary_app.ground.faults import report
from diary_app.screens.patient.around import Around, go, use_around
from diary_app.screens.patient.weekly_card import alerts_nobody, only_in_english
from diary_app.screens.patient.weekly_steering import WeeklySteering
from diary_app.screens.patient.wizard import kept_words
from diary_app.state.draft_keeper import Keeping
from diary_app.state.faults import DiaryError
from diary_app.state.weekly import REVIEW, WeeklyAnswers, WeeklyDraftView, WeeklyQuestion
from diary_app.text import _
from diary_app.theme import BODY, SMALL

NOT_YET: WeeklyDraftView | None = None


@screen_component
def WeeklyScreen() -> ft.View:
    """Draw the weekly answers where the patient left them."""
    around = use_around()
    route = ft.use_view_path()
    loaded = use_loaded(lambda: (around.diary.weekly.begin(),))
    if loaded.value is None:
        content = waiting() if loaded.error is None else could_not_read(loaded.again)
        return framed(_("Weekly questions"), [content], route=route)
    (view,) = loaded.value
    if view is None:
        return framed(
            _("Weekly questions"),
            [notice(_("The weekly questions are not due today."), level="none")],
            route=route,
            foot=[main_button(_("To the first page"), lambda: go(routes.HOME), key="home")],
        )
    mark = f"{view.id}-{view.revision}"
    return WeeklyWizard(around, view, route, loaded.again, key=mark)  # type: ignore[call-arg]


@ft.component
def WeeklyWizard(
    around: Around, view: WeeklyDraftView, route: str, reload: Callable[[], None]
) -> ft.View:
    """Draw the open question.

    Args:
        view: The answers as they were read.
        reload: Reads them again, after another window changed them.
    """
    start = ft.use_memo(lambda: WeeklyAnswers.from_content(view.content), [])
    answers, set_answers = ft.use_state(start)
    keeping, set_keeping = ft.use_state(Keeping("saved", view.saved_clock))
    busy, set_busy = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")
    steering = ft.use_memo(
        lambda: WeeklySteering(
            around.diary.weekly, view, around.bounce_seconds, set_answers, set_keeping
        ),
        [],
    )
    codes = tuple(question.code for question in view.questions)
    place = answers.place(codes)

    async def send() -> None:
        if steering.is_sending:
            return
        set_busy(True)
        set_trouble("")
        try:
            outcome = await steering.send()
        except DiaryError as error:
            set_trouble(str(error))
        except Exception as error:
            report("weekly answers could not be sent", error)
            set_trouble(_("This could not be sent just now. Your answers are kept; try again."))
        else:
            if outcome == "not_kept":
                set_trouble(_("Not sent yet. Please check your connection and try again."))
            elif outcome == "sent":
                go(routes.WEEKLY_SENT)
        finally:
            set_busy(False)

    def back() -> None:
        if not steering.back():
            go(routes.HOME)

    if keeping.condition in {"changed", "sent"}:
        return _frame(route, [_elsewhere(keeping, reload)], [], place)
    buttons: list[ft.Control] = [
        other_button(_("Back"), back, key="back", icon=ft.Icons.ARROW_BACK)
    ]
    if place == REVIEW:
        asked = _review(around, view, answers, steering.open)
        main = main_button(
            _("Sending...") if busy else _("Send"),
            send,
            key="weekly-send",
            icon=ft.Icons.SEND,
            disabled=busy,
        )
    else:
        question = view.questions[codes.index(place)]
        asked = _question(view, question, answers, steering)
        main = other_button(
            _("Leave out"), partial(steering.answer, place, None), key="weekly-pass"
        )
    main.expand = True
    return _frame(
        route,
        [*_top(codes, place, keeping, trouble), *asked, quiet(view.owner)],
        [ft.Row([*buttons, main], spacing=12)],
        place,
    )


def _question(
    view: WeeklyDraftView,
    question: WeeklyQuestion,
    answers: WeeklyAnswers,
    steering: WeeklySteering,
) -> list[ft.Control]:
    first = question.code == view.questions[0].code
    return [
        *(only_in_english() if first else []),
        *([quiet(view.instructions)] if first else []),
        heading(question.text, live=True),
        one_of(
            [Choice(f"answer-{score}", words, score) for score, words in question.responses],
            answers.answers.get(question.code),
            partial(steering.answer, question.code),
        ),
    ]


def _review(
    around: Around, view: WeeklyDraftView, answers: WeeklyAnswers, change: Act
) -> list[ft.Control]:
    return [
        heading(_("Please check"), live=True),
        quiet(_("Touch a line to change it.")),
        ft.Column(
            [_line(question, answers.answers.get(question.code), change)
             for question in view.questions],
            spacing=6,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        *alerts_nobody(around.clinic),
    ]  # fmt: skip


def _line(question: WeeklyQuestion, score: int | None, change: Act) -> ft.Control:
    words = _("Not answered") if score is None else question.words(score)
    return ft.OutlinedButton(
        key=f"review-{question.code}",
        on_click=partial(change, question.code),
        content=ft.Container(
            ft.Row(
                [
                    ft.Column(
                        [
                            ft.Text(question.text, size=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
                            ft.Text(
                                words,
                                size=BODY,
                                weight=ft.FontWeight.W_600,
                                color=ft.Colors.TERTIARY if score is None else ft.Colors.ON_SURFACE,
                            ),
                        ],
                        spacing=2,
                        expand=True,
                        tight=True,
                    ),
                    ft.Icon(ft.Icons.EDIT_OUTLINED, size=22),
                ]
            ),
            padding=ft.Padding.symmetric(vertical=6),
        ),
        style=ft.ButtonStyle(
            padding=ft.Padding.symmetric(horizontal=14, vertical=4),
            side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            shape=ft.RoundedRectangleBorder(radius=12),
        ),
    )


def _top(codes: tuple[str, ...], place: str, keeping: Keeping, trouble: str) -> list[ft.Control]:
    at_end = place == REVIEW
    number = len(codes) if at_end else codes.index(place) + 1
    told = (_("Last step") if at_end else _("Question {number} of {count}")).format(
        number=number, count=len(codes)
    )
    controls: list[ft.Control] = [
        ft.ProgressBar(
            value=1.0 if at_end else (number - 1) / len(codes),
            bar_height=8,
            border_radius=4,
            semantics_label=told,
        ),
        ft.Row(
            [quiet(told), kept_words(keeping)],
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            wrap=True,
        ),
    ]
    for sentence in (trouble, keeping.sentence if keeping.condition == "refused" else ""):
        if sentence:
            controls.append(notice(sentence, level="prompt", live=True))
    return controls


def _elsewhere(keeping: Keeping, reload: Callable[[], None]) -> ft.Control:
    if keeping.condition == "sent":
        return notice(
            _("These answers were already sent at {clock}.").format(clock=keeping.clock),
            level="digest",
            live=True,
            actions=[main_button(_("To the first page"), lambda: go(routes.HOME), key="home")],
        )
    return notice(
        _("These answers were changed in another window."),
        [_("What you see there is kept. Your last change here was not.")],
        level="prompt",
        live=True,
        actions=[main_button(_("Show the newest"), reload, key="show-newest")],
    )


def _frame(route: str, controls: list[ft.Control], foot: list[ft.Control], place: str) -> ft.View:
    close = ft.IconButton(
        ft.Icon(ft.Icons.CLOSE, size=28, semantics_label=_("Stop here and keep it for later")),
        on_click=lambda: go(routes.HOME),
        key="close",
    )
    return framed(
        _("Weekly questions"),
        controls,
        route=route,
        foot=foot,
        leading=close,
        body_key=f"weekly-{place}",
    )
