"""Marks on the body map of one entry: set, taken back, copied from the entry before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from diary_app.components.body_copy import extent_words
from diary_app.screens.patient.asking import Asking
from diary_app.state.body import map_percent, marked
from diary_app.state.earlier_map import CopiedMap, EarlierMap
from diary_app.text import _

Step: TypeAlias = tuple[Mapping[str, str], CopiedMap | None]


@dataclass(frozen=True)
class Marking:
    """What may be done with the map.

    Attributes:
        before: The maps before each change, oldest first.
        set_before: Keeps them.
    """

    asking: Asking
    before: tuple[Step, ...]
    set_before: Callable[[tuple[Step, ...]], None]

    @property
    def drawn(self) -> Mapping[str, str]:
        """Amount by region."""
        return self.asking.value("regions") or {}

    @property
    def copied(self) -> CopiedMap | None:
        """What the map was copied from."""
        return CopiedMap.from_content(self.asking.value("copied_map"))

    @property
    def total(self) -> str:
        """What is marked so far, in words."""
        drawn = self.drawn
        return extent_words(map_percent(drawn)) if drawn else _("Nothing marked yet")

    def mark(self, region: str, amount: str) -> None:
        """Set the amount of one region."""
        self._keep(marked(self.drawn, region, amount), self._unasked())

    def undo(self) -> None:
        """Take the last change back."""
        if self.before:
            drawn, copied = self.before[-1]
            self.asking.answer(**_answers(drawn, copied))
            self.set_before(self.before[:-1])

    def copy(self, earlier: EarlierMap, change: str) -> None:
        """Copy the earlier map; ``same`` is the answer, ``new`` copies nothing."""
        kept = CopiedMap(change, earlier.regions)
        if change == "same":
            self.asking.answer_on(**_answers(earlier.regions, kept))
        else:
            self._keep({} if change == "new" else earlier.regions, kept)

    def everywhere(self) -> None:
        """Answer without a map."""
        self.asking.answer_on(**{**_answers({}, None), "generalized": True})

    def on(self) -> None:
        """Go on, unless the map does not show the change that the patient spoke of."""
        copied = self.copied
        if copied is None or copied.is_shown(self.drawn):
            self.asking.on()
        else:
            asked = CopiedMap(copied.change, copied.regions, asked=True)
            self.asking.answer(copied_map=asked.content())

    def accept(self) -> None:
        """The map is right although it shows no change."""
        if self.copied is not None:
            kept = CopiedMap("same", self.copied.regions)
            self.asking.answer_on(copied_map=kept.content())

    def reject(self) -> None:
        """The map is to be changed."""
        kept = self._unasked()
        self.asking.answer(copied_map=None if kept is None else kept.content())

    def _unasked(self) -> CopiedMap | None:
        copied = self.copied
        return None if copied is None else CopiedMap(copied.change, copied.regions)

    def _keep(self, drawn: Mapping[str, str], copied: CopiedMap | None) -> None:
        self.set_before((*self.before, (dict(self.drawn), self.copied)))
        self.asking.answer(**_answers(drawn, copied))


def _answers(drawn: Mapping[str, str], copied: CopiedMap | None) -> dict[str, Any]:
    """Return the columns of a map; hands that do not agree with it are asked about again."""
    return {
        "regions": dict(drawn) or None,
        "map_percent": map_percent(drawn) if drawn else None,
        "generalized": None,
        "copied_map": None if copied is None else copied.content(),
        "handprints_sure": None,
    }
