"""Why an alert has its level: reasons, values, sources, and what would have changed it."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import FINE, fine, text
from diary_app.components.care_words import number, plain_day, reason_words, when, word
from diary_app.exports.bundle import ReasonLine
from diary_app.exports.code_words import level_words, symptom_words
from diary_app.services.alert_page import AlertPage, Changes
from diary_app.text import _
from diary_app.theme import look

VALUES: Mapping[str, Callable[[], str]] = {
    "celsius": lambda: _("temperature in °C"),
    "effective": lambda: _("counts as °C"),
    "typed": lambda: _("typed"),
    "extent_percent": lambda: _("counted percent of the skin"),
    "before_percent": lambda: _("percent before"),
    "anc": lambda: _("neutrophils"),
    "anc_age": lambda: _("counted"),
    "kilograms": lambda: _("kg gained"),
    "taken": lambda: _("mg taken"),
    "planned": lambda: _("mg planned"),
    "run": lambda: _("in a row"),
    "ratio": lambda: _("times the upper limit"),
    "value": lambda: _("value"),
    "answer": lambda: _("answer"),
    "before": lambda: _("before"),
    "bilirubin_ratio": lambda: _("bilirubin, times the upper limit"),
    "days": lambda: _("days"),
    "domains": lambda: _("domains"),
    "grade": lambda: _("estimated grade"),
    "itch": lambda: _("itch, 0 to 10"),
    "kind": lambda: _("kind"),
    "limit": lambda: _("limit"),
    "limit_celsius": lambda: _("limit in °C"),
    "minutes": lambda: _("minutes"),
    "name": lambda: _("test"),
    "pruritus": lambda: _("itch, estimated grade"),
    "rash": lambda: _("rash, estimated grade"),
    "reaction": lambda: _("earlier reaction"),
    "recheck": lambda: _("measure again in"),
    "risks": lambda: _("risks"),
    "signs": lambda: _("signs"),
    "site": lambda: _("measured"),
    "step": lambda: _("time"),
    "told": lambda: _("told"),
    "unit": lambda: _("unit"),
    "window": lambda: _("time"),
}
# Pieces of the sentences themselves, made of values that stand beside them.
PIECES = frozenset(
    {
        "because",
        "beside",
        "beside_told",
        "counted",
        "extent",
        "extent_told",
        "liver",
        "risks_told",
        "signs_told",
        "start",
        "time",
    }
)


@keyed
def Why(page: AlertPage) -> ft.Control:
    """Say why an alert was raised; values and sources stand below each reason when asked for."""
    open_, set_open = ft.use_state(False)
    label = _("Hide values and sources") if open_ else _("Values and sources")
    return ft.Column(
        [
            *(_reason(reason, with_source=open_) for reason in page.reasons),
            ft.Row(
                [
                    ft.TextButton(
                        ft.Text(label, size=FINE),
                        key="sources",
                        icon=ft.Icons.EXPAND_LESS if open_ else ft.Icons.EXPAND_MORE,
                        height=48,
                        on_click=lambda: set_open(lambda before: not before),
                    )
                ]
            ),
            *grade_lines(page),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _reason(reason: ReasonLine, *, with_source: bool) -> ft.Control:
    told = reason_words(reason)
    lines: list[ft.Control] = [text(told)]
    if with_source:
        values = value_words(reason.values, told)
        source = _("{code}. Source: {source}").format(code=reason.code, source=reason.source)
        lines += [fine(_("Values: {values}").format(values=values))] if values else []
        lines.append(fine(source if reason.source else reason.code))
    return _beside_icon(reason.level, lines)


def _beside_icon(level: str, lines: list[ft.Control]) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(look(level).icon, color=look(level).ink, size=20),
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
        if name not in PIECES and value is not None and said and not twice:
            shown.append(
                _("{name} {value}").format(
                    name=word(VALUES, name), value=said.removeprefix(f"{name} ")
                )
            )
    return ", ".join(shown)


def changes(page: AlertPage) -> list[ft.Control]:
    """Return which other answers or results would have changed the level."""
    found = page.changes
    if found is None:
        return []
    said: list[ft.Control] = [
        _beside_icon(level, [text(sentence)]) for level, sentence in found.lines
    ]
    return [*(said or [text(_nothing(found))]), fine(_about(found, page))]


def _nothing(found: Changes) -> str:
    match found.about:
        case "results":
            return _("No other value of these results would change it.")
        case "silence":
            return _("No other number of days would change it.")
        case "reading":
            return _("No second temperature would change it.")
    return _("No one, two or three other answers would change it.")


def _about(found: Changes, page: AlertPage) -> str:
    match found.about:
        case "results":
            about = _(
                "The results of {day} ({level}), with one value changed, by the same rules (version"
                " {version})."
            )
        case "silence":
            about = _(
                "The days without an entry up to {day} ({level}), with only their number changed,"
                " by the same rules (version {version})."
            )
        case "reading":
            about = _(
                "The second temperature that never came ({level}), had it come, by the same rules"
                " (version {version})."
            )
        case _:
            about = _(
                "The entry of {time} ({level}), with only this changed, by the same rules (version"
                " {version}). What might come is no reason to wait."
            )
    zone = page.watch.time_zone
    return about.format(
        day="" if found.on is None else plain_day(found.on),
        time="" if found.received_at is None else when(found.received_at, zone, page.now),
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
