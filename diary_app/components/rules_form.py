"""Typing a proposal: a field for every threshold, each drawn on its own."""

from collections.abc import Callable, Mapping, Sequence

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import part
from diary_app.components.rules_parts import range_words
from diary_app.services.rule_page import Threshold
from diary_app.services.rule_words import GROUPS, rule_word, shown


@keyed
def TypedField(
    name: str,
    label: str,
    first: str,
    helper: str,
    problem: str,
    put: Callable[[str, str], None],
    multiline: bool = False,
) -> ft.Control:
    """A text field that keeps what is typed itself, so that no other field is drawn again.

    Args:
        first: What stands in it at first.
        put: Called with the name and the new text.
    """
    typed, set_typed = ft.use_state(first)

    def changed(event: ft.Event[ft.TextField]) -> None:
        set_typed(event.control.value)
        put(name, event.control.value)

    return ft.TextField(
        key=f"rule-{name}",
        label=label,
        value=typed,
        helper=helper or None,
        helper_max_lines=2,
        error=problem or None,
        multiline=multiline,
        on_change=changed,
    )


def number_parts(
    thresholds: Sequence[Threshold],
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    put: Callable[[str, str], None],
) -> list[ft.Control]:
    """Return the fields of all numbers, a part for each group.

    Args:
        typed: Text by field; a field left out begins with the value in force.
        problems: Sentence by field.
    """
    by_field = {each.field: each for each in thresholds}
    return [
        part(
            title(),
            [
                ft.ResponsiveRow(
                    [
                        ft.Container(
                            _number(by_field[field], typed, problems, put),
                            col={"xs": 12, "md": 6, "xl": 4},
                        )
                        for field in members
                        if field in by_field
                    ],
                    spacing=14,
                    run_spacing=14,
                )
            ],
        )
        for _group, title, members in GROUPS
    ]


def _number(
    each: Threshold,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    put: Callable[[str, str], None],
) -> ft.Control:
    return TypedField(
        each.field,
        rule_word(each.field),
        typed.get(each.field, shown(each.value)),
        range_words(each),
        problems.get(each.field, ""),
        put,
        key=f"field-{each.field}",
    )
