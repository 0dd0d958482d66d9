"""The summary on paper: a plain page that the browser prints."""

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.pages import page
from diary_app.components.care_summary_words import (
    COUNTS,
    GROUP_WORDS,
    alert_words,
    load_words,
    mailing_words,
    review_words,
    silence_words,
    week_words,
)
from diary_app.components.care_words import (
    day_and_clock,
    plain_day,
    planned_words,
    reason_words,
    step_words,
)
from diary_app.routes import SUMMARY_PRINT
from diary_app.services.kit import Kit
from diary_app.services.summary import GROUPS, Summary, SummaryPage, SummaryRow
from diary_app.text import _


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the route of the printed summary."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(SUMMARY_PRINT)
    def printed(request: Request) -> Response:
        viewer = callers.staff(request).viewer
        found = Summary(kit, viewer).page()
        zone = found.watch.time_zone
        return page(
            "summary.html",
            clinic=found.clinic_name,
            as_of=day_and_clock(found.now, zone),
            by=viewer.name,
            problems=found.problems,
            counts=[(words(), getattr(found.counts, name)) for name, words in COUNTS.items()],
            groups=[
                (
                    GROUP_WORDS[name](),
                    [_line(row, found) for row in found.rows if row.group == name],
                )
                for name in GROUPS
            ],
            load=[load_words(x.level, x.alerts, x.rate, x.budget) for x in found.load],
            mailing=mailing_words(found.mailing, zone),
        )

    return routes


def _line(row: SummaryRow, found: SummaryPage) -> dict[str, list[str]]:
    waiting = review_words(row, found.watch.time_zone)
    return {
        "who": [row.patient.name, row.patient.code, plain_day(row.patient.born_on)],
        "week": [week_words(row), waiting],
        "why": [*([reason_words(row.reason)] if row.reason else []), *alert_words(row, found)],
        "course": [
            silence_words(row),
            _("Imatinib: {dose}").format(dose=planned_words(row.dose)),
            step_words(row.dose.step_up),
        ],
    }
