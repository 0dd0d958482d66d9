"""Every threshold a clinic may tune, as data with a version.

The published cut points of CTCAE are not here: they stand in the modules that grade, because a
grade with other cut points would no longer be that grade.
"""

from __future__ import annotations

from dataclasses import dataclass

RULES_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The thresholds behind the levels; the defaults are the reviewed rule set.

    Attributes:
        name: What the clinic calls it.
        version: Stored with every assessment. A clinic that changes a number gives a new one.
        celsius_low: Lowest reading taken as a temperature, Celsius; the next three likewise.
        fever_celsius: Fever, effective Celsius (IDSA 2011; ESMO 2016).
        high_fever_celsius: A single reading that needs no second one (IDSA 2011).
        raised_celsius: Raised, not yet fever.
        low_celsius: Low when the patient feels unwell, as typed.
        site_correction_celsius: Added to axillary and forehead readings for the level only.
        sustained_after_minutes: Two readings this far apart count as sustained.
        sustained_within_minutes: Readings further apart than this are two episodes.
        recheck_low_risk_minutes: Second reading asked for after a low-risk fever.
        recheck_raised_minutes: Second reading asked for after a raised temperature.
        anc_safe: Neutrophils that exclude neutropenia, 10^9 per liter.
        anc_safe_days: Age of the count that still excludes it.
        anc_low: Neutropenia, 10^9 per liter (CTCAE 5.0, febrile neutropenia).
        anc_low_days: Age of the count that still counts as neutropenia.
        anc_very_low: Severe neutropenia, 10^9 per liter.
        wide_extent_percent: Extent that is urgent whatever the symptoms.
        generalized_percent: Extent assumed for a rash all over, not measured.
        least_percent: Extent assumed for a rash of unknown extent.
        fast_spread_points: Urgent rise of the extent, percentage points.
        spread_points: Same-day rise of the extent, percentage points.
        spread_days: Calendar days looked back for the spread.
        skin_alert_days: A persisting grade 2 rash is raised again after this many days.
        fresh_days: A grade is fresh when higher than in this many days before.
        itch_moderate: Lowest rating that is moderate (Reich 2012).
        itch_severe: Lowest rating that is severe (Reich 2012).
        itch_rise: Rise that patients notice (4 points, dupilumab trials).
        itch_rise_days: Days looked back for that rise.
        start_window_days: W1, days after a start or restart.
        increase_window_days: W2, days after an increase; also after a restart for recurrence.
        steroid_window_days: W3, days after a steroid step down.
        weight_gain_kg: Weight gain over three days that needs a call.
        amber_grades: Fresh grades that count as an amber domain.
        amber_domains: Domains that together raise the level by one.
        eosinophils_high: Eosinophils, 10^9 per liter, that matter beside a rash.
        eosinophils_uln: Upper limit where the laboratory gave none, 10^9 per liter.
        highest_daily_mg: Highest imatinib dose of the label, mg per day.
        missed_doses: Missed imatinib doses in a row that need a call.
        missed_steroid_doses: Missed steroid doses in a row that need a call.
        silence_concern_days: Days without entry that need a call when there was a concern.
        silence_days: Days without entry that the weekly list shows.
    """

    name: str = "Reviewed rules"
    version: str = RULES_VERSION
    celsius_low: float = 34.0
    celsius_high: float = 43.0
    fahrenheit_low: float = 93.0
    fahrenheit_high: float = 109.5
    fever_celsius: float = 38.0
    high_fever_celsius: float = 38.3
    raised_celsius: float = 37.5
    low_celsius: float = 36.0
    site_correction_celsius: float = 0.5
    sustained_after_minutes: int = 60
    sustained_within_minutes: int = 1440
    recheck_low_risk_minutes: int = 60
    recheck_raised_minutes: int = 240
    anc_safe: float = 1.5
    anc_safe_days: int = 7
    anc_low: float = 1.0
    anc_low_days: int = 14
    anc_very_low: float = 0.5
    wide_extent_percent: float = 30.0
    generalized_percent: float = 31.0
    least_percent: float = 0.1
    fast_spread_points: float = 20.0
    spread_points: float = 10.0
    spread_days: int = 2
    skin_alert_days: int = 7
    fresh_days: int = 7
    itch_moderate: int = 4
    itch_severe: int = 7
    itch_rise: int = 4
    itch_rise_days: int = 3
    start_window_days: int = 56
    increase_window_days: int = 14
    steroid_window_days: int = 21
    weight_gain_kg: float = 2.0
    amber_grades: frozenset[int] = frozenset({2})
    amber_domains: int = 2
    eosinophils_high: float = 1.0
    eosinophils_uln: float = 0.5
    highest_daily_mg: float = 800.0
    missed_doses: int = 3
    missed_steroid_doses: int = 2
    silence_concern_days: int = 2
    silence_days: int = 7


DEFAULT_RULES = RuleSet()
