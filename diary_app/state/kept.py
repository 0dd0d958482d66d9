"""What a save gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A save that is on the disk.

    Attributes:
        revision: What the next save is based on.
        clock: "21:04" on the patient's clock.
    """

    revision: int
    clock: str
