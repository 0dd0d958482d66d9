"""PRO-CTCAE composite grades by the published table: how a week was, never an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerts.errors import ImpossibleValueError
from alerts.grading.limits import Range, check_number, shown
from alerts.grading.pro_ctcae_items import (
    AMOUNT,
    FREQUENCY,
    INTERFERENCE,
    ITEMS,
    PRESENCE,
    SEVERITY,
)

SCORE = Range(0, 4, whole=True)

# One digit per score of the last attribute, 0 to 4; one word per score of the attribute before.
_ALONE: Mapping[tuple[str, ...], str] = {
    (FREQUENCY,): "01123",
    (SEVERITY,): "01233",
    (INTERFERENCE,): "01122",
    (AMOUNT,): "01122",
}
_PAIRS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (FREQUENCY, SEVERITY): ("00000", "11122", "11222", "11233", "11233"),
    (FREQUENCY, INTERFERENCE): ("00000", "11122", "11122", "11233", "11233"),
    (SEVERITY, INTERFERENCE): ("00000", "11122", "11223", "12233", "22233"),
}
_THREE: tuple[tuple[str, ...], ...] = (
    ("00000", "00000", "00000", "00000", "00000"),
    ("01122", "11122", "12223", "22233", "22333"),
    ("01122", "11122", "22233", "22233", "22333"),
    ("11122", "11122", "22233", "22333", "22333"),
    ("11122", "11223", "22233", "22333", "22333"),
)


def composite_grade(attributes: Sequence[str], scores: Sequence[int | None]) -> int | None:
    """Return the composite grade of one symptom.

    Args:
        attributes: What was asked, in order: frequency, severity, interference or amount.
        scores: Shape ``(len(attributes),)``, 0 to 4; None where the question was not answered.

    Returns:
        0 to 3; None when an answer is missing, or when yes or no was all that was asked.

    Raises:
        ImpossibleValueError: If a score is no whole number from 0 to 4, if there are more or
            fewer scores than attributes, or if no table exists for these attributes.

    Source:
        Basch 2021, Clinical Trials 18(1):104-114, composite grading algorithm. A frequency of 0,
        or without a frequency a severity of 0, gives 0.

    Example:
        >>> composite_grade(("severity",), (3,))
        3
        >>> composite_grade(("frequency", "severity"), (0, None)) is None
        True
    """
    asked = tuple(attributes)
    if len(scores) != len(asked):
        raise ImpossibleValueError(
            f"There must be {len(asked)} scores, one per question, got {len(scores)}.", "scores"
        )
    if asked == (PRESENCE,):
        return None
    known = []
    for attribute, score in zip(asked, scores, strict=True):
        if score is not None:
            check_number(attribute, score, SCORE)
            known.append(int(score))
    if len(known) < len(asked):
        return None
    if asked in _ALONE:
        return int(_ALONE[asked][known[0]])
    if asked in _PAIRS:
        return int(_PAIRS[asked][known[0]][known[1]])
    if asked == (FREQUENCY, SEVERITY, INTERFERENCE):
        return int(_THREE[known[0]][known[1]][known[2]])
    raise ImpossibleValueError(f"No composite grade exists for {' and '.join(asked)}.", "scores")


def grade_item(number: int, scores: Sequence[int | None]) -> int | None:
    """Return the composite grade, 0 to 3, of one item of the library; None as above.

    Args:
        number: 1 to 80.
        scores: In the order of the letters A, B and C of the item.

    Raises:
        ImpossibleValueError: If the library has no such item or a score is impossible.
    """
    if number not in ITEMS:
        raise ImpossibleValueError(f"The library has no item {shown(number)}.", "number")
    return composite_grade(ITEMS[number].attributes, scores)
