"""The body map of the entry before, to be copied: the same, more or less."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from diary_app.state.body import map_percent
from diary_app.state.calendar import weekday
from diary_app.text import _

CHANGES = ("same", "more", "less")


@dataclass(frozen=True, slots=True)
class EarlierMap:
    """The map of the entry before the one being written.

    Attributes:
        on: The day it is about.
        days_ago: Days between the two entries; 0 = the same day.
        regions: Amount by region; never empty.
    """

    on: date
    days_ago: int
    regions: Mapping[str, str]

    def title(self) -> str:
        """Return whose map it is, in words."""
        if self.days_ago == 0:
            return _("Your map of earlier today")
        if self.days_ago == 1:
            return _("Your map of yesterday")
        return _("Your map of {day}").format(day=weekday(self.on))

    def same(self) -> str:
        """Return the words for copying it as it is."""
        if self.days_ago == 0:
            return _("Same as earlier today")
        if self.days_ago == 1:
            return _("Same as yesterday")
        return _("Same as on {day}").format(day=weekday(self.on))


class Body(Protocol):
    """What one patient's diary knows of earlier body maps. Call it in a thread."""

    def earlier(self, draft_id: UUID) -> EarlierMap | None:
        """Return the map of the entry before a draft; None when that had none, or is too old."""
        ...


@dataclass(frozen=True, slots=True)
class CopiedMap:
    """What a draft's map was copied from, and what the patient said has changed since.

    Attributes:
        change: ``same``, ``more`` or ``less``; ``new`` = nothing was copied.
        regions: The map as it was copied.
        asked: The map does not show that change, and the patient is being asked about it.
    """

    change: str
    regions: Mapping[str, str]
    asked: bool = False

    @classmethod
    def from_content(cls, content: Mapping[str, Any] | None) -> "CopiedMap | None":
        """Return what a draft keeps; None when nothing was decided."""
        if content is None:
            return None
        return cls(content["change"], content["regions"], content["asked"])

    @staticmethod
    def fits(content: Any) -> bool:
        """Return whether this can be what a draft keeps; its regions are checked elsewhere."""
        return (
            isinstance(content, dict)
            and set(content) == {"change", "regions", "asked"}
            and content["change"] in {*CHANGES, "new"}
            and isinstance(content["asked"], bool)
        )

    def content(self) -> dict[str, Any]:
        """Return what a draft keeps."""
        return {"change": self.change, "regions": dict(self.regions), "asked": self.asked}

    def is_shown(self, drawn: Mapping[str, str]) -> bool:
        """Return whether a map shows the change: more of the skin than before, or less."""
        then, now = map_percent(self.regions), map_percent(drawn)
        if self.change == "more":
            return now > then
        return now < then if self.change == "less" else True
