"""Parts of the thresholds' screens: the list in force, differences, rule sets in short."""

from collections.abc import Mapping, Sequence
from functools import partial

import flet as ft

from diary_app.components.care_parts import button, fine, level_tag, pair, part, text
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.components.care_words import Word, when, word
from diary_app.routes import rule_set
from diary_app.services.rule_form import is_looser
from diary_app.services.rule_page import Proposal, RulesPage, Threshold
from diary_app.services.rule_words import GROUPS, rule_word, shown, with_unit
from diary_app.text import _

STATES: Mapping[str, Word] = {
    "proposed": lambda: _("Proposed"),
    "in force": lambda: _("In force"),
    "replaced": lambda: _("Replaced"),
    "withdrawn": lambda: _("Taken back"),
    "turned down": lambda: _("Turned down"),
}
LABEL_WIDTH, PHONE_LABEL_WIDTH = 210, 118


def in_force(page: RulesPage) -> ft.Control:
    """Return which rules grade now, since when and by whom."""
    held, zone = page.holding, page.watch.time_zone
    facts: list[ft.Control]
    if held is None:
        facts = [text(_("These are the reviewed rules of the program; this clinic has no own."))]
    else:
        since = "" if held.decided_at is None else when(held.decided_at, zone, page.now)
        facts = [
            ft.Row(
                [
                    pair(_("Since"), since),
                    pair(_("Proposed by"), held.proposed_by),
                    pair(_("Approved by"), held.decided_by),
                ],
                spacing=28,
                run_spacing=8,
                wrap=True,
            ),
            text(_("Proposed because: {reason}").format(reason=held.reason)),
            text(_("Approved because: {reason}").format(reason=held.decision)),
        ]
    return ft.Column(
        [
            text(
                _("{name}, version {version}").format(name=page.name, version=page.version),
                strong=True,
                size=18,
            ),
            *facts,
            fine(
                _(
                    "No number decides about danger signs: trouble to breathe, swelling of face or "
                    "throat, peeling skin, blisters and the others stay urgent under every rule "
                    "set. The hard limits below cannot be passed."
                )
            ),
        ],
        spacing=8,
    )


def label_width(*, wide: bool) -> int:
    """Return how wide the names of thresholds are in a table."""
    return LABEL_WIDTH if wide else PHONE_LABEL_WIDTH


def threshold_tables(thresholds: Sequence[Threshold], *, wide: bool) -> dict[str, ft.Control]:
    """Return the numbers in force, a part for each group, by the group's name."""
    by_field = {each.field: each for each in thresholds}
    width = label_width(wide=wide)
    return {
        group: part(
            title(),
            [
                table(
                    [_("Threshold"), _("In force"), _("Reviewed"), _("Hard limit")],
                    [_row(by_field[field], width) for field in members if field in by_field],
                    empty=_("Nothing here."),
                )
            ],
        )
        for group, title, members in GROUPS
    }


def _row(each: Threshold, width: int) -> list[Cell]:
    own = each.value != each.default
    return [
        wrapped(rule_word(each.field), width),
        ft.Text(
            with_unit(each.field, each.value),
            size=14,
            weight=ft.FontWeight.W_700 if own else None,
        ),
        shown(each.default),
        limit_words(each),
    ]


def limit_words(each: Threshold) -> str:
    """Return the hard limit of a threshold: "at most 38.3"."""
    if each.bounds is None:
        return _("2 always counts")
    loosest = shown(each.bounds.loosest)
    if each.bounds.loosest == each.bounds.highest:
        return _("at most {n}").format(n=loosest)
    return _("at least {n}").format(n=loosest)


def range_words(each: Threshold) -> str:
    """Return what may be typed, and what holds now."""
    now = _("Now {value}").format(value=with_unit(each.field, each.value))
    if each.bounds is None:
        return _("{now}. Grades 1 to 4; 2 always counts").format(now=now)
    return _("{now}. Allowed: {low} to {high}").format(
        now=now, low=shown(each.bounds.lowest), high=shown(each.bounds.highest)
    )


def differences(changed: Mapping[str, tuple[object, object]], *, wide: bool) -> ft.Control:
    """Return which numbers differ from those in force, and whether they are looser."""
    return table(
        [_("Threshold"), _("In force"), _("Here"), _("That is")],
        [
            [
                wrapped(rule_word(field), label_width(wide=wide)),
                with_unit(field, before),
                ft.Text(with_unit(field, after), size=14, weight=ft.FontWeight.W_700),
                _way(field, before, after),
            ]
            for field, (before, after) in changed.items()
        ],
        empty=_("Every number is as in force now."),
    )


def difference_lines(changed: Mapping[str, tuple[object, object]]) -> list[ft.Control]:
    """Return the same as sentences, for a dialog."""
    return [
        text(
            _("{what}: {before} becomes {after}, {way}").format(
                what=rule_word(field),
                before=shown(before),
                after=with_unit(field, after),
                way=_way(field, before, after),
            )
        )
        for field, (before, after) in changed.items()
    ]


def _way(field: str, before: object, after: object) -> str:
    return _("looser") if is_looser(field, before, after) else _("stricter")


def state_tag(each: Proposal) -> ft.Control:
    """Return how far a proposal is, as a colored word."""
    if each.state != "proposed":
        return level_tag("none", words=word(STATES, each.state))
    if each.what_if is None:
        return level_tag("prompt", words=_("Not tried yet"))
    if each.outdated:
        return level_tag("prompt", words=_("To be tried again"))
    return level_tag("digest", words=_("Waits for a second person"))


def proposal_lines(proposals: Sequence[Proposal], page: RulesPage) -> list[ft.Control]:
    """Return open proposals, each with a way to it."""
    return [
        ft.Row(
            [
                ft.Column(
                    [
                        text(each.name, strong=True),
                        fine(
                            _("Version {version}, {name}, {time}").format(
                                version=each.version,
                                name=each.proposed_by,
                                time=when(each.proposed_at, page.watch.time_zone, page.now),
                            )
                        ),
                        fine(", ".join(rule_word(field) for field in each.changed)),
                    ],
                    spacing=2,
                    tight=True,
                    width=420,
                ),
                state_tag(each),
                button(
                    _("Open"),
                    partial(ft.context.page.navigate, rule_set(each.id)),
                    key=f"open-{each.version}",
                ),
            ],
            wrap=True,
            spacing=14,
            run_spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
        for each in proposals
    ]


def earlier_table(proposals: Sequence[Proposal], page: RulesPage) -> ft.Control:
    """Return rule sets that are no proposal any more, newest first."""
    zone = page.watch.time_zone
    return table(
        [_("Rule set"), _("State"), _("Proposed by"), _("Decided by"), _("When"), ""],
        [
            [
                wrapped(f"{each.name}, {each.version}", 240),
                word(STATES, each.state),
                each.proposed_by,
                each.decided_by or "-",
                "-" if each.decided_at is None else when(each.decided_at, zone, page.now),
                ft.TextButton(
                    _("Open"),
                    key=f"open-{each.version}",
                    on_click=partial(ft.context.page.navigate, rule_set(each.id)),
                ),
            ]
            for each in proposals
        ],
        empty=_("There was no other rule set yet."),
    )
