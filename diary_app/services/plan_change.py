"""One change of the plan as a clinician typed it: what it says, and what deserves a second look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from alerts.records import step_of
from db.models import PlanStep
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.plan_window import too_soon
from diary_app.services.readable import readable
from diary_app.text import _

HIGHEST_IMATINIB_MG = 800
HIGHEST_PREDNISOLONE_MG = 1000
TABLET_MG = 100
# A first plan changes nothing: it notes what is taken already, and rules R8 and R10 need its day.
EARLIEST_FIRST_PLAN = timedelta(days=366)
EARLIEST_PLANNING = timedelta(days=366)
LONGEST_REASON = 500
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class PlanChange:
    """The form as typed. ``starts_on`` is YYYY-MM-DD; an empty prednisolone says nothing."""

    starts_on: str
    imatinib_mg: str
    every_n_days: int
    prednisolone_mg: str
    reason: str


@dataclass(frozen=True)
class PlanCheck:
    """The change as it would be kept.

    Attributes:
        before_mg: Imatinib per dosing day until now; None = no plan yet.
        replaced: How many later steps of the plan end with it.
        warnings: Sentences to read before confirming; empty when there is nothing to say.
    """

    starts_on: date
    imatinib_mg: float
    every_n_days: int
    prednisolone_mg: float | None
    reason: str
    before_mg: float | None
    before_every_n_days: int | None
    replaced: int
    warnings: tuple[str, ...]


def check(change: PlanChange, today: date, in_force: Sequence[PlanStep]) -> PlanCheck:
    """Return the change read and checked, alone and beside the rises before it.

    Args:
        change: The form as typed.
        today: The patient's calendar day.
        in_force: The plan in force.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
    """
    found = read(change, today, in_force, is_first=not in_force)
    kept = [step for step in in_force if step.starts_on < found.starts_on]
    soon = too_soon([*kept, row_of(found)], found.starts_on)
    return replace(found, warnings=(*found.warnings, *soon))


def read(
    change: PlanChange, today: date, steps: Sequence[PlanStep], *, is_first: bool
) -> PlanCheck:
    """Return one step read and checked against the step before it.

    Args:
        steps: The plan as it stands before this step.
        is_first: The patient has no plan in force; only then may it begin in the past.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
    """
    starts_on = _day(change.starts_on, today, is_first=is_first)
    imatinib = _amount(change.imatinib_mg, "imatinib_mg", HIGHEST_IMATINIB_MG)
    if imatinib is None:
        raise UnusableAnswerError(
            _("Give the imatinib dose in mg; 0 means stopped."), "imatinib_mg"
        )
    if change.every_n_days not in (1, 2):
        raise UnusableAnswerError(_("Choose every day or every other day."), "every_n_days")
    prednisolone = _amount(change.prednisolone_mg, "prednisolone_mg", HIGHEST_PREDNISOLONE_MG)
    reason = reason_read(change.reason)
    before = step_of(steps, starts_on - timedelta(days=1))
    replaced = sum(step.starts_on >= starts_on for step in steps)
    return PlanCheck(
        starts_on=starts_on,
        imatinib_mg=imatinib,
        every_n_days=change.every_n_days,
        prednisolone_mg=prednisolone,
        reason=reason,
        before_mg=None if before is None else before.imatinib_mg,
        before_every_n_days=None if before is None else before.every_n_days,
        replaced=replaced,
        warnings=tuple(_warnings(imatinib, prednisolone, starts_on, today, before, replaced)),
    )


def reason_read(typed: str) -> str:
    """Return why the plan changes; raises UnusableAnswerError when nobody says."""
    reason = typed.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise UnusableAnswerError(_("Give the reason, up to 500 characters."), "reason")
    return reason


def row_of(found: PlanCheck) -> PlanStep:
    """Return the step as a row to compare with; it names nobody and is never kept."""
    return PlanStep(
        clinic_id=_NOBODY,
        patient_id=_NOBODY,
        author_id=_NOBODY,
        approved_at=datetime.min.replace(tzinfo=UTC),
        starts_on=found.starts_on,
        imatinib_mg=found.imatinib_mg,
        every_n_days=found.every_n_days,
        prednisolone_mg=found.prednisolone_mg,
        reason=readable(found.reason),
    )


def _warnings(
    imatinib: float,
    prednisolone: float | None,
    starts_on: date,
    today: date,
    before: PlanStep | None,
    replaced: int,
) -> list[str]:
    found = []
    if imatinib % TABLET_MG != 0:
        found.append(_("This is not a multiple of 100 mg. Please check the tablets."))
    was = 0.0 if before is None else before.imatinib_mg
    if imatinib - was > TABLET_MG and before is not None:
        found.append(_("This raises imatinib by more than 100 mg in one step."))
    if starts_on < today:
        found.append(
            _("This first plan begins in the past; days already logged keep their entries.")
        )
    if replaced:
        found.append(_("Steps planned from this day on are replaced."))
    if prednisolone is None and before is not None and before.prednisolone_mg:
        found.append(_("The new step says nothing about prednisolone, which was planned so far."))
    return found


def _day(typed: str, today: date, *, is_first: bool) -> date:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise UnusableAnswerError(
            _("Type the day as YYYY-MM-DD, such as 2026-03-31."), "starts_on"
        ) from None
    if day < today and not is_first:
        raise UnusableAnswerError(
            _("The plan is changed from today on, never backwards."), "starts_on"
        )
    if today - day > EARLIEST_FIRST_PLAN:
        raise UnusableAnswerError(_("A first plan begins at most a year back."), "starts_on")
    if day - today > EARLIEST_PLANNING:
        raise UnusableAnswerError(_("Choose a day within the next year."), "starts_on")
    return day


def _amount(typed: str, field: str, highest: int) -> float | None:
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= highest:
        raise UnusableAnswerError(
            _("Give an amount from 0 to {highest} mg.").format(highest=highest), field
        )
    return amount
