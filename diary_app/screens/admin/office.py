"""The administrator's page: staff, whether alerting runs, and who did what lately."""

from uuid import UUID

import flet as ft

from diary_app.components.care_alarm import AlarmPanel
from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_table import table
from diary_app.components.care_tasks import task_bands
from diary_app.components.care_weekly_choice import WeeklyChoicePanel
from diary_app.components.care_words import ROLES, when, word
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.routes import (
    AUDIT,
    CLINIC_WAYS,
    CLINIC_WEEK,
    CONSENT_TEXTS_PAGE,
    DATA_REQUESTS,
    PROGRAMS,
)
from diary_app.services.alarm_system import AlarmPage
from diary_app.services.desk import Desk
from diary_app.services.office import Office, OfficePage
from diary_app.text import _


def _chosen(office: Office, is_on: bool, items: frozenset[int]) -> bool:
    office.choose_weekly(is_on, items)
    return True


def _to(path: str) -> None:
    ft.context.page.navigate(path)


async def _consent_texts() -> None:
    await open_same_window(CONSENT_TEXTS_PAGE)


def _read(desk: Desk) -> tuple[OfficePage, AlarmPage]:
    return desk.office.page(), desk.alarm.page()


@screen_component
def OfficeScreen() -> ft.View:
    """Show the clinic's staff, heartbeat and newest audit rows."""
    care = use_care()
    office = care.desk.office
    reading = use_reading(lambda _again: _read(care.desk), office.topic, [care.desk])
    if reading.value is None:
        return shell(care, _("Admin"), reading_body(reading.problem), place=ADMIN, watch=None)
    page, alarm = reading.value
    zone = page.watch.time_zone

    async def choose(is_on: bool, items: frozenset[int]) -> None:
        if await attempt(_chosen, office, is_on, items):
            tell(ft.context.page, _("The weekly questions are kept."))
            await reading.again()

    async def done(task_id: UUID) -> None:
        await attempt(office.finish_task, task_id)
        await reading.again()

    async def try_now() -> None:
        await attempt(care.desk.alarm.try_now)
        tell(ft.context.page, _("A test of the alarm is on its way."))
        await reading.again()

    async def choose_probe(hour: int | None, user_id: UUID | None) -> None:
        await attempt(care.desk.alarm.choose_probe, hour, user_id)
        tell(ft.context.page, _("The daily test of the alarm is kept."))
        await reading.again()

    return shell(
        care,
        page.clinic_name,
        [
            *task_bands(page.tasks, done),
            part(
                _("Alarm system"),
                [
                    AlarmPanel(
                        alarm,
                        page.now,
                        zone,
                        try_now,
                        choose_probe,
                        key=f"alarm-{alarm.probe_hour}-{alarm.probe_to}",
                    )
                ],
                actions=[
                    button(_("The clinic's ways out"), lambda: _to(CLINIC_WAYS), key="clinic-ways"),
                    button(_("Weekly report"), lambda: _to(CLINIC_WEEK), key="clinic-week"),
                    button(_("Data requests"), lambda: _to(DATA_REQUESTS), key="data-requests"),
                    button(_("Consent texts"), _consent_texts, key="consent-texts"),
                    button(_("Programs"), lambda: _to(PROGRAMS), key="programs"),
                ],
            ),
            part(
                _("Staff"),
                [
                    table(
                        [_("Name"), _("Role"), _("E-mail"), _("Account")],
                        [
                            [
                                person.name,
                                word(ROLES, person.role),
                                person.email,
                                _("in use") if person.joined else _("invited"),
                            ]
                            for person in page.staff
                        ],
                        empty=_("Nobody yet."),
                    )
                ],
            ),
            part(
                _("Weekly questions"),
                [WeeklyChoicePanel(page.weekly, choose, key=f"weekly-{page.weekly}")],
            ),
            part(
                _("Who did what"),
                [
                    fine(_("The newest {n} acts.").format(n=len(page.acts))),
                    table(
                        [_("No."), _("Time"), _("Who"), _("Act"), _("Patient")],
                        [
                            [
                                str(act.number),
                                when(act.at, zone, page.now),
                                _("{name} ({role})").format(
                                    name=act.actor or "-", role=word(ROLES, act.role)
                                ),
                                act.verb,
                                act.patient_code or "-",
                            ]
                            for act in page.acts
                        ],
                        empty=_("Nothing was done yet."),
                    ),
                ],
                actions=[button(_("Search and check"), lambda: _to(AUDIT), key="audit")],
            ),
        ],
        place=ADMIN,
        watch=page.watch,
    )
