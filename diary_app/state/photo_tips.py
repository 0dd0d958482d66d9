"""How to take a photo of the skin that tells something: four short rules, each with a picture."""

from dataclasses import dataclass

from diary_app.text import _


@dataclass(frozen=True, slots=True)
class Tip:
    """One rule.

    Attributes:
        picture: Name of its drawing: light, distance, size or pose.
    """

    picture: str
    title: str
    words: str


def tips() -> tuple[Tip, ...]:
    """Return the rules in the order they are needed."""
    return (
        Tip("light", _("Daylight, no flash."), _("Stand near a window, light on the skin.")),
        Tip(
            "distance",
            _("From an arm's length, then a hand's length."),
            _("First the whole part, then close up."),
        ),
        Tip("size", _("A coin or ruler beside it."), _("It shows how large the spots are.")),
        Tip(
            "pose",
            _("The same pose as last time."),
            _("Then the photos can be compared. Leave out your face where you can."),
        ),
    )
