"""A whole plan as a clinician typed it: several dated steps, checked together before they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from db.models import PlanStep
from diary_app.services import plan_change
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.plan_change import PlanChange, PlanCheck, row_of
from diary_app.services.plan_window import too_soon
from diary_app.text import _

MOST_STEPS = 40
LONGEST_STEP_DAYS = 366


@dataclass(frozen=True)
class TypedStep:
    """One line of the plan as typed.

    Attributes:
        change: The step; the reason is that of the whole plan.
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
    """A step that cannot be used.

    Attributes:
        step: Counts from 1.
        plain: The sentence without the step's number, for its own field.
    """

    def __init__(self, step: int, sentence: str, field: str) -> None:
        super().__init__(
            _("Step {number}: {sentence}").format(number=step, sentence=sentence), field
        )
        self.step = step
        self.plain = sentence


def check(typed: Sequence[TypedStep], today: date, in_force: Sequence[PlanStep]) -> CourseCheck:
    """Return the plan read and checked.

    Args:
        typed: The lines, in the order in which they were typed.
        today: The patient's calendar day.
        in_force: The plan in force.

    Raises:
        UnusableAnswerError: If there is no step, too many, or no reason for the plan.
        UnusableStepError: For the first step that cannot be used, overlaps, leaves a gap, or
            changes days that are past.
    """
    if not 0 < len(typed) <= MOST_STEPS:
        raise UnusableAnswerError(
            _("Give between 1 and {most} steps.").format(most=MOST_STEPS), "steps"
        )
    plan_change.reason_read(typed[0].change.reason)
    before = list(in_force)
    steps: list[PlanCheck] = []
    lasts: list[int | None] = []
    for number, line in enumerate(typed, start=1):
        try:
            found = plan_change.read(line.change, today, before, is_first=not in_force)
            lasts.append(_days(line.days))
        except UnusableAnswerError as error:
            raise UnusableStepError(number, str(error), error.field) from error
        steps.append(found)
        before = [step for step in before if step.starts_on < found.starts_on]
        before.append(row_of(found))
    _fit(steps, lasts)
    first_on = steps[0].starts_on
    kept = [step for step in in_force if step.starts_on < first_on]
    return CourseCheck(
        steps=tuple(steps),
        kept=len(kept),
        replaced=len(in_force) - len(kept),
        warnings=tuple(too_soon([*kept, *map(row_of, steps)], first_on)),
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
