"""The inbox: who needs a call now, why, for how long, and who has it."""

from uuid import UUID

import flet as ft

from diary_app.components.care_inbox_row import inbox_row
from diary_app.components.care_parts import band, button, choices, fine, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_tasks import task_bands
from diary_app.components.care_words import clock, short_day
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME, SUMMARY, alert, patient
from diary_app.services.inbox import InboxPage, InboxRow
from diary_app.services.trouble import Trouble, UngradedLine, UntoldLine
from diary_app.text import _

FIRST_TROUBLES = 4


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

    async def done(task_id: UUID) -> None:
        await attempt(care.desk.inbox.finish_task, task_id)
        await reading.again()

    shown = [row for row in page.rows if _belongs(row, chosen)]
    return shell(
        care,
        _("Inbox"),
        [
            *task_bands(page.trouble.tasks, done),
            *([Troubles(page.trouble)] if _any(page.trouble) else []),
            *([fine(_on_call(page))] if page.on_call else []),
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


def _on_call(page: InboxPage) -> str:
    """Return who is on call now, rota by rota, in one line."""
    lines = [
        _("{rota}: {names}").format(rota=line.rota, names=", ".join(line.names) or _("nobody"))
        for line in page.on_call
    ]
    return _("On call now. {lines}").format(lines="; ".join(lines))


def _count(page: InboxPage, chosen: str) -> int:
    return sum(_belongs(row, chosen) for row in page.rows)


def _any(trouble: Trouble) -> bool:
    return bool(trouble.untold or trouble.ungraded or trouble.summary)


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


@ft.component
def Troubles(trouble: Trouble) -> ft.Control:
    """Show what a person must make up for: one line each, the first few at once."""
    everything, show_everything = ft.use_state(False)
    lines = [
        *(
            (line.code, "urgent", _untold_words(line), alert(line.alert_id))
            for line in trouble.untold
        ),
        *((f"summary-{i}", "prompt", words, SUMMARY) for i, words in enumerate(trouble.summary)),
        *(
            (entry.patient_code, "prompt", _ungraded_words(entry), patient(entry.patient_id))
            for entry in trouble.ungraded
        ),
    ]
    shown = lines if everything else lines[:FIRST_TROUBLES]
    more = len(lines) - len(shown)
    return ft.Column(
        [
            *(_line(f"trouble-{name}", level, words, path) for name, level, words, path in shown),
            *(
                [
                    button(
                        _("Show {n} more").format(n=more),
                        lambda: show_everything(True),
                        key="more-troubles",
                    )
                ]
                if more
                else []
            ),
        ],
        spacing=6,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _untold_words(line: UntoldLine) -> str:
    if line.whom is None:
        return _("Alert {code}: a step of the escalation had nobody to tell.").format(
            code=line.code
        )
    return _("Alert {code}: the message to {name} failed for good. {error}").format(
        code=line.code, name=line.whom, error=line.error
    )


def _ungraded_words(entry: UngradedLine) -> str:
    return _("Could not be graded, please read: {name}, {code}, entry of {day}").format(
        name=entry.patient_name, code=entry.patient_code, day=short_day(entry.diary_on)
    )


def _line(key: str, level: str, words: str, path: str) -> ft.Control:
    page = ft.context.page
    return band(level, words, key=key, act=button(_("Open"), lambda: page.navigate(path)))
