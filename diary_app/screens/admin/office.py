"""The administrator's page: ways to all settings, whether alerting runs, who did what lately."""

from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_acts import acts_table
from diary_app.components.care_alarm import AlarmPanel
from diary_app.components.care_parts import button, part
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_requests import erasure_bands
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_tasks import task_bands
from diary_app.components.care_weekly_choice import WeeklyChoicePanel
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.routes import (
    AUDIT,
    CLINIC,
    CLINIC_WAYS,
    CLINIC_WEEK,
    CONSENT_TEXTS_PAGE,
    DATA_REQUESTS,
    PEOPLE,
    POLICY,
    PROGRAMS,
    THRESHOLDS,
)
from diary_app.services.alarm_system import AlarmPage
from diary_app.services.desk import Desk
from diary_app.services.office import Office, OfficePage
from diary_app.text import _


def _chosen(office: Office, is_on: bool, items: frozenset[int]) -> bool:
    office.choose_weekly(is_on, items)
    return True


async def _to(path: str) -> None:
    if path == CONSENT_TEXTS_PAGE:
        await open_same_window(path)
    else:
        ft.context.page.navigate(path)


def _read(desk: Desk) -> tuple[OfficePage, AlarmPage]:
    return desk.office.page(), desk.alarm.page()


def _places(desk: Desk) -> ft.Control:
    """Return the ways to everything that is set up here."""
    places = (
        (PEOPLE, "people", _("People and roles"), ft.Icons.GROUP, "staff.write"),
        (CLINIC, "clinic", _("Clinic"), ft.Icons.LOCAL_HOSPITAL, "clinic.write"),
        (POLICY, "policy", _("Who is told"), ft.Icons.CAMPAIGN, "policy.read"),
        (THRESHOLDS, "thresholds", _("Thresholds"), ft.Icons.TUNE, "rules.read"),
        (CLINIC_WAYS, "clinic-ways", _("The clinic's ways out"), ft.Icons.OUTBOX, "clinic.write"),
        (PROGRAMS, "programs", _("Programs"), ft.Icons.API, "token.read"),
        (
            CONSENT_TEXTS_PAGE,
            "consent-texts",
            _("Consent texts"),
            ft.Icons.HANDSHAKE,
            "consent.write",
        ),
        (DATA_REQUESTS, "data-requests", _("Data requests"), ft.Icons.FOLDER_ZIP, "data.request"),
        (CLINIC_WEEK, "clinic-week", _("Weekly report"), ft.Icons.SUMMARIZE, "report.read"),
        (AUDIT, "audit-place", _("Audit"), ft.Icons.HISTORY, "audit.read"),
    )
    return ft.ResponsiveRow(
        [
            ft.Container(
                button(words, partial(_to, path), key=key, icon=icon),
                col={"xs": 12, "sm": 6, "lg": 4},
            )
            for path, key, words, icon, verb in places
            if desk.me.may(verb)
        ],
        spacing=10,
        run_spacing=10,
    )


@screen_component
def OfficeScreen() -> ft.View:
    """Show where everything is set up, whether alerting runs, and the newest audit rows."""
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
            *erasure_bands(page.erasures),
            *task_bands(page.tasks, done),
            part(_("Administration"), [_places(care.desk)]),
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
            ),
            part(
                _("Weekly questions"),
                [WeeklyChoicePanel(page.weekly, choose, key=f"weekly-{page.weekly}")],
            ),
            part(
                _("Who did what lately"),
                [acts_table(page.acts, zone, empty=_("Nothing was done yet."))],
                actions=[button(_("Search and check"), lambda: _to(AUDIT), key="audit")],
            ),
        ],
        place=ADMIN,
        watch=page.watch,
    )
