"""The inbox: who needs a call now, why, for how long, and who has it."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.care_inbox_row import inbox_row
from diary_app.components.care_parts import band, button, choices, part, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_words import clock, short_day
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME, alert, patient
from diary_app.services.inbox import InboxPage, InboxRow
from diary_app.services.trouble import Trouble, UntoldLine
from diary_app.text import _


@screen_component
def InboxScreen() -> ft.View:
    """Show the clinic's alerts, loudest and longest waiting first; live."""
    care = use_care()
    chosen, choose = ft.use_state("open")
    reading = use_reading(lambda _again: care.desk.inbox.page(), care.desk.inbox.topic, [care.desk])
    page = reading.value
    if page is None:
        return shell(care, _("Inbox"), reading_body(reading.problem), place=HOME, watch=None)

    async def take(row: InboxRow) -> None:
        done = await attempt(care.desk.inbox.take, row.alert_id)
        if done is False:
            tell(ft.context.page, _("A colleague took this alert first."))
        await reading.again()

    shown = [row for row in page.rows if _belongs(row, chosen)]
    return shell(
        care,
        _("Inbox"),
        [
            *_troubles(page.trouble),
            choices(
                [
                    ("open", _("Open ({n})").format(n=_count(page, "open"))),
                    ("mine", _("Mine ({n})").format(n=_count(page, "mine"))),
                    ("closed", _("Closed today ({n})").format(n=_count(page, "closed"))),
                ],
                chosen,
                choose,
                key="filter",
            ),
            *(
                inbox_row(row, page.now, page.watch.time_zone, take, wide=care.wide)
                for row in shown
            ),
            *([] if shown else [_nothing(chosen, page)]),
        ],
        place=HOME,
        watch=page.watch,
    )


def _belongs(row: InboxRow, chosen: str) -> bool:
    if chosen == "closed":
        return row.state == "closed"
    return row.state != "closed" and (chosen == "open" or row.mine)


def _count(page: InboxPage, chosen: str) -> int:
    return sum(_belongs(row, chosen) for row in page.rows)


def _nothing(chosen: str, page: InboxPage) -> ft.Control:
    sentence = {
        "open": _("No open alerts."),
        "mine": _("You hold no alerts."),
        "closed": _("No alerts were closed today."),
    }[chosen]
    checked = page.watch.checked_at
    if checked is None:
        checked_words = _("Alerts were never checked here.")
    else:
        checked_words = _("Alerts last checked {time}.").format(
            time=clock(checked, page.watch.time_zone)
        )
    return ft.Container(text(f"{sentence} {checked_words}"), padding=ft.Padding.all(24))


def _troubles(trouble: Trouble) -> Sequence[ft.Control]:
    shown: list[ft.Control] = []
    if trouble.untold:
        shown.append(band("urgent", _("Some people were not told about an alert."), key="untold"))
        shown += [_line(_untold_words(line), alert(line.alert_id)) for line in trouble.untold]
    if trouble.ungraded:
        sentence = _("Entries that could not be graded. Please read them yourself.")
        shown.append(band("prompt", sentence, key="ungraded"))
        shown += [
            _line(
                _("{name}, {code}: entry of {day}").format(
                    name=entry.patient_name, code=entry.patient_code, day=short_day(entry.diary_on)
                ),
                patient(entry.patient_id),
            )
            for entry in trouble.ungraded
        ]
    return [part(_("Needs a person"), shown)] if shown else []


def _untold_words(line: UntoldLine) -> str:
    if line.whom is None:
        return _("Alert {code}: a step of the escalation had nobody to tell.").format(
            code=line.code
        )
    return _("Alert {code}: the message to {name} failed for good. {error}").format(
        code=line.code, name=line.whom, error=line.error
    )


def _line(words: str, path: str) -> ft.Control:
    page = ft.context.page
    return ft.Row(
        [
            ft.Container(text(words), expand=True),
            button(_("Open"), lambda: page.navigate(path)),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
