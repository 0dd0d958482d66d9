"""Trying a proposal on the kept diaries: the period, the progress, and stopping it."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, fine, text
from diary_app.components.care_words import plain_day
from diary_app.components.rules_found import concerned_part
from diary_app.ground.live import use_topic
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.rule_sets import DEFAULT_DAYS
from diary_app.services.rule_trial import Trial, Trials
from diary_app.text import _


@keyed
def TrialPanel(trials: Trials, rule_set_id: UUID, today: date) -> ft.Control:
    """Ask for the period, run the try in the background and show whom it concerns."""
    first, set_first = ft.use_state((today - timedelta(days=DEFAULT_DAYS - 1)).isoformat())
    last, set_last = ft.use_state(today.isoformat())
    problem, set_problem = ft.use_state(("", ""))
    _seen, look_again = ft.use_state(0)
    use_topic(trials.topic, lambda: look_again(lambda count: count + 1))
    trial = trials.look(rule_set_id)
    where, sentence = problem

    async def run() -> None:
        first_on, last_on = _day(first), _day(last)
        if first_on is None or last_on is None:
            how = _("Type the day as YYYY-MM-DD.")
            set_problem(("from" if first_on is None else "to", how))
            return
        try:
            await asyncio.to_thread(trials.start, rule_set_id, first_on, last_on)
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            set_problem(("", ""))
            look_again(lambda count: count + 1)

    def field(name: str, label: str, value: str, put: object) -> ft.Control:
        return ft.TextField(
            key=f"trial-{name}",
            label=label,
            value=value,
            width=170,
            error=sentence if where == name else None,
            error_max_lines=2,
            on_change=lambda event: put(event.control.value) if callable(put) else None,
        )

    running = trial is not None and trial.state == "running"
    asking = ft.Row(
        [
            field("from", _("From"), first, set_first),
            field("to", _("To"), last, set_last),
            button(_("Run the what-if"), run, key="run-trial", icon=ft.Icons.PLAY_ARROW, main=True),
        ],
        wrap=True,
        spacing=10,
        run_spacing=10,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Column(
        [
            fine(
                _(
                    "Every entry of the period is graded twice, by the rules in force and by "
                    "these. Nothing is changed and nobody is told."
                )
            ),
            *([band("prompt", sentence)] if sentence and not where else []),
            *([] if running else [asking]),
            *([] if trial is None else _state(trial, trials)),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def ConcernedPanel(trials: Trials, rule_set_id: UUID) -> ft.Control:
    """Show whose alerts differ, by the viewer's own newest try."""
    _seen, look_again = ft.use_state(0)
    use_topic(trials.topic, lambda: look_again(lambda count: count + 1))
    trial = trials.look(rule_set_id)
    if trial is None or trial.found is None:
        return fine(_("Run the what-if yourself to see whose alerts differ."))
    return concerned_part(trial.found)


def _state(trial: Trial, trials: Trials) -> list[ft.Control]:
    if trial.state == "running":
        return [_progress(trial, trials)]
    if trial.state == "stopped":
        return [text(_("Stopped. Nothing of this try was kept."))]
    if trial.state == "failed":
        return [band("prompt", trial.problem)]
    return []


def _progress(trial: Trial, trials: Trials) -> ft.Control:
    done = (
        _("{done} of {every} patients").format(done=trial.done, every=trial.every)
        if trial.every
        else _("Beginning...")
    )
    period = _("{first} to {last}").format(
        first=plain_day(trial.first_on), last=plain_day(trial.last_on)
    )
    return ft.Column(
        [
            text(_("Trying the proposal on {period}").format(period=period)),
            ft.Semantics(
                label=done,
                content=ft.ProgressBar(
                    key="trial-progress",
                    value=trial.done / trial.every if trial.every else None,
                    bar_height=10,
                    border_radius=5,
                ),
            ),
            ft.Row(
                [fine(done), button(_("Stop"), trials.stop, key="stop-trial", icon=ft.Icons.STOP)],
                spacing=14,
                wrap=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
