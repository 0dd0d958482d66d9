"""The questions of the weekly module, word for word: NCI's, never changed, English alone.

Where the text came from: publication NCI PRO-CTCAE item library version 1.0 (English). Every
question was compared with three public copies of that library: the vocabulary of the NCI's own
electronic PRO-CTCAE system, and the forms of two clinical programs. At least two of the three
agree letter for letter on each question but the two on sweating (75), where the NCI's own copy
stands alone: one of the others differs by a misspelled letter, the other adds a British spelling.

The instructions are those of the NCI's English form as one of these programs shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from alerts.grading.pro_ctcae_items import (
    ANSWERS,
    ITEMS,
    NOTICE,
    PRESENCE,
    WEEKLY,
)

INSTRUMENT = "PRO-CTCAE 1.0 en"
"""Stored with every weekly report: the library, its version and its language."""

INSTRUCTIONS = (
    "As individuals go through treatment for their cancer they sometimes experience different "
    "symptoms and side effects. For each question, please select the one response that best "
    "describes your experiences over the past 7 days."
)

OWNER = f"{NOTICE} The questions and answers are shown unmodified."
"""Stands below every question and every score."""

USUAL = (3, 9, 16, 17, 22, 24, 25, 28, 29, 50, 53, 74)
"""Items asked until a clinic chooses its own: skin, mouth and what imatinib does most often."""

_SEVERE = "In the last 7 days, what was the SEVERITY of {} WORST?"
_OFTEN = "In the last 7 days, how OFTEN did you have {}?"
_HINDERS = "In the last 7 days, how much did {} INTERFERE with your usual or daily activities?"
_ANY = "In the last 7 days, did you have any {}?"
_HAND_FOOT = (
    "HAND-FOOT SYNDROME (A RASH OF THE HANDS OR FEET THAT CAN CAUSE CRACKING, PEELING, REDNESS "
    "OR PAIN)"
)
_INSOMNIA = "INSOMNIA (INCLUDING DIFFICULTY FALLING ASLEEP, STAYING ASLEEP, OR WAKING UP EARLY)"
_SWEATING = (
    "UNEXPECTED OR EXCESSIVE SWEATING DURING THE DAY OR NIGHTTIME (NOT RELATED TO HOT FLASHES)"
)

# Item -> its questions in the order of the letters A, B and C.
_QUESTIONS: Mapping[int, tuple[str, ...]] = {
    3: (
        _SEVERE.format("your MOUTH OR THROAT SORES at their"),
        _HINDERS.format("MOUTH OR THROAT SORES"),
    ),
    4: (_SEVERE.format("SKIN CRACKING AT THE CORNERS OF YOUR MOUTH at its"),),
    8: (_SEVERE.format("your DECREASED APPETITE at its"), _HINDERS.format("DECREASED APPETITE")),
    9: (_OFTEN.format("NAUSEA"), _SEVERE.format("your NAUSEA at its")),
    10: (_OFTEN.format("VOMITING"), _SEVERE.format("your VOMITING at its")),
    16: (_OFTEN.format("LOOSE OR WATERY STOOLS (DIARRHEA)"),),
    17: (
        _OFTEN.format("PAIN IN THE ABDOMEN (BELLY AREA)"),
        _SEVERE.format("your PAIN IN THE ABDOMEN (BELLY AREA) at its"),
        _HINDERS.format("PAIN IN THE ABDOMEN (BELLY AREA)"),
    ),
    19: (
        _SEVERE.format("your SHORTNESS OF BREATH at its"),
        _HINDERS.format("your SHORTNESS OF BREATH"),
    ),
    22: (
        _OFTEN.format("ARM OR LEG SWELLING"),
        _SEVERE.format("your ARM OR LEG SWELLING at its"),
        _HINDERS.format("ARM OR LEG SWELLING"),
    ),
    24: (_ANY.format("RASH"),),
    25: (_SEVERE.format("your DRY SKIN at its"),),
    26: (_SEVERE.format("your ACNE OR PIMPLES ON THE FACE OR CHEST at its"),),
    28: (_SEVERE.format("your ITCHY SKIN at its"),),
    29: (_ANY.format("HIVES (ITCHY RED BUMPS ON THE SKIN)"),),
    30: (_SEVERE.format(f"your {_HAND_FOOT} at its"),),
    34: (_ANY.format("INCREASED SKIN SENSITIVITY TO SUNLIGHT"),),
    37: (_ANY.format("UNUSUAL DARKENING OF THE SKIN"),),
    41: (_SEVERE.format("your BLURRY VISION at its"), _HINDERS.format("BLURRY VISION")),
    42: (_ANY.format("FLASHING LIGHTS IN FRONT OF YOUR EYES"),),
    44: (
        _SEVERE.format("your WATERY EYES (TEARING) at their"),
        _HINDERS.format("WATERY EYES (TEARING)"),
    ),
    46: (
        _SEVERE.format("your PROBLEMS WITH CONCENTRATION at their"),
        _HINDERS.format("PROBLEMS WITH CONCENTRATION"),
    ),
    49: (
        _OFTEN.format("a HEADACHE"),
        _SEVERE.format("your HEADACHE at its"),
        _HINDERS.format("your HEADACHE"),
    ),
    50: (
        _OFTEN.format("ACHING MUSCLES"),
        _SEVERE.format("your ACHING MUSCLES at their"),
        _HINDERS.format("ACHING MUSCLES"),
    ),
    52: (_SEVERE.format(f"your {_INSOMNIA} at its"), _HINDERS.format(_INSOMNIA)),
    53: (
        _SEVERE.format("your FATIGUE, TIREDNESS, OR LACK OF ENERGY at its"),
        _HINDERS.format("FATIGUE, TIREDNESS, OR LACK OF ENERGY"),
    ),
    64: (_ANY.format("URINE COLOR CHANGE"),),
    73: ("In the last 7 days, did you BRUISE EASILY (BLACK AND BLUE MARKS)?",),
    74: (
        _OFTEN.format("SHIVERING OR SHAKING CHILLS"),
        _SEVERE.format("your SHIVERING OR SHAKING CHILLS at their"),
    ),
    75: (_OFTEN.format(_SWEATING), _SEVERE.format(f"your {_SWEATING} at its")),
}

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        code: text
        for number in sorted(WEEKLY)
        for code, text in zip(ITEMS[number].columns, _QUESTIONS[number], strict=True)
    }
)
"""Question by the name of its column, such as ``PROCTCAE_28A_SCL``, in the order of the library."""

_ATTRIBUTES: Mapping[str, str] = {
    code: attribute
    for number in sorted(WEEKLY)
    for code, attribute in zip(ITEMS[number].columns, ITEMS[number].attributes, strict=True)
}


def responses(code: str) -> tuple[tuple[int, str], ...]:
    """Return the scores and words to choose from, in the order the form shows them.

    Args:
        code: A key of `QUESTIONS`.
    """
    words = tuple(enumerate(ANSWERS[_ATTRIBUTES[code]]))
    # The form asks "Yes" before "No".
    return words[::-1] if _ATTRIBUTES[code] == PRESENCE else words
