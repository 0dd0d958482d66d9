"""One entry seen with everything the rules compare it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.grading.assessment import Assessment
from alerts.grading.course import AncValue, Context, Entry
from alerts.grading.rash import RashGrading
from alerts.grading.rules import RuleSet
from alerts.grading.terms import MINUTES_PER_DAY
from alerts.grading.thermometer import Reading, read
from alerts.grading.windows import Windows


@dataclass(frozen=True, slots=True)
class Case:
    """An entry, what came before it, and its grades.

    Attributes:
        earlier: Shape ``(n,)``, oldest first: earlier entries of the course with their outcome.
        grades: Estimated grade per symptom of this entry; a symptom not asked is absent.
    """

    entry: Entry
    earlier: Sequence[tuple[Entry, Assessment]]
    context: Context
    rules: RuleSet
    reading: Reading
    rash: RashGrading
    grades: Mapping[str, int]
    windows: Windows

    def grade(self, symptom: str) -> int:
        """Return the grade, 0 when it was not asked: for rules that need a grade to fire."""
        return self.grades.get(symptom, 0)

    def within(self, days: int) -> Iterator[tuple[Entry, Assessment]]:
        """Yield the earlier entries at most so many days old, the newest first."""
        today = self.entry.day
        first = today - days
        for pair in reversed(self.earlier):
            day = pair[0].day
            if day < first:
                return
            if day <= today:
                yield pair

    def fresh(self, symptom: str) -> bool:
        """Return whether the grade is higher than in the last days and than the usual one."""
        grade = self.grade(symptom)
        if grade <= self.context.baseline_grades.get(symptom, 0):
            return False
        return all(
            past.grades.get(symptom, 0) < grade for _, past in self.within(self.rules.fresh_days)
        )

    def mouth_sores(self) -> bool:
        """Return whether there are sores in the mouth, ticked or by the mucositis grade."""
        return self.entry.flagged("mouth_sores") or self.grade("mucositis") >= 1

    def on_steroid(self) -> bool:
        """Return whether a systemic steroid is in use or was taken today."""
        return self.context.on_systemic_steroid is True or any(
            (entry.prednisolone_mg_taken or 0) > 0
            for entry in (self.entry, *(entry for entry, _ in self.within(0)))
        )

    def neutrophils(self, days: int) -> list[AncValue]:
        """Return the counts at most so many days old, oldest first, today's sample included."""
        today = self.entry.day
        counts = [count for count in self.context.anc_history if 0 <= today - count.day <= days]
        counts += [
            AncValue(entry.day, entry.labs.anc_1e9_l)
            for entry in (*reversed([entry for entry, _ in self.within(days)]), self.entry)
            if entry.labs is not None and entry.labs.anc_1e9_l is not None
        ]
        return sorted(counts, key=lambda count: count.day)

    def fever_before(self) -> list[int]:
        """Return how many minutes ago each earlier reading of fever was, by what it counts as.

        Only readings recent enough to count with this one as one fever.
        """
        now, longest = self.entry.minute, self.rules.sustained_within_minutes
        return [
            ago
            for entry, _ in self.within(longest // MINUTES_PER_DAY + 1)
            if entry.temperature_input is not None
            and 0 <= (ago := now - entry.minute) <= longest
            and read(entry.temperature_input, self.rules).reaches(self.rules.fever_celsius)
        ]
