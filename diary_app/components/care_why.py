"""Why an alert has its level: reasons, values, sources, and what would have changed it."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_parts import fine, text
from diary_app.components.care_words import number, reason_words, when, word
from diary_app.exports.bundle import ReasonLine
from diary_app.exports.code_words import level_words, symptom_words
from diary_app.services.alert_page import AlertPage, Changes
from diary_app.text import _
from diary_app.theme import look

VALUES: Mapping[str, Callable[[], str]] = {
    "celsius": lambda: _("temperature in °C"),
    "effective": lambda: _("counts as °C"),
    "typed": lambda: _("typed"),
    "extent_percent": lambda: _("percent of the skin"),
    "before_percent": lambda: _("percent before"),
    "anc": lambda: _("neutrophils"),
    "anc_age": lambda: _("counted"),
    "kilograms": lambda: _("kg gained"),
    "taken": lambda: _("mg taken"),
    "planned": lambda: _("mg planned"),
    "run": lambda: _("in a row"),
    "ratio": lambda: _("times the upper limit"),
    "value": lambda: _("value"),
}
# Pieces of the sentence itself, made of values that stand beside them.
_PIECES = frozenset({"counted", "extent"})


def reasons(page: AlertPage) -> list[ft.Control]:
    """Return every reason with its values and source, and the estimated grades."""
    return [*(_reason(reason) for reason in page.reasons), *grade_lines(page)]


def _reason(reason: ReasonLine) -> ft.Control:
    source = _("{code}. Source: {source}").format(code=reason.code, source=reason.source)
    told = reason_words(reason)
    values = value_words(reason.values, told)
    lines: list[ft.Control] = [text(told)]
    if values:
        lines.append(fine(_("Values: {values}").format(values=values)))
    lines.append(fine(source if reason.source else reason.code))
    return ft.Row(
        [
            ft.Icon(look(reason.level).icon, color=look(reason.level).ink, size=20),
            ft.Column(lines, spacing=0, expand=True),
        ],
        spacing=10,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def value_words(values: Mapping[str, object], sentence: str = "") -> str:
    """Return the values a rule looked at, in one line; empty when there are none.

    Args:
        sentence: Words that stand in it already are not said twice; numbers are.

    Example:
        >>> value_words({"celsius": 38.6, "limit": 38.3})
        'temperature in °C 38.6, limit 38.3'
    """
    shown = []
    for name, value in values.items():
        said = number(round(value, 2)) if isinstance(value, float) else str(value).strip(" ,()")
        twice = isinstance(value, str) and said in sentence and not said[:1].isdigit()
        if name not in _PIECES and value is not None and said and not twice:
            shown.append(
                _("{name} {value}").format(
                    name=word(VALUES, name), value=said.removeprefix(f"{name} ")
                )
            )
    return ", ".join(shown)


def changes(page: AlertPage) -> list[ft.Control]:
    """Return which single other answer would have changed the level."""
    found = page.changes
    if found is None:
        return []
    said = [sentence for sentence in (found.up, found.down) if sentence]
    return [
        *(text(sentence) for sentence in said or [_("No single other answer would change it.")]),
        fine(_about(found, page)),
    ]


def _about(found: Changes, page: AlertPage) -> str:
    return _(
        "The entry of {time} ({level}), with one answer changed, by the same rules (version"
        " {version}). What might come is no reason to wait."
    ).format(
        time=when(found.received_at, page.watch.time_zone, page.now),
        level=level_words(found.level),
        version=found.rules_version,
    )


def grade_lines(page: AlertPage) -> list[ft.Control]:
    """Return the estimated grades of the newest entry behind the alert."""
    if not page.entries or page.entries[0].rules_version is None:
        return []
    entry = page.entries[0]
    words = [
        _("{symptom} {grade}").format(symptom=symptom_words(symptom), grade=grade)
        for symptom, grade in sorted(entry.grades.items(), key=lambda item: (-item[1], item[0]))
    ]
    lines: list[ft.Control] = [
        fine(_("Estimated grade (CTCAE 5.0)")),
        text(", ".join(words) or _("none")),
    ]
    if entry.v6_rash_maculopapular is not None:
        lines.append(
            fine(
                _("Rash maculopapular by CTCAE 6.0: {grade}").format(
                    grade=entry.v6_rash_maculopapular
                )
            )
        )
    return [ft.Divider(height=1), ft.Column(lines, spacing=2)]
