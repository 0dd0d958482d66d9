"""Data requests: a patient's data taken along, corrected, erased by two people."""

import asyncio

import flet as ft

from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_reading import tell, use_reading
from diary_app.components.care_requests import RequestCard
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_subject import SubjectPanel
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.routes import PATIENTS, RETENTION_PAGE
from diary_app.services.care_errors import REFUSALS
from diary_app.services.data_requests import Subject
from diary_app.text import _

_NOBODY: Subject | None = None


async def _to_retention() -> None:
    await open_same_window(RETENTION_PAGE)


@screen_component
def DataRequestsScreen() -> ft.View:
    """Find a patient by code, then take along, correct or erase; show what was asked before."""
    care = use_care()
    desk = care.desk.data_requests
    code, set_code = ft.use_state("")
    subject, set_subject = ft.use_state(_NOBODY)
    problem, set_problem = ft.use_state("")
    page = ft.context.page
    reading = use_reading(lambda _again: desk.page(), desk.topic, [care.desk])
    found = reading.value
    heading = _("Data requests")
    if found is None:
        body = reading_body(reading.problem)
        return shell(care, heading, body, place=PATIENTS, watch=None, deep=True)

    async def find() -> None:
        set_subject(None)
        try:
            set_subject(await asyncio.to_thread(desk.find, code))
        except REFUSALS as error:
            set_problem(str(error))
        else:
            set_problem("")

    async def done(words: str) -> None:
        set_subject(None)
        tell(page, words)
        await reading.again()

    whose = ft.TextField(
        key="find-code",
        label=_("Clinic code"),
        helper=_("Such as P-014"),
        value=code,
        error=problem or None,
        on_change=lambda event: set_code(event.control.value),
        on_submit=find,
    )
    panel = (
        []
        if subject is None
        else [SubjectPanel(desk, subject, found.may_export, done, key=f"subject-{subject.id}")]
    )
    cards = [
        RequestCard(
            desk, line, found.watch.time_zone, found.now, done, key=f"{line.id}-{line.state}"
        )
        for line in found.lines
    ]
    return shell(
        care,
        heading,
        [
            part(
                _("Whose data"),
                [whose, ft.Row([button(_("Find"), find, key="find", main=True)])],
            ),
            *panel,
            part(
                _("Requests"),
                cards or [fine(_("Nobody asked for anything yet."))],
                actions=[
                    button(_("How long diaries are kept"), _to_retention, key="retention"),
                ],
            ),
        ],
        place=PATIENTS,
        watch=found.watch,
        deep=True,
    )
