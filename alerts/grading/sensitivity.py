"""Whether the red-flag courses stay urgent: what no clinic's rules may miss."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level
from alerts.grading.vignette import grade_vignette


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How many of the red-flag courses the rules make urgent.

    Attributes:
        courses: How many there are.
        missed: (id, title) of each that is not urgent.
    """

    courses: int
    missed: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """Return the share that is urgent, 0 to 1."""
        return 1 - len(self.missed) / self.courses

    @property
    def sentence(self) -> str:
        """Return the finding for the first line of a report."""
        if not self.missed:
            return f"All {self.courses} red-flag courses stay urgent."
        titles = "; ".join(f"{name} ({title})" for name, title in self.missed)
        return (
            f"DANGER: {len(self.missed)} of {self.courses} red-flag courses would no longer be "
            f"urgent: {titles}."
        )


def sensitivity(rules: RuleSet) -> Sensitivity:
    """Return which red-flag courses these rules would no longer make urgent.

    The courses are Hwang 2010, Lee 2015 and synthetic ones at the limits of clinical rules R1 to
    R9, in ``red_flag_courses.json`` beside this module. The figure proves consistency with them,
    not clinical sensitivity.
    """
    courses = _courses()
    missed = []
    for number, course in enumerate(courses, start=1):
        if grade_vignette(course, number, rules)["escalation"] != Level.URGENT.word:
            missed.append((str(course["id"]), str(course["title"])))
    return Sensitivity(len(courses), tuple(missed))


@cache
def _courses() -> tuple[dict[str, Any], ...]:
    text = files("alerts.grading").joinpath("red_flag_courses.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["vignettes"])
