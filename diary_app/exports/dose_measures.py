"""Relative dose intensity, proportion of days covered and the longest dose gap of a period.

Relative dose intensity here is the amount taken over the amount planned for the same days. The
proportion of days covered (asked for by clinical.md 6.6) is elsewhere counted from what a pharmacy
handed out (pqaalliance.org/adherence-measures); here a day counts by what the patient logged, so
the figures of the two do not compare. A planned day without an answer, or with a dose that was
vomited, is neither covered nor missed: both measures are ranges as soon as there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.exports.bundle import VisitBundle
from diary_app.figures.course import (
    days_between,
    dose_days_of,
    last_day_so_far,
    planned_imatinib_mg,
)
from diary_app.text import _


@dataclass(frozen=True)
class DoseMeasures:
    """Imatinib of the planned days that have begun.

    Attributes:
        planned: Days with a planned dose above 0; days between doses and pauses do not count.
        covered: Planned days with a dose logged as taken, of any amount.
        unknown: Planned days on which it is not known whether or what was taken.
        planned_mg: Sum over the days with a known amount, above 0 when `intensity` is not None.
        taken_mg: Sum over the same days.
        longest_gap: Most planned days in a row that were logged as not taken.
    """

    planned: int
    covered: int
    unknown: int
    planned_mg: float
    taken_mg: float
    longest_gap: int

    @property
    def intensity(self) -> float | None:
        """Taken over planned, 0.0 upward (above 1 = more than planned); None = nothing known."""
        return self.taken_mg / self.planned_mg if self.planned_mg > 0 else None

    @property
    def covered_share(self) -> tuple[float, float] | None:
        """Least and most share of covered days, 0.0 to 1.0; None = nothing was planned."""
        if self.planned == 0:
            return None
        return self.covered / self.planned, (self.covered + self.unknown) / self.planned


def dose_measures(bundle: VisitBundle) -> DoseMeasures:
    """Return the measures of one period; an unknown day is counted, never taken for 0 mg."""
    said = {day.on: day for day in dose_days_of(bundle)}
    doses: list[tuple[float, float | None]] = []
    for on in days_between(bundle.first_on, last_day_so_far(bundle)):
        day = said.get(on)
        planned = day.imatinib_planned_mg if day else planned_imatinib_mg(bundle.plan, on)
        if planned is not None and planned > 0:
            doses.append((planned, day.imatinib_mg if day else None))
    return measures_of(doses)


def measures_of(doses: Sequence[tuple[float, float | None]]) -> DoseMeasures:
    """Return the measures of planned days in order, each as (planned mg above 0, taken mg).

    Args:
        doses: Shape ``(n, 2)``; None = it is not known what was taken.
    """
    known = [(planned, mg) for planned, mg in doses if mg is not None]
    gap = longest = 0
    for _planned, mg in doses:
        gap = gap + 1 if mg == 0 else 0
        longest = max(longest, gap)
    return DoseMeasures(
        planned=len(doses),
        covered=sum(1 for _planned, mg in known if mg > 0),
        unknown=len(doses) - len(known),
        planned_mg=sum(planned for planned, _mg in known),
        taken_mg=sum(mg for _planned, mg in known),
        longest_gap=longest,
    )


def dose_measure_words(bundle: VisitBundle) -> list[str]:
    """Return the measures with their definitions, in sentences; empty = no dose was planned."""
    found = dose_measures(bundle)
    share = found.covered_share
    if share is None:
        return []
    least, most = round(share[0] * 100), round(share[1] * 100)
    if found.unknown:
        covered = _(
            "Planned dose days covered: between {least} % and {most} % "
            "({covered} of {planned} logged as taken, {unknown} not known)."
        )
    else:
        covered = _("Planned dose days covered: {least} % ({covered} of {planned}).")
    sentences = [
        covered.format(
            least=least,
            most=most,
            covered=found.covered,
            planned=found.planned,
            unknown=found.unknown,
        ),
        _("Most planned doses in a row logged as missed: {n}.").format(n=found.longest_gap),
    ]
    if found.intensity is None:
        sentences.append(_("Relative dose intensity: not known, no dose was reported."))
    else:
        sentences.append(
            _(
                "Relative dose intensity: {percent} % (mg taken over mg planned, "
                "{known} of {planned} planned days with a known amount)."
            ).format(
                percent=round(found.intensity * 100),
                known=found.planned - found.unknown,
                planned=found.planned,
            )
        )
    return sentences
