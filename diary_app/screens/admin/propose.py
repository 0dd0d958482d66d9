"""Proposing other thresholds: typed, checked, confirmed, then kept for a second person."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_proof import proved
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.rules_form import TypedField, number_parts
from diary_app.components.rules_parts import difference_lines
from diary_app.ground.boundary import screen_component
from diary_app.routes import THRESHOLDS, rule_set
from diary_app.services.care_errors import REFUSALS
from diary_app.services.rule_form import RuleForm, UnusableRulesError
from diary_app.services.rule_page import RulesPage
from diary_app.text import _

Changes = Mapping[str, tuple[object, object]]


@screen_component
def ProposeScreen() -> ft.View:
    """Ask for a name, the numbers and the reason."""
    care = use_care()
    rule_sets = care.desk.rule_sets
    nothing: dict[str, str] = {}
    typed: ft.MutableRef[dict[str, str]] = ft.use_ref(dict)
    problems, set_problems = ft.use_state(nothing)
    sentence, set_sentence = ft.use_state("")
    no_changes: Changes | None = None
    asked, ask = ft.use_state(no_changes)
    page = ft.context.page
    reading = use_reading(lambda _again: rule_sets.page(), rule_sets.topic, [care.desk])
    rules = reading.value
    title = _("Propose thresholds")
    if rules is None:
        return shell(
            care, title, reading_body(reading.problem), place=THRESHOLDS, watch=None, deep=True
        )

    kept = typed.current if typed.current is not None else {}

    def put(name: str, value: str) -> None:
        kept[name] = value

    def form() -> RuleForm:
        numbers = {name: value for name, value in kept.items() if name not in {"name", "reason"}}
        return RuleForm(kept.get("name", ""), kept.get("reason", ""), numbers)

    async def check() -> None:
        try:
            found = await asyncio.to_thread(rule_sets.check, form())
        except UnusableRulesError as error:
            set_problems(error.problems)
            set_sentence(str(error))
        except REFUSALS as error:
            set_problems({})
            set_sentence(str(error))
        else:
            set_problems({})
            set_sentence("")
            ask(lambda _before: _changes(rules, found))

    async def save() -> None:
        ask(lambda _before: None)
        try:
            numbers = await asyncio.to_thread(rule_sets.check, form())
            made = await proved(
                page,
                care.desk.proof,
                rule_sets.propose,
                form().name,
                rules.next_version,
                numbers,
                form().reason,
            )
        except REFUSALS as error:
            set_sentence(str(error))
        else:
            page.navigate(rule_set(made))

    told = [band("prompt", sentence, key="problem")] if sentence else []
    return shell(
        care,
        title,
        [
            part(
                _("Why"),
                [
                    fine(
                        _(
                            "Change only what you mean to change. Grading stays as it is until the "
                            "proposal was tried on the kept diaries and a second person approved "
                            "it."
                        )
                    ),
                    TypedField(
                        "name",
                        _("Name of the rule set"),
                        kept.get("name", ""),
                        _("Such as: Earlier fever calls"),
                        problems.get("name", ""),
                        put,
                        key="field-name",
                    ),
                    TypedField(
                        "reason",
                        _("Reason"),
                        kept.get("reason", ""),
                        "",
                        problems.get("reason", ""),
                        put,
                        multiline=True,
                        key="field-reason",
                    ),
                ],
            ),
            *number_parts(rules.thresholds, kept, problems, put),
            *told,
            ft.Row(
                [
                    button(_("Check the proposal"), check, key="check-rules", main=True),
                    button(_("Cancel"), lambda: page.navigate(THRESHOLDS), key="cancel-rules"),
                ],
                wrap=True,
                spacing=10,
            ),
            ConfirmDialog(asked, save, lambda: ask(lambda _before: None), key="confirm")
            if asked is not None
            else ft.Container(),
        ],
        place=THRESHOLDS,
        watch=rules.watch,
        deep=True,
    )


def _changes(rules: RulesPage, numbers: Mapping[str, object]) -> Changes:
    present = {each.field: each.value for each in rules.thresholds}
    return {field: (present[field], value) for field, value in numbers.items()}


@keyed
def ConfirmDialog(
    changes: Changes, save: Callable[[], Awaitable[None]], cancel: Callable[[], None]
) -> ft.Control:
    """Say once more what is proposed."""
    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Propose these thresholds?"), size=20),
            content=ft.Column(
                [
                    *difference_lines(changes),
                    text(_("Grading stays as it is until a second person approves the proposal.")),
                ],
                tight=True,
                width=480,
                spacing=8,
            ),
            actions=[
                ft.TextButton(_("Back"), key="rules-back", on_click=cancel),
                ft.FilledButton(_("Save the proposal"), key="keep-rules", on_click=save),
            ],
        )
    )
    return ft.Container()
