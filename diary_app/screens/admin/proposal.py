"""One proposal: what it changes, what it would have done, and the second person's decision."""

from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_parts import band, pair, part, text
from diary_app.components.care_proof import proved
from diary_app.components.care_reading import tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_words import when
from diary_app.components.rules_decide import DecideDialog, decision_buttons
from diary_app.components.rules_found import found_parts
from diary_app.components.rules_parts import differences, state_tag
from diary_app.components.rules_trial import ConcernedPanel, TrialPanel
from diary_app.ground.boundary import screen_component
from diary_app.routes import THRESHOLDS
from diary_app.services.care_errors import REFUSALS
from diary_app.services.rule_page import Proposal, RulesPage
from diary_app.text import _


@screen_component
def ProposalScreen() -> ft.View:
    """Show one rule set of the clinic."""
    care = use_care()
    named = ft.use_route_params().get("rule_set_id", "")
    rule_sets, trials = care.desk.rule_sets, care.desk.trials
    deciding, begin = ft.use_state("")
    view = ft.context.page
    reading = use_reading(lambda _again: rule_sets.page(), rule_sets.topic, [care.desk])
    page = reading.value
    found = None if page is None else _named(page, named)
    if page is None or found is None:
        body = (
            reading_body(reading.problem)
            if page is None
            else [band("prompt", _("This rule set is not in your clinic's list."))]
        )
        return shell(care, _("Rule set"), body, place=THRESHOLDS, watch=None, deep=True)

    async def decide(reason: str) -> str:
        acts = {
            "approve": (partial(rule_sets.approve, found.id, reason), _("It is in force now.")),
            "turn down": (partial(rule_sets.turn_down, found.id, reason), _("It is turned down.")),
            "withdraw": (partial(rule_sets.withdraw, found.id), _("It is taken back.")),
        }
        act, done = acts[deciding]
        try:
            await proved(view, care.desk.proof, act)
        except REFUSALS as error:
            if deciding == "withdraw":
                tell(view, str(error))
            return str(error)
        begin("")
        tell(view, done)
        await reading.again()
        return ""

    open_still = found.state == "proposed"
    return shell(
        care,
        found.name,
        [
            part(_("Proposal") if open_still else _("Rule set"), _facts(found, page)),
            part(
                _("What it changes") if open_still else _("How it differs from what is in force"),
                [differences(found.changed, wide=care.wide)],
            ),
            part(
                _("What if"),
                [
                    *(
                        [TrialPanel(trials, found.id, page.today, key=f"trial-{found.id}")]
                        if open_still and care.desk.me.may("rules.propose")
                        else []
                    ),
                    *(
                        [text(_("It was not tried."))]
                        if found.what_if is None and not open_still
                        else []
                    ),
                    *(
                        []
                        if found.what_if is None
                        else found_parts(
                            found.what_if,
                            found.what_if_at,
                            page.watch.time_zone,
                            page.now,
                            wide=care.wide,
                        )
                    ),
                    *(
                        [ConcernedPanel(trials, found.id, key=f"concerned-{found.id}")]
                        if found.what_if is not None and open_still
                        else []
                    ),
                ],
            ),
            *(
                [
                    part(
                        _("Decision"),
                        decision_buttons(
                            found, may_approve=care.desk.me.may("rules.approve"), begin=begin
                        ),
                    )
                ]
                if open_still
                else []
            ),
            DecideDialog(found, deciding, decide, lambda: begin(""), key=f"decide-{deciding}")
            if deciding
            else ft.Container(),
        ],
        place=THRESHOLDS,
        watch=page.watch,
        deep=True,
    )


def _named(page: RulesPage, named: str) -> Proposal | None:
    try:
        wanted = UUID(named)
    except ValueError:
        return None
    return next((each for each in page.proposals if each.id == wanted), None)


def _facts(found: Proposal, page: RulesPage) -> list[ft.Control]:
    zone = page.watch.time_zone
    decided = []
    if found.decided_at is not None:
        decided = [
            pair(_("Decided by"), found.decided_by or "-"),
            pair(_("Decided"), when(found.decided_at, zone, page.now)),
        ]
    return [
        ft.Row(
            [
                state_tag(found),
                pair(_("Version"), found.version),
                pair(_("Proposed by"), found.proposed_by),
                pair(_("Proposed"), when(found.proposed_at, zone, page.now)),
                *decided,
            ],
            spacing=28,
            run_spacing=8,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        text(_("Reason: {reason}").format(reason=found.reason)),
        *(
            [text(_("Reason of the decision: {reason}").format(reason=found.decision))]
            if found.decision
            else []
        ),
    ]
