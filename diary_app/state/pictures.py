"""Photos on the patient's side: covered or shown, what each seems to lack, the one before it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from diary_app.state.calendar import day_words
from diary_app.state.wording import milligrams
from diary_app.text import _, _n


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether photos are shown on this device now.

    Attributes:
        shown: False = covered: this device gets no byte of any photo.
        has_pin: The PIN is asked before they are shown.
        seconds: For how long they are still shown, 0 or more.
    """

    shown: bool
    has_pin: bool
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SinceStep:
    """The newest start, restart or increase of imatinib before a photo.

    Attributes:
        days: 0 = its first day.
        to_mg: Per dosing day from then on.
    """

    days: int
    to_mg: float


@dataclass(frozen=True, slots=True)
class Dated:
    """One photo and its day.

    Attributes:
        on: Day of the entry it belongs to, on the patient's calendar.
        step: None = no dose step is known before it.
    """

    id: UUID
    on: date
    step: SinceStep | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo of an entry.

    Attributes:
        region: Of the body map; None = not said.
        doubt: small, dark or blurred; None = nothing to ask.
        earlier: The newest photo of the same region in another, earlier entry; None without one.
    """

    photo: Dated
    region: str | None
    description: str
    doubt: str | None = None
    earlier: Dated | None = None


@dataclass(frozen=True, slots=True)
class Tray:
    """The photos of the entry being written and what helps to take the next.

    Attributes:
        last: Region -> its newest photo in another entry, also of regions without a new one.
        marked: Regions marked on the body map of this entry, as far as it is kept.
        is_first: No photo was ever added.
    """

    pictures: tuple[Picture, ...] = ()
    last: Mapping[str, Dated] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    is_first: bool = True


class Pictures(Protocol):
    """The photos of one patient on one device. Every method may wait: call it in a thread."""

    def cover(self) -> Cover:
        """Return whether photos are shown now."""
        ...

    def show(self, pin: str) -> Cover:
        """Show photos on this device for some minutes; without a PIN the text is ignored.

        Raises:
            AnswerRefusedError: The PIN is wrong, or was tried too often.
        """
        ...

    def hide(self) -> Cover:
        """Cover them again."""
        ...

    def tray(self, draft_id: UUID) -> Tray:
        """Return the photos of a draft."""
        ...

    def of_entry(self, entry_id: UUID) -> tuple[Picture, ...]:
        """Return the photos of a sent entry and its earlier versions, oldest first."""
        ...

    def keep(self, photo_id: UUID) -> None:
        """Keep a photo as it is, whatever it seems to lack."""
        ...


def cover_words(*, has_pin: bool) -> str:
    """Return why photos are hidden and for how long they can be shown."""
    if has_pin:
        return _(
            "Nobody else who picks up this phone sees them. Your PIN shows them for 10 minutes."
        )
    return _(
        "So that nobody sees them by chance. You can show them for 10 minutes. "
        "With a PIN, nobody else can."
    )


def doubt_words(doubt: str) -> str:
    """Return what a photo seems to lack, as a question that never refuses."""
    return {
        "dark": _("This photo looks dark. Keep it or take it again?"),
        "blurred": _("This photo looks blurred. Keep it or take it again?"),
        "small": _("This photo is small, so details may be missing. Keep it or take it again?"),
    }.get(doubt, _("Keep this photo or take it again?"))


def since_words(step: SinceStep | None) -> str:
    """Return how long after a dose step something was; empty when no step is known."""
    if step is None:
        return ""
    dose = milligrams(step.to_mg)
    if step.days == 0:
        return _("First day of {dose}").format(dose=dose)
    sentence = _n("{count} day after the step to {dose}", "{count} days after the step to {dose}",
                  step.days)  # fmt: skip
    return sentence.format(count=step.days, dose=dose)


def dated_words(photo: Dated) -> str:
    """Return a photo's day and, if known, how long after the dose step that was."""
    since = since_words(photo.step)
    return f"{day_words(photo.on)} · {since}" if since else day_words(photo.on)


def regions_to_offer(every: Mapping[str, str], marked: Collection[str]) -> dict[str, str]:
    """Return region -> name with those marked on today's body map first."""
    first = {region: name for region, name in every.items() if region in marked}
    return first | dict(every)
