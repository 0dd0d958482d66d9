"""What a diary can hold: the range of every number and the words of every choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from alerts.errors import ImpossibleValueError
from alerts.grading import terms


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive bounds of a number.

    Attributes:
        whole: Only whole numbers, as on a rating scale.
    """

    low: float
    high: float
    whole: bool = False

    def __str__(self) -> str:
        """Return the range in words, for a sentence."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:.7g} to {self.high:.7g}"


NRS = Range(0, 10, whole=True)
PERCENT = Range(0, 100)
DOSE_MG = Range(0, 100_000)
LABORATORY = Range(0, 1_000_000)
DAY = Range(-100_000, 100_000, whole=True)
ULN = Range(0.000_001, 1_000_000)

# The reading itself is judged by rule R4, which must see what was typed; these bounds only
# keep out what is not a reading at all.
READING = Range(-1_000_000, 1_000_000)

NUMBERS: Mapping[str, Range] = {
    "day": DAY,
    "minute_of_day": Range(0, 1439, whole=True),
    "itch_nrs": NRS,
    "skin_pain_nrs": NRS,
    "bsa_percent": PERCENT,
    "peeling_bsa_percent": PERCENT,
    "stools_over_baseline": Range(0, 100, whole=True),
    "weight_gain_3d_kg": Range(-100, 100),
    "imatinib_mg_taken": DOSE_MG,
    "imatinib_mg_prescribed": DOSE_MG,
    "prednisolone_mg_taken": DOSE_MG,
    "prednisolone_mg_prescribed": DOSE_MG,
    "anc_1e9_l": LABORATORY,
    "eosinophils_1e9_l": LABORATORY,
    "from_mg": DOSE_MG,
    "to_mg": DOSE_MG,
}
CHOICES: Mapping[str, frozenset[str]] = {
    "itch_extent": terms.ITCH_EXTENTS,
    "itch_pattern": terms.ITCH_PATTERNS,
    "sleep_loss": terms.SLEEP_LOSSES,
    "adl": terms.ADL_LIMITS,
    "mouth": terms.SEVERITIES,
    "periorbital": terms.PERIORBITAL,
    "nausea": terms.NAUSEA,
    "fatigue": terms.FATIGUE,
    "limb_swelling": terms.SEVERITIES,
    "blurred_vision": terms.SEVERITIES,
    "chills": terms.CHILLS,
    "timer_event": terms.TIMER_EVENTS,
    "prior_reaction_type": terms.REACTION_TYPES,
}
TICKS: Mapping[str, frozenset[str] | None] = {
    "morphology": terms.MORPHOLOGY,
    "red_flags": terms.RED_FLAGS,
    "adl_due_to": None,
}
YES_OR_NO = frozenset(
    {
        "generalized",
        "rash_present",
        "mouth_intake_affected",
        "antipyretic_within_6h",
        "no_entry",
        "prior_severe_reaction",
        "on_systemic_steroid",
    }
)


class TwoValues:
    """What a field holds that an object names twice: no value at all, so every check refuses it."""

    def __str__(self) -> str:
        """Return the words of a sentence."""
        return "two values"


def shown(value: object) -> str:
    """Return a value short enough for a sentence."""
    if isinstance(value, TwoValues):
        return str(value)
    if isinstance(value, int) and value.bit_length() > 64:
        return "a very large number"
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 40 else f"{text[:37]}..."


def check_number(field: str, value: object, limits: Range) -> None:
    """Raise ImpossibleValueError unless the value is a number within the limits."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if (
        not isinstance(value, int | float)
        or not number
        or not limits.low <= value <= limits.high
        or (limits.whole and value != int(value))
    ):
        raise ImpossibleValueError(f"{field} must be {limits}, got {shown(value)}.", field)


def check_choice(field: str, value: object, words: frozenset[str]) -> None:
    """Raise ImpossibleValueError unless the value is one of the words."""
    if not isinstance(value, str) or value not in words:
        raise ImpossibleValueError(
            f"{field} must be one of {', '.join(sorted(words))}, got {shown(value)}.", field
        )


def check_ticks(field: str, value: object, words: frozenset[str] | None) -> None:
    """Raise ImpossibleValueError unless the value is a frozenset of the words, or of any words."""
    if not isinstance(value, frozenset):
        raise ImpossibleValueError(f"{field} must be a list of words, got {shown(value)}.", field)
    for word in value:
        if not isinstance(word, str):
            raise ImpossibleValueError(f"{field} must hold words, got {shown(word)}.", field)
        if words is not None and word not in words:
            raise ImpossibleValueError(f"{field} does not know the word {shown(word)}.", field)


def check_yes_or_no(field: str, value: object) -> None:
    """Raise ImpossibleValueError unless the value is true or false."""
    if not isinstance(value, bool):
        raise ImpossibleValueError(f"{field} must be true or false, got {shown(value)}.", field)


def check_known(field: str, value: object) -> None:
    """Check one field of an entry or a context by its name; None is unknown and always allowed.

    Raises:
        ImpossibleValueError: If the value is out of range, of another kind or an unknown word.
    """
    check = None if value is None else _CHECKS.get(field)
    if check is not None:
        check(field, value)


_CHECKS: Mapping[str, Callable[[str, object], None]] = {
    **{field: partial(check_number, limits=limits) for field, limits in NUMBERS.items()},
    **{field: partial(check_choice, words=words) for field, words in CHOICES.items()},
    **{field: partial(check_ticks, words=words) for field, words in TICKS.items()},
    **dict.fromkeys(YES_OR_NO, check_yes_or_no),
}
