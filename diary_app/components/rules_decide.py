"""Deciding about a proposal: approving, turning down, taking back; each says what will change."""

from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.components.rules_parts import difference_lines
from diary_app.services.rule_page import Proposal
from diary_app.text import _

LONGEST_REASON = 500


def decision_buttons(
    proposal: Proposal, *, may_approve: bool, begin: Callable[[str], None]
) -> list[ft.Control]:
    """Return what the viewer can do about a proposal, or why not.

    Args:
        begin: Called with approve, turn down or withdraw.
    """
    if proposal.mine:
        return [
            text(_("You proposed this. A clinician other than you approves it or turns it down.")),
            ft.Row([button(_("Take it back"), lambda: begin("withdraw"), key="withdraw")]),
        ]
    if not may_approve:
        return [text(_("A clinician approves this or turns it down."))]
    obstacle = _obstacle(proposal)
    return [
        *([text(obstacle)] if obstacle else []),
        ft.Row(
            [
                *(
                    []
                    if obstacle
                    else [
                        button(_("Approve"), lambda: begin("approve"), key="approve", main=True),
                    ]
                ),
                button(_("Turn down"), lambda: begin("turn down"), key="turn-down"),
            ],
            wrap=True,
            spacing=10,
        ),
    ]


def _obstacle(proposal: Proposal) -> str:
    if proposal.what_if is None:
        return _("It can be approved after the what-if above was run.")
    if proposal.outdated:
        return _("The rules in force changed since the what-if. Run it again before approving.")
    if proposal.missed:
        return _("A red-flag course would no longer be urgent, so it cannot be approved.")
    return ""


@keyed
def DecideDialog(
    proposal: Proposal,
    act: str,
    decide: Callable[[str], Awaitable[str]],
    cancel: Callable[[], None],
) -> ft.Control:
    """Ask for the reason and say what will change.

    Args:
        act: approve, turn down or withdraw.
        decide: Called with the reason; returns what is wrong with it, empty when done.
    """
    reason, set_reason = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def done() -> None:
        wrong = await decide(reason)
        if wrong:
            set_problem(wrong)

    title, yes, words = _words(proposal, act)
    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(title, size=20),
            content=ft.Column(
                [
                    *words,
                    *(
                        []
                        if act == "withdraw"
                        else [
                            ft.TextField(
                                key="decision-reason",
                                label=_("Reason"),
                                value=reason,
                                multiline=True,
                                max_lines=4,
                                max_length=LONGEST_REASON,
                                error=problem or None,
                                on_change=lambda event: set_reason(event.control.value),
                            )
                        ]
                    ),
                ],
                tight=True,
                width=480,
                spacing=10,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            actions=[
                ft.TextButton(_("Back"), key="decision-back", on_click=cancel),
                ft.FilledButton(yes, key="really-decide", on_click=done),
            ],
        )
    )
    return ft.Container()


def _words(proposal: Proposal, act: str) -> tuple[str, str, list[ft.Control]]:
    """Return the title, the words of the button, and what will happen."""
    if act == "withdraw":
        return (
            _('Take "{name}" back?').format(name=proposal.name),
            _("Take it back"),
            [text(_("Nothing changes. It stays in the list of rule sets as taken back."))],
        )
    if act == "turn down":
        return (
            _('Turn "{name}" down?').format(name=proposal.name),
            _("Turn down"),
            [text(_("Nothing changes. Who proposed it reads your reason."))],
        )
    tried = proposal.what_if or {}
    differ = tried.get("alerts", {})
    return (
        _('Put "{name}" in force?').format(name=proposal.name),
        _("Approve"),
        [
            text(_("From this moment every new entry is graded by:"), strong=True),
            *difference_lines(proposal.changed),
            text(
                _(
                    "In the what-if of {first} to {last} {appears} alerts appeared, {vanishes} "
                    "vanished and {changes} changed their level."
                ).format(
                    first=tried.get("from", ""),
                    last=tried.get("to", ""),
                    appears=differ.get("appears", 0),
                    vanishes=differ.get("vanishes", 0),
                    changes=differ.get("changes", 0),
                )
            ),
            fine(
                _(
                    "Earlier entries keep their grades and version; open alerts stay open. "
                    "It is written down in the audit with your name."
                )
            ),
        ],
    )
