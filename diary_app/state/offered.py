"""What is offered to choose from, the same in the app and on the light page."""

from collections.abc import Collection

MILD_CHILLS = "chills_mild"
SHAKING_CHILLS = "rigors"

# The last one stands for itself and more.
HANDPRINTS = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0)


def handprint_label(number: float) -> str:
    """Return a number of handprints as it stands on its button."""
    shown = "½" if number < 1 else f"{number:g}"
    return f"{shown}+" if number == HANDPRINTS[-1] else shown


def told_signs(ticked: Collection[str]) -> dict[str, object]:
    """Return the columns that the list of danger signs answers.

    Args:
        ticked: Words of `questions.DANGER`; empty = the patient said "none of these".
    """
    chills = "rigors" if SHAKING_CHILLS in ticked else "mild" if MILD_CHILLS in ticked else "none"
    return {"red_flags": sorted(set(ticked) - {MILD_CHILLS}), "chills": chills}
