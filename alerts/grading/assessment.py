"""What one entry means: grades, level, reasons and the values they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.grading.reasons import Reason
from alerts.grading.terms import Level


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome of the rules for one entry.

    Attributes:
        grades: Estimated CTCAE 5.0 grade per symptom, 0 to 4; a symptom not asked is absent.
        v6_rash_maculopapular: The rash by CTCAE 6.0, 1 to 3; None when there is no such rash.
        level: How soon a person must know.
        reasons: Most urgent first; never empty.
        temperature_celsius: The reading as accepted, not corrected for its site; None when
            rejected or not given.
        extent_percent: Extent of the rash as used, percent of the body surface; None if unknown.
        rules_version: Version of the rule set.
        recheck_minutes: The patient is asked for a second reading after this many minutes.
    """

    grades: Mapping[str, int]
    v6_rash_maculopapular: int | None
    level: Level
    reasons: tuple[Reason, ...]
    temperature_celsius: float | None
    extent_percent: float | None
    rules_version: str
    recheck_minutes: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the reason codes in the order of the reasons."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def pressing_codes(self) -> tuple[str, ...]:
        """Return the codes for which somebody must know; lesser remarks open no alert again."""
        pressing = tuple(reason.code for reason in self.reasons if reason.level >= Level.PROMPT)
        return pressing or self.codes

    @property
    def pressing_sentences(self) -> tuple[str, ...]:
        """Return the care team's sentences of what somebody must know."""
        pressing = tuple(each.sentence for each in self.reasons if each.level >= Level.PROMPT)
        return pressing or tuple(each.sentence for each in self.reasons)
