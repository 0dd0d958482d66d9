"""What the rules know of a patient besides the diary: shown, and changed by the care team."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_grid import grid
from diary_app.components.care_parts import band, button, choices, fine, pair, text
from diary_app.components.care_pick import pick_list
from diary_app.components.care_words import when
from diary_app.exports.code_words import symptom_words
from diary_app.exports.fact_words import known_pairs, reaction_words
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.facts import (
    HIGHEST_USUAL,
    REACTIONS,
    USUAL_SYMPTOMS,
    Facts,
    FactsForm,
    PatientFacts,
)
from diary_app.services.watch import Watch
from diary_app.text import _


@keyed
def FactsPanel(
    facts: Facts,
    patient_id: UUID,
    known: PatientFacts,
    watch: Watch,
    may_write: bool,
    told: Callable[[str], None],
) -> ft.Control:
    """Show what is known, who changed it last, and the form behind a button."""
    is_open, set_open = ft.use_state(False)

    async def done(changed: bool) -> None:
        set_open(False)
        if changed:
            told(_("Kept. It counts for what is graded from now on."))

    if is_open:
        return FactsEditor(facts, patient_id, known, done, key="facts-form")
    lines: list[ft.Control] = [
        pair(label, value, strong=value != _("not known")) for label, value in known_pairs(known)
    ]
    if known.changed_at is not None:
        lines.append(
            fine(
                _("Changed last by {name}, {time}").format(
                    name=known.changed_by or _("Somebody"),
                    time=when(known.changed_at, watch.time_zone, watch.now),
                )
            )
        )
    if may_write:
        change = button(_("Change what is known"), lambda: set_open(True), key="change-facts")
        lines.append(ft.Row([change]))
    return ft.Column(lines, spacing=10)


@keyed
def FactsEditor(
    facts: Facts,
    patient_id: UUID,
    known: PatientFacts,
    done: Callable[[bool], Awaitable[None]],
) -> ft.Control:
    """Ask what is known; ``done`` is called with whether it was kept."""
    prior, set_prior = ft.use_state(_said(known.prior_severe_reaction))
    kind, set_kind = ft.use_state(known.prior_reaction_type or "unknown")
    steroid, set_steroid = ft.use_state(_said(known.on_systemic_steroid))
    usual, set_usual = ft.use_state(
        {name: str(known.baseline_grades.get(name, 0)) for name in USUAL_SYMPTOMS}
    )
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem

    async def keep() -> None:
        form = FactsForm(
            prior="" if prior == "unknown" else prior,
            kind="" if kind == "unknown" or prior == "no" else kind,
            steroid="" if steroid == "unknown" else steroid,
            usual=usual,
        )
        try:
            await asyncio.to_thread(facts.keep, patient_id, form)
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            await done(True)

    async def cancel() -> None:
        await done(False)

    def grade(name: str) -> ft.Control:
        def put(value: str) -> None:
            set_usual(lambda before: {**before, name: value})

        highest = max(HIGHEST_USUAL, known.baseline_grades.get(name, 0))
        options = {"0": _("not there before")} | {
            str(number): _("grade {grade}").format(grade=number) for number in range(1, highest + 1)
        }
        label = symptom_words(name)
        return pick_list(
            label[:1].upper() + label[1:],
            options,
            usual[name],
            put,
            key=f"usual-{name}",
            width=None,
        )

    kinds = {"unknown": _("not known")} | {each: reaction_words(each) for each in REACTIONS}
    return ft.Column(
        [
            text(_("Severe skin reaction to imatinib before"), strong=True),
            choices(_truths(), prior, set_prior, key="prior"),
            *(
                [
                    pick_list(
                        _("Kind of that reaction"),
                        kinds,
                        kind,
                        set_kind,
                        key="prior-kind",
                        width=None,
                        error=sentence if where == "kind" else "",
                    )
                ]
                if prior != "no"
                else []
            ),
            text(_("There before the diary, as the estimated grade"), strong=True),
            fine(
                _(
                    "What was there before is not judged as new, such as eyelids that have been "
                    "swollen for months. It counts for what is graded from now on."
                )
            ),
            grid([grade(name) for name in USUAL_SYMPTOMS]),
            text(_("Takes a steroid beside the plan"), strong=True),
            fine(_("Used on days of which the plan says nothing about prednisolone.")),
            choices(_truths(), steroid, set_steroid, key="steroid"),
            *([band("prompt", sentence)] if sentence and where != "kind" else []),
            ft.Row(
                [
                    button(_("Keep what is known"), keep, key="keep-facts", main=True),
                    button(_("Never mind"), cancel, key="close-facts"),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _said(known: bool | None) -> str:
    return "unknown" if known is None else "yes" if known else "no"


def _truths() -> list[tuple[str, str]]:
    return [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))]
