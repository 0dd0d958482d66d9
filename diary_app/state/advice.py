"""What a patient is told to do, in the order in which it is read."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["emergency", "urgent", "prompt", "noted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Call:
    """One number to call, as a large button.

    Attributes:
        label: Such as "Call 112".
        number: As written for people.
        is_emergency: The public emergency number.
    """

    label: str
    number: str
    is_emergency: bool = False

    @property
    def url(self) -> str:
        """Return the link that opens the dialler."""
        return "tel:" + "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice on one entry.

    Attributes:
        level: For color and icon; None = the entry could not be checked.
        why: Sentences under "Why am I told this?"; may be empty.
    """

    kind: Kind
    level: str | None
    title: str
    sentences: tuple[str, ...]
    calls: tuple[Call, ...] = ()
    why: tuple[str, ...] = ()
