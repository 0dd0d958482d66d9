"""One alert's page: what to know before the call, and what was done."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_alert import (
    acts_of,
    facts,
    headline,
    history,
    known,
    messages,
    numbers,
)
from diary_app.components.care_alert_acts import AlertActs, alert_keys
from diary_app.components.care_close import CallDialog, CloseDialog, NoteDialog, SnoozeDialog
from diary_app.components.care_compare import PhotoDialog, photo_pairs
from diary_app.components.care_entry import entry_card, recent_days
from diary_app.components.care_keys import Answer, keys_dialog, use_keys
from diary_app.components.care_labs import LabsTable
from diary_app.components.care_medicines import medicine_lines
from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import Care, reading_body, shell, use_care
from diary_app.components.care_undo import undo_band
from diary_app.components.care_why import Why, changes
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME, alert
from diary_app.services.alert_page import AlertPage
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.text import _


@screen_component
def AlertScreen() -> ft.View:
    """Show one alert; opening it marks its entries as seen."""
    care = use_care()
    named = ft.use_route_params().get("alert_id", "")
    asking, ask = ft.use_state("")
    large, enlarge = ft.use_state("")
    inbox = care.desk.inbox
    reading = use_reading(
        lambda again: inbox.open(_id(named), again=again), inbox.topic, [care.desk, named]
    )
    page = reading.value
    acts = None if page is None else AlertActs(inbox, page, reading.again, ask)
    shut: dict[str, Answer] = {"?": lambda: ask("")} if asking == "keys" else {}
    use_keys(care.keys, alert(named), shut if asking or large or acts is None else acts.keys())
    ft.use_dialog(keys_dialog(alert_keys(), lambda: ask("")) if asking == "keys" else None)
    if page is None or acts is None:
        return shell(
            care, _("Alert"), reading_body(reading.problem), place=HOME, watch=None, deep=True
        )
    buttons = acts_of(
        page,
        take=acts.take,
        hand_back=acts.hand_back,
        snooze=lambda: ask("snooze"),
        call=lambda: ask("call"),
        note=lambda: ask("note"),
        close=lambda: ask("close"),
    )
    buttons.append(button(_("Patient's page"), acts.to_patient, key="to-patient"))
    if not care.wide and page.patient.phone:
        call = partial(_dial, page.patient.phone)
        buttons.insert(0, button(_("Call"), call, key="dial", icon=ft.Icons.PHONE))
    if care.wide:
        buttons.append(button(_("All keys"), lambda: ask("keys"), key="keys"))
    zone = page.watch.time_zone
    return shell(
        care,
        _("Alert {code}").format(code=page.code),
        [
            *undo_band(page.undo, page.code, page.patient.name, page.now, zone, acts.undo),
            headline(page, buttons),
            ft.ResponsiveRow(
                [
                    _column(_evidence(care, page, enlarge)),
                    _column(_done(care, page)),
                ],
                spacing=14,
                run_spacing=14,
            ),
            _dialog(asking, page, acts),
            _photo(large, page, lambda: enlarge("")),
        ],
        place=HOME,
        watch=page.watch,
        deep=True,
    )


def _id(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        raise UnusableAnswerError(_("There is no such page."), "alert_id") from None


def _evidence(care: Care, page: AlertPage, enlarge: Callable[[str], None]) -> list[ft.Control]:
    """Return why it was raised, what would change that, and what was said."""
    zone = page.watch.time_zone
    return [
        part(_("Why"), [Why(page, key="why")]),
        *([part(_("What would change this"), changes(page))] if page.changes else []),
        *(
            [
                part(
                    _("Laboratory values"),
                    [
                        LabsTable(
                            page.labs,
                            page.patient.time_zone,
                            wide=care.wide,
                            key="labs-table",
                        )
                    ],
                )
            ]
            if page.labs
            else []
        ),
        part(
            _("What the patient said"),
            [
                *(entry_card(entry, zone, page.now) for entry in page.entries),
                *photo_pairs(page.photos, page.earlier, lambda photo: enlarge(str(photo.id))),
                *([] if page.entries else [fine(_("No entry is part of this alert."))]),
            ],
        ),
    ]


def _done(care: Care, page: AlertPage) -> list[ft.Control]:
    """Return the dose, whom to phone, the days before, and what was done."""
    return [
        part(_("Dose and answer"), facts(page)),
        part(_("Phone numbers"), numbers(page, _dial)),
        part(_("Known of this patient"), known(page)),
        part(_("Other medicines in these 14 days"), medicine_lines(page.medicines)),
        part(_("Last 14 days"), [recent_days(page.recent, wide=care.wide)]),
        part(_("History"), history(page)),
        part(_("Messages sent"), [messages(page, wide=care.wide)]),
    ]


async def _dial(number: str) -> None:
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    await ft.UrlLauncher().launch_url(f"tel:{digits}")


def _dialog(asking: str, page: AlertPage, acts: AlertActs) -> ft.Control:
    def cancel() -> None:
        acts.ask("")

    match asking:
        case "close":
            return CloseDialog(page.code, acts.close, cancel, key="close")
        case "snooze":
            return SnoozeDialog(page.snoozes, acts.snooze, cancel, key="snooze-dialog")
        case "note":
            return NoteDialog(acts.note, cancel, key="note")
        case "call":
            return CallDialog(page.patient.phone, acts.call, cancel, key="call")
    return ft.Container()


def _photo(large: str, page: AlertPage, done: Callable[[], None]) -> ft.Control:
    photo = next((each for each in page.photos if str(each.id) == large), None)
    if photo is None:
        return ft.Container()
    return PhotoDialog(photo, page.earlier.get(photo.id), done, key=f"large-{large}")


def _column(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(
        parts,
        col={"xs": 12, "lg": 6},
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
