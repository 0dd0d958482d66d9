"""The audit, searched by person, act, day and patient, and its chain checked."""

from collections.abc import Callable

import flet as ft

from diary_app.components.care_acts import acts_table
from diary_app.components.care_parts import band, button, fine, part
from diary_app.components.care_reading import attempt, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_words import clock
from diary_app.ground.boundary import screen_component
from diary_app.services.audit_book import AuditPage, ChainCheck, Sought
from diary_app.text import _

_NEWEST: int | None = None
_UNCHECKED: ChainCheck | None = None
_ANY = ""


@screen_component
def AuditScreen() -> ft.View:
    """Show what fits the search, newest first, and whether the chain is whole."""
    care = use_care()
    book = care.desk.audit
    typed, set_typed = ft.use_state(Sought())
    sought, seek = ft.use_state(Sought())
    below, set_below = ft.use_state(_NEWEST)
    checked, set_checked = ft.use_state(_UNCHECKED)
    reading = use_reading(
        lambda _again: book.page(sought, below), book.topic, [care.desk, sought, below]
    )
    page = reading.value

    def search() -> None:
        set_below(None)
        seek(typed)

    async def check() -> None:
        set_checked(await attempt(book.check))

    heading = _("Audit")
    body = [
        part(_("Is the audit whole?"), _chain(checked, check)),
        part(_("Search"), _form(typed, set_typed, search, page.verbs if page else ())),
    ]
    if page is None:
        body += reading_body(reading.problem)
    else:
        body.append(part(_("Who did what"), _found(page, below, set_below)))
    return shell(care, heading, body, place=ADMIN, watch=page.watch if page else None, deep=True)


def _chain(checked: ChainCheck | None, check: Callable[..., object]) -> list[ft.Control]:
    shown: list[ft.Control] = [
        fine(
            _(
                "Every row seals the one before it. The check reads all rows and finds any that "
                "was changed, added or taken away later."
            )
        ),
        ft.Row([button(_("Check now"), check, key="check-chain", main=True)]),
    ]
    if checked is None:
        return shown
    if checked.broken_at is None:
        words = _("The audit is whole: all {n} rows fit together.").format(n=checked.rows)
        level = "digest"
    else:
        words = _(
            "The audit was changed: row {n} does not fit the rows before it. Keep the database as "
            "it is, and call whoever runs this server."
        ).format(n=checked.broken_at)
        level = "urgent"
    return [*shown, band(level, words, key="chain")]


def _form(
    typed: Sought,
    keep: Callable[[Sought], None],
    search: Callable[[], None],
    verbs: tuple[str, ...],
) -> list[ft.Control]:
    def field(name: str, label: str, hint: str = "") -> ft.Control:
        def changed(event: ft.Event[ft.TextField]) -> None:
            keep(Sought(**{**vars(typed), name: event.control.value}))

        return ft.Container(
            ft.TextField(
                key=f"audit-{name}",
                label=label,
                helper=hint or None,
                value=getattr(typed, name),
                on_change=changed,
                on_submit=lambda _event: search(),
            ),
            col={"xs": 12, "md": 4},
        )

    def picked(event: ft.Event[ft.Dropdown]) -> None:
        keep(Sought(**{**vars(typed), "verb": event.control.value or _ANY}))

    acts = ft.Dropdown(
        key="audit-verb",
        label=_("Act"),
        value=typed.verb,
        options=[
            ft.DropdownOption(key=_ANY, text=_("any act")),
            *(ft.DropdownOption(key=each, text=each) for each in verbs),
        ],
        expand=True,
        dense=True,
        menu_height=400,
        on_select=picked,
    )
    return [
        ft.ResponsiveRow(
            [
                field("who", _("Who"), _("Part of a name, or a patient's code")),
                ft.Container(acts, col={"xs": 12, "md": 4}),
                field("patient_code", _("Whose data"), _("Clinic code, such as P-014")),
                field("first_on", _("From"), _("YYYY-MM-DD")),
                field("last_on", _("To"), _("YYYY-MM-DD")),
            ],
            run_spacing=10,
        ),
        ft.Row([button(_("Search"), search, key="audit-search", icon=ft.Icons.SEARCH, main=True)]),
    ]


def _found(
    page: AuditPage, below: int | None, set_below: Callable[[int | None], None]
) -> list[ft.Control]:
    zone = page.watch.time_zone
    turns: list[ft.Control] = []
    if below is not None:
        turns.append(button(_("Newest"), lambda: set_below(None), key="newest"))
    if page.older is not None:
        turns.append(button(_("Older"), lambda: set_below(page.older), key="older"))
    return [
        acts_table(page.acts, zone, empty=_("Nothing in the audit fits this search.")),
        *([ft.Row(turns, wrap=True)] if turns else []),
        fine(_("As of {time}").format(time=clock(page.now, zone))),
    ]
