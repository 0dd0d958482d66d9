"""Days, amounts and plan steps in words, the same in the figure, the report and the summary."""

from datetime import date

from diary_app.exports.bundle import PlanStepLine
from diary_app.text import _
from diary_app.text.dates import day
from diary_app.text.numbers import decimals


def day_words(on: date) -> str:
    """Return a calendar day as "3 May 2010"."""
    return day(on, "yMMMd")


def amount(value: float) -> str:
    """Return a number without needless zeros: 200.0 is "200", 7.5 is "7.5"."""
    return decimals(f"{value:.2f}".rstrip("0").rstrip("."))


def dose_words(step: PlanStepLine) -> str:
    """Return what a step prescribes of imatinib: "200 mg daily", or "stopped"."""
    if step.imatinib_mg == 0:
        return _("stopped")
    if step.every_n_days == 1:
        return _("{mg} mg daily").format(mg=amount(step.imatinib_mg))
    return _("{mg} mg every 2nd day").format(mg=amount(step.imatinib_mg))


def daily_mean_mg(step: PlanStepLine) -> float:
    """Return the imatinib of a step per calendar day, in mg; 0 = stopped."""
    return step.imatinib_mg / step.every_n_days


def is_step_up(before: PlanStepLine | None, after: PlanStepLine) -> bool:
    """Tell whether a step starts, restarts or raises imatinib; ``before`` None = first step."""
    return daily_mean_mg(after) > (0 if before is None else daily_mean_mg(before))


def change_words(before: PlanStepLine | None, after: PlanStepLine) -> str:
    """Return what changes with a step: "100 -> 200 mg", "restart 100 mg every 2nd day"."""
    every_other_day = after.every_n_days > 1
    if before is None:
        return _("start {dose}").format(dose=dose_words(after) if every_other_day else _mg(after))
    if before.imatinib_mg == 0:
        return _("restart {dose}").format(dose=dose_words(after) if every_other_day else _mg(after))
    if after.imatinib_mg == 0:
        return _("stop")
    if before.imatinib_mg == after.imatinib_mg:
        rhythm = _("every 2nd day") if every_other_day else _("daily")
        return _("{dose} {rhythm}").format(dose=_mg(after), rhythm=rhythm)
    change = _("{before} -> {after} mg").format(
        before=amount(before.imatinib_mg), after=amount(after.imatinib_mg)
    )
    if every_other_day:
        return _("{change} every 2nd day").format(change=change)
    return change


def _mg(step: PlanStepLine) -> str:
    return _("{mg} mg").format(mg=amount(step.imatinib_mg))
