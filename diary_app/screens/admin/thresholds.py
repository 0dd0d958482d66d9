"""The clinic's thresholds: what grades now, what is proposed, and what was before."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.care_parts import band, button, fine, part
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.rules_parts import (
    earlier_table,
    in_force,
    proposal_lines,
    threshold_tables,
)
from diary_app.ground.boundary import screen_component
from diary_app.routes import NEW_THRESHOLDS, THRESHOLDS
from diary_app.services.rule_page import Threshold
from diary_app.text import _

LEFT = ("fever", "laboratory", "doses")


@screen_component
def ThresholdsScreen() -> ft.View:
    """Show the rule set in force with its limits, the proposals and the history."""
    care = use_care()
    rule_sets = care.desk.rule_sets
    reading = use_reading(lambda _again: rule_sets.page(), rule_sets.topic, [care.desk])
    page = reading.value
    title = _("Thresholds")
    if page is None:
        return shell(care, title, reading_body(reading.problem), place=THRESHOLDS, watch=None)
    proposed = [each for each in page.proposals if each.state == "proposed"]
    earlier = [each for each in page.proposals if each.state != "proposed"]
    navigate = ft.context.page.navigate
    refused = page.refused
    return shell(
        care,
        title,
        [
            *(
                [
                    band(
                        "urgent",
                        _(
                            "{name} breaks a limit of this program and is not used. "
                            "The reviewed rules hold; propose new thresholds."
                        ).format(name=refused.name),
                    )
                ]
                if refused is not None
                else []
            ),
            part(_("In force"), [in_force(page)]),
            part(
                _("Proposals"),
                proposal_lines(proposed, page) or [fine(_("Nobody proposes a change now."))],
                actions=[
                    button(
                        _("Propose a change"),
                        lambda: navigate(NEW_THRESHOLDS),
                        key="propose",
                        main=True,
                    )
                ]
                if care.desk.me.may("rules.propose")
                else [],
            ),
            *_tables(page.thresholds, wide=care.wide),
            part(_("Earlier rule sets"), [earlier_table(earlier, page)]),
        ],
        place=THRESHOLDS,
        watch=page.watch,
    )


def _tables(thresholds: Sequence[Threshold], *, wide: bool) -> list[ft.Control]:
    """Return the tables, on a desk in two columns of about the same height."""
    by_group = threshold_tables(thresholds, wide=wide)
    if not wide:
        return [*by_group.values()]
    right = [part for group, part in by_group.items() if group not in LEFT]
    return [
        ft.ResponsiveRow(
            [
                ft.Column(
                    parts,
                    col={"xs": 12, "xl": 6},
                    spacing=14,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                )
                for parts in ([by_group[group] for group in LEFT], right)
            ],
            spacing=14,
            run_spacing=14,
        )
    ]
