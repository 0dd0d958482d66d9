"""Doses: what was taken today beside what is planned."""

from collections.abc import Callable

import flet as ft

from diary_app.components.buttons import main_button
from diary_app.components.choices import Choice, one_of
from diary_app.components.fields import edge
from diary_app.components.heading import body, quiet
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.dose_words import said_words
from diary_app.state.doses import IN_LOG
from diary_app.text import _
from diary_app.theme import BODY


def imatinib(asking: Asking) -> Sheet:
    """Ask for today's imatinib."""
    planned = asking.planned.imatinib_mg
    return Sheet(
        title=_("Imatinib today"),
        hint=_("Planned: {plan}").format(
            plan=wording.planned_words(planned, off_day=asking.planned.off_day)
        ),
        controls=(DoseQuestion(asking, "imatinib", "imatinib_mg_taken", planned),),
    )


def prednisolone(asking: Asking) -> Sheet:
    """Ask for today's prednisolone."""
    planned = asking.planned.prednisolone_mg
    return Sheet(
        title=_("Prednisolone today"),
        hint=_("Planned: {dose} today").format(dose=wording.milligrams(planned or 0)),
        controls=(DoseQuestion(asking, "prednisolone", "prednisolone_mg_taken", planned),),
    )


@ft.component
def DoseQuestion(asking: Asking, question: str, column: str, planned: float | None) -> ft.Control:
    """Draw the answers; the amount is typed only when it differs."""
    typed, set_typed = ft.use_state("")
    complaint, set_complaint = ft.use_state("")
    taken = asking.value(column)
    differs = taken is not None and taken not in {planned, 0}
    other, set_other = ft.use_state(differs)

    def take(milligrams: float) -> None:
        asking.answer_on(**{column: milligrams})

    def pick(answer: object) -> None:
        match answer:
            case "planned":
                take(planned or 0.0)
            case "none":
                take(0.0)
            case "not_yet":
                asking.pass_on("not_yet")
            case "logged":
                asking.pass_on(IN_LOG)
            case _:
                set_other(True)

    def go_on() -> None:
        milligrams = wording.read_milligrams(typed)
        if milligrams is None:
            set_complaint(_("Please type a number of milligrams, for example 100."))
        else:
            take(milligrams)

    said = asking.logged.get(question)
    controls: list[ft.Control] = [
        *(
            [quiet(_("In your dose log: {said}").format(said=said_words(said)))]
            if said is not None
            else []
        ),
        one_of(
            [*_logged(asking, question), *_choices(question, planned)],
            _picked(asking, question, taken, planned, other),
            pick,
        ),
    ]
    if other:
        controls += _amount_field(
            question,
            typed or (wording.amount(taken) if differs else ""),
            complaint,
            set_typed,
            go_on,
        )
    return ft.Column(controls, spacing=16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _logged(asking: Asking, question: str) -> list[Choice]:
    """Return the answer that the dose log gives without an amount."""
    if asking.draft.settled.get(question) != IN_LOG:
        return []
    return [Choice(f"{question}-logged", _("As you logged it: vomited after it"), "logged")]


def _choices(question: str, planned: float | None) -> list[Choice]:
    if planned is None:
        return [
            Choice(f"{question}-none", _("None today"), "none"),
            Choice(f"{question}-other", _("I took some"), "other"),
            Choice(f"{question}-not-yet", _("Not yet, but I will"), "not_yet"),
        ]
    if planned == 0:
        return [
            Choice(f"{question}-planned", _("Taken none, as planned"), "planned"),
            Choice(f"{question}-other", _("I took some"), "other"),
        ]
    return [
        Choice(
            f"{question}-planned",
            _("Taken as planned: {dose}").format(dose=wording.milligrams(planned)),
            "planned",
        ),
        Choice(f"{question}-none", _("Not taken, and I will not take it today"), "none"),
        Choice(f"{question}-other", _("A different amount"), "other"),
        Choice(f"{question}-not-yet", _("Not yet, but I will"), "not_yet"),
    ]


def _picked(
    asking: Asking, question: str, taken: float | None, planned: float | None, other: bool
) -> str:
    if other:
        return "other"
    if taken is None:
        return asking.draft.settled.get(question, "")
    if taken == planned:
        return "planned"
    return "none" if taken == 0 else "other"


def _amount_field(
    question: str,
    typed: str,
    complaint: str,
    set_typed: Callable[[str], None],
    go_on: Callable[[], None],
) -> list[ft.Control]:
    return [
        body(_("How many milligrams in all today?"), strong=True),
        ft.TextField(
            key=f"{question}-amount",
            label=_("Milligrams (mg)"),
            value=typed,
            error=complaint or None,
            error_style=ft.TextStyle(size=BODY),
            keyboard_type=ft.KeyboardType.NUMBER,
            text_size=28,
            label_style=ft.TextStyle(size=BODY),
            border=edge(),
            on_change=lambda event: set_typed((event.control.value or "")[:8]),
            on_submit=go_on,
        ),
        main_button(_("Next"), go_on, key="next"),
    ]
