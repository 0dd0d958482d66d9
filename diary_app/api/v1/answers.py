"""The answers of an entry as programs send them; every name and word is the diary's own."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from alerts.grading import terms
from alerts.grading.body_surface import AMOUNTS, PERCENT_BY_REGION
from diary_app.state.answers import LARGEST_DOSE_MG, LONGEST_WORDS, MOST_KILOGRAMS, MOST_STOOLS


def _word(words: frozenset[str], said: str = "") -> Any:
    schema: dict[str, Any] = {"enum": [*sorted(words), None]}
    return Field(default=None, description=said or None, json_schema_extra=schema)


def _ticks(words: frozenset[str], said: str) -> Any:
    items = {"type": "array", "items": {"enum": sorted(words)}}
    schema: dict[str, Any] = {"anyOf": [items, {"type": "null"}]}
    return Field(default=None, description=said, json_schema_extra=schema)


def _number(low: float, high: float, said: str = "") -> Any:
    return Field(default=None, ge=low, le=high, description=said or None)


_MAP: dict[str, Any] = {
    "anyOf": [
        {
            "type": "object",
            "properties": {region: {"enum": list(AMOUNTS)} for region in PERCENT_BY_REGION},
            "additionalProperties": False,
        },
        {"type": "null"},
    ]
}


class Answers(BaseModel):
    """What was answered. Leave out what is unknown: it is never read as "none"."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    temperature_value: float | None = _number(
        -1_000_000, 1_000_000, "As the thermometer showed it; judged, not refused, when unlikely."
    )
    temperature_unit: str | None = _word(terms.UNITS, "Needed with a temperature.")
    temperature_site: str | None = _word(terms.SITES)
    antipyretic_within_6h: bool | None = None
    chills: str | None = _word(terms.CHILLS)
    itch_nrs: int | None = _number(0, 10, "Worst itch of the day, 0 to 10.")
    itch_extent: str | None = _word(terms.ITCH_EXTENTS)
    itch_pattern: str | None = _word(terms.ITCH_PATTERNS)
    sleep_loss: str | None = _word(terms.SLEEP_LOSSES)
    rash_present: bool | None = None
    regions: dict[str, str] | None = Field(
        default=None, description="The body map.", json_schema_extra=_MAP
    )
    handprints: float | None = _number(0, 100, "How many of the patient's own hands cover it.")
    generalized: bool | None = Field(default=None, description="All over the body.")
    morphology: list[str] | None = _ticks(terms.MORPHOLOGY, "What the rash looks like.")
    red_flags: list[str] | None = _ticks(terms.RED_FLAGS, "Danger signs; [] = asked, none there.")
    adl: str | None = _word(terms.ADL_LIMITS, "What the skin keeps the patient from doing.")
    adl_due_to: list[str] | None = _ticks(frozenset({"skin", "itch"}), "What limits.")
    mouth: str | None = _word(terms.SEVERITIES)
    mouth_intake_affected: bool | None = None
    periorbital: str | None = _word(terms.PERIORBITAL)
    stools_over_baseline: int | None = _number(0, MOST_STOOLS)
    nausea: str | None = _word(terms.NAUSEA)
    fatigue: str | None = _word(terms.FATIGUE)
    limb_swelling: str | None = _word(terms.SEVERITIES)
    weight_gain_3d_kg: float | None = _number(0, MOST_KILOGRAMS)
    imatinib_mg_taken: float | None = _number(0, LARGEST_DOSE_MG, "On this day, in all.")
    prednisolone_mg_taken: float | None = _number(0, LARGEST_DOSE_MG)
    wants_contact: bool | None = None
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)

    def said(self) -> dict[str, Any]:
        """Return the answers that are known."""
        return self.model_dump(exclude_none=True)
