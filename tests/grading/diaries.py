"""Random but possible diaries, for the laws of grading."""

from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from alerts.grading import terms
from alerts.grading.course import (
    AncValue,
    Context,
    DoseEvent,
    Entry,
    Labs,
    SteroidEvent,
    TemperatureInput,
    Uln,
)


def words(vocabulary: frozenset[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(sorted(vocabulary))


def ticks(vocabulary: frozenset[str], most: int = 3) -> st.SearchStrategy[frozenset[str] | None]:
    return st.none() | st.frozensets(st.sampled_from(sorted(vocabulary)), max_size=most)


def mg() -> st.SearchStrategy[float | None]:
    return st.sampled_from([None, 0, 2.5, 5, 100, 200, 400, 800, 1200])


yes_or_no = st.sampled_from([None, False, True])
nrs = st.none() | st.integers(0, 10)
percent = st.none() | st.sampled_from([0, 0.1, 5, 9.9, 10, 12, 29, 30, 30.1, 45, 50.1, 100])
temperatures = st.none() | st.builds(
    TemperatureInput,
    st.sampled_from([35.5, 36.6, 37.4, 37.5, 37.9, 38, 38.2, 38.3, 39.1, 40.1, 98.6, 100.4, 385]),
    st.sampled_from(["C", "F"]),
    st.sampled_from(sorted(terms.SITES)),
)
labs = st.none() | st.builds(
    Labs,
    anc_1e9_l=st.sampled_from([None, 0.3, 0.5, 0.9, 1.0, 1.5, 3]),
    eosinophils_1e9_l=st.sampled_from([None, 0.2, 0.6, 1.0, 1.3]),
    alt=st.sampled_from([None, 20, 81, 121, 201, 900]),
    ast=st.sampled_from([None, 20, 81, 121, 201, 900]),
    bilirubin=st.sampled_from([None, 1, 2.7, 4, 14]),
    creatinine=st.sampled_from([None, 1, 1.6]),
    ldh=st.sampled_from([None, 100, 500]),
)
contexts = st.builds(
    Context,
    prior_severe_reaction=yes_or_no,
    prior_reaction_type=words(terms.REACTION_TYPES),
    on_systemic_steroid=yes_or_no,
    anc_history=st.lists(
        st.builds(AncValue, st.integers(-20, 5), st.sampled_from([0.3, 0.9, 1.5, 2.4])), max_size=2
    ).map(tuple),
    dose_events=st.lists(
        st.builds(
            DoseEvent, st.integers(-70, 10), st.sampled_from(sorted(terms.DOSE_EVENTS)), mg(), mg()
        ),
        max_size=3,
    ).map(tuple),
    steroid_events=st.lists(
        st.builds(
            SteroidEvent,
            st.integers(-30, 10),
            st.sampled_from(["decrease", "stop"]),
            mg(),
            mg(),
        ),
        max_size=2,
    ).map(tuple),
    baseline_grades=st.dictionaries(
        st.sampled_from(["rash", "pruritus", "periorbital_edema"]), st.integers(0, 2), max_size=2
    ),
    uln=st.sampled_from([Uln(), Uln(alt=40, ast=40, bilirubin=1.3, creatinine=1, ldh=250)]),
    skin_alert_days=st.lists(st.integers(-9, 3), max_size=2).map(tuple),
)

ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "minute_of_day": st.none() | st.integers(0, 1439),
    "temperature_input": temperatures,
    "itch_nrs": nrs,
    "itch_extent": words(terms.ITCH_EXTENTS),
    "itch_pattern": words(terms.ITCH_PATTERNS),
    "sleep_loss": words(terms.SLEEP_LOSSES),
    "skin_pain_nrs": nrs,
    "bsa_percent": percent,
    "generalized": yes_or_no,
    "rash_present": yes_or_no,
    "peeling_bsa_percent": percent,
    "morphology": ticks(terms.MORPHOLOGY),
    "red_flags": ticks(terms.RED_FLAGS, most=2),
    "adl": words(terms.ADL_LIMITS),
    "adl_due_to": ticks(frozenset({"skin", "itch", "eyes", "diarrhea"})),
    "mouth": words(terms.SEVERITIES),
    "mouth_intake_affected": yes_or_no,
    "periorbital": words(terms.PERIORBITAL),
    "stools_over_baseline": st.sampled_from([None, 0, 1, 3, 4, 6, 7, 20]),
    "nausea": words(terms.NAUSEA),
    "fatigue": words(terms.FATIGUE),
    "limb_swelling": words(terms.SEVERITIES),
    "blurred_vision": words(terms.SEVERITIES),
    "weight_gain_3d_kg": st.sampled_from([None, -1, 1.9, 2]),
    "chills": words(terms.CHILLS),
    "antipyretic_within_6h": yes_or_no,
    "imatinib_mg_taken": mg(),
    "imatinib_mg_prescribed": mg(),
    "prednisolone_mg_taken": mg(),
    "prednisolone_mg_prescribed": mg(),
    "labs": labs,
    "no_entry": st.booleans(),
    "timer_event": words(terms.TIMER_EVENTS),
}
assert set(ANSWERS) == {field.name for field in fields(Entry)} - {"day"}


@st.composite
def entries(draw: st.DrawFn, day: int = 3, only: frozenset[str] | None = None) -> Entry:
    """Draw an entry that answers a few questions, as people do."""
    allowed = sorted(ANSWERS if only is None else only)
    asked = draw(st.frozensets(st.sampled_from(allowed), max_size=12))
    return Entry(day=day, **{name: draw(ANSWERS[name]) for name in sorted(asked)})


@st.composite
def courses(draw: st.DrawFn, most: int = 5) -> list[Entry]:
    days = sorted(draw(st.lists(st.integers(0, 9), max_size=most)))
    told = [draw(entries(day)) for day in days]
    return sorted(told, key=lambda each: each.minute)
