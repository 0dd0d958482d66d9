"""One patient's course as told: the context of the treatment and the entries of the diary.

Every field is optional unless it has to be there: None means unknown or not asked, never
normal. ``frozenset()`` means asked, and nothing was ticked. Field names are those of the
vignette schema. Days are counted in the patient's calendar; day 0 is any fixed day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from alerts.grading import limits, terms

Unit = Literal["C", "F"]


@dataclass(frozen=True, slots=True)
class TemperatureInput:
    """A thermometer reading exactly as typed.

    Attributes:
        value: The number typed, in ``unit``; rule R4 judges whether it can be a temperature.
        unit: ``C`` or ``F``.
        site: oral, axillary, tympanic, forehead, rectal or unknown.
    """

    value: float
    unit: Unit = "C"
    site: str = "unknown"

    def __post_init__(self) -> None:
        limits.check_number("temperature_input.value", self.value, limits.READING)
        limits.check_choice("temperature_input.unit", self.unit, terms.UNITS)
        limits.check_choice("temperature_input.site", self.site, terms.SITES)


@dataclass(frozen=True, slots=True)
class Labs:
    """Results of one blood sample; None where not measured.

    Attributes:
        anc_1e9_l: Neutrophils, 10^9 per liter.
        eosinophils_1e9_l: Eosinophils, 10^9 per liter.
        alt: In the unit of its upper limit of normal, as are all that follow.
    """

    anc_1e9_l: float | None = None
    eosinophils_1e9_l: float | None = None
    alt: float | None = None
    ast: float | None = None
    bilirubin: float | None = None
    creatinine: float | None = None
    ldh: float | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                limits.check_number(f"labs.{each.name}", value, limits.LABORATORY)


@dataclass(frozen=True, slots=True)
class Uln:
    """Upper limits of normal of the laboratory that did the tests; None where unknown."""

    alt: float | None = None
    ast: float | None = None
    bilirubin: float | None = None
    creatinine: float | None = None
    ldh: float | None = None
    eosinophils: float | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                limits.check_number(f"uln.{each.name}", value, limits.ULN)


@dataclass(frozen=True, slots=True)
class AncValue:
    """A neutrophil count of the past, 10^9 per liter."""

    day: int
    value: float

    def __post_init__(self) -> None:
        limits.check_number("anc_history.day", self.day, limits.DAY)
        limits.check_number("anc_history.value", self.value, limits.LABORATORY)


@dataclass(frozen=True, slots=True)
class DoseEvent:
    """A change of the planned dose.

    Attributes:
        day: First day of the new dose.
        type: start, restart, increase, decrease or stop.
        schedule: Words of the plan, such as ``every_other_day``; not interpreted.
    """

    day: int
    type: str
    from_mg: float | None = None
    to_mg: float | None = None
    schedule: str | None = None

    def __post_init__(self) -> None:
        limits.check_number("dose_events.day", self.day, limits.DAY)
        limits.check_choice("dose_events.type", self.type, terms.DOSE_EVENTS)
        limits.check_known("from_mg", self.from_mg)
        limits.check_known("to_mg", self.to_mg)


@dataclass(frozen=True, slots=True)
class SteroidEvent:
    """A change of the planned steroid, prednisolone mg per day; decrease and stop open W3."""

    day: int
    type: str
    from_mg: float | None = None
    to_mg: float | None = None

    def __post_init__(self) -> None:
        limits.check_number("steroid_events.day", self.day, limits.DAY)
        limits.check_choice("steroid_events.type", self.type, terms.STEROID_EVENTS)
        limits.check_known("from_mg", self.from_mg)
        limits.check_known("to_mg", self.to_mg)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the treatment apart from the entries.

    Attributes:
        prior_severe_reaction: None counts as yes when a type is recorded.
        baseline_grades: Usual grade per symptom, 0 to 5, for what was there before.
        skin_alert_days: Days on which a skin alert was raised outside the given entries.
    """

    drug: str = "imatinib"
    prior_severe_reaction: bool | None = None
    prior_reaction_type: str | None = None
    on_systemic_steroid: bool | None = None
    anc_history: tuple[AncValue, ...] = ()
    dose_events: tuple[DoseEvent, ...] = ()
    steroid_events: tuple[SteroidEvent, ...] = ()
    baseline_grades: Mapping[str, int] = field(default_factory=dict)
    uln: Uln = field(default_factory=Uln)
    skin_alert_days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for each in fields(self):
            limits.check_known(each.name, getattr(self, each.name))
        for symptom, grade in self.baseline_grades.items():
            name = f"baseline_grades.{limits.named(symptom)}"
            limits.check_number(name, grade, limits.Range(0, 5, whole=True))
        for day in self.skin_alert_days:
            limits.check_number("skin_alert_days", day, limits.DAY)

    @property
    def has_prior_severe_reaction(self) -> bool:
        """Return whether a severe reaction is on record, by the answer or by its type."""
        if self.prior_severe_reaction is None:
            return self.prior_reaction_type is not None
        return self.prior_severe_reaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission to the diary, or the record that none came.

    Attributes:
        day: Calendar day of the patient, relative to the same day 0 as the context.
        minute_of_day: Local time in minutes after midnight, 0 to 1439; None counts as 0.
        itch_nrs: Worst itch of the past 24 hours, 0 to 10.
        skin_pain_nrs: Worst skin pain of the past 24 hours, 0 to 10.
        bsa_percent: Skin affected, percent of the body surface.
        peeling_bsa_percent: Skin coming off, percent of the body surface.
        adl_due_to: What limits daily living; unknown or empty counts as the skin.
        stools_over_baseline: Stools per day above the patient's usual number.
        weight_gain_3d_kg: Weight gained over three days, kg.
        no_entry: True for a day that passed without an entry.
        timer_event: ``recheck_not_entered`` when an awaited reading did not come.
    """

    day: int
    minute_of_day: int | None = None
    temperature_input: TemperatureInput | None = None
    itch_nrs: int | None = None
    itch_extent: str | None = None
    itch_pattern: str | None = None
    sleep_loss: str | None = None
    skin_pain_nrs: int | None = None
    bsa_percent: float | None = None
    generalized: bool | None = None
    rash_present: bool | None = None
    peeling_bsa_percent: float | None = None
    morphology: frozenset[str] | None = None
    red_flags: frozenset[str] | None = None
    adl: str | None = None
    adl_due_to: frozenset[str] | None = None
    mouth: str | None = None
    mouth_intake_affected: bool | None = None
    periorbital: str | None = None
    stools_over_baseline: int | None = None
    nausea: str | None = None
    fatigue: str | None = None
    limb_swelling: str | None = None
    blurred_vision: str | None = None
    weight_gain_3d_kg: float | None = None
    chills: str | None = None
    antipyretic_within_6h: bool | None = None
    imatinib_mg_taken: float | None = None
    imatinib_mg_prescribed: float | None = None
    prednisolone_mg_taken: float | None = None
    prednisolone_mg_prescribed: float | None = None
    labs: Labs | None = None
    no_entry: bool = False
    timer_event: str | None = None

    def __post_init__(self) -> None:
        limits.check_number("day", self.day, limits.DAY)
        for each in fields(self):
            limits.check_known(each.name, getattr(self, each.name))

    @property
    def minute(self) -> int:
        """Return minutes since the start of day 0; an unknown time counts as 00:00."""
        return self.day * terms.MINUTES_PER_DAY + (self.minute_of_day or 0)

    def flagged(self, *words: str) -> bool:
        """Return whether any of the red flags was ticked."""
        flags = self.red_flags
        return False if not flags else not flags.isdisjoint(words)

    def looks_like(self, *words: str) -> bool:
        """Return whether any of the lesion types was ticked."""
        seen = self.morphology
        return False if not seen else not seen.isdisjoint(words)
