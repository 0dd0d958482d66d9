"""The weekly report of the clinic, for a screen and as CSV: counts, no patient."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.clinic_week import ClinicWeek, monday_of, week_of
from db.access import Viewer
from db.stores import people
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.watch import Watch, watch

MOST_BACK = 520


@dataclass(frozen=True)
class WeekPage:
    """One week; ``back`` counts from the present week, 0 = this one so far."""

    clinic_name: str
    week: ClinicWeek
    back: int
    now: datetime
    watch: Watch


class Weeks:
    """The weeks of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self, back: int) -> WeekPage:
        """Return a week: 0 = the present one so far, 1 = the last whole one."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("report.read")
        back = min(max(back, 0), MOST_BACK)
        with self._kit.database.reading(viewer.clinic_id) as session:
            clinic = people.own_clinic(session, viewer)
            first_on = monday_of(clinic, now) - timedelta(weeks=back)
            week = week_of(session, viewer, first_on, now)
            return WeekPage(clinic.name, week, back, now, watch(session, viewer, now))

    def table(self, back: int) -> tuple[date, str]:
        """Return the Monday of a week and its report as CSV: one figure a line, empty = unknown."""
        week = self.page(back).week
        lines: list[tuple[str, str, object]] = [
            ("patients", "", week.patients),
            ("silent_patients", "", week.silent),
            ("alerts_not_closed", "", week.not_closed),
            ("alerts_closed_without_outcome", "", week.without_outcome),
        ]
        for level, load in zip(week.levels, week.load, strict=True):
            lines += [
                ("alerts", level.level, level.alerts),
                ("alerts_not_taken", level.level, level.waiting),
                ("median_minutes_until_taken", level.level, _figure(level.median)),
                ("longest_minutes_until_taken", level.level, _figure(level.worst)),
                ("target_minutes", level.level, _figure(level.target)),
                ("share_within_target", level.level, _figure(level.share)),
                ("alerts_per_patient_week", level.level, _figure(load.rate)),
                ("budget_per_patient_week", level.level, _figure(load.budget)),
            ]
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("week_from", "week_to", "figure", "level", "value"))
        for name, of, value in lines:
            writer.writerow((week.first_on, week.last_on, name, of, value))
        return week.first_on, out.getvalue()


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
