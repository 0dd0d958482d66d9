"""A whole plan as a clinician typed it: several dated steps, checked together before they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from db.models import PlanStep
from diary_app.services import plan_change
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.plan_change import PlanChange, PlanCheck
from diary_app.services.readable import readable
from diary_app.text import _

WATCH_DAYS = 14
MOST_STEPS = 40
LONGEST_STEP_DAYS = 366
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class TypedStep:
    """One line of the plan as typed.

    Attributes:
        change: The step; its reason is the step's own.
        days: How long it lasts; empty = until the next step.
    """

    change: PlanChange
    days: str = ""


@dataclass(frozen=True)
class CourseCheck:
    """The whole plan as it would be kept.

    Attributes:
        steps: Each step read and checked, oldest first.
        kept: How many steps in force stay as they are, because they start earlier.
        replaced: How many steps in force end with the new plan.
        warnings: Sentences about the steps together; those about one step are in the step.
    """

    steps: tuple[PlanCheck, ...]
    kept: int
    replaced: int
    warnings: tuple[str, ...]


class UnusableStepError(UnusableAnswerError):
    """A step that cannot be used; ``step`` counts from 1."""

    def __init__(self, step: int, sentence: str, field: str) -> None:
        super().__init__(
            _("Step {number}: {sentence}").format(number=step, sentence=sentence), field
        )
        self.step = step


def check(typed: Sequence[TypedStep], today: date, in_force: Sequence[PlanStep]) -> CourseCheck:
    """Return the plan read and checked.

    Args:
        typed: The lines, in the order in which they were typed.
        today: The patient's calendar day.
        in_force: The plan in force.

    Raises:
        UnusableAnswerError: If there is no step, or there are too many.
        UnusableStepError: For the first step that cannot be used, overlaps, leaves a gap, or
            starts before today.
    """
    if not 0 < len(typed) <= MOST_STEPS:
        raise UnusableAnswerError(
            _("Give between 1 and {most} steps.").format(most=MOST_STEPS), "steps"
        )
    before = list(in_force)
    steps: list[PlanCheck] = []
    lasts: list[int | None] = []
    for number, line in enumerate(typed, start=1):
        try:
            found = _forward(line.change, today, before)
            lasts.append(_days(line.days))
        except UnusableAnswerError as error:
            raise UnusableStepError(number, str(error), error.field) from error
        steps.append(found)
        before = [step for step in before if step.starts_on < found.starts_on]
        before.append(_row(found))
    _fit(steps, lasts)
    first_on = steps[0].starts_on
    kept = [step for step in in_force if step.starts_on < first_on]
    return CourseCheck(
        steps=tuple(steps),
        kept=len(kept),
        replaced=len(in_force) - len(kept),
        warnings=tuple(_too_soon(steps, kept)),
    )


def _forward(change: PlanChange, today: date, before: Sequence[PlanStep]) -> PlanCheck:
    found = plan_change.check(change, today, before)
    if found.starts_on < today:
        raise UnusableAnswerError(
            _("The plan is changed from today on, never backwards."), "starts_on"
        )
    return found


def _row(found: PlanCheck) -> PlanStep:
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


def _days(typed: str) -> int | None:
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LONGEST_STEP_DAYS):
        raise UnusableAnswerError(_("Give whole days from 1 to 366, or leave it empty."), "days")
    return int(text)


def _fit(steps: Sequence[PlanCheck], lasts: Sequence[int | None]) -> None:
    for number, (one, following) in enumerate(pairwise(steps), start=2):
        lasting = lasts[number - 2]
        ends = one.starts_on + timedelta(days=1 if lasting is None else lasting)
        if following.starts_on < ends:
            sentence = _("It starts before the step above has ended.")
        elif lasting is not None and following.starts_on > ends:
            sentence = _("There are days without a plan between the step above and this one.")
        else:
            continue
        raise UnusableStepError(number, sentence, "starts_on")


def _too_soon(steps: Sequence[PlanCheck], kept: Sequence[PlanStep]) -> list[str]:
    """Name each rise that falls into days 0 to 14 after the rise before it (rule R8)."""
    found = []
    line = [*kept, *(_row(step) for step in steps)]
    risen_on: date | None = None
    for one, following in pairwise(line):
        if _daily(following) <= _daily(one):
            continue
        start = following.starts_on
        if (
            risen_on is not None
            and (start - risen_on).days <= WATCH_DAYS
            and start >= steps[0].starts_on
        ):
            found.append(
                _(
                    "The rise on {day} comes {days} days after the rise before it; "
                    "the rash is watched for 14 days after each."
                ).format(day=start.isoformat(), days=(start - risen_on).days)
            )
        risen_on = start
    return found


def _daily(step: PlanStep) -> float:
    return step.imatinib_mg / step.every_n_days
