"""Taking a period along: the visit report and everything as tables."""

from datetime import date
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.figures.wording import day_words
from diary_app.services.visit_since import first_day
from diary_app.text import _


def export_path(patient_id: UUID, shape: str, first_on: date, last_on: date) -> str:
    """Return where a download is served; ``shape`` is report, archive, workbook or fhir."""
    return f"/exports/{patient_id}/{shape}?from={first_on.isoformat()}&to={last_on.isoformat()}"


@keyed
def ExportPanel(patient_id: UUID, today: date, visit_on: date | None) -> ft.Control:
    """Ask for the period, since the last visit if not said otherwise, and open the download.

    Args:
        visit_on: The last visit; None = none is known.
    """
    typed_from, set_from = ft.use_state(first_day(visit_on, today).isoformat())
    typed_to, set_to = ft.use_state(today.isoformat())
    told, tell = ft.use_state("")
    named, set_named = ft.use_state(False)
    first_on, last_on = _day(typed_from), _day(typed_to)
    wrong_order = first_on is not None and last_on is not None and last_on < first_on

    async def download(shape: str) -> None:
        if first_on is None or last_on is None or wrong_order:
            tell(_("Check the two days first."))
            return
        tell(_("Preparing... The download opens in a new tab; this can take some seconds."))
        path = export_path(patient_id, shape, first_on, last_on)
        await ft.UrlLauncher().launch_url(path, web_only_window_name="_blank")

    async def report() -> None:
        await download("report")

    async def archive() -> None:
        await download("archive")

    async def workbook() -> None:
        await download("workbook")

    async def fhir() -> None:
        await download("fhir")

    async def calendar() -> None:
        path = f"/exports/{patient_id}/calendar?named={'yes' if named else 'no'}"
        await ft.UrlLauncher().launch_url(path, web_only_window_name="_blank")

    how = _("Type the day as YYYY-MM-DD.")
    since = (
        _("No earlier visit is known: these are the last 90 days.")
        if visit_on is None
        else _("Since the last visit, {day}.").format(day=day_words(visit_on))
    )
    return ft.Column(
        [
            fine(since),
            ft.Row(
                [
                    ft.TextField(
                        key="export-from",
                        label=_("From"),
                        value=typed_from,
                        width=170,
                        error=how if first_on is None else None,
                        on_change=lambda event: set_from(event.control.value),
                    ),
                    ft.TextField(
                        key="export-to",
                        label=_("To"),
                        value=typed_to,
                        width=170,
                        error=how
                        if last_on is None
                        else _("Lies before the first day.")
                        if wrong_order
                        else None,
                        on_change=lambda event: set_to(event.control.value),
                    ),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            ft.Row(
                [
                    button(
                        _("Visit report (PDF)"),
                        report,
                        key="report",
                        icon=ft.Icons.PICTURE_AS_PDF,
                        main=True,
                    ),
                    button(
                        _("Everything (CSV, zip)"), archive, key="archive", icon=ft.Icons.FOLDER_ZIP
                    ),
                    button(
                        _("Tables (Excel)"), workbook, key="workbook", icon=ft.Icons.TABLE_CHART
                    ),
                    button(
                        _("For another system (FHIR)"), fhir, key="fhir", icon=ft.Icons.SYNC_ALT
                    ),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
            ft.Semantics(live_region=True, content=text(told)) if told else ft.Container(),
            ft.Row(
                [
                    button(
                        _("Plan and visits (calendar)"),
                        calendar,
                        key="calendar",
                        icon=ft.Icons.CALENDAR_MONTH,
                    ),
                    ft.Checkbox(
                        key="calendar-named",
                        label=_("With the patient's name"),
                        value=named,
                        on_change=lambda event: set_named(bool(event.control.value)),
                    ),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            fine(_("Each download is written down in the clinic's audit.")),
        ],
        spacing=10,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
