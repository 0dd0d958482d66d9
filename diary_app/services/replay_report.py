"""What a replay found: counts, who is concerned, the load per week and the red-flag courses."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from alerts.escalation.nurse_load import Forecast, forecast
from alerts.escalation.replay import AlertChange, CourseReplay
from alerts.grading.sensitivity import Sensitivity

# More changes of a kind are counted, not listed, so that memory does not grow with the clinic.
MOST_LISTED = 500
KINDS = ("appears", "vanishes", "changes")
ALERT_LEVELS = ("urgent", "prompt")


@dataclass
class Tally:
    """What is counted while patients go by, one after another.

    Attributes:
        first_on: First diary day that counts.
        last_on: Last diary day that counts.
        moved: (level before, level after) -> entries.
        kinds: appears, vanishes or changes -> alerts.
        before: (week, level) -> alerts by the rules before. Weeks end with the last day, so that
            the newest is whole; week 0 may be shorter.
        after: The same by the rules after.
        listed: (patient's code, change), the first ``MOST_LISTED`` of each kind.
        concerned: Patients of whom an alert differs.
    """

    first_on: date
    last_on: date
    patients: int = 0
    patient_weeks: float = 0.0
    concerned: int = 0
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    before: Counter[tuple[int, str]] = field(default_factory=Counter)
    after: Counter[tuple[int, str]] = field(default_factory=Counter)
    listed: list[tuple[str, AlertChange]] = field(default_factory=list)

    def add(self, code: str, found: CourseReplay, days: int) -> None:
        """Count one patient, who was followed for so many of the days."""
        self.patients += 1
        self.patient_weeks += days / 7
        self.moved.update(found.levels)
        self.concerned += bool(found.changes)
        self.before.update((self._week(on), level) for on, level in found.before)
        self.after.update((self._week(on), level) for on, level in found.after)
        for change in found.changes:
            self.kinds[change.kind] += 1
            if self.kinds[change.kind] <= MOST_LISTED:
                self.listed.append((code, change))

    def _week(self, on: date) -> int:
        return self.weeks - 1 - (self.last_on - on).days // 7

    def week_from(self, week: int) -> date:
        """Return the first day of a week that counts."""
        return max(self.first_on, self.last_on - timedelta(days=7 * (self.weeks - week) - 1))

    @property
    def weeks(self) -> int:
        """Return how many weeks were begun."""
        return (self.last_on - self.first_on).days // 7 + 1

    @property
    def whole_weeks(self) -> int:
        """Return how many weeks are whole."""
        return ((self.last_on - self.first_on).days + 1) // 7


@dataclass(frozen=True)
class ReplayReport:
    """A finished replay."""

    tally: Tally
    sensitivity: Sensitivity
    version_before: str
    version_after: str

    @property
    def entries(self) -> int:
        """Return how many entries were graded by both."""
        return sum(self.tally.moved.values())

    def per_week(self, *, after: bool) -> list[int]:
        """Return the alerts of every week, shape ``(weeks,)``."""
        counted = self.tally.after if after else self.tally.before
        return [
            sum(counted[week, level] for level in ALERT_LEVELS) for week in range(self.tally.weeks)
        ]

    @property
    def forecast(self) -> Forecast | None:
        """Return what a week to come would bring; None without a whole week."""
        begun = self.tally.weeks - self.tally.whole_weeks
        return forecast(self.per_week(after=False)[begun:], self.per_week(after=True)[begun:])

    def alerts(self, level: str, *, after: bool) -> int:
        """Return how many alerts of a level there were."""
        counted = self.tally.after if after else self.tally.before
        return sum(count for (_week, each), count in counted.items() if each == level)

    def rate(self, level: str, *, after: bool) -> float | None:
        """Return alerts of a level per patient-week; None without any patient-week."""
        weeks = self.tally.patient_weeks
        return self.alerts(level, after=after) / weeks if weeks else None

    def counts(self) -> dict[str, Any]:
        """Return the findings as plain JSON values, without any patient."""
        tally, load = self.tally, self.forecast
        return {
            "red_flag_courses": self.sensitivity.courses,
            "red_flag_courses_missed": [name for name, _title in self.sensitivity.missed],
            "from": tally.first_on.isoformat(),
            "to": tally.last_on.isoformat(),
            "version_before": self.version_before,
            "version_after": self.version_after,
            "patients": tally.patients,
            "patients_concerned": tally.concerned,
            "entries": self.entries,
            "levels": [
                {"before": was, "after": now, "entries": count}
                for (was, now), count in sorted(tally.moved.items())
                if was != now
            ],
            "alerts": {kind: tally.kinds[kind] for kind in KINDS},
            "alerts_before": {each: self.alerts(each, after=False) for each in ALERT_LEVELS},
            "alerts_after": {each: self.alerts(each, after=True) for each in ALERT_LEVELS},
            "alerts_per_patient_week_before": {
                each: self.rate(each, after=False) for each in ALERT_LEVELS
            },
            "alerts_per_patient_week_after": {
                each: self.rate(each, after=True) for each in ALERT_LEVELS
            },
            "weeks": [
                {
                    "from": tally.week_from(week).isoformat(),
                    "before": before,
                    "after": after,
                }
                for week, (before, after) in enumerate(
                    zip(self.per_week(after=False), self.per_week(after=True), strict=True)
                )
            ],
            "forecast_per_week": None
            if load is None
            else {
                "expected": load.expected,
                "low": load.low,
                "high": load.high,
                "ratio": load.ratio,
            },
        }

    def concerned(self) -> list[dict[str, Any]]:
        """Return whose alerts differ, as plain JSON values; at most ``MOST_LISTED`` a kind."""
        return [
            {
                "patient": code,
                "on": change.on.isoformat(),
                "alert": change.kind,
                "before": change.before,
                "after": change.after,
            }
            for code, change in self.tally.listed
        ]
