"""The escalation policy: who is told of an alert, after how long, and what that means."""

import asyncio
from collections.abc import Callable

import flet as ft

from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_policy import (
    choice_words,
    example_fields,
    ladder_part,
    meaning,
    policy_question,
    quiet_part,
)
from diary_app.components.care_proof import proved
from diary_app.components.care_reading import tell, use_reading
from diary_app.components.care_shell import Care, reading_body, shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.routes import ON_CALL
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.policy import PolicyCheck, PolicyPage
from diary_app.text import _


@screen_component
def PolicyScreen() -> ft.View:
    """Show the policy in use; who may, changes it after a confirmation."""
    care = use_care()
    policies = care.desk.policies
    reading = use_reading(lambda _again: policies.page(), policies.topic, [care.desk])
    page = reading.value
    if page is None:
        body = reading_body(reading.problem)
        return shell(care, _("Who is told"), body, place=ON_CALL, watch=None, deep=True)
    return shell(
        care,
        _("Who is told"),
        [PolicyEditor(care, page)],
        place=ON_CALL,
        watch=page.watch,
        deep=True,
    )


@ft.component
def PolicyEditor(care: Care, newest: PolicyPage) -> ft.Control:
    """Hold what is typed; a colleague's change never overwrites it, and is said.

    Args:
        newest: The policy in use, read again and again.
    """
    policies = care.desk.policies
    base, set_base = ft.use_state(newest)
    form, set_form = ft.use_state(newest.form)
    check, set_check = ft.use_state(newest.check)
    example, set_example = ft.use_state(("", ""))
    refused, set_refused = ft.use_state(("", ""))
    confirming, confirm = ft.use_state(False)
    where, sentence = refused
    page = ft.context.page

    def begin_with(start: PolicyPage) -> None:
        set_base(lambda _before: start)
        set_form(lambda _before: start.form)
        set_check(lambda _before: start.check)
        set_refused(("", ""))

    async def look() -> PolicyCheck | None:
        set_refused(("", ""))
        try:
            found: PolicyCheck = await asyncio.to_thread(policies.check, form, *example)
        except UnusableAnswerError as error:
            set_refused((error.field, str(error)))
            return None
        except REFUSALS as error:
            set_refused(("", str(error)))
            return None
        set_check(lambda _before: found)
        return found

    async def show() -> None:
        await look()

    async def ask() -> None:
        found = await look()
        confirm(found is not None and not found.problems)

    async def keep() -> None:
        confirm(False)
        try:
            await proved(page, care.desk.proof, policies.keep, form, base.stored)
            kept = await asyncio.to_thread(policies.page)
        except REFUSALS as error:
            set_refused(("", str(error)))
            return
        begin_with(kept)
        tell(page, _("The policy is kept. It holds for alerts raised from now on."))

    sentences, warnings = policy_question(check)
    ft.use_dialog(
        confirm_dialog(
            _("Keep this policy?"),
            sentences,
            _("Keep the policy"),
            keep,
            lambda: confirm(False),
            warnings=warnings,
        )
        if confirming
        else None
    )
    may_write = care.desk.me.may("policy.write")
    names = choice_words(newest.choices)
    acts: list[ft.Control] = [button(_("Show what it means"), show, key="check-policy")]
    left: list[ft.Control] = []
    if may_write:
        acts.append(button(_("Save the policy"), ask, key="save-policy", main=True))
        left = [
            ladder_part("urgent", form, names, check.problems, set_form),
            ladder_part("prompt", form, names, check.problems, set_form),
            quiet_part(form, check.problems, set_form),
        ]
    right: list[ft.Control] = [
        part(
            _("What it means"),
            [
                text(_("Example: an alert is raised on")),
                example_fields(example, refused, set_example),
                fine(_("Empty: now.")),
                ft.Row(acts, wrap=True, spacing=8, run_spacing=8),
                *meaning(check, newest.watch.time_zone),
            ],
        )
    ]
    return ft.Column(
        [
            *_bands(newest, base, lambda: begin_with(newest)),
            *([band("prompt", sentence, key="refused")] if sentence and not where else []),
            text(
                _(
                    "Who is in a team or on call is looked up when a step is due. A change of the "
                    "policy never touches alerts that are open."
                )
            ),
            ft.ResponsiveRow(
                [*([_column(left, 7)] if left else []), _column(right, 5 if left else 12)],
                spacing=14,
                run_spacing=14,
            ),
        ],
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _bands(newest: PolicyPage, base: PolicyPage, again: Callable[[], None]) -> list[ft.Control]:
    shown = []
    if not newest.readable:
        sentence = _("The kept policy cannot be read; the standard one below holds until then.")
        shown.append(band("urgent", sentence, key="unreadable"))
    if newest.stored != base.stored:
        shown.append(
            band(
                "prompt",
                _("A colleague changed the policy meanwhile. What you typed is not kept."),
                act=button(_("Show theirs"), again, key="show-theirs"),
            )
        )
    return shown


def _column(parts: list[ft.Control], share: int) -> ft.Control:
    return ft.Column(
        parts,
        col={"xs": 12, "lg": share},
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
