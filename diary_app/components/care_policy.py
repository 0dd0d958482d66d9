"""The escalation policy as a form, and what it means in plain words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import flet as ft

from alerts.escalation.policy import Level
from diary_app.components.care_parts import band, button, fine, level_tag, part, text, title
from diary_app.components.care_pick import pick_days, pick_list
from diary_app.components.care_words import ROLE_GROUPS, day_and_clock, when, word
from diary_app.services.policy import Choice, PolicyCheck, RehearsedLine
from diary_app.services.policy_form import LadderForm, PolicyForm, StepForm
from diary_app.text import _
from diary_app.theme import look

Change = Callable[[Callable[[PolicyForm], PolicyForm]], None]


def choice_words(choices: Sequence[Choice]) -> dict[str, str]:
    """Return what each recipient is called: word of the policy -> words."""
    kinds = {
        "rota": _("On call: {name}"),
        "team": _("Team {name}"),
        "user": "{name}",
    }
    return {
        choice.word: word(ROLE_GROUPS, choice.word)
        if choice.word in ROLE_GROUPS
        else kinds[choice.word.partition(":")[0]].format(name=choice.name)
        for choice in choices
    }


def ladder_part(
    level: Level,
    form: PolicyForm,
    names: Mapping[str, str],
    problems: Mapping[str, str],
    change: Change,
) -> ft.Control:
    """Return the steps of one level, each with its wait and its recipients.

    Args:
        names: Word of the policy -> words.
        problems: Sentences by field, as of ``read_form``.
        change: Called with what makes the new form of the old one.
    """
    typed = form.ladder(level)

    def put(make: Callable[[LadderForm], LadderForm]) -> None:
        change(lambda before: before.with_ladder(level, make(before.ladder(level))))

    def length(name: str, label: str, value: str) -> ft.Control:
        def changed(event: ft.Event[ft.TextField]) -> None:
            entered: Any = {name: event.control.value}
            put(lambda ladder: replace(ladder, **entered))

        return ft.TextField(
            key=f"{level}-{name}",
            label=label,
            value=value,
            width=230,
            error=problems.get(f"{level}-{name}"),
            on_change=changed,
        )

    def add() -> None:
        put(lambda ladder: replace(ladder, steps=(*ladder.steps, StepForm())))

    heading = _("Urgent alerts") if level == "urgent" else _("Same-day alerts")
    return part(
        heading,
        [
            *(
                _step(level, index, each, len(typed.steps), names, problems, put)
                for index, each in enumerate(typed.steps)
            ),
            ft.Row([button(_("Add a step"), add, key=f"{level}-add", icon=ft.Icons.ADD)]),
            _line(
                [
                    length("repeat", _("Repeat the last step every"), typed.repeat),
                    length("remind", _("Tell a holder again after"), typed.remind),
                ]
            ),
            fine(
                _("The last step repeats until somebody takes the alert.")
                if level == "urgent"
                else _("An alert that is not closed after 24 hours becomes urgent.")
            ),
        ],
    )


def _step(
    level: Level,
    index: int,
    typed: StepForm,
    how_many: int,
    names: Mapping[str, str],
    problems: Mapping[str, str],
    put: Callable[[Callable[[LadderForm], LadderForm]], None],
) -> ft.Control:
    field = f"{level}-{index + 1}"

    def put_step(**values: Any) -> None:
        def changed(ladder: LadderForm) -> LadderForm:
            steps = list(ladder.steps)
            steps[index] = replace(steps[index], **values)
            return replace(ladder, steps=tuple(steps))

        put(changed)

    def remove() -> None:
        put(
            lambda ladder: replace(
                ladder, steps=(*ladder.steps[:index], *ladder.steps[index + 1 :])
            )
        )

    def take_out(gone: str) -> None:
        put_step(notify=tuple(each for each in typed.notify if each != gone))

    others = {value: name for value, name in names.items() if value not in typed.notify}
    return ft.Container(
        padding=12,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
        content=ft.Column(
            [
                _line(
                    [
                        title(_("Step {n}").format(n=index + 1), 3),
                        ft.TextField(
                            key=f"{field}-wait",
                            label=_("After it was raised")
                            if index == 0
                            else _("After the step before"),
                            value=typed.wait,
                            width=210,
                            on_change=lambda event: put_step(wait=event.control.value),
                        ),
                        *(
                            [button(_("Remove step"), remove, key=f"{field}-remove")]
                            if how_many > 1
                            else []
                        ),
                    ]
                ),
                _line(
                    [
                        *(
                            button(
                                names.get(each, _("Somebody who left")),
                                partial(take_out, each),
                                key=f"{field}-out-{each}",
                                icon=ft.Icons.CLOSE,
                            )
                            for each in typed.notify
                        ),
                        pick_list(
                            _("Also tell"),
                            others,
                            "",
                            lambda chosen: put_step(notify=(*typed.notify, chosen)),
                            # A new control after each choice, so that it is empty again.
                            key=f"{field}-add-{len(typed.notify)}",
                        ),
                    ]
                ),
                *([band("prompt", problems[field])] if field in problems else []),
            ],
            spacing=10,
        ),
    )


def quiet_part(form: PolicyForm, problems: Mapping[str, str], change: Change) -> ft.Control:
    """Return the quiet hours."""

    def put(**values: Any) -> None:
        change(lambda before: replace(before, **values))

    def clock(name: str, label: str, value: str) -> ft.Control:
        return ft.TextField(
            key=f"quiet-{name}",
            label=label,
            value=value,
            width=150,
            on_change=lambda event: put(**{name: event.control.value}),
        )

    return part(
        _("Quiet hours"),
        [
            ft.Checkbox(
                key="quiet",
                label=_("Hold same-day messages during quiet hours"),
                value=form.quiet,
                on_change=lambda event: put(quiet=event.control.value is True),
            ),
            *(
                [
                    _line(
                        [
                            clock("starts", _("From (HH:MM)"), form.starts),
                            clock("ends", _("To (HH:MM)"), form.ends),
                        ]
                    ),
                    fine(_("Beginning on")),
                    pick_days(form.days, lambda days: put(days=days), key="quiet-days"),
                ]
                if form.quiet
                else []
            ),
            *([band("prompt", problems["quiet"])] if "quiet" in problems else []),
            fine(
                _(
                    "Urgent alerts are always told at once. Entries are graded and steps go on "
                    "during quiet hours; what becomes urgent is told at once."
                )
            ),
        ],
    )


def meaning(check: PolicyCheck, zone: str) -> list[ft.Control]:
    """Return how fast somebody is told, what is missing, and what happens if nobody answers."""
    if check.problems:
        return [band("prompt", _("Correct the marked fields to see what this policy means."))]
    raised_at = check.raised_at
    shown: list[ft.Control] = [
        *(text(sentence) for sentence in check.times),
        *(band("prompt", sentence) for sentence in check.warnings),
    ]
    if not check.warnings:
        shown.append(text(_("No gap was found in this policy.")))
    if raised_at is not None and check.rehearsed is not None:
        for level, lines in check.rehearsed.items():
            shown += [
                ft.Row([level_tag(level), text(_("If nobody answers:"), strong=True)], spacing=8),
                *(_rehearsed(line, zone) for line in lines),
            ]
    return shown


def _rehearsed(line: RehearsedLine, zone: str) -> ft.Control:
    if line.step < 0:
        words = _("becomes urgent")
    elif not line.names:
        words = _("nobody to tell")
    else:
        words = ", ".join(line.names)
    if line.at > line.due_at:
        words = _("{names} (due {time}, held by quiet hours)").format(
            names=words, time=when(line.due_at, zone, line.at)
        )
    if line.resort:
        words = _("{names} (no step had anybody)").format(names=words)
    loud = line.step < 0 or not line.names
    return ft.Row(
        [
            ft.Container(fine(day_and_clock(line.at, zone)), width=120),
            ft.Container(
                text(words, color=look("urgent").ink if loud else None, strong=loud), expand=True
            ),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
        spacing=8,
    )


def _line(controls: list[ft.Control]) -> ft.Control:
    return ft.Row(
        controls,
        wrap=True,
        spacing=8,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def example_fields(
    typed: tuple[str, str],
    problem: tuple[str, str],
    put: Callable[[tuple[str, str]], None],
) -> ft.Control:
    """Return day and time of the example that is told.

    Args:
        typed: Day and time; empty = now.
        problem: Name of a field, and what is wrong with it.
        put: Called with both when one changes.
    """
    where, sentence = problem

    def field(name: str, label: str, value: str, changed: Callable[[str], None]) -> ft.Control:
        return ft.TextField(
            key=name,
            label=label,
            value=value,
            width=190,
            error=sentence if where == name else None,
            on_change=lambda event: changed(event.control.value),
        )

    on, at = typed
    return _line(
        [
            field("example_on", _("Day (YYYY-MM-DD)"), on, lambda value: put((value, at))),
            field("example_at", _("Time (HH:MM)"), at, lambda value: put((on, value))),
        ]
    )


def policy_question(check: PolicyCheck) -> tuple[list[str], tuple[str, ...]]:
    """Return what is said before a policy is kept: sentences, and warnings."""
    return (
        [
            _("It holds for alerts that are raised from now on."),
            _("Alerts that are open keep the policy they were raised with."),
            *check.times,
        ],
        check.warnings,
    )
